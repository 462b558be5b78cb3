from dataclasses import replace

from storage.database import Database
from surveys.interview import Phase
from surveys.rules import Scope
from tests.storage.probes import plan_of
from tests.storage.samples import ANNA, ANNA_ROW, BORIS_ROW, EITHER_WAY, NOW, begin, later, moved, row

INTERVIEWER = 77


async def test_a_talk_is_its_interviewers_and_not_the_persons(database: Database) -> None:
    async with database.unit_of_work() as uow:
        own = await begin(uow, ANNA, ANNA_ROW)
        talk = replace(own, about=replace(own.about, interviewer=INTERVIEWER, channel="interview"))
        await uow.interviews.move_to_talk(own, talk, (), later(minutes=1))
        await uow.commit()
    async with database.unit_of_work() as uow:
        held = await uow.interviews.held_by(INTERVIEWER)
        assert held is not None
        assert (held.about.interviewer, held.about.channel) == (INTERVIEWER, "interview")
        assert await uow.interviews.open_of(ANNA) is None
        assert await uow.interviews.about(own.about.person_id) == [held]
        await uow.interviews.save(held, moved(held, phase=Phase.CLOSED, disposition="refused", closed_at=NOW), (), NOW)
        assert await uow.interviews.held_by(INTERVIEWER) is None
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.interviews.refused_by(ANNA) is None


async def test_for_an_edited_message_not_every_interview_is_looked_at(database: Database, database_url: str) -> None:
    async def look() -> None:
        async with database.unit_of_work() as uow:
            await uow.interviews.of_message(INTERVIEWER, 5)

    async with database.unit_of_work() as uow:
        await begin(uow, ANNA, ANNA_ROW)
        await uow.commit()
    plan = await plan_of(database_url, look())
    assert [whole for whole in ("SCAN interview", "Seq Scan on interview") if whole in plan] == []


async def test_whoever_was_the_wrong_person_is_not_asked_again_with_the_rest(database: Database) -> None:
    async with database.unit_of_work() as uow:
        own = await begin(uow, ANNA, ANNA_ROW)
        ended = {"phase": Phase.CLOSED, "disposition": "refused", "closed_at": NOW}
        await uow.interviews.save(own, moved(own, cause="wrong_person", **ended), (), NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        kept = await uow.interviews.get(own.interview.id)
        assert kept is not None
        assert kept.interview.cause == "wrong_person"
        assert await uow.interviews.refused_by(ANNA) is None


async def test_a_proposal_is_decided_once_and_for_all(database: Database) -> None:
    async with database.unit_of_work() as uow:
        own = await begin(uow, ANNA, ANNA_ROW)
        which = await uow.successors.add(own.interview.id, "Вера <b>", NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        proposed = await uow.successors.lock(which)
        assert proposed is not None
        assert (proposed.words, proposed.state) == ("Вера <b>", "proposed")
        decided = replace(proposed, state="dismissed", decided_by="Ada", decided_at=NOW)
        await uow.successors.decide(decided)
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.successors.lock(which) == decided
        assert await uow.successors.lock(which + 1) is None


async def test_a_new_person_has_the_project_and_the_roles_of_whom_they_succeed(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([ANNA_ROW])
        [held] = await uow.directory.stakeholders()
        made = await uow.directory.enlist("proposed-x", "Вера Ёлкина", "uk", held)
        await uow.directory.give_roles(made, held)
        new = await uow.directory.stakeholder(made, held.project.id)
        assert new is not None
        assert (new.roles, new.person.language, new.account) == (held.roles, "uk", held.account)
        assert [one.id for one in await uow.people.find("вера ёлкина")] == [made]


@EITHER_WAY
async def test_a_roster_shows_what_the_scope_allows_a_page_at_a_time(database: Database) -> None:
    crowd = [row(external_id=f"c{number:02}", person=f"Человек {number:02}_%") for number in range(10)]
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([*crowd, BORIS_ROW])
        await uow.commit()
    async with database.reading() as reading:
        roster, east = reading.roster, Scope(divisions=("Восток",))
        everything = await roster.accounts(None, 0)
        assert [name for _, name in everything] == ["Верфь-Пример", "Комбинат-Пример"]
        assert [name for _, name in await roster.accounts(east, 0)] == ["Комбинат-Пример"]
        assert await roster.accounts(Scope(), 0) == []
        [project] = await roster.projects(everything[1][0], east, 0)
        assert len(await roster.people(project[0], None, 0)) == 9
        assert [name for _, name in await roster.people(project[0], None, 1)] == ["Человек 08_%", "Человек 09_%"]
        assert [name for _, _, name, _ in await roster.found("ЁЛК", None)] == ["Борис Ёлкин"]
        assert await roster.found("ёлк", east) == []
        assert len(await roster.found("_%", None)) == 8
        assert await roster.found("%", Scope(accounts=("Верфь-Пример",))) == []
