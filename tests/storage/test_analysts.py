"""What analysts read with SQL is what is exported; the log of looking is only added to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from metrics.scales import EVERY_SCALE
from reports.json import moment
from storage.audit_tables import scale
from storage.database import Database
from storage.exports import COLUMNS
from surveys.audit import CLI, Look
from surveys.events import AnswerGiven
from surveys.interview import Answer, Disposition, Phase
from tests.storage.samples import ANNA_ROW, BORIS_ROW, GIVEN, NOW, answered, asked, begin, later, moved

COMPLAINT = AnswerGiven(Answer("waiting", score=1), "key_user", "csat_5_1", "support", "service")
SEVEN = AnswerGiven(Answer("nps", score=7), "key_user", "nps")


@pytest.fixture
async def filled(database: Database) -> Database:
    """Anna finished by name; Boris was promised confidentiality."""
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, 1, ANNA_ROW, wave="2026-2", touchpoint="release"), NOW)
        given = tuple(GIVEN.values())
        ended = {"phase": Phase.CLOSED, "disposition": Disposition.COMPLETE, "closed_at": later(seconds=95.5)}
        await uow.interviews.save(opened, moved(answered(opened, *given), **ended), given, later(seconds=90))
        secret = asked(await begin(uow, 2, BORIS_ROW, number=2, mode="confidential"), NOW)
        await uow.interviews.save(secret, answered(secret, SEVEN, COMPLAINT), (SEVEN, COMPLAINT), later(days=1))
        await uow.commit()
    return database


async def rows(database: Database, sql: str) -> Sequence[dict[str, Any]]:
    async with database.reading() as reading:
        return [dict(row) for row in (await reading.connection.execute(text(sql))).mappings()]


def told(record: dict[str, Any]) -> dict[str, Any]:
    """Moments as a file has them, which is how SQLite tells them too."""
    return {name: moment(value) if isinstance(value, datetime) else value for name, value in record.items()}


@pytest.mark.parametrize("what", ["answers", "responses"])
@pytest.mark.parametrize("mode", ["named", "confidential"])
async def test_views_tell_what_exports_tell(filled: Database, what: str, mode: str) -> None:
    async with filled.unit_of_work() as uow:
        await uow.settings.set("privacy.mode", mode)
        await uow.commit()
    async with filled.reading() as reading:
        export = getattr(reading.exports, what)(confidential=mode == "confidential")
        exported = [told(record) async for record in export]
    seen = [told(row) for row in await rows(filled, f"SELECT * FROM v_{what}")]  # noqa: S608
    assert tuple(seen[0]) == COLUMNS[what]
    by_id = COLUMNS[what][0]
    assert sorted(seen, key=lambda row: row[by_id]) == sorted(exported, key=lambda row: row[by_id])
    assert {row["person"] for row in seen} == ({"p-1", None} if mode == "named" else {None})


async def test_days_count_what_was_said_by_name_and_nothing_else(filled: Database) -> None:
    nps, usability = await rows(filled, "SELECT * FROM v_metrics_daily ORDER BY item")
    assert (str(nps["day"]), nps["account"], nps["role"], nps["wave"]) == (
        "2026-11-21",
        "Комбинат-Пример",
        "senior_it",
        "2026-2",
    )
    assert [nps[name] for name in ("n", "score_sum", "promoters", "passives", "detractors", "top2")] == [
        *(1, 9, 1, 0, 0, None),
    ]
    assert [usability[name] for name in ("n", "score_100_sum", "top1", "top2", "promoters")] == [1, 75.0, 0, 1, None]


async def test_in_confidential_mode_days_tell_nothing(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        await uow.settings.set("privacy.mode", "confidential")
        await uow.commit()
    assert await rows(filled, "SELECT * FROM v_metrics_daily") == []


async def test_the_database_knows_every_scale(database: Database) -> None:
    async with database.reading() as reading:
        known = {row.key: row for row in await reading.connection.execute(scale.select())}
    assert set(known) == set(EVERY_SCALE)
    for key, one in EVERY_SCALE.items():
        ends = (one.low, one.high) if one.higher_is_better else (one.high, one.low)
        assert (known[key].worst, known[key].best, known[key].kind) == (*ends, one.kind)


async def test_what_was_looked_at_is_written_down_and_stays(database: Database) -> None:
    look = Look(at=NOW, who=CLI, entrance="/why", looked_at={"people": [7]}, rows=3)
    await database.note(look)
    for change in ("UPDATE audit SET rows = 0", "DELETE FROM audit"):
        async with database.unit_of_work() as uow:
            with pytest.raises(DBAPIError, match="only added"):
                await uow._connection.execute(text(change))  # type: ignore[attr-defined]
    async with database.reading() as reading:
        [kept] = [row async for row in reading.audit.audit()]
    assert kept == {"at": NOW, "who": "cli", "entrance": "/why", "looked_at": {"people": [7]}, "rows": 3}
