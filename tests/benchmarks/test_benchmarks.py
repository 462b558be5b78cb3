"""Each benchmark in short: that it measures at all. How fast anything is, no test says."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError
from time import monotonic

import pytest
from aiogram import Dispatcher

from benchmarks import alerts, burst, dispatch, growth, pending, readiness, shares, stall, startup
from benchmarks.answers import answers_per_cpu_second, check, slowest_percent, taking_turns
from benchmarks.botapi import BotApi
from benchmarks.contenders import (
    BARE,
    OTKLIK,
    SLOW_UNGROUPED,
    UNSTORED,
    UNSYNCED,
    Contender,
    Ground,
    environment,
    lay_ground,
    stored_scores,
)
from benchmarks.data import lay_answers
from benchmarks.figures import Figure
from benchmarks.page import amended, page
from benchmarks.people import crowd
from bot.settings import load_settings
from sandbox.faults import Flood

PEOPLE = 16  # fewer are answered before every part of the program has come by its sample


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return asyncio.run(lay_ground(tmp_path_factory.mktemp("bench") / "ground", PEOPLE))


@pytest.mark.parametrize("contender", [BARE, OTKLIK, SLOW_UNGROUPED, UNSYNCED], ids=lambda one: one.name)
async def test_a_bot_answers_taps_and_its_processor_time_is_counted(
    contender: Contender, ground: Ground, tmp_path: Path
) -> None:
    assert await answers_per_cpu_second(ground, contender, tmp_path / "run", at_once=PEOPLE) > 0


async def test_a_service_without_its_database_answers_as_well_and_keeps_nothing(ground: Ground, tmp_path: Path) -> None:
    assert await answers_per_cpu_second(ground, UNSTORED, tmp_path / "run", at_once=PEOPLE) > 0
    assert stored_scores(tmp_path / "run") == 0


async def test_stalls_of_the_loop_are_measured_for_surveys_and_for_jobs(ground: Ground, tmp_path: Path) -> None:
    kept, held = await stall.measure(ground, tmp_path / "run", replace(stall.FULL, due=20, rounds=1))
    assert kept.ratio > 0
    assert held.ratio > 0


async def test_memory_is_measured_with_as_many_open_interviews_as_asked_for(ground: Ground, tmp_path: Path) -> None:
    few = await readiness.opened(ground.among(1), tmp_path / "few")
    many = await readiness.with_copies(few, tmp_path / "many", more=10)
    with sqlite3.connect(many.home / "otklik.db") as database:
        assert database.execute("SELECT count(*) FROM interview WHERE phase = 'asking'").fetchone() == (11,)
    assert await readiness.resident(many, tmp_path / "run", settled=0) > 0


@pytest.mark.usefixtures("cold")
async def test_how_soon_a_bot_is_ready_is_measured_from_nothing(ground: Ground, tmp_path: Path) -> None:
    assert await readiness.seconds_to_ready(ground, BARE, tmp_path / "run") > 0


async def test_waiting_at_a_fixed_rate_is_measured(ground: Ground, tmp_path: Path) -> None:
    assert await slowest_percent(ground, OTKLIK, tmp_path / "run", rate=80.0, taps=8) > 0


async def test_shares_of_processor_time_add_up_to_all_of_it(ground: Ground, tmp_path: Path) -> None:
    found = await shares.shares(ground, tmp_path / "run", PEOPLE)
    assert sum(found.values()) == pytest.approx(1)
    assert {"statements", "http", "own"} <= found.keys()


def test_a_run_whose_answers_are_not_on_disk_counts_for_nothing(ground: Ground) -> None:
    people = crowd(ground.links, taps=1)
    people[0].scores = 1
    with pytest.raises(RuntimeError, match="1 scores were given, 0 are stored"):
        check(OTKLIK, ground.home, people)


async def test_contenders_take_turns(ground: Ground, tmp_path: Path) -> None:
    order: list[str] = []

    async def note(_ground: Ground, contender: Contender, _home: Path) -> float:
        order.append(contender.name)
        return float(len(order))

    found = await taking_turns(note, ground, (BARE, OTKLIK), tmp_path, rounds=2)
    assert order == [BARE.name, OTKLIK.name] * 2
    assert found == {BARE: [1.0, 3.0], OTKLIK: [2.0, 4.0]}


async def test_reports_are_compared_on_two_sizes(tmp_path: Path) -> None:
    figures = await growth.measure(tmp_path, (100, 200), rounds=1)
    assert [figure.ratio > 0 for figure in figures] == [True] * len(growth.REPORTS)


def test_made_up_answers_are_the_same_every_time_and_as_many_as_asked_for(tmp_path: Path) -> None:
    rows = [made_up(tmp_path / name, 300) for name in ("one", "other")]
    assert rows[0] == rows[1]
    standing = [row for row in rows[0] if row[3] is not None and row[5] is None]
    assert 300 <= len(standing) < 320


def made_up(home: Path, answers: int) -> list[tuple[object, ...]]:
    home.mkdir()
    (home / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    asyncio.run(lay_answers(load_settings(home / "config.yaml", environment(home)), answers))
    with sqlite3.connect(home / "otklik.db") as database:
        return database.execute(
            "SELECT interview_id, item, role, score, answered_at, superseded_at FROM answer"
        ).fetchall()


def test_a_command_that_fails_is_no_cold_start(tmp_path: Path) -> None:
    assert startup.seconds(("-c", "pass"), tmp_path, {}) > 0
    with pytest.raises(CalledProcessError):
        startup.seconds(("-c", "raise SystemExit(1)"), tmp_path, {})


def test_the_page_tells_median_and_spread_of_every_figure_and_all_shares() -> None:
    figure = Figure(what="Ответов", baseline="голый aiogram", ratios=[3.0, 1.25, 2.0], more_is_better=True)
    text = page([figure], {"http": 0.25}, {"http": 0.5, "own": 0.5}, at_once=32, small=10_000)
    assert "| Ответов | голый aiogram | 2,0 | 1,2–3,0 | больше |" in text
    assert "| 25 % | 50 % |" in text
    assert "| 0 % | 50 % |" in text


def test_what_is_measured_again_takes_the_place_of_the_old_row_and_what_is_new_stands_below() -> None:
    def figure(what: str, ratio: float) -> Figure:
        return Figure(what=what, baseline="голый aiogram", ratios=[ratio], more_is_better=True)

    old = page([figure("Ответов", 1.0), figure("Отчётов", 2.0)], {}, {}, at_once=32, small=10_000)
    new = page(
        [figure("Ответов", 3.0), figure("Отчётов", 2.0), figure("Обходов", 4.0)], {}, {}, at_once=32, small=10_000
    )
    assert amended(old, [figure("Обходов", 4.0), figure("Ответов", 3.0)]) == new


async def test_dispatching_is_measured_where_a_handler_is_found_and_only_there() -> None:
    [figure] = await dispatch.measure(rounds=1)
    assert figure.ratio > 0
    with pytest.raises(RuntimeError, match="found no handler"):
        await dispatch.seconds(Dispatcher(disable_fsm=True), 1)


async def test_the_sweep_is_measured_among_what_waits_and_only_as_long_as_nothing_is_due(tmp_path: Path) -> None:
    [figure] = await pending.measure(tmp_path, (10, 20), rounds=2)
    assert min(figure.ratios) > 0
    database = await pending.lay_pending(tmp_path / "due", 3)
    with sqlite3.connect(tmp_path / "due" / "otklik.db") as connection:
        assert connection.execute("SELECT count(*) FROM ask").fetchone() == (3,)
        connection.execute("UPDATE ask SET due_at = created_at WHERE id = 2")
    with pytest.raises(RuntimeError, match="something was due"):
        await pending.seconds(database, 1)
    await database.close()


async def test_messages_and_pulses_due_at_once_leave_within_the_limit_while_people_are_answered(
    ground: Ground, tmp_path: Path
) -> None:
    of_messages = replace(burst.FULL[0], due=40, rounds=1, taps=4)
    rate, *waited = await burst.measure(ground, tmp_path / "messages", [of_messages])
    assert rate.ratio > 0
    assert [min(figure.ratios) > 0 for figure in waited] == [True, True]
    pulses = await burst.measure(ground, tmp_path / "pulses", [replace(burst.FULL[-1], due=20, rounds=1, taps=4)])
    assert [min(figure.ratios) > 0 for figure in pulses] == [True, True]


async def test_a_managers_card_is_waited_for_without_short_surveys_and_among_them(
    ground: Ground, tmp_path: Path
) -> None:
    few = replace(alerts.FULL, due=20, rounds=1, taps=2)
    middle, slow = await alerts.measure(ground, tmp_path / "run", few)
    assert (middle.ratio > 0, slow.ratio > 0) == (True, True)
    assert "20 коротких опросов" in middle.what


async def test_a_burst_that_telegram_would_have_refused_counts_for_nothing(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limit(api: BotApi, per_second: int, per_chat: int) -> None:
        api._flood = Flood(per_second // 3, per_chat, monotonic)

    monkeypatch.setattr(BotApi, "limit", limit)
    with pytest.raises(RuntimeError, match="messages too many"):
        await burst.leave(ground, tmp_path / "run", replace(burst.FULL[0], due=20, rounds=1, taps=2))
