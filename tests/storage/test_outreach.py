from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

import pytest

from storage.database import Database, open_database
from storage.fieldwork import State
from surveys.errors import BadQuery
from surveys.interview import Disposition
from surveys.reporting import ANSWERS_ALONE, Dimension, OutreachCount, ReportQuery
from surveys.rules import Scope
from tests.storage.probes import plan_of
from tests.storage.samples import ANNA_ROW, BORIS_ROW, GIVEN, NOW, begin, close, invite, later, respond, token

DIMENSIONS: Sequence[Dimension] = get_args(Dimension)
NPS = GIVEN["nps"]


async def outreach(database: Database, **query: Any) -> list[OutreachCount]:
    async with database.reading() as reading:
        return list(await reading.counts.outreach(ReportQuery(metric="response", **query)))


@pytest.fixture
async def sent_out(database: Database) -> Database:
    """Eight invitations, each of which came to another end."""
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS)
        await close(uow, "i1", Disposition.COMPLETE, later(seconds=90.5))
        await respond(uow, 2, ANNA_ROW, NPS, created_at=later(days=40))
        await close(uow, "i2", Disposition.PARTIAL, later(days=41))
        await respond(uow, 3, BORIS_ROW, NPS)
        await close(uow, "i3", Disposition.BREAK_OFF, later(days=1))
        await begin(uow, 1004, BORIS_ROW, number=4)
        await close(uow, "i4", Disposition.REFUSED, later(days=1))
        await begin(uow, 1005, BORIS_ROW, number=5)
        for number in (6, 7, 8):
            await invite(uow, BORIS_ROW, number=number)
        ends: Mapping[int, State] = {7: "undeliverable", 8: "pending"}
        for number, state in ends.items():
            found = await uow.invitations.by_token(token(number))
            assert found is not None
            await uow.fieldwork.mark([found.id], state)
        await uow.commit()
    return database


ALL = OutreachCount(
    group=None,
    invited=8,
    delivered=6,
    started=3,
    completed=1,
    partial=1,
    refused=2,
    undeliverable=1,
    seconds={90: 1},
)
ANNAS = replace(ALL, invited=2, delivered=2, started=2, refused=0, undeliverable=0)
BORISES = replace(ALL, invited=6, delivered=4, started=1, completed=0, partial=0, seconds={})


async def test_what_became_of_invitations_is_counted(sent_out: Database) -> None:
    assert await outreach(sent_out) == [ALL]


async def test_invitations_are_broken_down(sent_out: Database) -> None:
    by_account = {each.group: each for each in await outreach(sent_out, by="account")}
    assert by_account == {
        "Комбинат-Пример": replace(ANNAS, group="Комбинат-Пример"),
        "Верфь-Пример": replace(BORISES, group="Верфь-Пример"),
    }


async def test_somebody_of_two_roles_counts_in_both(sent_out: Database) -> None:
    by_role = {each.group: each for each in await outreach(sent_out, by="role")}
    assert by_role == {
        "senior_it": replace(ANNAS, group="senior_it"),
        "key_user": replace(ALL, group="key_user"),
    }
    assert await outreach(sent_out, where={"role": ("senior_it", "key_user")}) == [ALL]
    assert await outreach(sent_out, where={"role": ("senior_it",)}) == [ANNAS]
    only = await outreach(sent_out, by="role", where={"role": ("senior_it",)})
    assert only == [replace(ANNAS, group="senior_it")]


async def test_a_limited_reader_hears_of_the_invitations_of_their_own(sent_out: Database) -> None:
    assert await outreach(sent_out, scope=Scope(divisions=("Восток",))) == [ANNAS]
    assert await outreach(sent_out, scope=Scope(accounts=("Верфь-Пример",), projects=("Учёт проката",))) == [ALL]
    assert await outreach(sent_out, scope=Scope()) == []


async def test_the_period_of_invitations_is_that_of_their_making(sent_out: Database) -> None:
    assert [each.invited for each in await outreach(sent_out, since=NOW, until=later(days=40))] == [7]
    assert [each.invited for each in await outreach(sent_out, since=later(days=40))] == [1]
    assert await outreach(sent_out, until=NOW) == []


