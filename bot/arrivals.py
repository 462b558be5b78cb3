"""Updates on their way to the commit, and what is told of them there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot import meters
from bot.outcomes import Outcomes
from surveys.trace import update_trace

log = structlog.get_logger()

RawUpdate = Mapping[str, object]


def loop_time() -> float:
    """Seconds, monotonic."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True, eq=False)
class Arrival:
    """An update on its way to the commit; `committed` resolves there."""

    update_id: int
    update: RawUpdate
    committed: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    strikes: int = 0
    since: float = field(default_factory=loop_time)
    outcome: str = "duplicate"

    @property
    def trace(self) -> str:
        """Its name in the log."""
        return update_trace(self.update_id)

    def settle(self) -> None:
        """It may be acknowledged, if anybody still waits for that."""
        if not self.committed.done():
            self.committed.set_result(None)


def tell(arrivals: Sequence[Arrival], outcomes: Outcomes, began: float) -> None:
    """Counts what has been committed, and puts each update down in the log."""
    now = loop_time()
    meters.sent(outcomes)
    if not arrivals:
        return
    meters.COMMIT_SIZE.observe(len(arrivals))
    meters.COMMIT_SECONDS.observe(now - began)
    for arrival in arrivals:
        kind, seconds = meters.kind_of(arrival.update), now - arrival.since
        meters.UPDATES.labels(kind, arrival.outcome).inc()
        meters.UPDATE_SECONDS.observe(seconds)
        log.info("update", trace=arrival.trace, kind=kind, outcome=arrival.outcome, seconds=round(seconds, 4))
