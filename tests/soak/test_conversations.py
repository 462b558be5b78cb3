"""Thousands of steps of people who do what they like, over the real dispatcher and a Telegram on the loopback."""

import math
import os
import shutil
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bot import library, running
from bot.settings import Settings
from tests.soak.machine import Conversations
from tests.soak.street import DATABASE, Street

SUITE = 10_000
ASKED = int(os.environ.get("SOAK_STEPS", SUITE))
PARTS = 8
STEPS_OF_A_LIFE = 260
# The first does nothing, and a few end early: how many, only the walk of the suite always knows.
LIVES = 1 + (ASKED != SUITE) + math.ceil(ASKED / PARTS / (STEPS_OF_A_LIFE - 10))


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Service after service: the catalogue, always the same, is read once, and nothing waits for Telegram."""
    read, known = library.read_catalogue, []

    def once(settings: Settings) -> object:
        if not known:
            known.append(read(settings))
        return known[0]

    monkeypatch.setattr(library, "read_catalogue", once)
    monkeypatch.setattr(running, "WEBHOOK_CATCHES_UP", 0)


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_people_do_nothing_is_lost_or_doubled_and_there_is_a_way_out(
    part: int, tmp_path: Path, sqlite_template: Path
) -> None:
    """In the suite the same steps every time; asked for more, ever different ones."""
    houses = count()

    def settle() -> Street:
        home = tmp_path / str(next(houses))
        home.mkdir()
        shutil.copy(sqlite_template, home / DATABASE)
        return Street(home)

    class Lives(Conversations):
        steps = 0

    Lives.settle = staticmethod(settle)
    run_state_machine_as_test(
        seed(part)(Lives) if ASKED == SUITE else Lives,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS_OF_A_LIFE,
            database=None,
            phases=(Phase.generate,) if ASKED == SUITE else tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Lives.steps >= ASKED / PARTS
