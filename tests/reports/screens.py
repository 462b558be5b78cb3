"""Reports to be looked at: every metric, every mood of the data. All of it is made up."""

from dataclasses import replace
from datetime import UTC, datetime

from reports.labels import Labels
from surveys.report import report
from surveys.reporting import OutreachCount, Report, ReportQuery, ReportRules
from surveys.rules import Scope
from tests.surveys.counted import FakeCounts, answers, joined

LABELS: Labels = {
    "role": {
        "senior_it": {"ru": "ИТ-руководитель", "en": "IT executive", "uk": "ІТ-керівник"},
        "business_owner": {"ru": "Бизнес-заказчик", "en": "Business owner", "uk": "Бізнес-замовник"},
        "key_user": {"ru": "Ключевой пользователь", "en": "Key user", "uk": "Ключовий користувач"},
        "project_office": {"ru": "Проектный офис", "en": "Project office", "uk": "Проєктний офіс"},
    },
    "component": {
        "usability": {"ru": "Удобство работы", "en": "Usability", "uk": "Зручність роботи"},
        "technical_support": {"ru": "Техническая поддержка", "en": "Technical support", "uk": "Технічна підтримка"},
    },
    "stage": {"rollout": {"ru": "Ввод в эксплуатацию", "en": "Rollout", "uk": "Введення в експлуатацію"}},
    "touchpoint": {"ticket": {"ru": "Обращение в поддержку", "en": "Support request", "uk": "Звернення до підтримки"}},
}
RULES = ReportRules(
    weights={"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20, "project_office": 0.15},
    order={"stage": ("rollout", "operation")},
)
CONFIDENTIAL = replace(RULES, mode="confidential")
JULY, AUGUST = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
LONG = "Северо-Западное научно-производственное объединение «Гидроэнергометаллургстроймонтажавтоматика» имени образца"

SMALL = joined(answers("nps", {10: 2, 8: 1, 3: 1}, role="senior_it"), answers("nps", {9: 3, 7: 2}, role="key_user"))
LARGE = joined(
    answers("nps", {10: 2, 8: 1, 3: 1}, role="senior_it", stage="rollout"),
    answers("nps", {10: 780, 8: 290, 3: 170}, role="key_user", stage="operation"),
    answers("nps", {2: 1}, role="project_office"),
)
SATISFIED = joined(
    answers("csat_5", {5: 3, 2: 1}, role="senior_it", component="usability"),
    answers("csat_5", {5: 1}, role="business_owner", component="usability"),
    answers("csat_10", {10: 3, 4: 9}, role="key_user", component="technical_support"),
    answers("csat_5", {3: 2}, role="auditor", component="usability"),
)
EFFORT = joined(
    answers("ces_5", {5: 3, 2: 1}, touchpoint="ticket"),
    answers("ces_7", {7: 1, 3: 8}, touchpoint="ticket"),
    answers("ces_7", {6: 1}),
)
SENT = FakeCounts(
    sent=[
        OutreachCount(
            group="operation",
            invited=42,
            delivered=40,
            started=25,
            completed=18,
            partial=2,
            refused=3,
            undeliverable=2,
            unreached=12,
            seconds={120: 1, 150: 1, 7300: 1},
        ),
        OutreachCount(
            group=None, invited=2, delivered=0, started=0, completed=0, partial=0, refused=0, undeliverable=2
        ),
    ]
)
THIRTY = joined(*(answers("nps", {10: n, 2: 40 - n}, account=f"Client {n:02}") for n in range(1, 31)))
NAMED_AT_LENGTH = joined(
    answers("nps", {9: 1}, account=LONG, stage="rollout"),
    answers("nps", {9: 1}, account=f"{LONG} № 2", stage="rollout"),
    answers("nps", {9: 1}, account="工場" * 30, stage="rollout"),
    answers("nps", {0: 1}, account="🏭 <b>=1+1</b>\nsecond line\u202e", stage="rollout"),
)
THREATENED = joined(
    answers("nps", {9: 3}, role="senior_it"),
    answers("nps", {9: 9, 1: 2}, role="business_owner"),
    answers("nps", {9: 40}, role="key_user"),
)
MONTHS = FakeCounts([replace(a, at=a.at.replace(month=1 + i % 12)) for i, a in enumerate(SMALL.given * 4)])

SCREENS: dict[str, tuple[FakeCounts, ReportQuery, ReportRules]] = {
    "nps": (SMALL, ReportQuery(metric="nps", since=JULY, until=AUGUST), RULES),
    "nps_by_role": (SMALL, ReportQuery(metric="nps", by="role", since=JULY), RULES),
    "nps_by_stage_large": (LARGE, ReportQuery(metric="nps", by="stage", until=AUGUST), RULES),
    "nps_one_group": (
        LARGE,
        ReportQuery(metric="nps", by="stage", where={"stage": ("rollout",), "role": ("senior_it", "key_user")}),
        RULES,
    ),
    "nps_one_answer": (joined(answers("nps", {7: 1})), ReportQuery(metric="nps"), RULES),
    "nps_no_data": (FakeCounts(), ReportQuery(metric="nps", by="account", since=JULY, until=AUGUST), RULES),
    "nps_thirty_groups": (THIRTY, ReportQuery(metric="nps", by="account"), RULES),
    "nps_long_names": (
        NAMED_AT_LENGTH,
        ReportQuery(metric="nps", by="account", where={"stage": (LONG, "rollout")}),
        RULES,
    ),
    "nps_by_month": (MONTHS, ReportQuery(metric="nps", by="month"), RULES),
    "nps_by_quarter": (MONTHS, ReportQuery(metric="nps", by="quarter"), RULES),
    "nps_suppressed": (THREATENED, ReportQuery(metric="nps", by="role"), CONFIDENTIAL),
    "nps_all_suppressed": (
        SMALL,
        ReportQuery(metric="nps", by="role", since=JULY, until=AUGUST),
        replace(CONFIDENTIAL, min_group=20),
    ),
    "csat_by_component": (SATISFIED, ReportQuery(metric="csat", by="component"), RULES),
    "csat_top1": (SATISFIED, ReportQuery(metric="csat", method="top1"), RULES),
    "ces_by_touchpoint": (EFFORT, ReportQuery(metric="ces", by="touchpoint"), RULES),
    "csi_by_component": (SATISFIED, ReportQuery(metric="csi", by="component"), RULES),
    "csi_by_role": (SATISFIED, ReportQuery(metric="csi", by="role"), RULES),
    "csi_mean": (SATISFIED, ReportQuery(metric="csi", method="mean"), RULES),
    "csi_insufficient": (SATISFIED, ReportQuery(metric="csi", where={"component": ("technical_support",)}), RULES),
    "csi_no_data": (FakeCounts(), ReportQuery(metric="csi", by="role"), RULES),
    "response_by_stage": (SENT, ReportQuery(metric="response", by="stage"), RULES),
    "response_by_role": (
        replace(SENT, sent=[replace(SENT.sent[0], group=role) for role in RULES.weights], all_sent=SENT.sent[0]),
        ReportQuery(metric="response", by="role"),
        RULES,
    ),
    "nps_of_a_manager": (
        SMALL,
        ReportQuery(metric="nps", scope=Scope(accounts=("Пример-Сталь (образец)",), projects=("Склад", "Порт"))),
        RULES,
    ),
    "nps_by_wave": (
        joined(answers("nps", {9: 3}, wave="2026-1"), answers("nps", {8: 1})),
        ReportQuery(metric="nps", by="wave"),
        RULES,
    ),
    "ces_no_data": (FakeCounts(), ReportQuery(metric="ces"), RULES),
    "response_no_data": (FakeCounts(), ReportQuery(metric="response"), RULES),
}


async def made(screen: str) -> Report:
    counts, query, rules = SCREENS[screen]
    return await report(query, counts, rules)
