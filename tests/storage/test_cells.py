"""What reports need beside counts of one dimension: pairs of dimensions, single responses, times of requests."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from storage.database import Database
from surveys.contact_ports import NewAsk
from surveys.events import AnswerGiven
from surveys.interactions import Interaction
from surveys.interview import Answer
from surveys.reporting import Dimension, ReportQuery, ScoreCount
from surveys.rules import Scope
from surveys.service import Handled
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, respond

NPS = AnswerGiven(Answer("nps", score=9), "senior_it", "nps")
USABLE = AnswerGiven(Answer("usability", score=4), "key_user", "csat_5", "usability", "product")
PRETTY = AnswerGiven(Answer("looks", score=2), "key_user", "csat_5", "usability", "product")
STABLE = AnswerGiven(Answer("stability", score=10), "key_user", "csat_10", "stability", "product")
SCALES = ("nps", "csat_5", "csat_10")
WEIGHTS = {"key_user": 0.2, "senior_it": 0.3}


@pytest.fixture
async def filled(database: Database) -> Database:
    """Anna recommends and judges two components, one of them twice; Boris judges one."""
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS, USABLE, PRETTY, STABLE)
        await respond(uow, 2, BORIS_ROW, USABLE)
        await uow.commit()
    return database


def asked(**more: Any) -> ReportQuery:
    return ReportQuery(metric="csat", **more)


async def test_answers_are_counted_by_two_dimensions_at_once(filled: Database) -> None:
    async with filled.reading() as reading:
        found = await reading.counts.cells(asked(by="component"), "role", SCALES)
    assert {cell: set(scores) for cell, scores in found.items()} == {
        (None, "senior_it"): {ScoreCount(None, "nps", "senior_it", 9, 1)},
        ("usability", "key_user"): {
            ScoreCount(None, "csat_5", "key_user", 4, 2),
            ScoreCount(None, "csat_5", "key_user", 2, 1),
        },
        ("stability", "key_user"): {ScoreCount(None, "csat_10", "key_user", 10, 1)},
    }


@pytest.mark.parametrize("across", get_args(Dimension))
async def test_every_pair_of_dimensions_adds_up_to_the_one(filled: Database, across: Dimension) -> None:
    async with filled.reading() as reading:
        for by in get_args(Dimension):
            cells = await reading.counts.cells(asked(by=by), across, SCALES)
            scores = await reading.counts.scores(asked(by=by), SCALES)
            rows, wanted = Counter[str | None](), Counter[str | None]()
            for (row, _), each in cells.items():
                rows[row] += sum(one.n for one in each)
            for score in scores:
                wanted[score.group] += score.n
            assert rows == wanted


async def test_people_of_a_cell_are_counted_once(filled: Database) -> None:
    async with filled.reading() as reading:
        found = (await reading.counts.audience(asked())).cells(asked(by="component"), "role", SCALES)
    assert found == {(None, "senior_it"): 1, ("usability", "key_user"): 2, ("stability", "key_user"): 1}


async def test_a_response_with_an_nps_is_a_row_of_means_0_to_100(filled: Database) -> None:
    async with filled.reading() as reading:
        found = await reading.counts.judgements(asked(), ["stability", "usability", "promises"])
        nothing = await reading.counts.judgements(asked(where={"account": ("nobody",)}), ["stability"])
        elsewhere = await reading.counts.judgements(asked(scope=Scope(accounts=("other",))), ["stability"])
    assert found == [(100.0, 50.0, None, 9.0)]
    assert (nothing, elsewhere) == ([], [])


def resolved(
    number: int, minutes: int, account: str | None = "Комбинат-Пример", person: str | None = None, **data: str
) -> Interaction:
    opened = NOW - timedelta(hours=5)
    usual = {
        "opened_at": opened.isoformat(),
        "first_response_at": (opened + timedelta(minutes=minutes)).isoformat(),
        "resolved_at": (opened + timedelta(minutes=10 * minutes)).isoformat(),
    }
    return Interaction(
        source="helpdesk",
        id=f"e{number}",
        type="ticket.resolved",
        occurred_at=NOW + timedelta(minutes=number),
        account=account,
        project=ANNA_ROW.project,
        person=person,
        data=usual | data,
    )


async def handled(database: Database, **more: Any) -> list[Handled]:
    async with database.reading() as reading:
        query = asked(**more)
        return sorted(await reading.handled.handled(query, [query.by] if query.by else [], WEIGHTS), key=str)


async def test_requests_are_timed_once_each_as_they_were_resolved_last(database: Database) -> None:
    events = [
        resolved(1, 3, ticket="HD-1"),
        resolved(2, 6, ticket="HD-1"),
        resolved(3, 9, touchpoint="hotline"),
        resolved(4, 1, account="nobody"),
        resolved(5, 1, account=None, resolved_at="soon", first_response_at="2001-01-01T00:00:00Z"),
    ]
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([ANNA_ROW])
        for event in events:
            await uow.interactions.add(event, NOW)
        await uow.commit()
    mine = ANNA_ROW.account
    assert await handled(database, by="account", where={"account": (mine,)}) == [
        Handled((mine,), 360, 3600),
        Handled((mine,), 540, 5400),
    ]
    assert len(await handled(database)) == 4
    assert await handled(database, scope=Scope(accounts=("other",))) == []
    assert len(await handled(database, scope=Scope(accounts=(mine,)))) == 2
    assert Handled((None,), None, None) in await handled(database, by="division", since=NOW + timedelta(minutes=5))
    assert await handled(database, until=NOW) == []
    [pair, *_] = await handled(database, by="stage", where={"account": (mine,), "touchpoint": ("hotline",)})
    assert pair == Handled((ANNA_ROW.stage,), 540, 5400)
    assert await handled(database, by="touchpoint", where={"account": (mine,)}) == [
        Handled(("hotline",), 540, 5400),
        Handled((None,), 360, 3600),
    ]
    assert {one.key for one in await handled(database, by="month")} == {(f"{NOW:%Y-%m}",)}


async def test_a_request_has_the_role_and_language_of_whoever_opened_it_and_what_they_were_asked_then(
    database: Database,
) -> None:
    anna = replace(ANNA_ROW, language="ru")
    vera = replace(anna, external_id="p-9", roles=("key_user",), language="uk")
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([anna, vera])
        whom = {one.person.external_id: one for one in await uow.directory.stakeholders()}
        events = [resolved(1, 3, person="p-1"), resolved(2, 6, person="p-9"), resolved(3, 9, person="stranger")]
        first, second, _ = [await uow.interactions.add(event, NOW) for event in events]
        for known, about, state in (("p-1", first, "asked"), ("p-9", second, "dropped")):
            to = whom[known]
            new = NewAsk(
                person_id=to.person.id,
                project_id=to.project.id,
                questionnaire="support_pulse",
                kind="pulse",
                due_at=NOW,
                created_at=NOW,
                interactions=(about,) if about else (),
            )
            await uow.asks.settle(state, {(await uow.asks.add([new]))[0]: None}, NOW)
        await uow.commit()
    told = {
        dimension: {one.key[0]: one.first_response for one in await handled(database, by=dimension)}
        for dimension in ("role", "language", "questionnaire")
    }
    assert told == {
        "role": {"senior_it": 180, "key_user": 360, None: 540},
        "language": {"ru": 180, "uk": 360, None: 540},
        "questionnaire": {"support_pulse": 180, None: 540},
    }
    assert len(await handled(database, where={"role": ("senior_it",), "language": ("ru",)})) == 1
    assert await handled(database, where={"role": ("key_user",), "questionnaire": ("support_pulse",)}) == []


async def test_a_request_resolved_again_elsewhere_is_no_longer_where_it_was(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([ANNA_ROW])
        for event in (
            resolved(1, 3, ticket="HD-1", touchpoint="hotline"),
            resolved(2, 6, ticket="HD-1", touchpoint="portal"),
        ):
            await uow.interactions.add(event, NOW)
        await uow.commit()
    assert await handled(database, where={"touchpoint": ("hotline",)}) == []
    assert len(await handled(database, where={"touchpoint": ("portal",)})) == 1
