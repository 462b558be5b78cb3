"""Where in the reports a reader is, and where a step leads: from a metric down to the words, and back the same way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from surveys.query_dates import midnight
from surveys.reporting import DIMENSIONS, Dimension, Metric, ReportQuery

View = Literal[
    "home", "news", "more", "metric", "words", "pair", "change", "roles", "clients", "importance", "service", "loop"
]

OVERVIEWS: Final[frozenset[View]] = frozenset({"home", "news"})
"""Views of all metrics at once."""
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
UNDIVIDED: Final[frozenset[Metric]] = frozenset({"nps", "response"})
"""Metrics of the whole relationship. What its parts are like, satisfaction tells."""
OF_QUESTIONS: Final[frozenset[Dimension]] = frozenset({"component", "block", "item"})
SPANS: Final[tuple[int | None, ...]] = (3, 6, 12, None)
"""Months of a headline screen, this one among them; None: everything."""
USUAL_SPAN: Final = 1
DEEP: Final = 12
"""So many steps lead back; from further down, the last one leads home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A screen. `query` without a scope: that is the reader's, each time anew. `across`: the other dimension of a pair.

    `page` from 0. `span`: which of SPANS a headline screen is of.
    """

    view: View
    query: ReportQuery
    across: Dimension | None = None
    page: int = 0
    span: int = USUAL_SPAN
    before: "Place | None" = None


def home(today: date, span: int = USUAL_SPAN) -> Place:
    """The headlines of the last months, whole ones: only those may be shown in confidential mode.

    >>> found = home(date(2026, 2, 17)).query
    >>> found.since.isoformat()[:10], found.until.isoformat()[:10]
    ('2025-09-01', '2026-03-01')
    """
    months = SPANS[span]
    if months is None:
        return Place(view="home", query=ReportQuery(metric="nps"), span=span)
    since, until = _month(today, 1 - months), _month(today, 1)
    return Place(view="home", query=ReportQuery(metric="nps", since=since, until=until), span=span)


def news(since: datetime, until: datetime) -> Place:
    """What was answered in the period, the latest thing there is."""
    return Place(view="news", query=ReportQuery(metric="nps", since=since, until=until))


def _month(today: date, later: int) -> datetime:
    year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
    return midnight(date(year, month + 1, 1))


def onward(place: Place, step: str, number: int, keys: Sequence[str], today: date) -> Place | None:
    """Where the step leads; None: nowhere any more. `keys`: of the rows that the screen of `place` shows."""
    match step:
        case "back":
            return place.before or home(today)
        case "page":
            return replace(place, page=number)
        case "span":
            return home(today, number) if number < len(SPANS) else None
        case "metric":
            return _at(place, replace(place.query, metric=METRICS[number])) if number < len(METRICS) else None
        case "row":
            return into(place, keys[number]) if number < len(keys) else None
    dimension = next((known for known in DIMENSIONS if known == step), None)
    if dimension and place.view == "service":
        return _at(place, replace(place.query, by=dimension), "service")
    if dimension:
        return _at(place, replace(place.query, metric=_asked(place.query, dimension), by=dimension))
    return WAYS[step](place) if step in WAYS else None


def into(place: Place, key: str) -> Place | None:
    """One row of a breakdown by itself."""
    by = place.query.by
    if by is None:
        return None
    return _at(place, replace(place.query, by=None, where={**place.query.where, by: (key,)}))


def _at(place: Place, query: ReportQuery, view: View = "metric", across: Dimension | None = None) -> Place:
    """A screen reached from `place`."""
    method = query.method if query.metric == place.query.metric else None
    wanted = replace(query, method=method)
    return Place(view=view, query=wanted, across=across, span=place.span, before=_shortened(place))


def _shortened(place: Place) -> Place:
    trail, further = [place], place.before
    while further and len(trail) < DEEP:
        trail.append(further)
        further = further.before
    kept: Place | None = None
    for one in reversed(trail):
        kept = replace(one, before=kept)
    return kept or place


def _asked(query: ReportQuery, dimension: Dimension) -> Metric:
    return "csat" if dimension in OF_QUESTIONS and query.metric in UNDIVIDED else query.metric


def _seen(view: View, metric: Metric | None = None, by: Dimension | None = None) -> Callable[[Place], Place]:
    def way(place: Place) -> Place:
        query = place.query
        return _at(place, replace(query, metric=metric or query.metric, by=by, method=None), view)

    return way


def _paired(by: Dimension, across: Dimension) -> Callable[[Place], Place]:
    return lambda place: _at(place, replace(place.query, metric="csat", by=by, method=None), "pair", across)


WAYS: Final[Mapping[str, Callable[[Place], Place]]] = {
    "more": lambda place: _at(place, place.query, "more"),
    "words": lambda place: _at(place, replace(place.query, by=None), "words"),
    "change": lambda place: _at(place, place.query, "change"),
    "trend": _seen("metric", "nps", "month"),
    "scores": _seen("metric", "nps"),
    "journey": _paired("stage", "component"),
    "parts": _paired("account", "component"),
    "roles": _seen("roles", "nps", "account"),
    "importance": _seen("importance", "nps"),
    "field": _seen("metric", "response"),
    "clients": _seen("clients", "nps"),
    "service": _seen("service", "nps"),
    "loop": _seen("loop", "nps"),
}


def dumped(place: Place) -> dict[str, Any]:
    """The place as JSON values."""
    query = place.query
    said = {
        "view": place.view,
        "metric": query.metric,
        "by": query.by,
        "across": place.across,
        "where": {name: list(values) for name, values in query.where.items()},
        "method": query.method,
        "page": place.page,
        "span": place.span,
        **{name: _told(getattr(query, name)) for name in ("since", "until", "as_of")},
        "before": dumped(place.before) if place.before else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def loaded(kept: Mapping[str, Any]) -> Place:
    """What `dumped` made of a place."""
    query = ReportQuery(
        metric=kept["metric"],
        by=kept.get("by"),
        where={name: tuple(values) for name, values in kept["where"].items()},
        method=kept.get("method"),
        since=_moment(kept.get("since")),
        until=_moment(kept.get("until")),
        as_of=_moment(kept.get("as_of")),
    )
    return Place(
        view=kept["view"],
        query=query,
        across=kept.get("across"),
        page=kept["page"],
        span=kept["span"],
        before=loaded(kept["before"]) if "before" in kept else None,
    )


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
