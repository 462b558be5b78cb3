import tracemalloc
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from storage.database import Database
from storage.exports import COLUMNS, Exports, Record
from surveys.events import AnswerGiven
from surveys.interview import Answer, Disposition, Phase
from tests.storage.samples import ANNA, BORIS, GIVEN, NOW, answered, asked, begin, invite, later, moved, row, token

BORIS_ROW = row(external_id="=2+3", person="Борис Ёлкин", roles=("key_user", "project_office"))


@pytest.fixture
async def filled(database: Database) -> Database:
    """Anna answered everything, Boris refused a day later, and a third invitation waits."""
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, ANNA, wave="2026-2", touchpoint="release"), NOW)
        first = answered(opened, GIVEN["nps"])
        await uow.interviews.save(opened, first, (GIVEN["nps"],), NOW)
        given = tuple(GIVEN[key] for key in ("nps", "usability", "nps_why"))
        done = moved(
            answered(first, *given), phase=Phase.CLOSED, disposition=Disposition.COMPLETE, closed_at=later(seconds=95.5)
        )
        await uow.interviews.save(first, done, given, later(seconds=90))
        day = later(days=1)
        opened = await begin(uow, BORIS, BORIS_ROW, number=2, at=day, created_at=day)
        refused = moved(opened, phase=Phase.CLOSED, disposition=Disposition.REFUSED, closed_at=day)
        await uow.interviews.save(opened, refused, (), day)
        await begin(uow, BORIS, BORIS_ROW, number=3, at=day, created_at=day)
        await invite(uow, BORIS_ROW, number=4, created_at=later(days=2))
        await uow.commit()
    return database


async def every(stream: AsyncIterator[Record]) -> list[Record]:
    return [record async for record in stream]


async def export(database: Database, what: str, **options: Any) -> list[Record]:
    async with database.reading() as reading:
        return await every(getattr(reading.exports, what)(**options))


async def test_answers_that_stand_come_with_everything_they_are_about(filled: Database) -> None:
    records = await export(filled, "answers")
    assert [each["item"] for each in records] == ["nps", "usability", "nps_why"]
    ids = [each["answer_id"] for each in records]
    assert ids == sorted(ids)
    assert records[1] == {
        "answer_id": ids[1],
        "response_id": "i1",
        "questionnaire": "relationship",
        "version": 1,
        "item": "usability",
        "component": "usability",
        "block": "product",
        "scale": "csat_5",
        "score": 4,
        "score_100": 75.0,
        "choice": None,
        "text": None,
        "role": "senior_it",
        "roles": "senior_it",
        "person": "p-1",
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "division": "Восток",
        "product": "MES",
        "stage": "rollout",
        "touchpoint": "release",
        "channel": "telegram",
        "language": "ru",
        "answered_at": later(seconds=90),
    }
    assert [each["score_100"] for each in records] == [90.0, 75.0, None]
    assert records[2]["text"] == "Всё в срок"


async def test_responses_are_interviews_that_were_agreed_to_or_refused(filled: Database) -> None:
    complete, refused = await export(filled, "responses")
    assert complete == {
        "response_id": "i1",
        "questionnaire": "relationship",
        "version": 1,
        "kind": "relationship",
        "person": "p-1",
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "roles": "senior_it",
        "channel": "telegram",
        "disposition": "complete",
        "invited_at": NOW,
        "started_at": NOW,
        "completed_at": later(seconds=95.5),
        "seconds": 95.5,
    }
    assert (refused["disposition"], refused["roles"]) == ("refused", "key_user|project_office")
    assert (refused["started_at"], refused["completed_at"], refused["seconds"]) == (None, None, None)


async def test_invitations_say_how_far_they_came(filled: Database) -> None:
    records = await export(filled, "invitations")
    assert [each["state"] for each in records] == ["complete", "refused", "opened", "delivered"]
    assert records[3] == {
        "invitation_id": records[3]["invitation_id"],
        "questionnaire": "relationship",
        "person": "=2+3",
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "roles": "key_user|project_office",
        "channel": "telegram",
        "wave": None,
        "created_at": later(days=2),
        "expires_at": later(days=7),
        "opened_at": None,
        "state": "delivered",
    }


async def test_an_invitation_that_could_not_be_delivered_says_so_until_it_is_opened(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        for number in (3, 4):
            found = await uow.invitations.by_token(token(number))
            assert found is not None
            await uow.fieldwork.mark([found.id], "undeliverable")
        await uow.commit()
    assert [each["state"] for each in await export(filled, "invitations")][2:] == ["opened", "undeliverable"]


async def test_an_invitation_that_nobody_opened_in_time_says_so(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        await uow.fieldwork.expire(later(days=30), 50)
        await uow.commit()
    assert [each["state"] for each in await export(filled, "invitations")][2:] == ["opened", "unreached"]


async def test_columns_are_in_the_published_order(filled: Database) -> None:
    published = {
        "answers": "answer_id,response_id,questionnaire,version,item,component,block,scale,score,score_100,choice,text,"
        "role,roles,person,account,project,division,product,stage,touchpoint,channel,language,answered_at",
        "responses": "response_id,questionnaire,version,kind,person,account,project,roles,channel,disposition,"
        "invited_at,started_at,completed_at,seconds",
        "invitations": "invitation_id,questionnaire,person,account,project,roles,channel,wave,created_at,expires_at,"
        "opened_at,state",
    }
    for what, columns in published.items():
        assert ",".join(COLUMNS[what]) == columns
        for record in await export(filled, what):
            assert ",".join(record) == columns


async def test_confidential_exports_name_nobody(filled: Database) -> None:
    for what in COLUMNS:
        assert {each["person"] for each in await export(filled, what, confidential=True)} == {None}
        assert {each["person"] for each in await export(filled, what)} != {None}


@pytest.mark.parametrize(
    ("what", "whole", "from_the_second_day"), [("answers", 3, 0), ("responses", 2, 1), ("invitations", 4, 3)]
)
async def test_a_period_includes_its_beginning_and_not_its_end(
    filled: Database, what: str, whole: int, from_the_second_day: int
) -> None:
    day: datetime = later(days=1)
    assert len(await export(filled, what, since=NOW, until=later(days=3))) == whole
    assert len(await export(filled, what, since=day)) == from_the_second_day
    assert len(await export(filled, what, until=day)) == whole - from_the_second_day
    assert await export(filled, what, until=NOW) == []


async def test_an_export_takes_no_more_memory_for_more_rows(database: Database) -> None:
    async def peak(exports: Exports) -> int:
        tracemalloc.start()
        async for _ in exports.answers():
            pass
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    sizes = []
    for batch in range(2):
        async with database.unit_of_work() as uow:
            opened = await begin(uow, ANNA, number=1 + batch)
            items = range(1500 if batch == 0 else 6000)
            given = tuple(AnswerGiven(Answer(f"item_{each}", score=9), "senior_it", "nps") for each in items)
            await uow.interviews.save(opened, opened, given, NOW)
            await uow.commit()
        async with database.reading() as reading:
            sizes.append(await peak(reading.exports))
    assert sizes[1] < 2 * sizes[0]


async def test_an_export_that_is_broken_off_leaves_the_connection_usable(filled: Database) -> None:
    async with filled.reading() as reading:
        stream = reading.exports.answers()
        assert (await anext(stream))["item"] == "nps"
        await stream.aclose()
        assert len(await every(reading.exports.answers())) == 3
