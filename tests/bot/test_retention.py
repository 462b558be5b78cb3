"""What is kept for a time alone is gone once that is over, and no figure notices."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, func, insert, select, update

from bot.clock import Clock
from bot.sweeps import forget_old
from storage.contact_tables import decision
from storage.database import Database
from storage.engines import transaction
from storage.remark_tables import attachment, remark
from storage.retention import Kept
from storage.tables import answer, dead_letter, interview, successor
from storage.unit import StoredUnitOfWork
from storage.verification import wrong_counts, wrong_rows
from surveys.interview import Phase
from tests.storage.samples import ANNA_ROW, GIVEN, NOW, later, respond
from tests.storage.test_attachments import VOICE
from tests.storage.test_contacts import decided
from tests.storage.test_remarks import passed_on

MONTH = timedelta(days=30)
EVERYTHING: Mapping[Kept, timedelta | None] = {"words": MONTH, "decisions": MONTH, "set_aside": MONTH}
COUNTED = {
    "answers": select(func.count(answer.c.id)),
    "scores": select(func.count(answer.c.score)),
    "words": select(func.count(answer.c.text)),
    "remembered by interviews": select(func.count()).where(cast(interview.c.state, Text).contains('nps_why":')),
    "named instead": select(func.count(successor.c.words)),
    "remarks": select(func.count(remark.c.text)),
    "files": select(func.count(attachment.c.id)),
    "decisions": select(func.count(decision.c.id)),
    "set aside": select(func.count(dead_letter.c.id)),
}


class LaterClock(Clock):
    """A hundred days on."""

    def now(self) -> datetime:
        return later(days=100)


async def said(uow: StoredUnitOfWork, number: int, at: datetime) -> None:
    """A score with its reason, and an update that failed."""
    await respond(uow, number, ANNA_ROW, GIVEN["nps"], GIVEN["nps_why"], at=at)
    await uow.inbox.dead_letter("telegram", b"{}", "why", 3, at)


async def held(database: Database) -> Mapping[str, int]:
    async with database.reading() as reading:
        return {name: await reading.connection.scalar(query) or 0 for name, query in COUNTED.items()}


async def settled(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await said(uow, 1, NOW)
        await said(uow, 2, later(days=90))
        await passed_on(uow, "Reports", VOICE)
        await uow.decisions.add([decided(uow)])
        await uow.commit()
    async with transaction(database._writing, database.address) as connection:
        await connection.execute(update(interview).values(phase=Phase.CLOSED, disposition="partial", closed_at=NOW))
        [first, *_] = await connection.scalars(select(interview.c.id).order_by(interview.c.created_at))
        row = {"interview_id": first, "words": "Ask Sample 2", "created_at": NOW, "state": "proposed"}
        await connection.execute(insert(successor), row)
        await connection.commit()


async def test_what_is_old_is_forgotten_kind_by_kind_and_every_score_stays(database: Database) -> None:
    await settled(database)
    words = {"words": 2, "remembered by interviews": 2, "named instead": 1}
    before = {"answers": 4, "scores": 2, **words, "remarks": 1, "files": 1, "decisions": 1, "set aside": 2}
    assert await held(database) == before
    await forget_old(database, LaterClock(), dict.fromkeys(EVERYTHING))
    assert await held(database) == before, "null is for good"
    await forget_old(database, LaterClock(), EVERYTHING)
    words = {"words": 1, "remembered by interviews": 1, "named instead": 0}
    after = {**words, "remarks": 0, "files": 0, "decisions": 0, "set aside": 1}
    assert await held(database) == before | after
    async with database.reading() as reading:
        assert [line async for line in wrong_counts(reading.connection)] == []
        assert [line async for line in wrong_rows(reading.connection)] == []
