from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from surveys.ports import Invitation
from surveys.reporting import ReportQuery
from tests.storage.samples import NOW, invite, later, row, token


async def test_an_invitation_is_found_by_the_hash_of_its_token(database: Database) -> None:
    async with database.unit_of_work() as uow:
        new = await invite(uow, row(roles=("senior_it", "key_user")), wave="2026-2", touchpoint="release")
        await uow.commit()
    async with database.unit_of_work() as uow:
        found = await uow.invitations.by_token(token(1))
        assert found is not None
        assert found == Invitation(
            id=found.id,
            person_id=new.person_id,
            project_id=new.project_id,
            questionnaire="relationship",
            roles=("senior_it", "key_user"),
            channel="telegram",
            created_at=NOW,
            expires_at=later(days=7),
            wave="2026-2",
            touchpoint="release",
        )
        assert await uow.invitations.by_token(token(2)) is None


async def test_invitations_whose_links_nobody_needs_are_given_back_opened_in_their_order(database: Database) -> None:
    async with database.unit_of_work() as uow:
        new = await invite(uow)
        later_ones = [replace(new, token_hash=token(number), wave=str(number)) for number in (9, 3, 7)]
        opened = await uow.invitations.open(later_ones, later(hours=1))
        assert [one.wave for one in opened] == ["9", "3", "7"]
        assert [await uow.invitations.by_token(token(number)) for number in (9, 3, 7)] == list(opened)
        assert {one.opened_at for one in opened} == {later(hours=1)}
        assert await uow.invitations.open([], NOW) == ()


async def test_opening_is_remembered(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await invite(uow)
        found = await uow.invitations.by_token(token(1))
        assert found is not None
        await uow.invitations.mark_opened(found.id, later(hours=1))
        opened = await uow.invitations.by_token(token(1))
        assert opened is not None
        assert opened.opened_at == later(hours=1)


async def test_a_token_belongs_to_one_invitation(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await invite(uow)
        with pytest.raises(IntegrityError):
            await invite(uow)


async def test_adding_no_invitations_is_fine(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.invitations.add([])
        await uow.commit()


async def test_an_invitation_that_was_opened_has_arrived_whatever_a_late_report_says(database: Database) -> None:
    async with database.unit_of_work() as uow:
        for number in (1, 2):
            await invite(uow, number=number)
        found = [await uow.invitations.by_token(token(number)) for number in (1, 2)]
        opened, unopened = (each.id for each in found if each)
        await uow.fieldwork.mark([opened, unopened], "pending")
        await uow.invitations.mark_opened(opened, NOW)
        await uow.fieldwork.mark([opened, unopened], "undeliverable")
        await uow.fieldwork.mark([], "undeliverable")
        await uow.commit()
    async with database.reading() as reading:
        [counted] = await reading.counts.outreach(ReportQuery(metric="response"))
    assert (counted.delivered, counted.undeliverable) == (1, 1)
