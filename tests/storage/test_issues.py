"""Issues in storage: one for a case or improvement, changed by one at a time, found by their keys."""

from dataclasses import replace

from storage.database import Database
from surveys.outward.tracker import Issue
from tests.storage.samples import NOW, later

BEGUN = Issue(subject="case", subject_id=7, begun_at=NOW)


async def test_an_issue_is_read_back_as_it_was_written_and_changed_in_place(database: Database) -> None:
    async with database.unit_of_work() as uow:
        assert await uow.issues.get("case", 7) is None
        await uow.issues.save(BEGUN)
        await uow.issues.save(replace(BEGUN, subject="improvement"))
        made = replace(BEGUN, begun_at=later(hours=1), key="CX-1", status="Готово", category="done", version=3)
        await uow.issues.save(made)
        await uow.commit()
    async with database.rehearsal() as uow:
        assert await uow.issues.get("case", 7) == made
    async with database.unit_of_work() as uow:
        assert await uow.issues.lock("improvement", 7) == replace(BEGUN, subject="improvement")
        assert await uow.issues.named(["CX-1", "CX-2"]) == [made]
        await uow.issues.drop(made)
        assert await uow.issues.lock("case", 7) is None
        assert await uow.issues.named(["CX-1"]) == []
