"""The conversation as a pure function: `advance(questionnaire, interview, signal) -> Turn`."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from metrics.scales import points
from surveys.interview import (
    Answer,
    AnswerGiven,
    AnswerRejected,
    AnswerWithdrawn,
    Began,
    ButtonStale,
    Closed,
    Disposition,
    Event,
    Interview,
    LanguageSwitched,
    Phase,
    Postponed,
    Pressed,
    Refused,
    Said,
    Signal,
    SwitchedLanguage,
    Turn,
)
from surveys.questionnaire import Band, Item, Questionnaire, ScaleItem, TextItem, WhyItem, addressed_role

NUMBER = re.compile(r"[0-9]{1,3}")
KEPT_CONTROLS = frozenset("\n\t\u200c\u200d")


def advance(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The interview after `signal`, and what happened.

    Pure: the same signals always give the same turns. Bad input is an event, not an exception.
    """
    if interview.phase is Phase.CLOSED:
        return Turn(interview, (ButtonStale(),))
    match signal:
        case Pressed():
            return _pressed(questionnaire, interview, signal)
        case Said():
            return _said(questionnaire, interview, signal)
        case SwitchedLanguage(language=language):
            return Turn(replace(interview, turn=interview.turn + 1, language=language), (LanguageSwitched(),))
        case Refused():
            return _refuse(interview, signal)
        case _:
            assert_never(signal)


def route(questionnaire: Questionnaire, interview: Interview) -> Iterator[Item]:
    """The items this interview passes, in order, given the answers so far."""
    return (item for item in questionnaire.items if on_route(item, interview))


def on_route(item: Item, interview: Interview) -> bool:
    """Whether the item is asked of this person, given the answers so far."""
    match item:
        case ScaleItem() | TextItem():
            return addressed_role(item, interview.roles) is not None
        case WhyItem():
            return asked_band(item, interview) is not None
        case _:
            assert_never(item)


def asked_band(item: Item, interview: Interview) -> Band | None:
    """The band of a "why" that the score given to its item falls in; None for every other item."""
    if not isinstance(item, WhyItem):
        return None
    answer = interview.answers.get(item.about)
    return next((band for band in item.bands if answer and answer.score in band.scores), None)


def progress(questionnaire: Questionnaire, interview: Interview) -> tuple[int, int]:
    """Number of the question being asked, from 1, and how many there are; a "why" goes with its question."""
    questions = [item.key for item in route(questionnaire, interview) if not isinstance(item, WhyItem)]
    current = questionnaire.item(interview.trail[-1])
    key = current.about if isinstance(current, WhyItem) else current.key
    return questions.index(key) + 1, len(questions)


def answer_role(questionnaire: Questionnaire, interview: Interview, item: Item) -> str:
    """The role the answer counts under: the addressed one with the greatest weight."""
    asked = questionnaire.item(item.about) if isinstance(item, WhyItem) else item
    if isinstance(asked, WhyItem):
        raise TypeError(f"{item.key} is about another open question")
    return addressed_role(asked, interview.roles) or interview.roles[0]


