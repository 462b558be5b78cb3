from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.reporting import Dimension, ReportQuery, ScoreCount
from surveys.rules import Scope
from tests.storage.probes import listening
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, answered, moved, respond

DIMENSIONS: Sequence[Dimension] = get_args(Dimension)
NPS = AnswerGiven(Answer("nps", score=9), "senior_it", "nps")
USABLE = AnswerGiven(Answer("usability", score=4), "key_user", "csat_5", "usability", "product")
LOW = AnswerGiven(Answer("usability", score=2), "key_user", "csat_5", "usability", "product")
WHY = AnswerGiven(Answer("why", text="Медленно"), "key_user", None, "usability", "product")
WINTER = datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture
async def filled(database: Database) -> Database:
    """Anna answered in November, Boris on the last moment of December; each changed an answer since."""
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS, USABLE, wave="2026-2")
        await respond(uow, 2, BORIS_ROW, USABLE, WHY, at=WINTER, touchpoint="release")
        boris = await uow.interviews.get("i2")
        assert boris is not None
        english = moved(answered(boris, LOW), language="en")
        await uow.interviews.save(boris, english, (LOW,), WINTER)
        await uow.commit()
    return database


async def scores(database: Database, *scales: str, **query: Any) -> set[ScoreCount]:
    async with database.reading() as reading:
        found = await reading.counts.scores(ReportQuery(metric="csat", **query), scales or ("nps", "csat_5"))
    assert len(found) == len(set(found))
    return set(found)


def nps(group: str | None) -> ScoreCount:
    return ScoreCount(group, "nps", "senior_it", 9, 1)


def high(group: str | None) -> ScoreCount:
    return ScoreCount(group, "csat_5", "key_user", 4, 1)


def low(group: str | None) -> ScoreCount:
    return ScoreCount(group, "csat_5", "key_user", 2, 1)


async def test_answers_are_counted_by_scale_role_and_score(filled: Database) -> None:
    assert await scores(filled) == {nps(None), high(None), low(None)}
    assert await scores(filled, "nps") == {nps(None)}
    assert await scores(filled, "ces_5") == set()


async def respondents(database: Database, *scales: str, **query: Any) -> Mapping[str | None, int]:
    async with database.reading() as reading:
        asked = ReportQuery(metric="csat", **query)
        return (await reading.counts.audience(asked)).people(asked, scales or ("nps", "csat_5"))


async def test_people_are_counted_once_however_much_they_said(filled: Database) -> None:
    assert await respondents(filled) == {None: 2}
    assert await respondents(filled, by="role") == {"senior_it": 1, "key_user": 2}
    assert await respondents(filled, by="component") == {None: 1, "usability": 2}
    assert await respondents(filled, "nps", by="account") == {"Комбинат-Пример": 1}
    assert await respondents(filled, until=WINTER, where={"role": ("key_user", "senior_it")}) == {None: 1}
    assert await respondents(filled, "ces_5") == {}
    assert await respondents(filled, where={"account": ("nobody",)}) == {}


