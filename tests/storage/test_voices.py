"""What the database knows of everybody who was invited, or decided about."""

from dataclasses import replace
from datetime import datetime

import pytest

from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.contact import Candidate, Decided, Drop
from surveys.interview import Disposition, Phase
from surveys.rules import Scope
from surveys.voices import Contacted, Place, Span
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, begin, invite, later, moved, token


async def close(uow: StoredUnitOfWork, name: str, disposition: Disposition) -> None:
    opened = await uow.interviews.get(name)
    assert opened is not None
    closed = moved(opened, phase=Phase.CLOSED, disposition=disposition, closed_at=NOW)
    await uow.interviews.save(opened, closed, (), NOW)


async def drop(uow: StoredUnitOfWork, name: str, rule: str, wave: str | None = None, at: datetime = NOW) -> None:
    held = next(one for one in await uow.directory.stakeholders() if one.person.external_id == name)
    whom = Candidate(name=name, person=held.person, held=held)
    verdict = Drop(rule, {})
    await uow.decisions.add([Decided(at=at, candidate=whom, questionnaire="q", verdict=verdict, wave=wave)])


@pytest.fixture
async def field(database: Database) -> Database:
    """Anna answered, then refused in the next wave; Boris has only an invitation that did not arrive."""
    async with database.unit_of_work() as uow:
        await begin(uow, 501, ANNA_ROW, number=1, wave="w-1")
        await close(uow, "i1", Disposition.PARTIAL)
        await begin(uow, 501, ANNA_ROW, number=2, wave="w-2", created_at=later(days=40))
        await close(uow, "i2", Disposition.REFUSED)
        await invite(uow, BORIS_ROW, number=3, created_at=later(days=41))
        found = await uow.invitations.by_token(token(3))
        assert found is not None
        await uow.fieldwork.mark([found.id], "undeliverable")
        await drop(uow, "p-2", "on_hold", "w-2", later(days=40))
        await drop(uow, "p-2", "resting", None, later(days=41))
        await uow.commit()
    return database


async def places(database: Database) -> dict[str, Place]:
    async with database.reading() as reading:
        held = await reading.directory.stakeholders()
    return {one.person.external_id: (one.person.id, one.project.id) for one in held}


async def test_the_last_invitation_counts_and_whether_any_was_answered(field: Database) -> None:
    where = await places(field)
    async with field.reading() as reading:
        found = {one.place: one for one in await reading.voices.contacted(Span())}
        of_wave = await reading.voices.contacted(Span(wave="w-2"))
        recent = await reading.voices.contacted(Span(since=later(days=41)))
    refused = Contacted(place=where["p-1"], heard=True, disposition=Disposition.REFUSED)
    lost = Contacted(place=where["p-2"], heard=False, undeliverable=True)
    assert found == {where["p-1"]: refused, where["p-2"]: lost}
    assert list(of_wave) == [replace(refused, heard=False)]
    assert list(recent) == [lost]


async def test_the_last_decision_about_somebody_is_told(field: Database) -> None:
    where = await places(field)
    async with field.reading() as reading:
        assert {at: one.rule for at, one in (await reading.voices.told(Span())).items()} == {where["p-2"]: "resting"}
        of_wave = await reading.voices.told(Span(wave="w-2"))
        assert {at: one.rule for at, one in of_wave.items()} == {where["p-2"]: "on_hold"}
        assert await reading.voices.told(Span(wave="w-1")) == {}


async def test_the_latest_wave_is_one_of_the_reader_s_own(field: Database) -> None:
    async with field.reading() as reading:
        assert await reading.voices.waves() == ["w-2", "w-1"]
        assert await reading.voices.latest_wave(NOW, None) == "w-2"
        assert await reading.voices.latest_wave(later(days=60), None) is None
        assert await reading.voices.latest_wave(NOW, Scope(accounts=(BORIS_ROW.account,))) == "w-2"
        assert await reading.voices.latest_wave(NOW, Scope()) is None


async def test_a_directory_has_the_people_in_scope(field: Database) -> None:
    async with field.reading() as reading:
        mine = await reading.directory.stakeholders(scope=Scope(divisions=("Запад",)))
    assert [one.person.external_id for one in mine] == ["p-2"]


async def test_a_rehearsal_sees_everything_and_changes_nothing(field: Database) -> None:
    async with field.rehearsal() as uow:
        assert len(await uow.directory.stakeholders()) == 2
    async with field.unit_of_work(), field.rehearsal() as uow:
        assert len(await uow.directory.stakeholders()) == 2
