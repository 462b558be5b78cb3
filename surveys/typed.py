"""Answers in the making: what a text message says to an item, and what is ticked among its options."""

import re
import unicodedata
from dataclasses import replace
from typing import assert_never

from metrics.scales import points
from surveys.days import day_in
from surveys.events import AnswerRejected
from surveys.interview import Answer, Interview
from surveys.numerals import number_in
from surveys.questionnaire import (
    NONE,
    OTHER,
    TEXT_LIMIT,
    ChoiceItem,
    DateItem,
    Item,
    Language,
    NumberItem,
    ScaleItem,
    StatementItem,
    TextItem,
    WhyItem,
)

AMONG_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
KEPT_CONTROLS = frozenset("\n\t\u200c\u200d")


def clean(text: str) -> str:
    """The words as they are kept: normalised, without control characters and lone surrogates.

    >>> clean(" a\\x00b\\ud800 ")
    'ab'
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(c for c in normal if c in KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def standing(item: Item, interview: Interview) -> Answer | None:
    """What is chosen on the card of this item: what was ticked since it was drawn, else the answer it has."""
    if interview.draft is not None:
        return interview.draft
    answer = interview.answers.get(item.key)
    return answer if answer is not None and answer.applicable else None


def read(item: Item, words: str, language: Language, draft: Answer | None) -> Answer | AnswerRejected:
    """The answer in these cleaned words; to an item of several options, what is ticked after them."""
    match item:
        case ScaleItem():
            return _score(item, words)
        case ChoiceItem():
            return _choice(item, words, language, draft)
        case NumberItem():
            return _number(item, words)
        case DateItem():
            return _date(item, words)
        case TextItem():
            return in_words(item.key, words, item.at_least, item.limit)
        case WhyItem():
            return in_words(item.key, words, 1, item.limit)
        case StatementItem():
            return AnswerRejected("buttons_only")
        case _:
            assert_never(item)


def tick(item: ChoiceItem, draft: Answer | None, option: str) -> Answer | AnswerRejected:
    """The draft after a tap on an option of this key, which takes a tick away where there is one."""
    chosen = set(draft.choice if draft else ())
    if not item.several or NONE in (*chosen, option):
        return Answer(item.key, choice=(option,))
    chosen ^= {option}
    if len(chosen) > item.at_most:
        return AnswerRejected("too_many", {"limit": item.at_most})
    own = draft if draft and OTHER in chosen else Answer(item.key)
    return replace(own, choice=_ordered(item, chosen))


def lacking(item: ChoiceItem, draft: Answer) -> AnswerRejected | None:
    """What keeps the draft from being an answer."""
    if OTHER in draft.choice and not draft.text and not draft.attachments:
        return AnswerRejected("words_wanted")
    if draft.choice != (NONE,) and len(draft.choice) < item.at_least:
        return AnswerRejected("too_few", {"limit": item.at_least})
    return None


def is_final(item: ChoiceItem, draft: Answer) -> bool:
    """Whether nothing can be added to the draft: no further tap is needed to go on."""
    return (not item.several or draft.choice == (NONE,)) and lacking(item, draft) is None


def _score(item: ScaleItem, words: str) -> Answer | AnswerRejected:
    number, whole = number_in(words) or (None, None)
    if number in points(item.scale) and whole in (None, item.scale.high):
        return Answer(item.key, score=number)
    return AnswerRejected("not_a_score", {"low": item.scale.low, "high": item.scale.high})


def _number(item: NumberItem, words: str) -> Answer | AnswerRejected:
    number, whole = number_in(AMONG_DIGITS.sub("", words)) or (None, None)
    if number is not None and whole is None and item.low <= number <= item.high:
        return Answer(item.key, choice=(str(number),))
    return AnswerRejected("not_a_number", {"low": item.low, "high": item.high})


def _date(item: DateItem, words: str) -> Answer | AnswerRejected:
    day = day_in(words)
    if day is not None and item.since <= day <= item.until:
        return Answer(item.key, choice=(day.isoformat(),))
    return AnswerRejected("not_a_date", {"low": item.since.isoformat(), "high": item.until.isoformat()})


def in_words(key: str, words: str, at_least: int, limit: int) -> Answer | AnswerRejected:
    """The words as an answer, if there are as many as there may be."""
    if not words:
        return AnswerRejected("empty")
    if len(words) < at_least:
        return AnswerRejected("too_short", {"length": len(words), "limit": at_least})
    if len(words) > limit:
        return AnswerRejected("too_long", {"length": len(words), "limit": limit})
    return Answer(key, text=words)


def _choice(item: ChoiceItem, words: str, language: Language, draft: Answer | None) -> Answer | AnswerRejected:
    """A label, typed, is that option; other words are the other option's, where there is one."""
    for key, label in item.offered.items():
        if label[language].casefold() == words.casefold():
            return tick(item, draft, key)
    if item.other is None:
        return AnswerRejected("not_an_option" if words else "empty")
    said = in_words(item.key, words, 1, TEXT_LIMIT)
    if isinstance(said, AnswerRejected):
        return said
    picked = draft if draft and OTHER in draft.choice else tick(item, draft, OTHER)
    return picked if isinstance(picked, AnswerRejected) else replace(picked, text=words)


def _ordered(item: ChoiceItem, chosen: set[str]) -> tuple[str, ...]:
    return tuple(key for key in item.offered if key in chosen)
