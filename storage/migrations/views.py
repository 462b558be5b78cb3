"""Views for analysts. A step that makes one of their tables anew drops the views before and makes them after."""

from typing import Final

from alembic import op

NAMELESS: Final = """i.mode = 'confidential'
    OR EXISTS (SELECT 1 FROM setting WHERE name = 'privacy.mode' AND value = 'confidential')"""
TOLD: Final = """interview i
    JOIN invitation v ON v.id = i.invitation_id
    JOIN person p ON p.id = i.person_id
    JOIN account c ON c.id = i.account_id
    JOIN project j ON j.id = i.project_id
    JOIN questionnaire_version q ON q.key = i.questionnaire AND q.version = i.version"""
SCORED: Final = """answer a
    JOIN interview i ON i.id = a.interview_id
    JOIN account c ON c.id = i.account_id
    JOIN project j ON j.id = i.project_id
    JOIN scale s ON s.key = a.scale"""
SCORE_100: Final = "CAST(100 AS double precision) * ABS(a.score - s.worst) / ABS(s.best - s.worst)"
PLACE: Final = (
    "a.item, a.component, a.block, a.scale, s.kind, a.role, c.name, j.name, i.division, i.product, i.stage, "
    "i.touchpoint, i.channel, a.language, i.wave"
)
ISO: Final = (
    "strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000, 'unixepoch')"
    " || CASE {0} % 1000000 WHEN 0 THEN '' ELSE printf('.%06d', {0} % 1000000) END || 'Z'"
)
MOMENTS: Final = {"postgresql": "{0}", "sqlite": ISO}
DAYS: Final = {
    "postgresql": "CAST({0} AT TIME ZONE 'UTC' AS date)",
    "sqlite": "strftime('%Y-%m-%d', {0} / 1000000, 'unixepoch')",
}
SECONDS: Final = {
    "postgresql": "CAST(EXTRACT(epoch FROM {1} - {0}) AS double precision)",
    "sqlite": "({1} - {0}) / 1000000.0",
}
VIEWS: Final = {
    "v_answers": """
SELECT a.id AS answer_id, i.id AS response_id, i.questionnaire, i.version, a.item, a.component, a.block, a.scale,
    a.score, {score_100} AS score_100, a.choice, a.text, a.role, i.roles,
    CASE WHEN {nameless} THEN NULL ELSE p.external_id END AS person,
    c.name AS account, j.name AS project, i.division, i.product, i.stage, i.touchpoint, i.channel, a.language,
    {answered_at} AS answered_at
FROM answer a
    JOIN interview i ON i.id = a.interview_id
    JOIN person p ON p.id = i.person_id
    JOIN account c ON c.id = i.account_id
    JOIN project j ON j.id = i.project_id
    LEFT JOIN scale s ON s.key = a.scale
WHERE a.superseded_at IS NULL""",
    "v_responses": """
SELECT i.id AS response_id, i.questionnaire, i.version, q.kind,
    CASE WHEN {nameless} THEN NULL ELSE p.external_id END AS person,
    c.name AS account, j.name AS project, i.roles, i.channel, i.disposition,
    {invited_at} AS invited_at, {started_at} AS started_at,
    CASE WHEN i.disposition = 'complete' THEN {completed_at} END AS completed_at,
    CASE WHEN i.disposition = 'complete' THEN {seconds} END AS seconds
FROM {told}
WHERE i.consented_at IS NOT NULL OR i.disposition IS NOT NULL""",
    "v_metrics_daily": """
SELECT {day} AS day, i.questionnaire, a.item, a.component, a.block, a.scale, s.kind, a.role,
    c.name AS account, j.name AS project, i.division, i.product, i.stage, i.touchpoint, i.channel, a.language, i.wave,
    COUNT(*) AS n, SUM(a.score) AS score_sum, SUM({score_100}) AS score_100_sum,
    CASE WHEN s.kind = 'nps' THEN SUM(CASE WHEN a.score >= 9 THEN 1 ELSE 0 END) END AS promoters,
    CASE WHEN s.kind = 'nps' THEN SUM(CASE WHEN a.score IN (7, 8) THEN 1 ELSE 0 END) END AS passives,
    CASE WHEN s.kind = 'nps' THEN SUM(CASE WHEN a.score <= 6 THEN 1 ELSE 0 END) END AS detractors,
    CASE WHEN s.kind = 'csat' THEN SUM(CASE WHEN a.score = s.best THEN 1 ELSE 0 END) END AS top1,
    CASE WHEN s.kind = 'csat' THEN SUM(CASE WHEN ABS(s.best - a.score) <= 1 THEN 1 ELSE 0 END) END AS top2
FROM {scored}
WHERE a.superseded_at IS NULL AND a.score IS NOT NULL AND NOT ({nameless})
GROUP BY {day}, i.questionnaire, {place}""",
}


def make() -> None:
    """Makes the views."""
    database = op.get_bind().dialect.name
    moment, day, seconds = MOMENTS[database], DAYS[database], SECONDS[database]
    parts = {
        "nameless": NAMELESS,
        "told": TOLD,
        "scored": SCORED,
        "score_100": SCORE_100,
        "place": PLACE,
        "answered_at": moment.format("a.answered_at"),
        "invited_at": moment.format("v.created_at"),
        "started_at": moment.format("i.consented_at"),
        "completed_at": moment.format("i.closed_at"),
        "seconds": seconds.format("i.consented_at", "i.closed_at"),
        "day": day.format("a.answered_at"),
    }
    for name, words in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {words.format(**parts)}")


def drop() -> None:
    """Drops them."""
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
