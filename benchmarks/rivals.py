"""The same question asked of others: DuckDB on a file of its own, and plain SQL over the answers themselves."""

import csv
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from sqlalchemy import func

from storage.cuts import OF_ANSWERS
from storage.database import Database
from storage.score_counts import standing_answers
from storage.tables import answer
from surveys.figures import scales_of
from surveys.reporting import Dimension, Metric, ReportQuery

TWO_YEARS = {"since": datetime(2024, 11, 1, tzinfo=UTC), "until": datetime(2026, 11, 1, tzinfo=UTC)}
FLAT = """
SELECT account.name, project.name, interview.division, interview.product, interview.stage, interview.questionnaire,
    answer.item, answer.component, answer.block, interview.touchpoint, interview.channel, answer.language,
    interview.wave, answer.role, answer.scale, answer.score, answer.answered_at
FROM answer JOIN interview ON interview.id = answer.interview_id JOIN account ON account.id = interview.account_id
    JOIN project ON project.id = interview.project_id
WHERE answer.superseded_at IS NULL AND answer.score IS NOT NULL
"""
COLUMNS = (
    "account VARCHAR, project VARCHAR, division VARCHAR, product VARCHAR, stage VARCHAR, questionnaire VARCHAR,"
    " item VARCHAR, component VARCHAR, block VARCHAR, touchpoint VARCHAR, channel VARCHAR, language VARCHAR,"
    " wave VARCHAR, role VARCHAR, scale VARCHAR, score TINYINT, answered_at BIGINT"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: scores of a metric, by so many dimensions."""

    name: str
    metrics: Sequence[Metric]
    groups: tuple[Dimension, ...] = ()
    period: Mapping[str, datetime] | None = None

    def queries(self) -> Sequence[ReportQuery]:
        """One for each metric."""
        by = self.groups[0] if self.groups else None
        return [ReportQuery(metric=metric, by=by, **(self.period or {})) for metric in self.metrics]


QUESTIONS = (
    Question("Заглавный экран: NPS, CSAT, CES, CSI", ("nps", "csat", "ces", "csi")),
    *(
        Question(f"CSAT по разрезу `{dimension}`", ("csat",), (dimension,))
        for dimension in ("role", "component", "project", "wave", "month")
    ),
    Question("CSI по клиентам", ("csi",), ("account",)),
    Question("CSAT: клиент × компонент за два года", ("csat",), ("account", "component"), TWO_YEARS),
)


async def of_otklik(database: Database, question: Question) -> int:
    """How many answers there are in all, for all to agree upon."""
    total = 0
    async with database.reading() as reading:
        for query in question.queries():
            total += (await reading.counts.found(query, scales_of(query.metric), *question.groups)).total()
    return total


async def of_plain_sql(database: Database, question: Question) -> int:
    """Counts the answers one by one."""
    total = 0
    async with database.reading() as reading:
        for query in question.queries():
            keys = [*(OF_ANSWERS[group] for group in question.groups), answer.c.scale, answer.c.role, answer.c.score]
            counted = standing_answers(query, scales_of(query.metric), [*keys, func.count()], keys, *question.groups)
            if query.since and query.until:
                counted = counted.where(answer.c.answered_at >= query.since, answer.c.answered_at < query.until)
            total += sum(row[-1] for row in await reading.connection.execute(counted))
    return total


class Duck:
    """DuckDB with everything in one wide table: no joins are left to do."""

    def __init__(self, file: Path) -> None:
        self._connection = duckdb.connect(str(file))

    def fill(self, source: Path) -> None:
        """From Otklik's SQLite file."""
        with TemporaryDirectory(dir=source.parent) as home:
            flat = Path(home) / "answers.csv"
            with sqlite3.connect(source) as connection, flat.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(connection.execute(FLAT))
            self._connection.execute(f"CREATE OR REPLACE TABLE answers ({COLUMNS})")
            self._connection.execute(f"COPY answers FROM '{flat}' (NULL '')")

    def ask(self, question: Question) -> int:
        """The same rows, fetched."""
        total = 0
        for query in question.queries():
            keys = ", ".join([*map(_key, question.groups), "scale", "role", "score"])
            scales = ", ".join(f"'{scale}'" for scale in scales_of(query.metric))
            bounds = "".join(
                f" AND answered_at {sign} {int(at.timestamp() * 1_000_000)}"
                for sign, at in ((">=", query.since), ("<", query.until))
                if at
            )
            statement = f"SELECT {keys}, count(*) FROM answers WHERE scale IN ({scales}){bounds} GROUP BY ALL"  # noqa: S608
            total += sum(row[-1] for row in self._connection.execute(statement).fetchall())
        return total


def _key(dimension: Dimension) -> str:
    return "strftime(make_timestamp(answered_at), '%Y-%m') AS month" if dimension == "month" else dimension
