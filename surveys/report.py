"""The use case: a query in, the figures that answer it out."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from metrics.csat import Method as Boxes
from metrics.csi import Basis
from surveys.figures import (
    UNITS,
    ces_figure,
    csat_figure,
    csi_figure,
    histograms,
    nps_figure,
    response_figure,
    role_figure,
    scales_of,
)
from surveys.questionnaire import Role
from surveys.reporting import (
    Counts,
    Dimension,
    Figure,
    Group,
    Method,
    Note,
    OutreachCount,
    Report,
    ReportQuery,
    ReportRules,
    ScoreCount,
)
from surveys.suppression import Hidden, audit_of

FEW: Final = 30

Row = TypeVar("Row", ScoreCount, OutreachCount)
Scored = Callable[[Sequence[ScoreCount]], Figure]


async def report(query: ReportQuery, counts: Counts, rules: ReportRules) -> Report:
    """The figures that answer `query`, unrounded; figures that could expose a person suppressed, if so ruled."""
    if query.metric == "response":
        return await response_report(query, counts, rules)
    scales = scales_of(query.metric)
    rows = await counts.scores(query, scales)
    hidden = await _hidden(query, counts, rules, tuple(histograms(rows))) if rules.mode == "confidential" else Hidden()
    return _scored(query, rows, rules, hidden)


async def _hidden(query: ReportQuery, counts: Counts, rules: ReportRules, answered: tuple[str, ...]) -> Hidden:
    """A figure tells of each scale by itself as well, so it must be fit to be shown on each."""
    audience = await counts.audience(query)
    together = audit_of(audience, scales_of(query.metric), rules.min_group).hidden_of(query)
    if len(answered) < 2:
        return together
    apart = [audit_of(audience, (scale,), rules.min_group).hidden_of(query) for scale in answered]
    return Hidden(
        total=any(hidden.total for hidden in (together, *apart)),
        groups=together.groups.union(*(hidden.groups for hidden in apart)),
    )


async def response_report(query: ReportQuery, counts: Counts, rules: ReportRules, *, timed: bool = True) -> Report:
    """Response rates. `timed`: with the times that interviews took."""
    # An invitation of somebody of two roles is in two groups, so the total is no sum of groups.
    total = response_figure(await counts.outreach(replace(query, by=None), timed=timed))
    parts = _grouped(query, await counts.outreach(query, timed=timed), rules)
    groups = tuple(Group(key, response_figure(part)) for key, part in parts.items())
    invited = [group.figure.fieldwork.invited for group in groups if group.figure.fieldwork]
    overlapping = query.by == "role" and total.fieldwork is not None and sum(invited) > total.fieldwork.invited
    notes = _notes(total, groups, overlapping=overlapping)
    return Report(query=query, unit="percent", total=total, groups=groups, notes=notes)


def _scored(query: ReportQuery, rows: Sequence[ScoreCount], rules: ReportRules, hidden: Hidden) -> Report:
    scales = tuple(histograms(rows))
    asked = tuple(role for role in rules.weights if role in query.where.get("role", rules.weights))
    figure = scorer(query, rules, scales, asked)
    of_group = (
        partial(role_figure, basis=basis_of(query, rules)) if query.metric == "csi" and query.by == "role" else figure
    )
    total = veiled(figure(rows), hidden.total)
    groups = tuple(
        Group(key, veiled(of_group(part), hidden.hides(key))) for key, part in _grouped(query, rows, rules).items()
    )
    heard = {row.role for row in rows if row.n}
    unweighted = tuple(sorted(heard - rules.weights.keys())) if query.metric == "csi" else ()
    return Report(
        query=query,
        unit=UNITS[query.metric],
        method=_method(query, rules),
        scales=scales,
        total=total,
        groups=groups,
        missing=tuple(role for role in asked if role not in heard),
        unweighted=unweighted,
        notes=_notes(total, groups, several=len(scales) > 1, unweighted=bool(unweighted)),
    )


def scorer(query: ReportQuery, rules: ReportRules, scales: Sequence[str], asked: Sequence[Role]) -> Scored:
    match query.metric:
        case "nps":
            return nps_figure
        case "csat":
            return partial(csat_figure, method=_boxes(query, rules))
        case "ces":
            return partial(ces_figure, scale=next(iter(scales), scales_of("ces")[0]))
        case _:
            return partial(csi_figure, weights=rules.weights, asked=asked, basis=basis_of(query, rules))


def _boxes(query: ReportQuery, rules: ReportRules) -> Boxes:
    return rules.csat_method if query.method is None or query.method == "mean" else query.method


def basis_of(query: ReportQuery, rules: ReportRules) -> Basis:
    return query.method or rules.csi_basis


def _method(query: ReportQuery, rules: ReportRules) -> Method | None:
    match query.metric:
        case "csat":
            return _boxes(query, rules)
        case "csi":
            return basis_of(query, rules)
        case _:
            return None


def _grouped(query: ReportQuery, rows: Iterable[Row], rules: ReportRules) -> Mapping[str | None, list[Row]]:
    """The rows of each group, groups in the order they are read in: never by value, which would be a ranking."""
    if query.by is None:
        return {}
    found: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.group].append(row)
    return {key: found[key] for key in in_order(query.by, found, rules)}


def in_order(dimension: Dimension, keys: Iterable[str | None], rules: ReportRules) -> list[str | None]:
    """The keys in the order they are read in."""
    known = tuple(rules.weights) if dimension == "role" else rules.order.get(dimension, ())
    return sorted(keys, key=partial(_place, known))


def _place(known: Sequence[str], key: str | None) -> tuple[bool, int, Sequence[object], str]:
    if key is None:
        return True, 0, (), ""
    return False, known.index(key) if key in known else len(known), counted_up(key), key


def counted_up(name: str) -> Sequence[object]:
    """What names are put in order by: numbers in them count as numbers.

    >>> sorted(["Line 10", "line 2", "Line 02a"], key=counted_up)
    ['line 2', 'Line 02a', 'Line 10']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(len(part.lstrip("0")), part.lstrip("0")) if at % 2 else part for at, part in enumerate(parts)]


def veiled(figure: Figure, hide: bool) -> Figure:
    """What may be shown of a figure: of a hidden one, that it exists."""
    if not hide:
        return figure
    return Figure(n=figure.n, suppressed=True, missing=figure.missing, covered=figure.covered)


def _notes(
    total: Figure,
    groups: Iterable[Group],
    *,
    several: bool = False,
    unweighted: bool = False,
    overlapping: bool = False,
) -> tuple[Note, ...]:
    shown = [total, *(group.figure for group in groups)]
    said = {
        Note.NO_DATA: total.n == 0,
        Note.FEW_ANSWERS: any(figure.value is not None and figure.n < FEW for figure in shown),
        Note.LONE_VOICE: any(figure.value is not None and role.n == 1 for figure in shown for role in figure.roles),
        Note.INSUFFICIENT_SIGNAL: any(_insufficient(figure) for figure in shown),
        Note.SUPPRESSED: any(figure.suppressed for figure in shown),
        Note.SEVERAL_SCALES: several,
        Note.UNWEIGHTED_ROLES: unweighted,
        Note.SEVERAL_ROLES: overlapping,
    }
    return tuple(note for note, holds in said.items() if holds)


def _insufficient(figure: Figure) -> bool:
    return figure.value is None and figure.n > 0 and figure.covered is not None and not figure.suppressed
