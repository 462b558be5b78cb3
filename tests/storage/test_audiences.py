"""Who answered, kept from one report to the next."""

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from storage import audiences
from storage.audiences import MOST
from storage.database import Database
from storage.tables import account, answer
from surveys.audience import Audience, Occasion, People
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.reporting import ReportQuery
from surveys.rules import Scope
from tests.limits import TEN_SECONDS
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, answered, respond

NPS = AnswerGiven(Answer("nps", score=9), "senior_it", "nps")
OTHER = AnswerGiven(Answer("nps", score=2), "senior_it", "nps")
USABLE = AnswerGiven(Answer("usability", score=4), "key_user", "csat_5", "usability", "product")
QUERY = ReportQuery(metric="nps", by="account")
SCALES = ("nps", "csat_5")


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS, USABLE)
        await uow.commit()
    return database


async def audience(database: Database, query: ReportQuery = QUERY) -> Audience:
    async with database.reading() as reading:
        return await reading.counts.audience(query)


async def people(database: Database) -> People:
    return (await audience(database)).people(QUERY, SCALES)


async def test_who_answered_is_read_once_while_nothing_changes(filled: Database) -> None:
    first = await audience(filled)
    assert await audience(filled) is first
    async with filled.unit_of_work() as uow:
        await uow.directory.upsert([replace(BORIS_ROW, external_id="new")])
        await uow.commit()
    assert (await audience(filled)).people(QUERY, SCALES) == {ANNA_ROW.account: 1}


async def test_others_are_served_while_those_who_answered_are_put_in_order(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, begun, loop = threading.Event(), asyncio.Event(), asyncio.get_running_loop()

    def put_in_order(occasions: Iterable[Occasion]) -> Audience:
        loop.call_soon_threadsafe(begun.set)
        assert served.wait(TEN_SECONDS), "nobody else was served"
        return Audience(occasions)

    monkeypatch.setattr(audiences, "Audience", put_in_order)
    asked = asyncio.create_task(people(filled))
    await begun.wait()
    served.set()
    assert await asked == {ANNA_ROW.account: 1}


async def test_whoever_answers_next_is_there_at_once(filled: Database) -> None:
    assert await people(filled) == {ANNA_ROW.account: 1}
    async with filled.unit_of_work() as uow:
        await respond(uow, 2, replace(BORIS_ROW, account=ANNA_ROW.account), NPS)
        await uow.commit()
    assert await people(filled) == {ANNA_ROW.account: 2}
    while await filled.fold():
        pass
    assert await people(filled) == {ANNA_ROW.account: 2}


async def test_a_corrected_answer_of_another_month_moves_there(filled: Database) -> None:
    by_month = replace(QUERY, by="month")
    before = (await audience(filled)).people(by_month, ("nps",))
    async with filled.unit_of_work() as uow:
        anna = await uow.interviews.get("i1")
        assert anna is not None
        await uow.interviews.save(anna, answered(anna, OTHER), (OTHER,), NOW + timedelta(days=40))
        await uow.commit()
    after = (await audience(filled)).people(by_month, ("nps",))
    assert before.keys().isdisjoint(after)


async def test_answers_that_are_taken_back_are_gone(filled: Database) -> None:
    while await filled.fold():
        pass
    assert await people(filled)
    async with filled.unit_of_work() as uow:
        await uow._connection.execute(delete(answer))
        await uow.commit()
    assert await people(filled) == {}


async def test_two_changes_that_make_up_for_each_other_are_both_seen(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        await respond(uow, 2, BORIS_ROW, USABLE)
        await uow.commit()
    while await filled.fold():
        pass
    by_role = replace(QUERY, by="role")
    before = (await audience(filled)).people(by_role, ("csat_5",))
    assert before == {"key_user": 2}
    async with filled.unit_of_work() as uow:
        await uow._connection.execute(update(answer).where(answer.c.item == "nps").values(role="key_user"))
        await uow._connection.execute(update(answer).where(answer.c.item == "usability").values(role="senior_it"))
        await uow.commit()
    while await filled.fold():
        pass
    assert (await audience(filled)).people(by_role, ("csat_5",)) == {"senior_it": 2}


async def test_counting_everything_anew_is_a_change_as_well(filled: Database) -> None:
    first = await audience(filled)
    await filled.count_again()
    assert await audience(filled) is not first


async def test_a_client_is_called_by_the_name_it_has_now(filled: Database) -> None:
    assert await people(filled) == {ANNA_ROW.account: 1}
    async with filled.unit_of_work() as uow:
        await uow._connection.execute(update(account).values(name="Renamed sample"))
        await uow.commit()
    assert await people(filled) == {"Renamed sample": 1}


async def test_no_more_audiences_are_kept_than_are_in_use(filled: Database) -> None:
    everybody = await audience(filled)
    scoped = [replace(QUERY, scope=Scope(accounts=(f"Sample {number}",))) for number in range(MOST)]
    last = [await audience(filled, query) for query in scoped][-1]
    assert await audience(filled, scoped[-1]) is last
    assert await audience(filled) is not everybody
