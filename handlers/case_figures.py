"""How the loop works, in words."""

from collections.abc import Iterator
from typing import Final

from handlers.committee_words import number
from metrics.intervals import Interval
from metrics.operations import Times
from surveys.cases.figures import LoopFigures, Recovery
from surveys.locales import translations
from surveys.questionnaire import Language

HOUR: Final = 3600
WHOLE: Final = "+0;−0"


def lines(figures: LoopFigures, language: Language) -> Iterator[tuple[str, str]]:
    """What is measured, and its value."""
    t = translations("bot", language).gettext
    yield t("Cases opened"), str(figures.opened)
    yield t("Open now"), str(figures.open)
    yield t("Of these overdue"), str(figures.overdue)
    yield t("Of these waiting for the client’s word"), str(figures.checking)
    yield t("Closed, the client confirmed"), str(figures.confirmed)
    yield t("Closed without the client’s word"), str(figures.unconfirmed)
    yield t("Merged into others"), str(figures.merged)
    yield t("Opened again by the client"), str(figures.reopened)
    yield t("First contact"), _times(figures.first_contact, language)
    yield t("Closure"), _times(figures.closure, language)
    yield t("The person’s next score"), _recovery(figures.recovery, language)


def _times(times: Times, language: Language) -> str:
    t = translations("bot", language).gettext
    if times.median is None or times.p90 is None:
        return t("no data")
    words = t("median {median} h, nine of ten within {p90} h (cases: {n})")
    median, p90 = (
        _hours(value, interval, language)
        for value, interval in ((times.median, times.median_interval), (times.p90, times.p90_interval))
    )
    return words.format(median=median, p90=p90, n=times.n)


def _hours(seconds: float, interval: Interval | None, language: Language) -> str:
    """With the interval in brackets, where there is one."""
    said = number(seconds / HOUR, "0.#", language)
    if interval is None:
        return said
    low, high = (number(bound / HOUR, "0.#", language) for bound in interval)
    return f"{said} ({low}…{high})"


def _recovery(found: Recovery, language: Language) -> str:
    t = translations("bot", language).gettext
    if found.change is None:
        return t("no data")
    if found.interval is None:
        return t("{change} of 100 points, one pair: no interval").format(change=_points(found.change, language))
    low, high = (_points(bound, language) for bound in found.interval)
    words = t("{change} of 100 points, 95 % interval {low} to {high} (pairs: {n})")
    return words.format(change=_points(found.change, language), low=low, high=high, n=found.n)


def _points(value: float, language: Language) -> str:
    return number(value, WHOLE, language)