async def test_every_dimension_of_invitations_filters_as_it_groups(sent_out: Database) -> None:
    for dimension in (each for each in DIMENSIONS if each not in ANSWERS_ALONE):
        for group in await outreach(sent_out, by=dimension):
            if group.group is not None:
                filtered = await outreach(sent_out, where={dimension: (group.group, "something else")})
                assert filtered == [replace(group, group=None)], dimension
        assert await outreach(sent_out, where={dimension: ("x' OR 1=1 --", "\x00")}) == [], dimension


async def planned(url: str, across: Dimension | None = None, **query: Any) -> str:
    asked = ReportQuery(metric="response", **query)
    async with open_database(url) as database, database.reading() as reading:
        counts = reading.counts
        question = counts.outreach_cells(asked, across) if across else counts.outreach(asked)
        return (await plan_of(url, question)).lower()


async def test_no_breakdown_reads_all_invitations_nor_more_than_is_spoken_of(database_url: str) -> None:
    spoken = {"month": set[str](), "account": {"account", "project"}, "language": {"person"}, "stage": {"project"}}
    for dimension, tables in spoken.items():
        plan = await planned(database_url, by=cast("Dimension", dimension))
        assert {name for name in ("account", "project", "person") if f" {name}" in plan} == tables, dimension
        assert "reach" in plan
        assert "scan invitation" not in plan
        if "sqlite" in database_url:  # PostgreSQL reads a table of a few rows as it likes
            assert ("scan counted using covering index ix_counted_took" in plan) == ("project" in tables)
            assert plan.count("scan counted") == ("project" in tables)


@pytest.mark.parametrize(("by", "across"), [("account", "project"), ("account", "language"), ("month", "role")])
async def test_no_pair_reads_all_invitations_nor_the_times_they_took(
    database_url: str, by: Dimension, across: Dimension
) -> None:
    plan = await planned(database_url, across, by=by)
    assert "reach" in plan
    assert "pace" not in plan
    assert "ix_counted_took" not in plan
    if "sqlite" in database_url:  # PostgreSQL reads a table of a few rows as it likes
        assert "scan invitation" not in plan
        assert "scan counted" not in plan


async def test_the_ends_of_a_period_are_read_through_an_index(database_url: str) -> None:
    plan = await planned(database_url, by="account", since=NOW, until=later(days=90))
    assert "reach" in plan
    if "sqlite" in database_url:  # PostgreSQL reads a table of a few rows as it likes
        assert plan.count("ix_invitation_created_at") == 2


async def test_an_invitation_not_yet_opened_is_about_the_project_as_it_is_now(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await begin(uow, person=ANNA_ROW, number=1)
        await invite(uow, ANNA_ROW, number=2)
        await uow.directory.upsert([replace(ANNA_ROW, stage="operation", division="Юг", language="uk")])
        await uow.commit()
    for dimension, then, now in (
        ("stage", "rollout", "operation"),
        ("division", "Восток", "Юг"),
        ("language", "ru", "uk"),
    ):
        assert {each.group for each in await outreach(database, by=dimension)} == {then, now}


@pytest.mark.parametrize("dimension", sorted(ANSWERS_ALONE))
@pytest.mark.parametrize("place", ["by", "where"])
async def test_what_only_answers_have_is_no_question_about_invitations(
    database: Database, dimension: Dimension, place: str
) -> None:
    cut: dict[str, Any] = {"by": dimension} if place == "by" else {"where": {dimension: ("nps",)}}
    query = ReportQuery(metric="csat", **cut)
    async with database.reading() as reading:
        with pytest.raises(BadQuery) as caught:
            await reading.counts.outreach(query)
        with pytest.raises(BadQuery) as also:
            await reading.counts.outreach_cells(ReportQuery(metric="response", by="stage"), dimension)
    assert caught.value.values["word"] == also.value.values["word"] == dimension
    assert dimension not in also.value.values["allowed"]
