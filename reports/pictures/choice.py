"""Which picture shows a report best, and a report on one page to be printed."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from reports.labels import Labels
from reports.phrases import BREAKDOWNS, TITLES
from reports.pictures.breakdown import breakdown
from reports.pictures.distribution import distribution
from reports.pictures.dumbbell import dumbbell
from reports.pictures.heat import heat
from reports.pictures.importance import importance_picture
from reports.pictures.overview import overview_sheet
from reports.pictures.sheet import PAGE, Sheet, as_pdf, as_png
from reports.pictures.trend import trend
from reports.pictures.waterfall import waterfall
from reports.speech import Speech
from surveys.clients import Divergence
from surveys.grids import Grid
from surveys.headlines import Headlines
from surveys.importance import Importance
from surveys.questionnaire import Language
from surveys.reporting import Report

CALENDAR: Final = ("month", "quarter")


def picture(report: Report, labels: Labels, language: Language, page: int = 0) -> bytes:
    """A PNG: a trend by month or quarter, dots by anything else, a waterfall of fieldwork, else the scores."""
    return as_png(drawn(report, labels, language, page).figure())


def heat_picture(grid: Grid, labels: Labels, language: Language, page: int = 0) -> bytes:
    """A PNG of a breakdown by two dimensions."""
    return as_png(heat(grid, labels, language, page).figure())


def roles_picture(found: Divergence, labels: Labels, language: Language, page: int = 0) -> bytes:
    """A PNG of how far the roles are apart."""
    return as_png(dumbbell(found, labels, language, page).figure())


def drivers_picture(found: Importance, labels: Labels, language: Language) -> bytes:
    """A PNG of importance and satisfaction."""
    return as_png(importance_picture(found, labels, language).figure())


def drawn(report: Report, labels: Labels, language: Language, page: int = 0, sheet: Sheet | None = None) -> Sheet:
    """The picture before it is made a file."""
    if report.query.by in CALENDAR:
        return trend(report, labels, language, sheet)
    if report.query.by:
        return breakdown(report, labels, language, page, sheet)
    if report.query.metric == "response":
        return waterfall(report, labels, language, sheet)
    return distribution(report, labels, language, sheet)


def one_page(report: Report, labels: Labels, language: Language) -> bytes:
    """A PDF on one A4 page: figures, picture and notes."""
    t = Speech(language, labels)
    title = t(TITLES[report.query.metric])
    named = f"{title} {t(BREAKDOWNS[report.query.by])}" if report.query.by else title
    return as_pdf(drawn(report, labels, language, sheet=Sheet(PAGE)).page(), named)


def overview_page(found: Headlines, labels: Labels, language: Language) -> bytes:
    """A PDF of the first screen."""
    return _printed(overview_sheet(found, labels, language), Speech(language, labels)("All metrics"))


def heat_page(grid: Grid, labels: Labels, language: Language) -> bytes:
    """A PDF of a breakdown by two dimensions, as much of it as fits one page."""
    return _printed(
        heat(grid, labels, language, sheet=Sheet(PAGE)), Speech(language, labels)(TITLES[grid.query.metric])
    )


def roles_page(found: Divergence, labels: Labels, language: Language) -> bytes:
    """A PDF of how far the roles are apart."""
    t = Speech(language, labels)
    return _printed(dumbbell(found, labels, language, sheet=Sheet(PAGE)), t("How far roles are apart"))


def drivers_page(found: Importance, labels: Labels, language: Language) -> bytes:
    """A PDF of importance and satisfaction."""
    t = Speech(language, labels)
    return _printed(importance_picture(found, labels, language, Sheet(PAGE)), t("What moves the NPS"))


def _printed(sheet: Sheet, title: str) -> bytes:
    return as_pdf(sheet.page(), title)


PICTURES: Final[Mapping[str, Callable[[Any, Labels, Language], bytes]]] = {
    "heat": heat_picture,
    "pair": heat_picture,
    "roles": roles_picture,
    "importance": drivers_picture,
}
PAGES: Final[Mapping[str, Callable[[Any, Labels, Language], bytes]]] = {
    "home": overview_page,
    "news": overview_page,
    "heat": heat_page,
    "pair": heat_page,
    "roles": roles_page,
    "importance": drivers_page,
}
"""The pictures and pages of what is more than one metric by one dimension."""
