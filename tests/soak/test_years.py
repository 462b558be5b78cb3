"""Years of the whole service in minutes: whatever comes, it is all there in the end, and memory does not grow."""

import asyncio
import json
import logging
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import structlog

from bot.commands import audit, verify
from bot.console import DONE
from tests.pages import RELIABILITY, ROOT, put
from tests.soak.growth import slope
from tests.soak.ledger import Ledger
from tests.soak.log import told
from tests.soak.years import Years

SUITE = 2_000
SIGNALS = int(os.environ.get("SOAK_SIGNALS", SUITE))
MINUTES = float(os.environ.get("SOAK_MINUTES", "inf"))
LONG = 200_000  # signals; in fewer, a page of memory more or less still counts
EVERY = 500
PEOPLE = 1_600 if SIGNALS >= LONG else 400  # so that nobody is asked, in years, more than somebody ever would be
LEAK = 16_000  # bytes for every 1,000 signals
KEPT = ROOT / "var" / "soak.jsonl"


@pytest.fixture
def quiet() -> Iterator[None]:
    """As with `log: {level: warning}`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("quiet")
def test_in_years_nothing_is_lost_doubled_or_left_and_memory_does_not_grow(
    tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "otklik.db")
    years = Years(tmp_path, random.Random(7 if SIGNALS == SUITE else None), PEOPLE, keep)
    asyncio.run(years.pass_by(SIGNALS, EVERY, MINUTES))
    ledger = Ledger(tmp_path / "otklik.db")
    assert ledger.set_aside() == []
    assert ledger.left(years.clock.now()) == []
    assert ledger.heard() == (years.reported, 0)
    given = ledger.given()
    for one in years.people:
        assert given.get(one.id, ([0] * 11, 0)) == (one.scores, one.words), one.id
    assert not years.town.unanswered
    assert verify.verify(years.settings, repair=False) == DONE
    assert audit.verify(years.settings, None) == DONE
    ledger.close()
    if SIGNALS != SUITE:
        put(RELIABILITY, "soak", told(years))
    if years.town.sent >= LONG:
        growth = slope(years.samples, lambda one: one.resident)
        assert growth.value + growth.margin < LEAK, growth


def keep(years: Years) -> None:
    """For whoever watches a long run."""
    if SIGNALS != SUITE:
        KEPT.parent.mkdir(exist_ok=True)
        with KEPT.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(asdict(years.samples[-1])) + "\n")
