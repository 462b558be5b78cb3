"""Files of answers: written with them, and counting no more when the answer does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from storage.database import Database
from storage.remark_tables import attachment
from surveys.attachments import Attachment
from surveys.events import AnswerGiven, AnswerWithdrawn, Event
from surveys.interview import Answer, Phase
from surveys.ports import OpenInterview
from tests.storage.samples import ANNA, NOW, asked, begin, later

VOICE = Attachment("voice", "file-1", "unique-1", None, "audio/ogg", 900)
PDF = Attachment("document", "file-2", "unique-2", "акт.pdf", "application/pdf", 2**40)


async def start(database: Database) -> OpenInterview:
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, ANNA), NOW)
        await uow.commit()
    return opened


def answering(before: OpenInterview, *files: Attachment, text: str | None = None) -> tuple[OpenInterview, AnswerGiven]:
    answer = Answer("why", text=text, attachments=files)
    answers = {**before.interview.answers, "why": answer}
    return replace(before, interview=replace(before.interview, answers=answers)), AnswerGiven(answer, "senior_it")


async def keep(database: Database, *turns: tuple[OpenInterview, OpenInterview, Sequence[Event], datetime]) -> None:
    """All in one transaction."""
    async with database.unit_of_work() as uow:
        for before, after, events, at in turns:
            await uow.interviews.save(before, after, events, at)
        await uow.commit()


async def files(database: Database) -> list[tuple[str, str | None, bool]]:
    """Whose file, its name, and whether it counts."""
    async with database.reading() as reading:
        rows = await reading.connection.execute(select(attachment).order_by(attachment.c.id))
        return [(row.item, row.file_id, row.superseded_at is None) for row in rows]


async def test_files_are_written_with_their_answer_and_come_back_with_the_interview(database: Database) -> None:
    opened = await start(database)
    after, given = answering(opened, VOICE, PDF, text="Вот")
    drawn = replace(after, interview=replace(after.interview, draft=given.answer, phase=Phase.ASKING, trail=("why",)))
    await keep(database, (opened, drawn, (given,), NOW))
    assert await files(database) == [("why", "file-1", True), ("why", "file-2", True)]
    async with database.unit_of_work() as uow:
        found = await uow.interviews.open_of(ANNA)
    assert found is not None
    assert found.interview.answers["why"] == given.answer
    assert found.interview.draft == given.answer


async def test_a_file_is_written_once_however_the_answer_goes_on(database: Database) -> None:
    opened = await start(database)
    one, first = answering(opened, VOICE)
    two, second = answering(one, VOICE, text="Слова")
    await keep(database, (opened, one, (first,), NOW))
    await keep(database, (one, two, (second,), later(minutes=1)))
    assert await files(database) == [("why", "file-1", True)]


async def test_a_file_the_answer_goes_on_without_counts_no_more(database: Database) -> None:
    opened = await start(database)
    one, first = answering(opened, VOICE)
    two, second = answering(one, PDF)
    await keep(database, (opened, one, (first,), NOW))
    await keep(database, (one, two, (second,), later(minutes=1)))
    assert await files(database) == [("why", "file-1", False), ("why", "file-2", True)]


async def test_files_of_a_withdrawn_answer_count_no_more_and_may_come_again(database: Database) -> None:
    opened = await start(database)
    one, first = answering(opened, VOICE)
    gone = replace(one, interview=replace(one.interview, answers={}))
    again, third = answering(gone, VOICE)
    await keep(database, (opened, one, (first,), NOW))
    await keep(database, (one, gone, (AnswerWithdrawn("why"),), NOW), (gone, again, (third,), later(minutes=1)))
    assert await files(database) == [("why", "file-1", False), ("why", "file-1", True)]


async def test_what_comes_and_goes_in_one_transaction_is_remembered_as_gone(database: Database) -> None:
    opened = await start(database)
    one, first = answering(opened, VOICE)
    two, second = answering(one, text="Только слова")
    await keep(database, (opened, one, (first,), NOW), (one, two, (second,), NOW))
    assert await files(database) == [("why", "file-1", False)]
