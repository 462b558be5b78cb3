"""What people say unasked: what waits for a yes, and what was kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.attachments import Attachment
from surveys.remark_ports import Draft, Kept, Remark
from tests.storage.samples import ANNA, ANNA_ROW, NOW, asked, begin, later, row
from tests.storage.test_attachments import PDF, VOICE, answering, keep

PHOTO = Attachment("photo", "file-3", "unique-3", None, "image/jpeg", 5000)


async def anna(uow: StoredUnitOfWork) -> int:
    await uow.directory.upsert([ANNA_ROW])
    [person] = await uow.people.find("p-1")
    return person.id


def waiting(person_id: int, **changes: Any) -> Draft:
    usual = Draft(person_id=person_id, text="Слова", attachments=(VOICE, PDF), album="9", expires_at=later(days=1))
    return replace(usual, **changes)


async def passed_on(uow: StoredUnitOfWork, text: str | None, *files: Attachment, nowhere: bool = False) -> Kept:
    person_id = await anna(uow)
    [held] = await uow.directory.places([person_id])
    remark = Remark(
        person=held.person,
        held=None if nowhere else held,
        roles=() if nowhere else ANNA_ROW.roles,
        text=text,
        attachments=files,
        language="ru",
        at=NOW,
    )
    return await uow.remarks.add(remark)


async def listed(rows: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row async for row in rows]


async def test_what_waits_is_found_again_as_it_was_kept(database: Database) -> None:
    async with database.unit_of_work() as uow:
        kept = await uow.remarks.keep(waiting(await anna(uow)))
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.remarks.draft_of(kept.person_id) == kept
    assert kept == waiting(kept.person_id, id=kept.id)


async def test_what_is_added_goes_to_the_same_draft(database: Database) -> None:
    async with database.unit_of_work() as uow:
        first = await uow.remarks.keep(waiting(await anna(uow)))
        second = await uow.remarks.keep(replace(first, text="Слова\nещё", attachments=(VOICE,), album=None))
        assert second == replace(first, text="Слова\nещё", attachments=(VOICE,), album=None)


async def test_a_number_of_a_draft_is_never_used_again(database: Database) -> None:
    async with database.unit_of_work() as uow:
        first = await uow.remarks.keep(waiting(await anna(uow)))
        await uow.remarks.drop(first.person_id)
        assert await uow.remarks.draft_of(first.person_id) is None
        assert (await uow.remarks.keep(waiting(first.person_id))).id > first.id


async def test_only_drafts_that_ran_out_are_pruned(database: Database) -> None:
    async with database.unit_of_work() as uow:
        kept = await uow.remarks.keep(waiting(await anna(uow)))
        await uow.remarks.prune(later(days=1, seconds=-1))
        assert await uow.remarks.draft_of(kept.person_id) == kept
        await uow.remarks.prune(later(days=1))
        assert await uow.remarks.draft_of(kept.person_id) is None


async def test_a_remark_keeps_the_circumstances_of_its_moment(database: Database) -> None:
    async with database.unit_of_work() as uow:
        kept = await passed_on(uow, "Отчёты <b>&\x00 не те")
        await uow.directory.upsert([row(roles=("key_user",), stage="renewal", product="ERP", division="Юг")])
        await uow.commit()
    async with database.reading() as reading:
        assert await listed(reading.remarks.remarks()) == [
            {
                "remark_id": kept.id,
                "person": "p-1",
                "account": "Комбинат-Пример",
                "project": "Учёт проката",
                "roles": "senior_it|key_user",
                "division": "Восток",
                "product": "MES",
                "stage": "rollout",
                "text": "Отчёты <b>&� не те",
                "language": "ru",
                "said_at": NOW,
            }
        ]


async def test_a_remark_of_somebody_without_a_project_is_kept(database: Database) -> None:
    async with database.unit_of_work() as uow:
        kept = await passed_on(uow, "Слова", nowhere=True)
        await uow.commit()
    async with database.reading() as reading:
        [one] = await listed(reading.remarks.remarks())
        letter = await reading.remarks.letter(kept.id)
    assert (one["person"], one["account"], one["project"], one["roles"]) == ("p-1", None, None, "")
    assert (letter["person"], letter["account"], letter["roles"]) == ("Анна Белова", None, None)


async def test_a_letter_has_the_words_and_the_files_in_their_order(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await passed_on(uow, "Другое", PHOTO)
        kept = await passed_on(uow, None, PDF, VOICE)
        await uow.commit()
    async with database.reading() as reading:
        letter = await reading.remarks.letter(kept.id)
    assert letter["files"] == dict(zip(kept.file_ids, (PDF, VOICE), strict=True))
    assert (letter["text"], letter["project"], letter["roles"]) == (None, "Учёт проката", ("senior_it", "key_user"))


async def test_files_of_answers_and_of_remarks_are_listed_together_while_they_count(database: Database) -> None:
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, ANNA), NOW)
        kept = await passed_on(uow, None, PHOTO)
        await uow.commit()
    one, first = answering(opened, VOICE)
    two, second = answering(one, PDF)
    await keep(database, (opened, one, (first,), NOW), (one, two, (second,), later(minutes=1)))
    async with database.reading() as reading:
        files = await listed(reading.remarks.attachments())
    found = [(each["response_id"], each["item"], each["remark_id"], each["file_id"], each["person"]) for each in files]
    assert found == [
        (None, None, kept.id, "file-3", "p-1"),
        (opened.interview.id, "why", None, "file-2", "p-1"),
    ]
    assert {(each["account"], each["project"]) for each in files} == {("Комбинат-Пример", "Учёт проката")}


async def test_whoever_was_promised_confidentiality_is_named_in_no_list(database: Database) -> None:
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, ANNA, mode="confidential"), NOW)
        await passed_on(uow, "Слова", PHOTO)
        await uow.commit()
    one, given = answering(opened, PDF)
    await keep(database, (opened, one, (given,), NOW))
    async with database.reading() as reading:
        named = [(each["person"], each["name"]) for each in await listed(reading.remarks.attachments())]
        hidden = [
            (each["person"], each["name"]) for each in await listed(reading.remarks.attachments(confidential=True))
        ]
        [remark] = await listed(reading.remarks.remarks(confidential=True))
    assert named == [("p-1", None), (None, None)]
    assert hidden == [(None, None)] * 2
    assert (remark["person"], remark["text"]) == (None, "Слова")
