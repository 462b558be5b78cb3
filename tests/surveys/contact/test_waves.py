"""Relationship surveys: when a project begins to have something to judge, and in waves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from surveys.contact import Relationship, WaveRule
from surveys.cron import parse_cron
from surveys.directory import DirectoryRow
from surveys.interview import Phase
from surveys.projects import share
from surveys.waves import became_eligible, in_wave, preview_wave, start_due_wave, start_wave
from tests.surveys.contact.bench import ANNA, BORIS, Bench, row, rules
from tests.surveys.contact.cases import NOW, event, held, policy

NOON = "0 12 * * *"


def wave(line: str = NOON, **changes: Any) -> WaveRule:
    usual: dict[str, Any] = {"key": "autumn", "questionnaire": "relationship", "zone": ZoneInfo("UTC")}
    return WaveRule(**usual | {"line": line, "cron": parse_cron(line)} | changes)


async def started(bench: Bench, rule: WaveRule) -> list[str]:
    async with bench.work() as work:
        return rules(await start_due_wave(work, rule))


async def test_a_preview_tells_who_would_be_asked_and_changes_nothing(bench: Bench) -> None:
    for _ in range(2):
        async with bench.work() as work:
            assert rules(await preview_wave(work, wave())) == ["asked", "asked", "not_linked"]
    assert await bench.rules() == []
    assert await bench.ask() == []


async def test_a_wave_asks_on_the_introduction_and_each_answer_knows_its_wave(bench: Bench) -> None:
    async with bench.work() as work:
        assert rules(await start_wave(work, wave())) == ["asked", "asked", "not_linked"]
    asked = await bench.ask()
    assert {one.opened.card.chat_id for one in asked} == {ANNA, BORIS}
    assert {one.opened.interview.phase for one in asked} == {Phase.INTRODUCTION}
    assert {one.opened.about.wave for one in asked} == {"autumn-2026-11-24"}
    assert [one.wave for one in await bench.told()] == ["autumn-2026-11-24"]


async def test_whoever_has_two_projects_is_asked_about_one(bench: Bench) -> None:
    await bench.prepare({}, row(), row(project="Сбыт"))
    async with bench.work() as work:
        assert sorted(rules(await start_wave(work, wave()))) == ["asked", "asked", "not_linked", "scheduled"]
    assert len(await bench.ask()) == 2


async def test_a_budget_of_an_account_is_shared_out_within_the_wave(bench: Bench) -> None:
    bench.policy = policy(minutes_per_account=7)
    async with bench.work() as work:
        assert rules(await preview_wave(work, wave())) == ["asked", "account_budget", "not_linked"]


async def test_whoever_was_asked_lately_rests(bench: Bench) -> None:
    async with bench.work() as work:
        await start_wave(work, wave())
    for asked in await bench.ask():
        await bench.press(asked, "refuse") if asked.opened.card.chat_id == BORIS else await bench.finish(
            await bench.press(asked, "begin")
        )
    bench.later(days=89)
    async with bench.work() as work:
        assert rules(await start_wave(work, wave())) == ["resting", "opted_out", "not_linked"]
    bench.later(days=1)
    async with bench.work() as work:
        assert rules(await start_wave(work, wave())) == ["asked", "opted_out", "not_linked"]


async def test_a_burst_drips_within_the_drip_and_a_handful_leaves_at_once(bench: Bench) -> None:
    bench.policy = policy(drip=timedelta(minutes=1))
    crowd = {f"q-{number}": 9000 + number for number in range(200)}
    await bench.prepare(crowd, *[row(name) for name in crowd])
    async with bench.work() as work:
        due = [one.verdict.at - NOW for one in await preview_wave(work, wave()) if hasattr(one.verdict, "at")]
        few = await preview_wave(work, wave(where={"account": ("Комбинат-Пример",), "role": ("senior_it",)}))
    assert few == []
    assert len(due) == 202
    assert max(due) < timedelta(minutes=1)
    assert len({at // timedelta(seconds=10) for at in due}) == 6
    assert await bench.ask() == []


async def test_three_people_are_asked_within_three_seconds_whatever_the_drip(bench: Bench) -> None:
    bench.policy = policy(drip=timedelta(hours=2))
    async with bench.work() as work:
        await start_wave(work, wave())
    bench.later(seconds=3)
    assert len(await bench.ask()) == 2


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ({}, True),
        ({"account": ("Комбинат-Пример", "Другой")}, True),
        ({"account": ("Другой",)}, False),
        ({"role": ("senior_it", "key_user")}, True),
        ({"role": ("senior_it",)}, False),
        ({"stage": ("operation",), "product": ("MES",)}, False),
        ({"stage": ("operation",), "project": ("Учёт проката",)}, True),
        ({"division": ("Восток",)}, False),
    ],
)
def test_a_wave_is_about_those_who_fit_every_dimension(where: dict[str, Sequence[str]], wanted: bool) -> None:
    assert in_wave(held(), where) is wanted


async def test_a_wave_starts_when_its_time_has_come_once_however_often_it_was_missed(bench: Bench) -> None:
    assert await started(bench, wave()) == []
    bench.later(hours=2)
    assert await started(bench, wave()) == []
    bench.later(days=3)
    assert await started(bench, wave()) == ["asked", "asked", "not_linked"]
    assert await started(bench, wave()) == []


async def test_another_schedule_is_reckoned_anew_and_starts_nothing_by_itself(bench: Bench) -> None:
    assert await started(bench, wave()) == []
    bench.later(days=1)
    assert await started(bench, wave("0 13 * * *")) == []
    assert await started(bench, wave("0 13 * * *")) == []
    bench.later(hours=5)
    assert await started(bench, wave("0 13 * * *")) == ["asked", "asked", "not_linked"]


async def stage_changed(bench: Bench, number: int, **data: Any) -> list[str]:
    return await bench.taken(event(number, type="project.stage_changed", person=None, data=data))


async def test_a_project_that_comes_to_have_something_to_judge_is_asked_once(bench: Bench) -> None:
    early = [row(name, stage="implementation", adoption=0.6) for name in ("p-1", "p-3")]
    await bench.prepare({}, *early)
    assert await stage_changed(bench, 1, stage="rollout") == []
    assert await bench.taken(event(2, type="project.adoption", person=None, data={"adoption": "70 %"})) == [
        "asked",
        "asked",
        "not_linked",
    ]
    assert await stage_changed(bench, 3, stage="operation") == []
    bench.later(seconds=3)
    asked = await bench.ask()
    assert {one.opened.about.stage for one in asked} == {"operation"}
    assert [one.event_id for one in await bench.told()] == ["e-2"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"project": "Нет такого"}, "unknown_project"),
        ({"project": None}, "unknown_project"),
        ({"data": {"stage": "heaven"}}, "unknown_stage"),
        ({"data": {"stage": ["rollout"]}}, "unknown_stage"),
        ({"data": {"adoption": "most"}}, "unknown_adoption"),
        ({"data": {"adoption": 1.5}}, "unknown_adoption"),
    ],
)
async def test_an_event_that_cannot_be_taken_over_is_told_of(bench: Bench, changes: Any, rule: str) -> None:
    assert await bench.taken(event(type="project.adoption", person=None, **changes)) == [rule]


async def test_a_project_that_is_not_named_is_the_only_one_of_the_person_who_is(bench: Bench) -> None:
    await bench.prepare({}, row(stage="implementation"))
    unnamed = {"type": "project.stage_changed", "account": None, "project": None}
    assert await bench.taken(event(1, **unnamed, data={"stage": "rollout"})) == ["asked", "asked", "not_linked"]
    await bench.prepare({}, row(project="Сбыт"))
    assert await bench.taken(event(2, **unnamed, data={"stage": "operation"})) == ["unknown_project"]


async def test_a_vendor_may_leave_it_to_the_waves(bench: Bench) -> None:
    await bench.prepare({}, row(stage="implementation"))
    bench.policy = policy(
        relationship=Relationship(questionnaire="relationship", stages=("rollout",), adoption=0.7, automatic=False)
    )
    assert await stage_changed(bench, 1, stage="rollout") == []


@pytest.mark.parametrize(
    ("was", "asked"),
    [(row(stage="implementation"), ["asked", "asked", "not_linked"]), (row(), [])],
    ids=["it made no sense before", "it made sense before"],
)
async def test_a_directory_file_starts_the_survey_as_an_event_does(
    bench: Bench, was: DirectoryRow, asked: list[str]
) -> None:
    await bench.prepare({}, was)
    async with bench.work() as work:
        before = {one.project.id: one.project for one in await work.uow.directory.stakeholders()}
        await work.uow.directory.upsert([row(), row("p-7", project="New")])
        assert rules(await became_eligible(work, before)) == asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [(0.7, 0.7), (1, 1.0), (0, 0.0), ("0,7", 0.7), ("70%", 0.7), ("70 %", 0.7), (70, None), (True, None), ("", None)],
)
def test_an_adoption_is_a_share_or_a_percentage(said: object, meant: float | None) -> None:
    assert share(said) == meant


@pytest.mark.parametrize("said", [None, [], {}, "-0.1", "1e-1", "NaN", -0.1, float("nan"), "101 %"])
def test_anything_else_is_no_adoption(said: object) -> None:
    assert share(said) is None
