"""Every behaviour holds whether or not the persons were fetched in advance."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.tables import answer
from storage.unit import StoredUnitOfWork
from surveys.events import AnswerGiven, AnswerWithdrawn
from surveys.interview import Answer, Disposition, Phase
from surveys.ports import Card, OpenInterview
from tests.storage.probes import listening, plan_of
from tests.storage.samples import ANNA, BORIS, GIVEN, NOW, answered, asked, begin, later, moved, row

Work = Callable[[], AbstractAsyncContextManager[StoredUnitOfWork]]


@pytest.fixture(params=["prefetched", "read one by one"])
def work(request: pytest.FixtureRequest, database: Database) -> Work:
    @asynccontextmanager
    async def unit_of_work() -> AsyncIterator[StoredUnitOfWork]:
        async with database.unit_of_work() as uow:
            if request.param == "prefetched":
                await uow.prefetch([ANNA, BORIS, 999])
            yield uow

    return unit_of_work


async def rows_of(database: Database) -> list[tuple[object, ...]]:
    columns = select(answer.c.item, answer.c.score, answer.c.text, answer.c.answered_at, answer.c.superseded_at)
    async with database.reading() as reading:
        return [tuple(each) for each in await reading.connection.execute(columns.order_by(answer.c.id))]


async def test_an_interview_comes_back_as_it_was_saved(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow, wave="2026-2", touchpoint="release")
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.open_of(ANNA) == opened
        assert await uow.interviews.get("i1") == opened
        assert await uow.interviews.of_invitation(opened.about.invitation_id) == opened
        after = answered(asked(opened, later(minutes=1)), *GIVEN.values())
        after = replace(after, card=Card(chat_id=ANNA, message_id=77, shown_turn=2))
        after = moved(after, trail=("nps", "nps_why"), language="uk")
        await uow.interviews.save(opened, after, tuple(GIVEN.values()), later(minutes=2))
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.open_of(ANNA) == after
        assert await uow.interviews.get("i1") == after
        assert await uow.interviews.of_invitation(opened.about.invitation_id) == after


async def test_what_was_saved_is_seen_before_the_commit(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        after = asked(opened)
        await uow.interviews.save(opened, after, (), NOW)
        assert await uow.interviews.open_of(ANNA) == after
        assert await uow.interviews.get("i1") == after
        assert await uow.interviews.of_invitation(opened.about.invitation_id) == after


async def test_a_closed_interview_is_no_longer_the_open_one(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        closed = moved(opened, phase=Phase.CLOSED, disposition=Disposition.REFUSED, closed_at=NOW)
        await uow.interviews.save(opened, closed, (), NOW)
        assert await uow.interviews.open_of(ANNA) is None
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.open_of(ANNA) is None
        assert await uow.interviews.get("i1") == closed


async def test_the_open_interview_is_the_one_last_touched(database: Database, work: Work) -> None:
    async with work() as uow:
        first = await begin(uow, number=1, at=NOW)
        await begin(uow, number=2, at=later(minutes=1), person=row(project="Склад"))
        await uow.commit()
    async with work() as uow:
        latest = await uow.interviews.open_of(ANNA)
        assert latest is not None
        assert latest.interview.id == "i2"
        await uow.interviews.save(first, asked(first), (), later(minutes=2))
        latest = await uow.interviews.open_of(ANNA)
        assert latest is not None
        assert latest.interview.id == "i1"


async def test_nobody_sees_the_interviews_of_somebody_else(database: Database, work: Work) -> None:
    async with work() as uow:
        await begin(uow)
        await begin(uow, BORIS, row(external_id="p-2", person="Борис Ёлкин"), number=2)
        await uow.commit()
    async with work() as uow:
        theirs = await uow.interviews.open_of(BORIS)
        assert theirs is not None
        assert theirs.interview.id == "i2"
        assert await uow.interviews.open_of(999) is None
        assert await uow.interviews.get("i404") is None
        assert await uow.interviews.of_invitation(404) is None


async def test_an_invitation_is_answered_once(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        twin = replace(opened, interview=replace(opened.interview, id="twin"))
        with pytest.raises(IntegrityError):
            await uow.interviews.add([twin], NOW)


async def test_an_answer_keeps_what_its_item_says(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, answered(opened, *GIVEN.values()), tuple(GIVEN.values()), NOW)
        await uow.commit()
    async with database.reading() as reading:
        kept = (await reading.connection.execute(select(answer).order_by(answer.c.id))).all()
    told = [(each.item, each.scale, each.component, each.block, each.role, each.text) for each in kept]
    assert told == [
        ("nps", "nps", None, None, "senior_it", None),
        ("usability", "csat_5", "usability", "product", "senior_it", None),
        ("nps_why", None, None, None, "senior_it", "Всё в срок"),
    ]


CHANGED = AnswerGiven(Answer("nps", score=3), "senior_it", "nps")


async def test_a_changed_answer_ends_the_old_one_and_keeps_it(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        first = answered(opened, GIVEN["nps"])
        await uow.interviews.save(opened, first, (GIVEN["nps"],), NOW)
        await uow.commit()
    async with work() as uow:
        await uow.interviews.save(first, answered(first, CHANGED), (CHANGED,), later(minutes=1))
        await uow.commit()
    assert await rows_of(database) == [
        ("nps", 9, None, NOW, later(minutes=1)),
        ("nps", 3, None, later(minutes=1), None),
    ]


async def test_an_answer_changed_within_one_unit_of_work_keeps_both(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        first = answered(opened, GIVEN["nps"])
        await uow.interviews.save(opened, first, (GIVEN["nps"],), NOW)
        await uow.interviews.save(first, answered(first, CHANGED), (CHANGED,), later(minutes=1))
        await uow.commit()
    assert await rows_of(database) == [
        ("nps", 9, None, NOW, later(minutes=1)),
        ("nps", 3, None, later(minutes=1), None),
    ]


async def withdraw_and_repeat(uow: StoredUnitOfWork, first: OpenInterview, without: OpenInterview) -> None:
    await uow.interviews.save(first, without, (AnswerWithdrawn("nps_why"),), later(minutes=1))
    again = answered(without, GIVEN["nps_why"])
    await uow.interviews.save(without, again, (GIVEN["nps_why"],), later(minutes=2))


WITHDRAWN_AND_REPEATED = [
    ("nps_why", None, "Всё в срок", NOW, later(minutes=1)),
    ("nps_why", None, "Всё в срок", later(minutes=2), None),
]


async def test_a_withdrawn_answer_counts_no_more_and_can_be_given_again(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        first = answered(opened, GIVEN["nps_why"])
        await uow.interviews.save(opened, first, (GIVEN["nps_why"],), NOW)
        await uow.commit()
    async with work() as uow:
        await withdraw_and_repeat(uow, first, opened)
        await uow.commit()
    assert await rows_of(database) == WITHDRAWN_AND_REPEATED


async def test_an_answer_can_be_given_withdrawn_and_repeated_at_once(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        first = answered(opened, GIVEN["nps_why"])
        await uow.interviews.save(opened, first, (GIVEN["nps_why"],), NOW)
        await withdraw_and_repeat(uow, first, opened)
        await uow.commit()
    assert await rows_of(database) == WITHDRAWN_AND_REPEATED


async def test_two_standing_answers_to_one_item_cannot_be(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, answered(opened, GIVEN["nps"]), (GIVEN["nps"],), NOW)
        await uow.commit()
    async with work() as uow:
        await uow.interviews.save(opened, answered(opened, CHANGED), (CHANGED,), NOW)
        with pytest.raises(IntegrityError):
            await uow.commit()
    assert await rows_of(database) == [("nps", 9, None, NOW, None)]


async def test_a_card_that_was_shown_is_remembered(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        await uow.commit()
    card = Card(chat_id=ANNA, message_id=77, shown_turn=0)
    async with work() as uow:
        await uow.interviews.shown({"i1": card})
        found = await uow.interviews.get("i1")
        assert found == replace(opened, card=card)
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.open_of(ANNA) == replace(opened, card=card)


async def test_saving_and_showing_in_one_unit_of_work_keep_both(database: Database, work: Work) -> None:
    async with work() as uow:
        opened = await begin(uow)
        await uow.commit()
    card = Card(chat_id=ANNA, message_id=77, shown_turn=0)
    async with work() as uow:
        before = await uow.interviews.open_of(ANNA)
        assert before is not None
        await uow.interviews.save(before, asked(before), (), NOW)
        await uow.interviews.shown({"i1": card})
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.open_of(ANNA) == replace(asked(opened), card=card)


async def test_a_card_of_an_interview_that_is_gone_is_no_error(database: Database, work: Work) -> None:
    async with work() as uow:
        await uow.interviews.shown({"i404": Card(chat_id=ANNA, message_id=1, shown_turn=1)})
        await uow.commit()


async def test_interviews_behind_their_turn_are_to_be_shown_even_closed(database: Database, work: Work) -> None:
    async with work() as uow:
        first = await begin(uow)
        second = await begin(uow, BORIS, row(external_id="p-2", person="Борис Ёлкин"), number=2)
        closed = moved(second, phase=Phase.CLOSED, disposition=Disposition.COMPLETE, closed_at=NOW)
        await uow.interviews.save(second, closed, (), NOW)
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.unshown() == [first, closed]
        await uow.interviews.shown({"i1": Card(chat_id=ANNA, message_id=7, shown_turn=0)})
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.unshown() == [closed]


async def test_what_ended_unseen_in_a_chat_is_found_until_its_card_says_so(database: Database, work: Work) -> None:
    card = Card(chat_id=ANNA, message_id=7, shown_turn=0)
    closed = await ended(database, card)
    async with work() as uow:
        assert await uow.interviews.ended_unseen(BORIS) == []
        assert await uow.interviews.ended_unseen(ANNA) == [closed]
        await uow.interviews.shown({"i1": replace(card, shown_turn=1)})
        await uow.commit()
    async with work() as uow:
        assert await uow.interviews.ended_unseen(ANNA) == []


async def test_what_is_open_or_stands_nowhere_has_not_ended_unseen(database: Database, work: Work) -> None:
    await ended(database, Card(chat_id=ANNA))
    async with work() as uow:
        await begin(uow, BORIS, row(external_id="p-2", person="Борис Ёлкин"), number=2)
        await uow.interviews.shown({"i2": Card(chat_id=BORIS, message_id=8, shown_turn=-1)})
        await uow.commit()
    async with work() as uow:
        assert [*await uow.interviews.ended_unseen(ANNA), *await uow.interviews.ended_unseen(BORIS)] == []


async def test_for_whoever_comes_back_not_every_interview_is_looked_at(database: Database, database_url: str) -> None:
    async def look() -> None:
        async with database.unit_of_work() as uow:
            await uow.interviews.ended_unseen(ANNA)

    await ended(database, Card(chat_id=ANNA, message_id=7, shown_turn=0))
    plan = await plan_of(database_url, look())
    assert [whole for whole in ("SCAN interview", "Seq Scan on interview") if whole in plan] == []


async def ended(database: Database, card: Card) -> OpenInterview:
    """An interview in its first turn, which ended it; its card says so only if it is of that turn."""
    async with database.unit_of_work() as uow:
        opened = replace(await begin(uow), card=card)
        closed = moved(opened, phase=Phase.CLOSED, disposition=Disposition.UNREACHED, closed_at=NOW)
        await uow.interviews.save(opened, closed, (), NOW)
        await uow.commit()
    return closed


async def test_a_group_reads_in_two_queries_and_writes_in_three(database: Database) -> None:
    people = range(100, 140)
    async with database.unit_of_work() as uow:
        for number in people:
            await begin(uow, number, row(external_id=f"p-{number}"), number=number)
        await uow.commit()
    said: list[str] = []
    with listening(lambda statement, _: said.append(statement.split()[0])):
        async with database.unit_of_work() as uow:
            await uow.prefetch(people)
            for number in people:
                opened = await uow.interviews.open_of(number)
                assert opened is not None
                assert await uow.interviews.get(opened.interview.id) == opened
                await uow.interviews.save(opened, answered(opened, GIVEN["nps"]), (GIVEN["nps"],), NOW)
                await uow.inbox.mark(number, NOW)
            await uow.commit()
    assert [each for each in said if each != "BEGIN"] == ["SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"]


async def test_a_start_looks_only_at_interviews_that_are_behind(database: Database, database_url: str) -> None:
    async def restart() -> None:
        async with database.unit_of_work() as uow:
            await uow.interviews.unshown()

    async with database.unit_of_work() as uow:
        await begin(uow)
        await uow.interviews.shown({"i1": Card(chat_id=ANNA, message_id=1, shown_turn=0)})
        await uow.commit()
    assert "ix_interview_unshown" in await plan_of(database_url, restart())
