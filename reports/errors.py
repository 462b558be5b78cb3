"""What is wrong with the words of a report query, in one sentence."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from reports.labels import Labels
from reports.layout import tidy
from reports.phrases import BREAKDOWNS, NAMES
from reports.speech import Speech
from surveys.errors import BadQuery
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Dimension

NAMED: Final = 5
"""Names of clients and the like that a sentence lists."""

MAIN: Final[tuple[Dimension, ...]] = ("role", "account", "project", "stage", "component", "month")
"""The breakdowns a chat names, of all there are."""

SENTENCES: Final[Mapping[str, str]] = {
    "unknown": N_("I don’t understand “{word}”."),
    "twice": N_("“{word}” is one too many: this was said already."),
    "incomplete": N_("Something is missing after “{word}”."),
    "bad_date": N_("“{word}” is not a date."),
    "not_for_metric": N_("“{word}” does not go with this metric."),
    "empty_period": N_("The period ends before it begins: {word}."),
    "unclosed_quote": N_("The quotation mark is not closed: {word}"),
    "too_long": N_("The word is too long: {word}"),
    "too_many": N_("There are too many words, from here on: {word}"),
    "outdated": N_("This screen is out of date. Please ask for the report again."),
    "no_beginning": N_("To see a change, say since when: for example, since 2026-07-01."),
    "not_then": N_("Of words, importance, times and invitations only the state of today is kept: leave out the day."),
    "not_then_confidential": N_("Confidentiality was promised: there are no reports as of an earlier day."),
    "no_such": N_("There is no {thing}."),
    "no_such_yours": N_("Among yours there is no {thing}."),
    "several_such": N_("“{word}” fits more than one name."),
}

CROWDED: Final[Mapping[str, str]] = {
    "two_breakdowns": N_("Only one breakdown at a time: {first} or {second}."),
    "three_breakdowns": N_("Two breakdowns at a time and no more: {first} or {second}."),
}
"""What is said of breakdowns that are too many."""

# In the case that follows "there is no" in each language.
THINGS: Final[Mapping[Dimension, str]] = {
    "account": N_("account “{word}”"),
    "project": N_("project “{word}”"),
    "division": N_("division “{word}”"),
    "product": N_("product “{word}”"),
    "role": N_("role “{word}”"),
    "stage": N_("stage “{word}”"),
    "questionnaire": N_("questionnaire “{word}”"),
    "item": N_("question “{word}”"),
    "component": N_("component “{word}”"),
    "block": N_("block “{word}”"),
    "touchpoint": N_("touchpoint “{word}”"),
    "channel": N_("channel “{word}”"),
    "language": N_("language “{word}”"),
    "month": N_("month “{word}”"),
    "quarter": N_("quarter “{word}”"),
    "wave": N_("wave “{word}”"),
}


def query_problem(error: BadQuery, language: Language, labels: Labels | None = None, *, chat: bool = False) -> str:
    """The sentence, with what is allowed or, better, what was probably meant. One line.

    `chat`: in place of all that is allowed, what is mostly asked for, in the reader's words.
    """
    t = Speech(language, labels or {})
    dimension = cast("Dimension | None", error.values.get("dimension"))
    said = _said(t, _spoken(t, error.values) if chat else error.values, dimension)
    if nearest := error.values.get("nearest"):
        return said + " " + t("Did you mean “{nearest}”?", nearest=_name(t, dimension, str(nearest)))
    allowed = cast("Sequence[str]", error.values.get("allowed") or ())
    if chat and error.values.get("kind") == "word":
        return said + " " + t("Example: /report nps by role since 2026-07-01")
    if chat and set(allowed) & set(MAIN):
        named = ", ".join(t(BREAKDOWNS[way]) for way in MAIN if way in allowed)
        return said + " " + t("Allowed: {allowed}.", allowed=named)
    if allowed:
        named = _listed([_name(t, dimension, each) for each in allowed], NAMED if dimension else len(allowed))
        return said + " " + t("Allowed: {allowed}.", allowed=named).replace("….", "…")
    return said


def _said(t: Speech, values: Mapping[str, object], dimension: Dimension | None) -> str:
    """What is wrong."""
    word = tidy(str(values["word"]))
    if values["reason"] in CROWDED:
        first, second = (t(BREAKDOWNS[cast("Dimension", each)]) for each in (values["other"], values["word"]))
        return t(CROWDED[str(values["reason"])], first=first, second=second)
    thing = t(THINGS[dimension], word=word) if dimension else ""
    return t(SENTENCES[str(values["reason"])], word=word, thing=thing)


def _spoken(t: Speech, values: Mapping[str, object]) -> Mapping[str, object]:
    """The same with the dimension as the reader calls it."""
    word = str(values["word"])
    unfit = values["reason"] == "not_for_metric" and word in NAMES
    return {**values, "word": t(NAMES[cast("Dimension", word)])} if unfit else values


def _listed(names: Sequence[str], most: int) -> str:
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def _name(t: Speech, dimension: Dimension | None, key: str) -> str:
    return t.name(dimension, key) if dimension else key
