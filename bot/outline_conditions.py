"""Conditions in words, for people who do not read YAML."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from babel.lists import format_list

from bot.settings import Settings
from handlers.hints import cannot_answer
from handlers.notices import LANGUAGE_NAMES
from surveys.conditions import (
    Answered,
    AtStage,
    Between,
    Chose,
    Condition,
    During,
    EventSays,
    Every,
    HasRole,
    Inapplicable,
    Not,
    OfAnswer,
    Scored,
    Skipped,
    Some,
    Speaks,
)
from surveys.locales import translations
from surveys.questionnaire import ChoiceItem, Item, Language, Questionnaire, Role, WhyItem


@dataclass(frozen=True, slots=True)
class Reader:
    """A questionnaire, and the language of whoever is to approve of it."""

    questionnaire: Questionnaire
    settings: Settings
    language: Language

    def __call__(self, words: str, /, **values: object) -> str:
        return translations("bot", self.language).gettext(words).format(**values)

    def role(self, role: Role) -> str:
        """What the role is called."""
        known = self.settings.roles.get(role)
        return self.settings.title(known.title, self.language, role) if known else role

    def stage(self, stage: str) -> str:
        """What the stage is called."""
        known = self.settings.journey.get(stage)
        return self.settings.title(known.title, self.language, stage) if known else stage

    def one_of(self, words: Iterable[str]) -> str:
        return format_list(list(words), style="or", locale=self.language.replace("-", "_"))

    def number(self, key: str) -> str:
        """The number a question has in the outline: that of its question for a "why"."""
        asked = [item.key for item in self.questionnaire.items if not isinstance(item, WhyItem)]
        item = self.questionnaire.item(key)
        return str(asked.index(item.about if isinstance(item, WhyItem) else item.key) + 1)


def said(t: Reader, condition: Condition) -> str:
    """The condition as the end of a sentence that begins with "if"."""
    match condition:
        case Every(parts):
            return t(" and ").join(_inside(t, part) for part in parts)
        case Some(parts):
            return t(" or ").join(_inside(t, part) for part in parts)
        case Not(part):
            return t("it is not so that {condition}", condition=_inside(t, part))
        case HasRole(roles):
            return t("the role is {values}", values=t.one_of(map(t.role, _ordered(roles, t.settings.roles))))
        case AtStage(stages):
            return t("the stage is {values}", values=t.one_of(map(t.stage, _ordered(stages, t.settings.journey))))
        case Speaks(languages):
            names = [LANGUAGE_NAMES.get(one, one) for one in sorted(languages)]
            return t("the language is {values}", values=t.one_of(names))
        case EventSays(name, values):
            return t("the event says {name}: {values}", name=name, values=t.one_of(sorted(values)))
        case _:
            return _of_answer(t, condition, t.questionnaire.item(condition.item))


def _inside(t: Reader, condition: Condition) -> str:
    """The same as a part of another condition."""
    words = said(t, condition)
    return f"({words})" if isinstance(condition, Some) else words


def _ordered(words: Collection[str], order: Iterable[str]) -> list[str]:
    """The words as the configuration orders them; what it does not have any more comes last."""
    known = [word for word in order if word in words]
    return known + sorted(set(words) - set(known))


def bands(scores: Iterable[int]) -> str:
    """Scores as bands.

    >>> bands({0, 1, 2, 5, 7, 8})
    '0–2, 5, 7–8'
    """
    ordered = sorted(scores)
    breaks = [at + 1 for at, (one, then) in enumerate(pairwise(ordered)) if then != one + 1]
    runs = [ordered[start:end] for start, end in pairwise([0, *breaks, len(ordered)])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _of_answer(t: Reader, condition: OfAnswer, item: Item) -> str:
    number = _named(t, item)
    match condition:
        case Scored(_, scores):
            return t("the answer to {number} is {values}", number=number, values=bands(scores))
        case Chose(_, options):
            labels = item.offered if isinstance(item, ChoiceItem) else {}
            chosen = [t("“{label}”", label=label[t.language]) for key, label in labels.items() if key in options]
            return t("the answer to {number} is {values}", number=number, values=t.one_of(chosen))
        case Between(_, low, high) | During(_, low, high) if low == high:
            return t("the answer to {number} is {values}", number=number, values=low)
        case Between(_, low, None):
            return t("the answer to {number} is {low} or more", number=number, low=low)
        case Between(_, None, high):
            return t("the answer to {number} is {high} or less", number=number, high=high)
        case During(_, low, None):
            return t("the answer to {number} is {low} or later", number=number, low=low)
        case During(_, None, high):
            return t("the answer to {number} is {high} or earlier", number=number, high=high)
        case Between(_, low, high) | During(_, low, high):
            return t("the answer to {number} lies in {low}…{high}", number=number, low=low, high=high)
        case Answered():
            return t("there is an answer to {number}", number=number)
        case Skipped():
            return t("{number} was left without an answer", number=number)
        case Inapplicable():
            label = t("“{label}”", label=cannot_answer(item, t.language))
            return t("the answer to {number} is {values}", number=number, values=label)
        case _:
            assert_never(condition)


def _named(t: Reader, item: Item) -> str:
    number = t.number(item.key)
    if isinstance(item, WhyItem):
        return t("the open question after {number}", number=number)
    return t("question {number}", number=number)
