"""How far the roles of one account or project are apart: their marks on one line."""

from typing import Final

from reports.labels import Labels
from reports.phrases import BREAKDOWNS, TITLES
from reports.pictures.axis import Axis, axis_of, footing, heading, ruler
from reports.pictures.palette import BAND, BLUE, GREY, INK, MUTED, ORANGE
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TEXT, Marker, Sheet, wrapped
from reports.speech import Speech
from reports.text import said_instead
from surveys.clients import Divergence, Split
from surveys.questionnaire import Language, Role

GROUPS: Final = 8
INSET: Final = 30
TRACK: Final = 76
SIZE: Final = 24
SHIFTS: Final = (0, -24, 24)
MARKS: Final[tuple[tuple[Marker, str], ...]] = (
    ("o", BLUE),
    ("s", ORANGE),
    ("D", INK),
    ("^", GREY),
    ("v", BLUE),
    ("P", ORANGE),
)

Signs = dict[Role, tuple[Marker, str]]


def dumbbell(found: Divergence, labels: Labels, language: Language, page: int = 0, sheet: Sheet | None = None) -> Sheet:
    """A line for each account or project from its lowest to its highest role; `GROUPS` a page."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    report = found.grid.rows
    by = report.query.by or "account"
    title = t("{metric}: roles apart, {by}", metric=t(TITLES[report.query.metric]), by=t(BREAKDOWNS[by]))
    heading(sheet, t, report, title=title)
    axis = axis_of(report, MARGIN + INSET, sheet.right - INSET)
    shown = found.splits[page * GROUPS : (page + 1) * GROUPS]
    roles = [group.key for group in found.grid.columns.groups if group.key is not None]
    signs = {role: MARKS[place % len(MARKS)] for place, role in enumerate(roles)}
    _legend(sheet, t, signs)
    top = sheet.y
    for number, split in enumerate(shown):
        _split(sheet, t, found, split, axis, signs, shaded=number % 2 == 0)
    if shown:
        ruler(sheet, t, axis, top, sheet.y)
    left = len(found.splits) - len(shown)
    more = [t.ngettext("and {n} more group", "and {n} more groups", left)] if left else []
    footing(sheet, t, report, [*_method(t, shown), *more])
    return sheet


def pages(found: Divergence) -> int:
    """How many pictures hold all groups, at least one."""
    return max(1, -(-len(found.splits) // GROUPS))


def _legend(sheet: Sheet, t: Speech, signs: Signs) -> None:
    for role, (marker, colour) in signs.items():
        sheet.dot(MARGIN + 16, sheet.y + SMALL * 0.68, colour=colour, marker=marker)
        sheet.paragraph(t.name("role", role), size=SMALL, x=MARGIN + 44, room=sheet.room - 44, lines=1)
    sheet.y += 14


def _split(sheet: Sheet, t: Speech, found: Divergence, split: Split, axis: Axis, signs: Signs, *, shaded: bool) -> None:
    report = found.grid.rows
    by = report.query.by or "account"
    names = wrapped(t.name(by, split.key), sheet.room, TEXT, 2, bold=True)
    said = [line for words in _said(t, found, split) for line in wrapped(words, sheet.room, SMALL, 3)]
    high = 10 + len(names) * TEXT * LEADING + len(said) * SMALL * LEADING + TRACK
    if shaded:
        sheet.box(0, sheet.y, sheet.wide, high, colour=BAND)
    end, sheet.y = sheet.y + high, sheet.y + 10
    sheet.paragraph(t.name(by, split.key), bold=True, lines=2)
    for words in _said(t, found, split):
        sheet.paragraph(words, size=SMALL, colour=MUTED, lines=3)
    _track(sheet, axis, split, signs, end - TRACK / 2)
    sheet.y = end


def _said(t: Speech, found: Divergence, split: Split) -> list[str]:
    """The figures of the roles, then the gap with its interval and verdict."""
    report = found.grid.rows
    roles = [
        f"{t.name('role', role)}: {said_instead(t, figure) or t.value(figure.value or 0, report.unit, figure.n)}"
        f" (n\u00a0=\u00a0{t.count(figure.n)})"
        for role, figure in split.roles.items()
    ]
    return ["; ".join(roles), _gap(t, split)]


def _gap(t: Speech, split: Split) -> str:
    gap = split.gap
    if gap is None or gap.difference.value is None or gap.difference.interval is None:
        return t("fewer than two roles to compare")
    low, high = (t.number(bound, "points", 1) for bound in gap.difference.interval)
    real = gap.difference.verdict == "real"
    verdict = t("a real gap") if real else t("no evidence of a gap")
    return t(
        "gap {gap} points, {low}…{high}: {verdict}",
        gap=t.count(round(gap.difference.value)),
        low=low,
        high=high,
        verdict=verdict,
    )


def _track(sheet: Sheet, axis: Axis, split: Split, signs: Signs, y: float) -> None:
    shown = {role: axis.at(figure.value) for role, figure in split.roles.items() if figure.value is not None}
    if shown:
        sheet.line([min(shown.values()), max(shown.values())], [y, y], colour=GREY, thick=6)
    drawn: list[float] = []
    for role, x in shown.items():
        marker, colour = signs[role]
        # Roles of one mind stand beside each other, above and below the line.
        beside = sum(abs(x - other) < SIZE for other in drawn)
        sheet.dot(x, y + SHIFTS[beside % len(SHIFTS)], colour=colour, marker=marker, size=SIZE)
        drawn.append(x)


def _method(t: Speech, shown: tuple[Split, ...]) -> list[str]:
    if not any(split.gap for split in shown):
        return []
    return [t("The widest gap of several is wide by selection: its interval allows for that.")]
