"""The buttons of the committee's screens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from handlers.case_words import name_of
from handlers.committee_buttons import CommitteeButton, write_committee
from handlers.committee_words import GAUGES, STATUSES, cause_title
from handlers.notices import LANGUAGE_NAMES
from handlers.replies import Keyboard, button
from surveys.cases.rules import Names
from surveys.improvements.causes import Repeated
from surveys.improvements.improvement import GAUGES as METRICS
from surveys.improvements.improvement import Improvement
from surveys.improvements.telling import Draft
from surveys.locales import N_, translations
from surveys.questionnaire import Language

LABEL: Final = 40
PAGE: Final = 6
SPANS: Final[Mapping[int, str]] = {91: N_("3 months"), 182: N_("6 months"), 365: N_("12 months")}
"""Days of a period, and what it is called."""
YEAR: Final = 365
TERMS: Final = {30: N_("In a month"), 91: N_("In three months"), 182: N_("In half a year"), 365: N_("In a year")}

Row = list[Mapping[str, object]]


def home(causes: Sequence[Repeated], span: int, page: int, names: Names, language: Language) -> Keyboard:
    """Causes of a page, other periods, improvements, papers."""
    t = translations("bot", language).gettext
    shown = list(enumerate(causes, 1))[page * PAGE : (page + 1) * PAGE]
    rows: list[Row] = [
        [_to(f"{place}. {cause_title(one.cause, names, language)}", "cause", span, one.anchor)] for place, one in shown
    ]
    spans = [_to(t(label), "home", days, 0) for days, label in SPANS.items() if days != span]
    papers = [_to(t("Agenda"), "agenda", span), _to(t("Minutes"), "minutes", span)]
    return [*rows, *_turn("home", page, len(causes), span), spans, [_to(t("Improvements"), "list", 0)], papers]


def cause(one: Repeated, span: int, under_way: int | None, language: Language) -> Keyboard:
    """Opens an improvement, or shows the one there is."""
    t = translations("bot", language).gettext
    if under_way is None:
        first = _to(t("Open an improvement"), "open", span, one.anchor)
    else:
        first = _to(t("The improvement"), "card", under_way)
    return [[first], [_to(t("Back"), "home", span, 0)]]


def listed(found: Sequence[Improvement], page: int, names: Names, language: Language) -> Keyboard:
    """Improvements of a page."""
    t = translations("bot", language).gettext
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows: list[Row] = [[_to(line(one, names, language), "card", one.id)] for one in shown]
    return [*rows, *_turn("list", page, len(found)), [_to(t("Causes"), "home", YEAR, 0)]]


def line(one: Improvement, names: Names, language: Language) -> str:
    """An improvement in a list."""
    t = translations("bot", language).gettext
    return f"{t(STATUSES[one.status])} · {one.what or cause_title(one.cause, names, language)}"


def card(one: Improvement, language: Language) -> Keyboard:
    """What can be done with the improvement as it stands."""
    t = translations("bot", language).gettext

    def to(label: str, verb: str) -> Mapping[str, object]:
        return _to(t(label), verb, one.id, one.version)

    ahead = one.status in ("proposed", "planned", "started", "later")
    rows: list[Row] = []
    if ahead:
        rows += [[to(N_("Do it"), "do"), to(N_("Not now"), "later"), to(N_("Will not do"), "wont")]]
        rows += [[to(N_("What to do"), "what"), to(N_("Owner"), "owners")]]
        rows += [[to(N_("Expected effect"), "effects"), to(N_("Until when"), "terms")]]
    if one.status == "planned":
        rows += [[to(N_("Work has begun"), "start")]]
    if one.status == "started":
        rows += [[to(N_("Work is finished"), "finish")]]
    if one.decision is not None:
        rows += [[_to(t("Tell the clients"), "drafts", one.id, 0)]]
    return [*rows, [_to(t("History"), "history", one.id), _to(t("Improvements"), "list", 0)]]


def owners(one: Improvement, people: Sequence[int], known: Mapping[int, str], language: Language) -> Keyboard:
    """Who may be responsible."""
    return [*([_to(name_of(each, known), "own", one.id, one.version, each)] for each in people), _back(one, language)]


def effects(one: Improvement, language: Language) -> Keyboard:
    """Which metric is to move."""
    t = translations("bot", language).gettext
    rows = [[_to(t(GAUGES[metric]), "expect", one.id, one.version, at)] for at, metric in enumerate(METRICS)]
    return [*rows, _back(one, language)]


def terms(one: Improvement, language: Language) -> Keyboard:
    """Until when."""
    t = translations("bot", language).gettext
    return [
        *([_to(t(label), "plan", one.id, one.version, days)] for days, label in TERMS.items()),
        _back(one, language),
    ]


def back(one: Improvement, language: Language) -> Keyboard:
    """To the card."""
    return [_back(one, language)]


def nowhere(language: Language) -> Keyboard:
    """Under what is not there any more."""
    return [[_to(translations("bot", language).gettext("Causes"), "home", YEAR, 0)]]


def drafts(
    one: Improvement, found: Sequence[Draft], page: int, languages: Sequence[Language], language: Language
) -> Keyboard:
    """The draft before and after, what to write in which language, and sending."""
    t = translations("bot", language).gettext
    wanted = [each for each in languages if each in {draft.language for draft in found}]
    rows: list[Row] = list(_turn("drafts", page, len(found), one.id, size=1))
    rows += [[_to(_text_in(t, each), "tell", one.id, one.version, languages.index(each))] for each in wanted]
    if found and found[page].note is None:
        rows += [[_to(t("Leave this person out"), "skip", one.id, found[page].held.person.id, page)]]
    ready = sum(draft.ready for draft in found)
    if ready:
        rows += [[_to(t("Send to all who are ready: {number}").format(number=ready), "send", one.id, one.version)]]
    return [*rows, _back(one, language)]


def _text_in(t: Callable[[str], str], language: Language) -> str:
    return t("Text: {language}").format(language=LANGUAGE_NAMES.get(language, language))


def _turn(screen: str, page: int, total: int, *before: int, size: int = PAGE) -> Iterator[Row]:
    back_ = [_to("←", screen, *before, page - 1)] if page else []
    on = [_to("→", screen, *before, page + 1)] if (page + 1) * size < total else []
    if back_ or on:
        yield [*back_, *on]


def _back(one: Improvement, language: Language) -> Row:
    return [_to(translations("bot", language).gettext("Back"), "card", one.id)]


def _to(label: str, screen: str, *numbers: int) -> Mapping[str, object]:
    short = label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
    return button(" ".join(short.split()) or "…", write_committee(CommitteeButton(screen, numbers)))
