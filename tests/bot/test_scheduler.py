"""Sweeps: again and again, never twice at once, whatever goes wrong in them and whatever becomes of the clock."""

import asyncio
import logging
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.scheduler import Sweep, scheduling
from storage.errors import StorageUnavailable

SOON = timedelta(milliseconds=20)
PATIENCE = 60


class Counter:
    """Counts its runs. `error`: how each ends; `held`: none ends before it is let go."""

    def __init__(self, error: Exception | None = None, *, held: bool = False) -> None:
        self.begun = self.ended = 0
        self.error = error
        self.free = asyncio.Event()
        self.news = asyncio.Condition()
        if not held:
            self.free.set()

    async def __call__(self) -> None:
        async with self.news:
            self.begun += 1
            self.news.notify_all()
        await self.free.wait()
        self.ended += 1
        if self.error:
            raise self.error

    async def reaches(self, begun: int) -> None:
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: self.begun >= begun)


def sweep(work: Counter) -> Sweep:
    return Sweep("test", work, SOON)


async def test_a_sweep_comes_again_and_again() -> None:
    work = Counter()
    async with scheduling([sweep(work)]):
        await work.reaches(3)


@pytest.mark.parametrize("error", [StorageUnavailable("sqlite", "the disk is full"), ValueError("личное")])
async def test_a_sweep_that_fails_is_told_without_words_and_comes_again(
    error: Exception, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    work = Counter(error)
    async with scheduling([sweep(work)]):
        await work.reaches(3)
    assert "личное" not in capsys.readouterr().out
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_sweep_that_is_not_done_does_not_begin_again() -> None:
    slow, quick = Counter(held=True), Counter()
    async with scheduling([sweep(slow), sweep(quick)]):
        await quick.reaches(5)
        assert slow.begun == 1
        slow.free.set()
        await slow.reaches(2)


async def test_sweeps_that_come_equally_often_do_not_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    moments: list[datetime] = []

    def noted(_scheduler: AsyncIOScheduler, *_: object, next_run_time: datetime, **_more: object) -> None:
        moments.append(next_run_time)

    monkeypatch.setattr(AsyncIOScheduler, "add_job", noted)
    async with scheduling([Sweep(str(number), Counter(), timedelta(seconds=1)) for number in range(20)]):
        pass
    assert len({round(moment.timestamp() % 1, 2) for moment in moments}) == 20


async def test_what_is_under_way_in_the_end_is_finished() -> None:
    work = Counter(held=True)
    async with scheduling([sweep(work)]):
        await work.reaches(1)
        asyncio.get_running_loop().call_later(0.05, work.free.set)
    assert work.ended == work.begun == 1


async def test_what_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.scheduler.END_SECONDS", 0.01)
    work = Counter(held=True)
    async with scheduling([sweep(work)]):
        await work.reaches(1)
    assert work.ended == 0


class Shifted(datetime):
    """The clock of those who were told of it. `looked`: somebody has seen the time it was moved to."""

    moved = timedelta()
    looked = asyncio.Event()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        if cls.moved:
            cls.looked.set()
        return datetime.now(tz) + cls.moved


@pytest.fixture
def shifted(monkeypatch: pytest.MonkeyPatch) -> type[Shifted]:
    """The clock of the library that wakes the sweeps; whether it was set is looked at often."""
    monkeypatch.setattr(Shifted, "moved", timedelta())
    monkeypatch.setattr(Shifted, "looked", asyncio.Event())
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Shifted)
    monkeypatch.setattr("bot.scheduler.LOOK_SECONDS", 0.1)
    return Shifted


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_clock_that_is_set_back_or_forward_stops_no_sweep(
    shift: timedelta, shifted: type[Shifted], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bot.scheduler", "apscheduler.executors.base"):
        monkeypatch.setattr(f"{module}.datetime", shifted)
    work = Counter()
    async with scheduling([sweep(work)]):
        await work.reaches(2)
        shifted.moved = shift
        await work.reaches(work.begun + 5)


async def test_a_clock_that_is_set_back_and_right_again_before_anybody_looks_stops_no_sweep(
    shifted: type[Shifted],
) -> None:
    work = Counter()
    async with scheduling([sweep(work)]):
        await work.reaches(2)
        shifted.moved = timedelta(hours=-1)
        await shifted.looked.wait()
        shifted.moved = timedelta()
        await work.reaches(work.begun + 5)
