"""The sample directory. Nobody in it is real: accounts say so in their names, people in their external ids.

Telegram ids 2001-2099 are account managers here, 3001-3099 project managers, 5001-5099 people of the accounts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from bot.settings import Settings
from bot.settings_defaults import JOURNEY, ROLES
from surveys.directory import DirectoryRow

FIRST_RESPONDENT: Final = 5001


@dataclass(frozen=True, slots=True)
class Company:
    """An account."""

    name: str
    industry: str
    segment: str
    manager: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A project of the company of this number."""

    company: int
    name: str
    division: str
    product: str
    stage: str
    adoption: float
    manager: int


COMPANIES: Final = (
    Company("Пример-Сталь (образец)", "Металлургия", "A", 2001, "Asia/Yekaterinburg"),
    Company("Пример-Руда (образец)", "Горная добыча", "A", 2001, "Asia/Krasnoyarsk"),
    Company("Пример-Химия (образец)", "Химия", "A", 2002, "Europe/Moscow"),
    Company("Пример-Нефть (образец)", "Нефть и газ", "A", 2002, "Asia/Yekaterinburg"),
    Company("Пример-Порт (образец)", "Транспорт", "B", 2003, "Europe/Moscow"),
    Company("Пример-Энерго (образец)", "Энергетика", "B", 2003, "Europe/Moscow"),
    Company("Пример-Цемент (образец)", "Стройматериалы", "B", 2004, "Europe/Moscow"),
    Company("Пример-Агро (образец)", "Пищевая промышленность", "C", 2004, "Europe/Kyiv"),
)

PROJECTS: Final = (
    Undertaking(0, "Диспетчеризация прокатного цеха", "Производство", "Диспетчер", "operation", 0.86, 3001),
    Undertaking(0, "Планирование ремонтов", "Производство", "План", "rollout", 0.74, 3002),
    Undertaking(1, "Учёт рейсов карьерных самосвалов", "Логистика", "Рейс", "operation", 0.91, 3003),
    Undertaking(2, "Контроль реакторного отделения", "Производство", "Диспетчер", "operation", 0.78, 3001),
    Undertaking(2, "Склад готовой продукции", "Логистика", "Склад", "implementation", 0.35, 3004),
    Undertaking(3, "Мониторинг насосных станций", "Энергетика", "Энергоучёт", "operation", 0.82, 3005),
    Undertaking(3, "График вахтовых перевозок", "Логистика", "Рейс", "rollout", 0.55, 3003),
    Undertaking(4, "Очередь судов и вагонов", "Логистика", "Склад", "operation", 0.94, 3004),
    Undertaking(5, "Энергоучёт подстанций", "Энергетика", "Энергоучёт", "operation", 0.88, 3005),
    Undertaking(5, "Аварийно-диспетчерская служба", "Энергетика", "Диспетчер", "expansion", 0.90, 3006),
    Undertaking(6, "Отгрузка цемента", "Логистика", "Склад", "operation", 0.76, 3004),
    Undertaking(7, "Планирование элеватора", "Производство", "План", "operation", 0.71, 3002),
)

POSTS: Final = (
    ("senior_it",),
    ("business_owner",),
    ("key_user",),
    ("key_user",),
    ("project_office",),
)
TWO_ROLES: Final[Mapping[tuple[int, int], str]] = {
    (2, 0): "business_owner",
    (5, 4): "key_user",
    (7, 4): "key_user",
    (10, 1): "project_office",
}
"""Project and post -> the second role of the person there."""

TWO_PROJECTS: Final[Mapping[tuple[int, int], int]] = {(0, 0): 1, (3, 1): 4, (5, 0): 6, (8, 1): 9}
"""Project and post -> the other project of the person there, at the same company."""

ELSEWHERE: Final[Mapping[int, tuple[str, str]]] = {10: ("en", "Europe/Berlin"), 11: ("uk", "Europe/Kyiv")}
"""Project -> language and time zone of its people, where they differ from those of the company."""

