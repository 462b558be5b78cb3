"""What became of invitations, as lines of a table."""

from metrics.estimates import Share
from metrics.intervals import Interval
from reports.layout import Row
from reports.speech import Speech
from surveys.locales import N_
from surveys.reporting import Fieldwork

UNITS = ((86400, N_("{n} d")), (3600, N_("{n} h")), (60, N_("{n} min")), (1, N_("{n} s")))


def fieldwork_rows(t: Speech, work: Fieldwork) -> list[Row]:
    """A heading without words, then a row for each thing that may become of an invitation."""
    rows = [Row("", ("",)), *(Row(name, (t.count(n),)) for name, n in outcomes(t, work))]
    rows += [Row(name, (rate_in_words(t, rate),)) for name, rate in (("RR1", work.rr1), ("RR2", work.rr2)) if rate.n]
    if work.median_seconds is not None:
        rows.append(Row(t("Median time"), (duration(t, work.median_seconds),), _between(t, work.median_interval)))
    return rows


def outcomes(t: Speech, work: Fieldwork) -> list[tuple[str, int]]:
    """How many invitations came to what."""
    return [
        (t("Invited"), work.invited),
        (t("Delivered"), work.delivered),
        (t("Undeliverable"), work.undeliverable),
        (t("Started"), work.started),
        (t("Completed"), work.completed),
        (t("Partly completed"), work.partial),
        (t("Declined"), work.refused),
        (t("Not reached"), work.unreached),
    ]


def _between(t: Speech, interval: Interval | None) -> str:
    return "" if interval is None else "± " + "…".join(duration(t, bound) for bound in interval)


def rate_in_words(t: Speech, rate: Share) -> str:
    """A response rate with its interval: "45% (31…60)"."""
    if rate.value is None or rate.interval is None:
        return t("no data")
    return f"{t.value(rate.value, 'percent', rate.n)} ({t.interval(rate.interval, 'percent', rate.n)})"


def duration(t: Speech, seconds: float) -> str:
    """A time in its largest unit and the next one, if there is any of it."""
    left = round(seconds)
    said = []
    for size, words in UNITS:
        if left >= size:
            said.append((size, t(words, n=left // size)))
            left %= size
    sizes = [size for size, _ in UNITS]
    near = sizes[: sizes.index(said[0][0]) + 2] if said else sizes
    return " ".join(words for size, words in said if size in near) or t("{n} s", n=0)
