"""How soon requests are answered and resolved, as a table."""

from collections.abc import Iterator

from metrics.operations import Times
from reports.fieldwork import duration
from reports.labels import Labels
from reports.speech import Speech
from reports.tables import NOTHING, Column, Table, Value, named
from surveys.questionnaire import Language
from surveys.service import Service, Speed


def service_table(found: Service, labels: Labels, language: Language) -> Table:
    """First response and resolution of each group; times in seconds."""
    t, by = Speech(language, labels), found.by
    rows = [(t("total"), *(None for _ in by[1:]), *_speed(found.total))]
    for key, speed in found.groups.items():
        names = (t.name(dimension, name) for dimension, name in zip(by, key, strict=True))
        rows.append((*names, *_speed(speed)))
    heads = (
        *([named(t, dimension) for dimension in by] or [Column("group", "")]),
        *_times_columns(t, "first_response", t("first response")),
        *_times_columns(t, "resolution", t("resolution")),
    )
    return Table(t("How soon requests are handled"), heads, tuple(rows), tuple(_service_said(t, found)))


def _service_said(t: Speech, found: Service) -> Iterator[str]:
    yield t("Half of the requests are faster than the median; one in ten is slower than the 90th percentile.")
    yield t("With fewer than 6 requests the median has no interval, with fewer than 36 the percentile.")
    if found.targets.first_response:
        yield t(
            "Target for the first response: {time}.", time=duration(t, found.targets.first_response.total_seconds())
        )
    if found.targets.resolution:
        yield t("Target for the resolution: {time}.", time=duration(t, found.targets.resolution.total_seconds()))


def _speed(speed: Speed) -> tuple[Value, ...]:
    return *_times(speed.first_response), *_times(speed.resolution)


def _times(times: Times) -> tuple[Value, ...]:
    share = times.within
    within = (share.percent, *(share.interval or NOTHING)) if share else (None, *NOTHING)
    return *lasting(times), *within


def lasting(times: Times) -> tuple[Value, ...]:
    """The cells of `lasting_columns`."""
    middle, slow = times.median_interval or NOTHING, times.p90_interval or NOTHING
    return times.n, times.median, *middle, times.p90, *slow


def _times_columns(t: Speech, key: str, name: str) -> tuple[Column, ...]:
    return (
        *lasting_columns(t, key, name),
        Column(f"{key}_within", t("{what}: in time, %", what=name), "percent"),
        Column(f"{key}_low", t("from"), "percent"),
        Column(f"{key}_high", t("to"), "percent"),
    )


def lasting_columns(t: Speech, key: str, name: str) -> tuple[Column, ...]:
    """How many, the middle and the slow tenth, with their intervals."""
    return (
        Column(f"{key}_n", f"{name}: n", "count"),
        Column(f"{key}_median", t("{what}: median", what=name), "seconds"),
        Column(f"{key}_median_low", t("from"), "seconds"),
        Column(f"{key}_median_high", t("to"), "seconds"),
        Column(f"{key}_p90", t("{what}: 90th percentile", what=name), "seconds"),
        Column(f"{key}_p90_low", t("from"), "seconds"),
        Column(f"{key}_p90_high", t("to"), "seconds"),
    )
