"""What a vendor has until they decide otherwise: stakeholder roles, the client's journey, the parts of the offer."""

from typing import Any

ROLES: dict[str, Any] = {
    "senior_it": {"weight": 0.30, "title": {"ru": "ИТ-руководитель", "en": "IT executive", "uk": "ІТ-керівник"}},
    "business_owner": {
        "weight": 0.35,
        "title": {"ru": "Бизнес-заказчик", "en": "Business owner", "uk": "Бізнес-замовник"},
    },
    "key_user": {
        "weight": 0.20,
        "title": {"ru": "Ключевой пользователь", "en": "Key user", "uk": "Ключовий користувач"},
    },
    "project_office": {
        "weight": 0.15,
        "title": {"ru": "Проектный офис", "en": "Project office", "uk": "Проєктний офіс"},
    },
}

JOURNEY: dict[str, Any] = {
    "evaluation": {
        "title": {"ru": "Выбор решения", "en": "Evaluation", "uk": "Вибір рішення"},
        "department": "Продажи",
        "touchpoints": {
            "demo": {"ru": "Демонстрация", "en": "Demonstration", "uk": "Демонстрація"},
            "offer": {"ru": "Коммерческое предложение", "en": "Commercial offer", "uk": "Комерційна пропозиція"},
        },
    },
    "contracting": {
        "title": {"ru": "Заключение договора", "en": "Contracting", "uk": "Укладання договору"},
        "department": "Продажи",
        "touchpoints": {
            "contract": {"ru": "Согласование договора", "en": "Contract approval", "uk": "Погодження договору"}
        },
    },
    "implementation": {
        "title": {"ru": "Внедрение", "en": "Implementation", "uk": "Впровадження"},
        "department": "Проектный офис",
        "touchpoints": {
            "kickoff": {"ru": "Старт проекта", "en": "Project kick-off", "uk": "Старт проєкту"},
            "training": {"ru": "Обучение", "en": "Training", "uk": "Навчання"},
            "acceptance": {"ru": "Приёмка", "en": "Acceptance", "uk": "Приймання"},
        },
    },
    "rollout": {
        "title": {"ru": "Ввод в эксплуатацию", "en": "Rollout", "uk": "Введення в експлуатацію"},
        "department": "Проектный офис",
        "touchpoints": {
            "go_live": {"ru": "Запуск", "en": "Go-live", "uk": "Запуск"},
            "onboarding": {
                "ru": "Знакомство с системой",
                "en": "Onboarding",
                "uk": "Знайомство із системою",
            },
        },
    },
    "operation": {
        "title": {"ru": "Эксплуатация", "en": "Operation", "uk": "Експлуатація"},
        "department": "Техническая поддержка",
        "touchpoints": {
            "support_ticket": {"ru": "Обращение в поддержку", "en": "Support request", "uk": "Звернення до підтримки"},
            "release": {"ru": "Выпуск обновления", "en": "Release", "uk": "Випуск оновлення"},
        },
    },
    "expansion": {
        "title": {"ru": "Развитие", "en": "Expansion", "uk": "Розвиток"},
        "department": "Работа с клиентами",
        "touchpoints": {
            "business_review": {"ru": "Обзор результатов", "en": "Business review", "uk": "Огляд результатів"}
        },
    },
    "renewal": {
        "title": {"ru": "Продление договора", "en": "Renewal", "uk": "Продовження договору"},
        "department": "Работа с клиентами",
        "touchpoints": {
            "renewal_offer": {
                "ru": "Предложение о продлении",
                "en": "Renewal offer",
                "uk": "Пропозиція щодо продовження",
            }
        },
    },
}

OFFER: dict[str, Any] = {
    "product": {
        "title": {"ru": "Продукт", "en": "Product", "uk": "Продукт"},
        "components": {
            "functionality": {"ru": "Функциональность", "en": "Functionality", "uk": "Функціональність"},
            "usability": {"ru": "Удобство работы", "en": "Usability", "uk": "Зручність роботи"},
            "stability": {"ru": "Стабильность", "en": "Stability", "uk": "Стабільність"},
            "performance": {"ru": "Быстродействие", "en": "Performance", "uk": "Швидкодія"},
        },
    },
    "service": {
        "title": {"ru": "Сервис и экспертиза", "en": "Service and expertise", "uk": "Сервіс та експертиза"},
        "components": {
            "implementation": {"ru": "Внедрение", "en": "Implementation", "uk": "Впровадження"},
            "support": {"ru": "Техническая поддержка", "en": "Technical support", "uk": "Технічна підтримка"},
            "understanding": {
                "ru": "Понимание потребностей",
                "en": "Understanding of needs",
                "uk": "Розуміння потреб",
            },
        },
    },
    "management": {
        "title": {"ru": "Управление", "en": "Management", "uk": "Управління"},
        "components": {
            "problem_solving": {"ru": "Решение проблем", "en": "Problem solving", "uk": "Розв’язання проблем"},
            "communication": {"ru": "Коммуникация", "en": "Communication", "uk": "Комунікація"},
            "promises": {"ru": "Выполнение обещаний", "en": "Promises kept", "uk": "Виконання обіцянок"},
        },
    },
}

PULSES: dict[str, Any] = {"ticket.resolved": {"questionnaire": "support_pulse", "delay": "2h", "sample": 1.0}}

SOURCES: dict[str, Any] = {"helpdesk": {"kind": "standard", "secret": None}}

DEFAULTS: dict[str, Any] = {
    "roles": ROLES,
    "journey": JOURNEY,
    "offer": OFFER,
    "pulses": PULSES,
    "intake": {"sources": SOURCES},
}
