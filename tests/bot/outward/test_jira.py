"""Cases and improvements as issues of Jira: made once, kept up to date, and heard when somebody moves them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.outward.jira import JiraMailbox
from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from surveys.cases.case import Case, Happened, Kind
from surveys.erasure import erase
from surveys.improvements.causes import Cause
from surveys.improvements.committee import take_step
from surveys.improvements.improvement import Improvement
from surveys.improvements.improvement import Kind as Step
from surveys.interactions import Interaction
from surveys.outward.events import FORGOTTEN, of_case
from tests.bot.outward.jira_site import EMAIL, JiraSite, jira_site, words
from tests.bot.outward.office import ADMIN, Office
from tests.storage.test_cases import MANAGER, opened


@pytest.fixture
async def site() -> AsyncIterator[JiraSite]:
    async with jira_site() as one:
        yield one


def office_of(database: Database, site: JiraSite, home: Path, **changes: object) -> Office:
    jira = {"url": site.address, "email": EMAIL, "project": "CX", "internal": True}
    return Office(database, "", home, jira=jira | changes)


@pytest.fixture
async def office(database: Database, site: JiraSite, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(database, site, tmp_path).open() as one:
        yield one


async def complaint(office: Office, **changes: object) -> None:
    """A case about a low mark, as the loop writes it."""
    async with office.database.unit_of_work() as uow:
        case = await opened(uow, responsible=MANAGER, **changes)
        signal = Happened(kind="signal", at=case.opened_at, detail={"rules": ["csat"], "item": "usability"})
        await uow.outgoing.add(of_case(None, case, signal), ["jira"])
        await uow.commit()


async def does(office: Office, kind: Kind, actor: int | None = MANAGER, **detail: object) -> None:
    async with office.loop.transaction() as work:
        case = await work.uow.cases.lock(1)
        assert case is not None
        await work.do(case, kind, actor, detail)


async def case_of(office: Office) -> Case:
    async with office.database.unit_of_work() as uow:
        case = await uow.cases.lock(1)
    assert case is not None
    return case


async def asks(office: Office, **later: float) -> None:
    """A round of the poll."""
    office.clock.move(timedelta(**later or {"minutes": 2}))
    assert office.poll is not None
    await office.poll.sweep()


async def client_says(office: Office, verdict: str) -> None:
    await does(office, "asked", None, interview="i1")
    await does(office, "answer", None, verdict=verdict)


async def test_a_case_becomes_one_issue_that_names_nobody_and_says_nothing_anybody_wrote(
    office: Office, site: JiraSite
) -> None:
    await complaint(office)
    for _ in range(3):
        await office.round()
    issue = site.only
    assert issue.fields["summary"] == "Кейс 1 · Комбинат-Пример · Учёт проката · Удобство работы"
    assert issue.fields["priority"] == {"name": "Medium"}
    assert [label[:7] for label in issue.fields["labels"]] == ["otklik-", "otklik-"]
    assert issue.fields["labels"][1] == f"{issue.fields['labels'][0]}-case-1"
    assert "Удобство работы: 2 из 5" in issue.text
    assert "Человек: p-1" in issue.text
    assert "Белова" not in issue.text
    assert "Slow" not in issue.text
    assert site.counted("POST issue") == 1


async def test_words_go_along_where_that_was_asked_for(database: Database, site: JiraSite, tmp_path: Path) -> None:
    async with office_of(database, site, tmp_path, words=True, priorities=None).open() as office:
        await complaint(office)
        await does(office, "note", text="Call <b>again</b>")
        await office.round()
        await office.round()
    assert "Slow <b>" in site.only.text
    assert "Call <b>again</b>" in site.only.text
    assert "priority" not in site.only.fields


async def test_the_issue_follows_the_case_and_is_done_when_the_client_says_so(office: Office, site: JiraSite) -> None:
    await complaint(office)
    await office.round()
    assert site.only.category == "new"
    await does(office, "take")
    await office.round()
    assert site.only.category == "indeterminate"
    await does(office, "done")
    await office.round()
    assert site.only.category == "indeterminate"
    await client_says(office, "unsolved")
    await office.round()
    await office.round()
    assert site.only.category == "indeterminate"
    [comment] = site.only.comments
    assert "клиент: не решено" in words(comment["body"])
    await does(office, "done")
    await client_says(office, "solved")
    for _ in range(3):
        await office.round()
    assert site.only.category == "done"
    assert len(site.only.comments) == 2
    calls = len(site.calls)
    await office.round(hours=1)
    assert len(site.calls) == calls


async def test_done_in_jira_closes_nothing_but_has_the_client_asked_and_their_no_reopens_the_issue(
    office: Office, site: JiraSite
) -> None:
    await complaint(office)
    await office.round()
    await asks(office)
    assert (await case_of(office)).version == 1
    site.user_moves("CX-1", "done")
    await asks(office)
    case = await case_of(office)
    assert (case.status, case.responsible, case.outcome) == ("checking", MANAGER, None)
    await office.round()
    await asks(office)
    assert (await case_of(office)).version == case.version
    assert site.only.category == "done"
    await client_says(office, "unsolved")
    await office.round()
    await office.round()
    assert site.only.category == "indeterminate"
    await asks(office)
    assert (await case_of(office)).status == "taken"


async def test_work_begun_in_jira_takes_the_case_up_for_whoever_is_responsible(office: Office, site: JiraSite) -> None:
    await complaint(office)
    await office.round()
    site.user_moves("CX-1", "indeterminate")
    await asks(office)
    case = await case_of(office)
    assert (case.status, case.responsible) == ("taken", MANAGER)
    await office.round()
    assert "взято в работу в CX-1: В работе" in site.only.text


async def test_what_somebody_did_in_jira_is_heard_before_a_step_here_could_undo_it(
    office: Office, site: JiraSite
) -> None:
    await complaint(office)
    await does(office, "take")
    await office.round()
    await office.round()
    site.user_moves("CX-1", "done")
    await does(office, "note", text="no more")
    await office.round()
    assert ((await case_of(office)).status, site.only.category) == ("checking", "done")


async def test_an_issue_that_jira_made_without_saying_so_is_found_and_not_made_again(
    office: Office, site: JiraSite
) -> None:
    site.drop_after, site.lagging = "POST issue", True
    await complaint(office)
    await office.round()
    assert len(site.issues) == 1
    await office.round(seconds=30)
    assert site.counted("POST issue") == 1
    site.only.hidden = False
    await office.round(minutes=5)
    await office.round(minutes=5)
    assert len(site.issues) == 1
    await does(office, "take")
    await office.round(hours=1)
    assert site.only.category == "indeterminate"


async def test_whoever_dies_after_the_issue_was_made_leaves_one_issue(
    office: Office, site: JiraSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object, **__: object) -> None:
        raise StorageUnavailable("database", "killed")

    await complaint(office)
    with monkeypatch.context() as patched:
        patched.setattr(JiraMailbox, "_change", dies)
        await office.round()
    assert len(site.issues) == 1
    for _ in range(3):
        await office.round(minutes=5)
    assert len(site.issues) == 1
    assert site.counted("PUT issue/CX-1") > 0


async def test_an_issue_that_was_never_made_is_made_after_the_wait(office: Office, site: JiraSite) -> None:
    site.will(502)
    await complaint(office)
    await office.round()
    await office.round(minutes=1)
    assert site.issues == {}
    await office.round(minutes=5)
    assert len(site.issues) == 1


async def test_two_workers_make_one_issue(database_url: str, site: JiraSite, tmp_path: Path) -> None:
    async with (
        open_database(database_url, worker="one") as database,
        open_database(database_url, worker="another") as other,
        office_of(database, site, tmp_path).open() as here,
        office_of(other, site, tmp_path).open() as there,
    ):
        await complaint(here)
        await does(here, "take")
        for _ in range(4):
            await asyncio.gather(here.round(), there.round())
    assert (len(site.issues), site.only.category) == (1, "indeterminate")


async def test_jira_is_left_alone_for_as_long_as_it_asks(office: Office, site: JiraSite) -> None:
    site.will(429, Retry_After="600")
    await complaint(office)
    await office.round()
    await office.round(minutes=9)
    assert site.counted("POST issue") == 1
    await office.round(minutes=4)
    assert len(site.issues) == 1


async def test_what_jira_will_never_take_is_set_aside_with_the_fields_it_complains_of(
    database: Database, site: JiraSite, tmp_path: Path
) -> None:
    async with office_of(database, site, tmp_path, priorities={"normal": "Urgent"}).open() as office:
        await complaint(office)
        await office.round()
        assert (1, "jira", "answered 400: priority", 1) in await office.letters()
    assert site.issues == {}


async def test_cases_of_other_severities_have_no_issue_until_they_get_worse(office: Office, site: JiraSite) -> None:
    await complaint(office, severity="low")
    await office.round()
    assert site.issues == {}
    await does(office, "signal", None, rules=["word"], severity="critical")
    await office.round()
    assert site.only.fields["priority"] == {"name": "Highest"}


async def test_an_issue_that_somebody_deleted_is_not_made_again(office: Office, site: JiraSite) -> None:
    await complaint(office)
    await office.round()
    site.issues.clear()
    await does(office, "take")
    await office.round()
    calls = len(site.calls)
    await does(office, "contacted")
    await office.round()
    assert (site.issues, len(site.calls)) == ({}, calls)
    assert await office.letters() == []


async def test_where_the_workflow_has_no_way_the_issue_stays(office: Office, site: JiraSite) -> None:
    site.ways = ("31",)
    await complaint(office)
    await does(office, "take")
    await office.round()
    await office.round()
    assert site.only.category == "new"
    assert await office.letters() == []


async def test_whoever_is_erased_is_no_more_in_the_issue(database_url: str, site: JiraSite, tmp_path: Path) -> None:
    async with (
        open_database(database_url) as database,
        office_of(database, site, tmp_path, words=True).open() as office,
    ):
        await complaint(office)
        await office.round()
        assert "Slow" in site.only.text
        async with database.unit_of_work() as uow:
            [person] = await uow.people.find("p-1")
            listeners = office.loop.loop.listeners(FORGOTTEN)
            await erase(uow, person, office.clock.now(), "key", answers=True, listeners=listeners)
            await uow.commit()
        await office.round()
        await office.round()
    assert "Slow" not in site.only.text
    assert "p-1" not in site.only.text


async def step(office: Office, kind: Step, **detail: object) -> None:
    async with office.loop.transaction() as work:
        await take_step(work, 1, None, kind, ADMIN, detail)


async def improvement(office: Office) -> Improvement:
    async with office.database.unit_of_work() as uow:
        one = await uow.improvements.get(1)
    assert one is not None
    return one


async def test_an_improvement_that_was_decided_becomes_an_issue_whose_status_comes_back(
    office: Office, site: JiraSite
) -> None:
    async with office.loop.transaction() as work:
        new = Improvement(cause=Cause("support"), opened_at=work.now, owner=ADMIN)
        await work.uow.improvements.open(new, Happened(kind="opened", at=work.now), [])
    await step(office, "described", text="Less\nclicks")
    await office.round()
    assert site.issues == {}
    await step(office, "decided", decision="do", text="It costs us clients")
    await office.round()
    assert site.only.fields["summary"] == "Улучшение 1 · Less clicks"
    assert "It costs us clients" in site.only.text
    site.user_moves("CX-1", "indeterminate")
    await asks(office)
    assert (await improvement(office)).status == "started"
    site.user_moves("CX-1", "done")
    await asks(office)
    assert (await improvement(office)).status == "finished"
    await office.round()
    assert site.only.category == "done"


async def test_a_search_that_takes_several_pages_is_read_to_its_end_and_asked_again_after_a_failure(
    office: Office, site: JiraSite
) -> None:
    await complaint(office)
    async with office.database.unit_of_work() as uow:
        second = await opened(uow, 2)
        signal = Happened(kind="signal", at=second.opened_at, detail={"rules": ["csat"]})
        await uow.outgoing.add(of_case(None, second, signal), ["jira"])
        await uow.commit()
    await office.round()
    await asks(office)
    for key in site.issues:
        site.user_moves(key, "done")
    site.will(503)
    await asks(office)
    for issue in site.issues.values():
        issue.minutes = 55
    await asks(office, hours=1)
    async with office.database.unit_of_work() as uow:
        cases = [await uow.cases.lock(number) for number in (1, 2)]
    assert [case.status for case in cases if case] == ["checking", "checking"]


async def test_what_jira_reports_of_our_issues_is_news_at_once_and_no_request_of_a_client(
    office: Office, site: JiraSite
) -> None:
    taken: list[Interaction] = []

    async def otherwise(event: Interaction) -> bool:
        taken.append(event)
        return True

    def resolved(source: str, ticket: str) -> Interaction:
        return Interaction(
            source=source, id="1", type="ticket.resolved", occurred_at=office.clock.now(), data={"ticket": ticket}
        )

    await complaint(office)
    await office.round()
    site.user_moves("CX-1", "done")
    assert await office.made.take(resolved("board", "CX-1"), otherwise)
    assert (await case_of(office)).status == "checking"
    assert taken == []
    others = [resolved("board", "HD-1"), resolved("crm", "CX-1")]
    for event in others:
        assert await office.made.take(event, otherwise)
    assert taken == others
