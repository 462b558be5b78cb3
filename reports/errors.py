"""What is wrong with the words of a report query, in one sentence."""

from collections.abc import Mapping
from typing import Final

from reports.layout import tidy
from surveys.errors import BadQuery
from surveys.locales import N_, translations
from surveys.questionnaire import Language

SENTENCES: Final[Mapping[str, str]] = {
    "unknown": N_("I do not know the word “{word}”."),
    "twice": N_("“{word}” is one too many: this was said already."),
    "incomplete": N_("Something is missing after “{word}”."),
    "bad_date": N_("“{word}” is not a date."),
    "not_for_metric": N_("“{word}” does not go with this metric."),
    "empty_period": N_("The period ends before it begins: {word}."),
    "unclosed_quote": N_("The quotation mark is not closed: {word}"),
    "too_long": N_("The word is too long: {word}"),
    "too_many": N_("There are too many words, from here on: {word}"),
}


def query_problem(error: BadQuery, language: Language) -> str:
    """The sentence, with what is allowed or, better, what was probably meant. One line."""
    t = translations("reports", language).gettext
    said = t(SENTENCES[str(error.values["reason"])]).format(word=tidy(str(error.values["word"])))
    if nearest := error.values.get("nearest"):
        return said + " " + t("Did you mean “{nearest}”?").format(nearest=nearest)
    allowed = error.values.get("allowed")
    if isinstance(allowed, tuple) and allowed:
        return said + " " + t("Allowed: {allowed}.").format(allowed=", ".join(map(str, allowed)))
    return said