PEOPLE: Final[Mapping[str, str]] = {
    "ru": (
        "Анна Лесная, Борис Ветров, Вера Полякова, Глеб Озёров, Дарья Речная, Егор Степнов, Жанна Рощина, Захар Лугов, "
        "Инна Снегова, Кирилл Морозов, Лидия Ясенева, Матвей Каменев, Нина Вербина, Олег Туманов, Полина Берёзкина, "
        "Роман Холмов, Софья Малинина, Тимофей Громов, Ульяна Ольхина, Фёдор Северов, Элина Клёнова, Юрий Дубравин, "
        "Яна Росина, Артём Соснин, Белла Зорина, Вадим Прудов, Галина Ивина, Денис Ручьёв, Ева Садовая, Игнат Боров, "
        "Карина Липина, Леонид Зимин, Майя Вишнина, Никита Гранин, Ольга Пшеницына, Павел Камышов, Раиса Травина, "
        "Семён Дождев, Таисия Ягодина, Филипп Каштанов, Эмма Тополева, Ян Ковылин, Алиса Черёмухина, Виктор Моховой, "
        "Дина Солнцева, Иван Полевой, Клара Осинина, Марк Утёсов, Надежда Криницына, Станислав Кедров"
    ),
    "en": "Emma Fields, Oliver Brook, Grace Meadows, Henry Stone, Alice Rivers",
    "uk": "Оксана Гайова, Тарас Луговий, Соломія Калинова, Остап Вербовий, Марта Яворова",
}


def sample_directory(settings: Settings) -> list[DirectoryRow]:
    """Sixty people of twelve projects at eight accounts; what is configured otherwise is named as configured."""
    return [_configured(row, settings) for row in _rows()]


def telegram_ids(rows: Sequence[DirectoryRow]) -> Mapping[str, int]:
    """External id -> the Telegram account this person has in the preview."""
    return dict(zip(dict.fromkeys(row.external_id for row in rows), count(FIRST_RESPONDENT), strict=False))


def _rows() -> Iterator[DirectoryRow]:
    names = {language: iter(listed.split(", ")) for language, listed in PEOPLE.items()}
    numbers = count(1)
    for at, project in enumerate(PROJECTS):
        language, timezone = ELSEWHERE.get(at, ("ru", COMPANIES[project.company].timezone))
        for post, roles in enumerate(POSTS):
            second = TWO_ROLES.get((at, post))
            other = TWO_PROJECTS.get((at, post))
            person, number = next(names[language]), next(numbers)
            for one in (project,) if other is None else (project, PROJECTS[other]):
                yield _row(one, person, number, (*roles, second) if second else roles, language, timezone)


def _row(
    project: Undertaking, person: str, number: int, roles: tuple[str, ...], language: str, timezone: str
) -> DirectoryRow:
    company = COMPANIES[project.company]
    return DirectoryRow(
        account=company.name,
        industry=company.industry,
        segment=company.segment,
        division=project.division,
        product=project.product,
        project=project.name,
        stage=project.stage,
        adoption=project.adoption,
        account_manager=company.manager,
        project_manager=project.manager,
        person=person,
        external_id=f"sample-{number:03}",
        roles=roles,
        language=language,
        timezone=timezone,
        email=f"sample-{number:03}@example.org",
    )


def _configured(row: DirectoryRow, settings: Settings) -> DirectoryRow:
    """The row in the words of this configuration: an unknown role or stage becomes the one in its place."""
    vendor = settings.vendor
    named = {_known(role, tuple(ROLES), tuple(settings.roles)) for role in row.roles}
    return replace(
        row,
        roles=tuple(role for role in settings.roles if role in named),
        stage=_known(row.stage or "", tuple(JOURNEY), tuple(settings.journey)),
        language=row.language if row.language in vendor.languages else vendor.language,
    )


def _known(word: str, usual: Sequence[str], known: Sequence[str]) -> str:
    """The word, or the known one that stands where it usually stands.

    >>> _known("b", ("a", "b", "c"), ("x", "y"))
    'y'
    """
    return word if word in known else known[min(usual.index(word), len(known) - 1)]
