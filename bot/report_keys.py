"""The buttons under a report screen: further down, other views, files, and back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from bot.report_views import Screen
from handlers.buttons import ReportButton, write
from handlers.replies import Keyboard, button
from reports.layout import fold
from reports.phrases import NAMES, TITLES
from surveys.cases.reporting import LOOP_DIMENSIONS
from surveys.locales import N_, translations
from surveys.places import METRICS, OF_QUESTIONS, UNDIVIDED, Place
from surveys.questionnaire import Language
from surveys.reporting import ANSWERS_ALONE, Dimension
from surveys.service import SERVICE_DIMENSIONS

LABEL: Final = 40
A_ROW: Final = 2
SAID: Final = N_("Verbatims")
DOWN: Final[Mapping[str, str]] = {"component": N_("Components"), "item": N_("Questions"), "words": SAID}
OFFERED: Final[tuple[Dimension, ...]] = (
    "role",
    "account",
    "project",
    "division",
    "product",
    "stage",
    "block",
    "month",
    "wave",
)
MORE: Final[Mapping[str, str]] = {
    "trend": N_("NPS trend"),
    "scores": N_("Distribution of scores"),
    "journey": N_("Journey map"),
    "parts": N_("Accounts × components"),
    "roles": N_("How far roles are apart"),
    "importance": N_("What moves the NPS"),
    "field": N_("Fieldwork"),
    "clients": N_("NPS by three rules"),
    "service": N_("Response and resolution times"),
    "loop": N_("How the loop works"),
}
LIMITED: Final[Mapping[str, Sequence[Dimension]]] = {"service": SERVICE_DIMENSIONS, "loop": LOOP_DIMENSIONS}
SPAN_NAMES: Final = (N_("3 months"), N_("6 months"), N_("12 months"), N_("All time"))
DRAWN: Final = frozenset({"home", "news", "metric", "pair", "change", "roles", "clients", "importance"})
PAGED: Final = frozenset({"home", "news", "metric", "pair", "roles", "importance"})
"""Views that fit a page to print."""

Row = list[Mapping[str, object]]
To = Callable[[str, str, int], Mapping[str, object]]


def keyboard(screen: Screen, name: str, language: Language) -> Keyboard:
    """`name`: what the screen is kept under."""
    t = translations("bot", language).gettext

    def to(label: str, step: str, number: int = 0) -> Mapping[str, object]:
        return button(short(label), write(ReportButton(name, step, number)))

    place = screen.place
    rows = [
        *([to(label, "row", at)] for at, label in enumerate(screen.names)),
        _turning(screen, to),
        *_ways(screen, to, language),
        _files(screen, to, t),
        _back(place, to, t),
    ]
    return [row for row in rows if row]


def home_alone(language: Language) -> Keyboard:
    """Under what is no screen."""
    return [[button(translations("bot", language).gettext("All metrics"), write(ReportButton()))]]


def _turning(screen: Screen, to: To) -> Row:
    page = screen.place.page
    back = [to("←", "page", page - 1)] if page else []
    return [*back, *([to("→", "page", page + 1)] if page + 1 < screen.total else [])]


def _ways(screen: Screen, to: To, language: Language) -> Iterator[Row]:
    t, named = translations("bot", language).gettext, translations("reports", language).gettext
    match screen.place.view:
        case "home" | "news" as view:
            metrics = [to(named(TITLES[metric]), "metric", at) for at, metric in enumerate(METRICS)]
            yield from (metrics[:4], [*metrics[4:], to(t(SAID), "words", 0)])
            yield [to(t("More reports"), "more", 0)]
            shown = screen.place.span if view == "home" else None
            spans = [(at, t(label)) for at, label in enumerate(SPAN_NAMES) if at != shown]
            yield [to(label, "span", at) for at, label in spans]
        case "more":
            yield from _in_rows([to(t(label), step, 0) for step, label in MORE.items() if _told(screen.place, step)])
        case "metric" if screen.place.query.by is None and not screen.empty:
            yield from _further(screen.place, to, t, named)
        case "metric" if screen.place.query.by and not screen.empty and screen.place.query.since:
            yield [to(t("Change"), "change", 0)]
        case "service":
            told = {screen.place.query.by, *screen.place.query.where}
            ways = [way for way in (*OFFERED, "touchpoint") if way in SERVICE_DIMENSIONS and way not in told]
            yield from _in_rows([to(named(NAMES[way]), way, 0) for way in ways])
        case "pair":
            two = [one for one in (screen.place.query.by, screen.place.across) if one]
            yield [to(named(NAMES[one]), one, 0) for one in two]
        case _:
            return


def _further(place: Place, to: To, t: Callable[[str], str], named: Callable[[str], str]) -> Iterator[Row]:
    """The ways down from a figure that has not been broken down."""
    query, told = place.query, {name for name, values in place.query.where.items() if len(values) == 1}
    down = [step for step in DOWN if step not in told and _fits(place, step)]
    yield [to(t(DOWN[step]), step, 0) for step in down]
    ways = [way for way in OFFERED if way not in told and not (way == "block" and not _fits(place, way))]
    if query.metric in UNDIVIDED:
        ways = [way for way in ways if way not in ANSWERS_ALONE]
    yield from _in_rows([to(named(NAMES[way]), way, 0) for way in ways])
    change = [to(t("Change"), "change", 0)] if query.since else []
    whole = query.as_of is None and not ANSWERS_ALONE & query.where.keys()
    yield [*change, *([to(t("More reports"), "more", 0)] if whole else [])]


def _told(place: Place, step: str) -> bool:
    """Whether the view knows what the screen is narrowed to."""
    return set(place.query.where) <= set(LIMITED.get(step, place.query.where))


def _fits(place: Place, step: str) -> bool:
    """Whether the step leads to something: not to parts of what has none, nor to words of the past."""
    if step == "words":
        return place.query.as_of is None
    deepest = [name for name in ("item", "component", "block") if name in place.query.where]
    return step in OF_QUESTIONS and not ("item" in deepest or (step == "block" and "component" in deepest))


def _files(screen: Screen, to: To, t: Callable[[str], str]) -> Row:
    view = screen.place.view
    if screen.empty or view in ("more", "words"):
        return []
    drawn = [to(t("Picture"), "png", 0)] if view in DRAWN else []
    return [*drawn, to("XLSX", "xlsx", 0), *([to("PDF", "pdf", 0)] if view in PAGED else [])]


def _back(place: Place, to: To, t: Callable[[str], str]) -> Row:
    if place.view == "home":
        return []
    back = [to(t("Back"), "back", 0)] if place.before else []
    return [*back, button(t("All metrics"), write(ReportButton()))]


def _in_rows(buttons: Sequence[Mapping[str, object]]) -> Iterator[Row]:
    yield from ([*buttons[at : at + A_ROW]] for at in range(0, len(buttons), A_ROW))


def short(label: str) -> str:
    """A label of at most 40 characters: whole words of its beginning and, for names alike there, of its end.

    >>> short("Северо-Западное научно-производственное объединение № 12")
    'Северо-Западное …объединение № 12'
    """
    if len(label) <= LABEL:
        return label
    end = fold(" ".join(reversed(label.split())), LABEL // 2 - 2, measure=len)[0]
    tail = " ".join(reversed(end.split()))
    head = fold(label, LABEL - len(tail) - 2, measure=len)[0]
    return f"{head} …{tail}"