async def test_one_person_in_two_interviews_is_one_respondent(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        await respond(uow, 3, replace(ANNA_ROW, project="Второй проект"), USABLE)
        await uow.commit()
    assert await respondents(filled, "csat_5") == {None: 2}
    assert await respondents(filled, "csat_5", by="project") == {"Учёт проката": 1, "Второй проект": 1, "Склад": 1}


GROUPS: dict[Dimension, tuple[str | None, str | None, str | None]] = {
    "account": ("Комбинат-Пример", "Комбинат-Пример", "Верфь-Пример"),
    "project": ("Учёт проката", "Учёт проката", "Склад"),
    "division": ("Восток", "Восток", "Запад"),
    "product": ("MES", "MES", "WMS"),
    "role": ("senior_it", "key_user", "key_user"),
    "stage": ("rollout", "rollout", "operation"),
    "questionnaire": ("relationship",) * 3,
    "item": ("nps", "usability", "usability"),
    "component": (None, "usability", "usability"),
    "block": (None, "product", "product"),
    "touchpoint": (None, None, "release"),
    "channel": ("telegram",) * 3,
    "language": ("ru", "ru", "en"),
    "month": ("2026-11", "2026-11", "2026-12"),
    "quarter": ("2026-Q4",) * 3,
    "wave": ("2026-2", "2026-2", None),
}


@pytest.mark.parametrize("dimension", DIMENSIONS)
async def test_answers_are_broken_down_by_every_dimension(filled: Database, dimension: Dimension) -> None:
    first, second, third = GROUPS[dimension]
    assert await scores(filled, by=dimension) == {nps(first), high(second), low(third)}


async def test_answers_are_filtered_by_every_dimension(filled: Database) -> None:
    for dimension, groups in GROUPS.items():
        for value in {each for each in groups if each is not None}:
            kept = {make(None) for make, group in zip((nps, high, low), groups, strict=True) if group == value}
            assert await scores(filled, where={dimension: (value, "something else")}) == kept, dimension
        assert await scores(filled, where={dimension: ("x' OR 1=1 --", "\x00", "")}) == set(), dimension


async def test_filters_and_a_breakdown_go_together(filled: Database) -> None:
    found = await scores(filled, by="project", where={"account": ("Верфь-Пример",), "role": ("key_user",)})
    assert found == {low("Склад")}
    assert await scores(filled, where={"account": ("Верфь-Пример",), "role": ("senior_it",)}) == set()


@pytest.mark.parametrize(
    "scope", [Scope(accounts=("Верфь-Пример",)), Scope(projects=("Склад",)), Scope(divisions=("Запад",))]
)
async def test_a_limited_reader_counts_the_answers_of_their_own(filled: Database, scope: Scope) -> None:
    assert await scores(filled, scope=scope) == {low(None)}
    assert await scores(filled, scope=scope, where={"account": ("Комбинат-Пример",)}) == set()
    assert await respondents(filled, scope=scope) == {None: 1}


async def test_a_name_that_several_accounts_use_shows_none_of_their_projects(filled: Database) -> None:
    async with filled.unit_of_work() as uow:
        await uow.directory.upsert([replace(BORIS_ROW, account="Порт-Пример", external_id="p-9")])
        await uow.commit()
    assert await scores(filled, scope=Scope(projects=("Склад",))) == set()
    assert await scores(filled, scope=Scope(projects=("Верфь-Пример / Склад",))) == {low(None)}
    assert await scores(filled, scope=Scope(projects=("Порт-Пример / Склад",))) == set()
    assert await values(filled, "account", Scope(projects=("Порт-Пример / Склад",))) == ["Порт-Пример"]


async def values(database: Database, dimension: Dimension, scope: Scope | None = None) -> Sequence[str]:
    async with database.reading() as reading:
        return await reading.counts.values(dimension, scope)


async def test_the_values_of_a_dimension_are_what_answers_invitations_or_the_directory_have(filled: Database) -> None:
    for dimension, groups in GROUPS.items():
        assert {each for each in groups if each is not None} <= set(await values(filled, dimension)), dimension
    async with filled.unit_of_work() as uow:
        await uow.directory.upsert([replace(BORIS_ROW, account="Порт-Пример", roles=("business_owner",))])
        await uow.commit()
    assert await values(filled, "account") == ["Верфь-Пример", "Комбинат-Пример", "Порт-Пример"]
    assert "business_owner" in await values(filled, "role")


async def test_a_limited_reader_finds_the_values_of_their_own(filled: Database) -> None:
    for dimension, groups in GROUPS.items():
        own, others = {groups[2]} - {None}, set(groups[:2]) - {groups[2]}
        found = set(await values(filled, dimension, Scope(projects=("Склад",))))
        assert own <= found, dimension
        assert not others & found, dimension
        assert await values(filled, dimension, Scope()) == [], dimension


async def test_a_reader_limited_to_nothing_counts_nothing(filled: Database) -> None:
    assert await scores(filled, scope=Scope()) == set()
    assert await respondents(filled, scope=Scope()) == {}


async def test_a_period_includes_its_beginning_and_not_its_end(filled: Database) -> None:
    assert await scores(filled, since=NOW, until=WINTER) == {nps(None), high(None)}
    assert await scores(filled, since=WINTER) == {low(None)}
    assert await scores(filled, until=NOW) == set()


@pytest.mark.parametrize(
    ("moment", "month", "quarter"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01", "2026-Q1"),
        (datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC), "2026-03", "2026-Q1"),
        (datetime(2026, 4, 1, tzinfo=UTC), "2026-04", "2026-Q2"),
        (datetime(2027, 9, 30, 23, 0, tzinfo=UTC), "2027-09", "2027-Q3"),
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), "2024-02", "2024-Q1"),
    ],
)
async def test_months_and_quarters_are_those_of_utc(
    database: Database, moment: datetime, month: str, quarter: str
) -> None:
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS, at=moment)
        await uow.commit()
    assert await scores(database, by="month") == {nps(month)}
    assert await scores(database, by="quarter") == {nps(quarter)}
    assert await invited(database, by="month") == {month: 1}
    assert await invited(database, by="quarter") == {quarter: 1}


async def invited(database: Database, **query: Any) -> dict[str | None, int]:
    async with database.reading() as reading:
        found = await reading.counts.outreach(ReportQuery(metric="response", **query))
    return {each.group: each.invited for each in found}


async def test_every_question_is_one_query_beside_one_of_what_there_is_to_ask(filled: Database) -> None:
    said: list[str] = []
    async with filled.reading() as reading:
        await reading.questionnaires.all()
        with listening(lambda statement, _: said.append(statement)):
            await reading.counts.scores(ReportQuery(metric="nps", by="account"), ["nps"])
            await reading.counts.scores(ReportQuery(metric="csat", by="item"), ["csat_5"])
            await reading.counts.outreach(ReportQuery(metric="response", by="role"))
    assert len(said) == 4


SCORED = st.tuples(
    st.sampled_from(["senior_it", "key_user"]), st.integers(1, 5), st.sampled_from(["usability", "stability"])
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(SCORED, max_size=6), max_size=4))
async def test_counts_agree_with_counting_by_hand(database: Database, people: list[list[tuple[str, int, str]]]) -> None:
    """Later answers of a person to an item replace earlier ones."""
    async with database.reading() as reading:
        query = ReportQuery(metric="csat", by="item")
        before = Counter(
            {(one.group, one.role, one.score): one.n for one in await reading.counts.scores(query, ["csat_5"])}
        )
    expected: Counter[tuple[str | None, str, int]] = Counter()
    async with database.unit_of_work() as uow:
        for answers in people:
            number = next(NUMBERS)
            await respond(uow, number, ANNA_ROW)
            for role, score, item in answers:
                opened = await uow.interviews.get(f"i{number}")
                assert opened is not None
                event = AnswerGiven(Answer(item, score=score), role, "csat_5", item, "product")
                await uow.interviews.save(opened, answered(opened, event), (event,), NOW)
            expected.update((item, role, score) for item, (role, score) in {i: (r, s) for r, s, i in answers}.items())
        await uow.commit()
    async with database.reading() as reading:
        after = Counter(
            {(one.group, one.role, one.score): one.n for one in await reading.counts.scores(query, ["csat_5"])}
        )
    assert after - before == expected
    assert not before - after


NUMBERS = count(100)