def clean(text: str) -> str:
    """The words as they are kept: normalised, without control characters and lone surrogates.

    >>> clean(" a\\x00b\\ud800 ")
    'ab'
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(c for c in normal if c in KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def _pressed(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    if pressed.turn != interview.turn:
        return Turn(interview, (ButtonStale(),))
    if pressed.action == "refuse":
        return _refuse(interview, pressed)
    if interview.phase is Phase.INTRODUCTION:
        return _introduction(questionnaire, interview, pressed)
    return _card(questionnaire, interview, pressed)


def _introduction(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    match pressed.action:
        case "begin":
            first = next(route(questionnaire, interview)).key
            begun = replace(
                interview, turn=interview.turn + 1, phase=Phase.ASKING, trail=(first,), consented_at=pressed.at
            )
            return Turn(begun, (Began(),))
        case "postpone":
            return Turn(replace(interview, turn=interview.turn + 1), (Postponed(),))
        case _:
            return Turn(interview, (ButtonStale(),))


def _card(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    item = questionnaire.item(interview.trail[-1])
    match pressed.action:
        case "score" if isinstance(item, ScaleItem) and pressed.score in points(item.scale):
            return _answer(questionnaire, interview, pressed, Answer(item.key, score=pressed.score))
        case "skip" if item.key not in interview.answers:
            return _step(questionnaire, interview, pressed, ())
        case "keep" if item.key in interview.answers:
            return _step(questionnaire, interview, pressed, ())
        case "back" if len(interview.trail) > 1:
            return Turn(replace(interview, turn=interview.turn + 1, trail=interview.trail[:-1]))
        case "back":
            return Turn(replace(interview, turn=interview.turn + 1, trail=(), phase=Phase.INTRODUCTION))
        case _:
            return Turn(interview, (ButtonStale(),))


def _said(questionnaire: Questionnaire, interview: Interview, said: Said) -> Turn:
    if interview.phase is Phase.INTRODUCTION:
        return Turn(interview, (AnswerRejected("buttons_only"),))
    item = questionnaire.item(interview.trail[-1])
    words = clean(said.text)
    match item:
        case ScaleItem():
            return _typed_score(questionnaire, interview, said, item, words)
        case TextItem() | WhyItem():
            return _words(questionnaire, interview, said, item, words)
        case _:
            assert_never(item)


def _typed_score(questionnaire: Questionnaire, interview: Interview, said: Said, item: ScaleItem, words: str) -> Turn:
    number = unicodedata.normalize("NFKC", words).replace("\ufe0f", "").replace("\u20e3", "")
    if NUMBER.fullmatch(number) and int(number) in points(item.scale):
        return _answer(questionnaire, interview, said, Answer(item.key, score=int(number)))
    values = {"low": item.scale.low, "high": item.scale.high}
    return Turn(interview, (AnswerRejected("not_a_score", values),))


def _words(
    questionnaire: Questionnaire, interview: Interview, said: Said, item: TextItem | WhyItem, words: str
) -> Turn:
    if not words:
        return Turn(interview, (AnswerRejected("empty"),))
    if len(words) > item.limit:
        return Turn(interview, (AnswerRejected("too_long", {"length": len(words), "limit": item.limit}),))
    return _answer(questionnaire, interview, said, Answer(item.key, text=words))


def _answer(questionnaire: Questionnaire, interview: Interview, signal: Signal, answer: Answer) -> Turn:
    item = questionnaire.item(answer.item)
    unchanged = interview.answers.get(answer.item) == answer
    events: tuple[Event, ...] = () if unchanged else (_given(questionnaire, interview, item, answer),)
    answered = replace(interview, answers={**interview.answers, answer.item: answer})
    withdrawn = _off_route(questionnaire, interview, answered)
    kept = {key: given for key, given in answered.answers.items() if key not in withdrawn}
    events += tuple(AnswerWithdrawn(key) for key in withdrawn)
    return _step(questionnaire, replace(answered, answers=kept), signal, events)


def _given(questionnaire: Questionnaire, interview: Interview, item: Item, answer: Answer) -> AnswerGiven:
    scale = item.scale.key if isinstance(item, ScaleItem) else None
    role = answer_role(questionnaire, interview, item)
    return AnswerGiven(answer, role, scale, item.component, item.block)


def _off_route(questionnaire: Questionnaire, before: Interview, after: Interview) -> tuple[str, ...]:
    """Answers whose question the route no longer passes, or now asks in other words."""
    return tuple(
        key
        for key in after.answers
        if asked_band(item := questionnaire.item(key), before) != asked_band(item, after) or not on_route(item, after)
    )


def _step(questionnaire: Questionnaire, interview: Interview, signal: Signal, events: tuple[Event, ...]) -> Turn:
    """On to the next item of the route, or to the end."""
    here = questionnaire.position(interview.trail[-1])
    following = next((item for item in questionnaire.items[here + 1 :] if on_route(item, interview)), None)
    if following is None:
        closed = _close(interview, signal, Disposition.COMPLETE)
        return Turn(closed.interview, events + closed.events)
    return Turn(replace(interview, turn=interview.turn + 1, trail=(*interview.trail, following.key)), events)


def _refuse(interview: Interview, signal: Signal) -> Turn:
    return _close(interview, signal, Disposition.BREAK_OFF if interview.answers else Disposition.REFUSED)


def _close(interview: Interview, signal: Signal, disposition: Disposition) -> Turn:
    closed = replace(
        interview, turn=interview.turn + 1, phase=Phase.CLOSED, disposition=disposition, closed_at=signal.at
    )
    return Turn(closed, (Closed(disposition),))
