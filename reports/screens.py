"""What stands on report screens beside the figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reports.notes import whose
from reports.overview import period_of
from reports.phrases import BREAKDOWNS, NAMES, TITLES
from reports.speech import Speech
from surveys.locales import N_
from surveys.places import OVERVIEWS, Place, View
from surveys.reporting import ReportQuery
from surveys.verbatims import Verbatim

LOOKS: Final[Mapping[View, str]] = {
    "home": N_("NPS of late"),
    "news": N_("NPS of late"),
    "roles": N_("How far roles are apart"),
    "clients": N_("NPS of clients by three rules"),
    "importance": N_("What moves the NPS"),
    "service": N_("How soon requests are handled"),
    "loop": N_("How the loop works"),
}
CAPTION: Final = 1000


def title_of(t: Speech, place: Place, query: ReportQuery, *, drawn: bool) -> str:
    """What a file shows, as its caption. `drawn`: a picture, which shows less than the screen it is of."""
    if place.view in OVERVIEWS and not drawn:
        said = t("All metrics")
    elif place.view in LOOKS:
        said = t(LOOKS[place.view])
    else:
        said = " ".join([t(TITLES[query.metric]), *([t(BREAKDOWNS[query.by])] if query.by else [])])
    if place.across:
        said += f" × {t(NAMES[place.across]).lower()}"
    return " · ".join([said, *_cut(t, query)])[:CAPTION]


def unmade(t: Speech) -> str:
    """In place of a file."""
    return t("The file could not be made. Please try again.")


def menu(t: Speech, query: ReportQuery) -> str:
    """Above the list of other reports."""
    return "\n".join([t("What would you like to see?"), *_cut(t, query)])


def quoted_title(t: Speech, query: ReportQuery) -> str:
    """Above the words of people."""
    return " · ".join([t("Verbatims"), *_cut(t, query)])


def nothing_quoted(t: Speech, words: Sequence[Verbatim] | None) -> str:
    """In place of words."""
    return t("No words.") if words is not None else t("Suppressed: too few people answered here to show their words.")


def numbered(t: Speech, page: int, total: int) -> str:
    """Below one page of several."""
    return "\n\n" + t("Page {n} of {total}", n=page + 1, total=total) if total > 1 else ""


def _cut(t: Speech, query: ReportQuery) -> Iterator[str]:
    yield from whose(t, query.scope)
    yield period_of(t, query)
    yield from (t.names(name, values) for name, values in query.where.items())
