"""How the service is at the moment: gauges made when Prometheus asks, and which part is ill."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from storage.errors import StorageUnavailable

if TYPE_CHECKING:
    from bot.service import Service

OLDEST: Final = 10.0
"""Seconds an update may wait for its commit before the inbox counts as ill."""

PARTS: Final = ("service", "telegram", "database", "sweeps", "inbox", "replica")


async def ill(service: "Service") -> Mapping[str, str]:
    """What is not able to serve: part -> reason."""
    parts = dict(_ill_inside(service))
    try:
        async with service.database.reading():
            pass
    except StorageUnavailable as error:
        parts["database"] = error.reason
    else:
        # What cannot be written may be read all the same.
        parts |= {"database": reason} if (reason := service.database.trouble.reason) else {}
    return parts


def _ill_inside(service: "Service") -> Iterator[tuple[str, str]]:
    if service.stopping:
        yield "service", "is stopping"
    if trouble := service.waits or service.telegram.trouble:
        yield "telegram", trouble
    if stuck := service.rounds.stuck():
        late = ", ".join(f"{name} by {lag:.0f} s" for name, lag in sorted(stuck.items()))
        yield "sweeps", f"are behind their time: {late}"
    if (age := service.inbox.age) > OLDEST:
        yield "inbox", f"an update has waited for its commit for {age:.0f} s"
    if not service.standing.holds():
        yield "replica", "was silent for too long; others have taken over what it had"


async def exposition(service: "Service") -> bytes:
    """What Prometheus reads: what has been counted, and how things are. What the database would say may be missing."""
    gauges = Gauges(await ill(service))
    gauges.of_process(service)
    if "database" not in gauges.ill:
        try:
            await gauges.of_database(service)
        except StorageUnavailable as error:
            gauges.ill["database"] = error.reason
    registry = CollectorRegistry()
    registry.register(gauges)
    return generate_latest(REGISTRY) + generate_latest(registry)


class Gauges(Collector):
    """Made anew for each look, so that nothing is told that is not so any more."""

    def __init__(self, ill: Mapping[str, str]) -> None:
        self.ill = dict(ill)
        self._depth = _family("queue_depth", "How many wait, 10000 at most where the database is asked.", "queue")
        self._age = _family("queue_age_seconds", "How long the first of them has waited.", "queue")
        self._lag = _family("sweep_lag_seconds", "For how long a sweep should have ended again.", "sweep")
        self._cases = _family("cases", "Cases that are open, and those of them that are overdue.", "state")
        self._ill = _family("ill", "1 where a part is not able to serve; /readyz tells why.", "part")

    def of_process(self, service: "Service") -> None:
        """What this replica has in its hands."""
        self._depth.add_metric(["inbox"], service.inbox.depth)
        self._age.add_metric(["inbox"], service.inbox.age)
        self._depth.add_metric(["sending"], service.sender.busy)
        for sweep, lag in service.rounds.lags().items():
            self._lag.add_metric([sweep], lag)

    async def of_database(self, service: "Service") -> None:
        """What waits for whichever replica is the first."""
        now = service.clock.now()
        async with service.database.reading() as reading:
            queues, cases = await reading.queues.look(now), await reading.queues.cases(now)
        for queue, waiting in queues.items():
            self._depth.add_metric([queue], waiting.depth)
            self._age.add_metric([queue], waiting.age(now))
        self._cases.add_metric(["open"], cases.open)
        self._cases.add_metric(["overdue"], cases.overdue)

    def collect(self) -> Iterator[Metric]:
        """What Prometheus reads."""
        for part in PARTS:
            self._ill.add_metric([part], part in self.ill)
        yield from (self._depth, self._age, self._lag, self._cases, self._ill)


def _family(name: str, what: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"otklik_{name}", what, labels=[label])
