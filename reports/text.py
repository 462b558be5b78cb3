"""A report as text: for a phone, 40 monospace columns in one message, or for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from metrics.csi import Basis, RoleCsat, role_interval
from metrics.nps import nps_groups
from reports.fieldwork import fieldwork_rows
from reports.labels import Labels
from reports.layout import PHONE, Row, columns, fold, table
from reports.notes import notes, whose
from reports.periods import known_at, spanned
from reports.phrases import BANDS, BREAKDOWNS, METHODS, NAMES, TITLES
from reports.speech import Speech, scale_points
from surveys.questionnaire import Language
from surveys.reporting import ANSWERS_ALONE, Dimension, Figure, Report

MESSAGE: Final = 4000
"""UTF-16 units of a message, with room for what is put around the text."""


def as_text(report: Report, labels: Labels, language: Language, *, room: int | None = None) -> str:
    """What a person reads. Plain text: whoever sends it as markup escapes it.

    `room`: columns of a terminal. On a phone, None, groups that do not fit into one message are counted in its last
    line instead.
    """
    t = Speech(language, labels)
    width = max(room or PHONE, PHONE)
    head = [line for words in opening(t, report) for line in (fold(words, width, 3) if words else [""])]
    foot = [line for words in notes(t, report) for line in ("", *fold(words, width))]
    head += _voices(t, report, width)
    if not report.groups:
        return "\n".join(head + foot)
    top, blocks = table(*_rows(t, report), width)
    shown = blocks if room else _fitting(blocks, MESSAGE - _units([*head, *top, *foot]) - 2 * PHONE)
    left = len(blocks) - len(shown)
    more = ["", *fold(t.ngettext("and {n} more group", "and {n} more groups", left), width)] if left else []
    return "\n".join([*head, "", *top, *(line for block in shown for line in block), *more, *foot])


def opening(t: Speech, report: Report) -> Iterator[str]:
    query = report.query
    yield from whose(t, query.scope)
    title = t(TITLES[query.metric])
    yield f"{title} {t(BREAKDOWNS[query.by])}" if query.by else title
    yield from filter(None, [spanned(t, query), known_at(t, query)])
    yield from (f"{t(NAMES[name])}: {t.names(name, values)}" for name, values in query.where.items())
    yield ""
    yield _total(t, report)
    yield from _basis(t, report)
    yield from _details(t, report)


def _total(t: Speech, report: Report) -> str:
    figure = report.total
    said = said_instead(t, figure) or t.value(figure.value or 0, report.unit, figure.n)
    scored = f"{said}, {t(BANDS[figure.band])}" if figure.band else said
    return t("Total: {value}", value=scored) if report.query.by else scored[:1].upper() + scored[1:]


def _basis(t: Speech, report: Report) -> Iterator[str]:
    figure = report.total
    if figure.n == 0:
        return
    if report.query.metric == "response":
        base = t.ngettext("{n} invitation delivered", "{n} invitations delivered", figure.n)
    else:
        base = t.ngettext("{n} answer", "{n} answers", figure.n)
    if figure.interval:
        interval = t.interval(figure.interval, report.unit, figure.n)
        yield t("{base}; ± 95%: {interval}", base=base, interval=interval)
    elif figure.value is not None:
        yield t("{base}: too few for an interval", base=base)
    else:
        yield base


def _details(t: Speech, report: Report) -> Iterator[str]:
    """What the value is a value of."""
    figure = report.total
    match report.query.metric:
        case "nps" if figure.value is not None:
            yield camps(t, figure)
        case "csat" if report.method and figure.n:
            yield t(METHODS[report.method])
        case "ces" if report.scales:
            yield t("mean mark on the scale {scale}, more is easier", scale=scale_points(report.scales[0]))
            yield from _apart(t, figure)
        case "csi" if report.method and figure.covered:
            yield t("by weight of roles: {method}", method=t(METHODS[report.method]))
            if (share := round(100 * figure.covered)) < 100:
                yield t("{share} of the weight of roles heard", share=t.percent(t.count(share)))


def camps(t: Speech, figure: Figure) -> str:
    camps = nps_groups(figure.histograms["nps"])
    shares = (camps.promoters, camps.passives, camps.detractors)
    promoters, passives, detractors = (t.value(share.percent or 0, "percent", share.n) for share in shares)
    return t(
        "promoters {promoters}, passives {passives}, detractors {detractors}",
        promoters=promoters,
        passives=passives,
        detractors=detractors,
    )


def _apart(t: Speech, figure: Figure) -> Iterator[str]:
    for scale, other in figure.scales.items():
        if other.value is not None:
            mark = t.number(other.value, "mark", other.n)
            answers = t.ngettext("{n} answer", "{n} answers", other.n)
            yield t("on the scale {scale}: {mark} ({answers})", scale=scale_points(scale), mark=mark, answers=answers)


def _voices(t: Speech, report: Report, width: int) -> list[str]:
    """Below the total: the roles of an index with their weights, or what became of invitations."""
    if report.total.fieldwork:
        rows = fieldwork_rows(t, report.total.fieldwork)
        return ["", *(line for block in table(rows[0], rows[1:], width)[1] for line in block)]
    heard = [voice for voice in report.total.roles if voice.value is not None]
    if not heard or report.query.by == "role":
        return []
    top, blocks = table(*_roles(t, heard, report.method or "top2"), width)
    return ["", *top, *(line for block in blocks for line in block)]


def _roles(t: Speech, heard: Sequence[RoleCsat], basis: Basis) -> tuple[Row, list[Row]]:
    """The head of the table of roles, and the roles."""
    least = min(voice.n for voice in heard)
    bounds = [role_interval(voice, basis) for voice in heard]
    values = [t.number(voice.value or 0, "percent", least) for voice in heard]
    intervals = [t.interval(one, "percent", least) if one else "—" for one in bounds]
    heads = ("%", f"± {t.percent('95')}")
    wide, long = (max(map(columns, column)) for column in ((heads[0], *values), (heads[1], *intervals)))
    figures = [f"{value:>{wide}} {interval:>{long}}" for value, interval in zip(values, intervals, strict=True)]
    rows = [
        Row(t.name("role", voice.role), (figure, t.weight(voice.weight), t.count(voice.n)))
        for voice, figure in zip(heard, figures, strict=True)
    ]
    return Row(t("Role"), (f"{heads[0]:>{wide}} {heads[1]:>{long}}", t("weight"), "n")), rows


def _rows(t: Speech, report: Report) -> tuple[Row, list[Row]]:
    """The head of the table of groups, and the groups."""
    by = report.query.by
    if by is None:
        raise ValueError("groups without a breakdown")
    figures = [group.figure for group in report.groups]
    heads = ["%" if report.unit == "percent" else TITLES[report.query.metric], f"± {t.percent('95')}"]
    least = min((figure.n for figure in figures if figure.value is not None), default=0)
    values = [_numbers(t, report, figure, least) for figure in figures]
    wide = max(columns(value) for value, _ in [heads, *values])
    long = max(columns(interval) for _, interval in [heads, *values])
    rows = []
    for group, (value, interval) in zip(report.groups, values, strict=True):
        figure = group.figure
        cell = said_instead(t, figure) or f"{value:>{wide}} {interval:>{long}}"
        rows.append(Row(t.name(by, group.key), (cell, t.count(figure.n)), below(t, by, figure)))
    return Row(t(NAMES[by]), (f"{heads[0]:>{wide}} {heads[1]:>{long}}", "n")), rows


def _numbers(t: Speech, report: Report, figure: Figure, least: int) -> Sequence[str]:
    """The cells of a group: of one precision in the whole column, as the least of the bases allows."""
    if figure.value is None:
        return "", ""
    interval = t.interval(figure.interval, report.unit, least) if figure.interval else "—"
    return t.number(figure.value, report.unit, least), interval


def below(t: Speech, by: Dimension, figure: Figure) -> str:
    """What must be said with a group's figure: other scales, roles that are silent.

    Not every role is asked about every component: who says nothing about one may not have been asked.
    """
    apart = "; ".join(_apart(t, figure))
    if figure.missing and figure.covered is not None and figure.n:
        share = t.percent(t.count(round(100 * figure.covered)))
        if by in ANSWERS_ALONE:
            return t("{share} of the weight of roles", share=share)
        return t("{share} of the weight; no voice of: {roles}", share=share, roles=t.names("role", figure.missing))
    return apart


def said_instead(t: Speech, figure: Figure) -> str | None:
    """What is said in place of a value."""
    if figure.suppressed:
        return t("suppressed")
    if figure.value is not None:
        return None
    return t("insufficient signal") if figure.n and figure.covered is not None else t("no data")


def _fitting(blocks: Sequence[list[str]], room: int) -> list[list[str]]:
    """The first blocks that take no more than `room` UTF-16 units."""
    shown: list[list[str]] = []
    for block in blocks:
        room -= _units(block)
        if room < 0:
            break
        shown.append(block)
    return shown


def _units(lines: Sequence[str]) -> int:
    return sum(len(line.encode("utf-16-le")) // 2 + 1 for line in lines)
