"""The conversation as a pure function: `advance(questionnaire, interview, signal) -> Turn`."""

from dataclasses import replace
from typing import assert_never

from metrics.scales import points
from surveys import postponing, successor
from surveys.comments import kept
from surveys.consent import agree
from surveys.edits import edited
from surveys.ending import complete, leave, refuse, reopen, send
from surveys.events import (
    Began,
    ButtonStale,
    LanguageSwitched,
    Turn,
)
from surveys.interview import Answer, Interview, Phase
from surveys.questionnaire import (
    NOT_APPLICABLE,
    Asked,
    ChoiceItem,
    Questionnaire,
    ScaleItem,
    StatementItem,
)
from surveys.routing import asking, listed, route
from surveys.saying import keep, said
from surveys.signals import ChangedMind, Edited, Pressed, Refused, Said, Signal, SwitchedLanguage, TimeRanOut, Woken
from surveys.steps import choose, give, resettled, step
from surveys.typed import lacking, standing, tick


def advance(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The interview after `signal`, and what happened.

    Pure: the same signals always give the same turns. Bad input is an event, not an exception.
    """
    if isinstance(signal, Edited):
        return edited(questionnaire, interview, signal)
    if interview.phase is Phase.CLOSED:
        return reopen(interview, signal)
    if interview.phase is Phase.NAMING and isinstance(signal, TimeRanOut):
        return successor.close_redirected(interview, signal, None)
    if interview.overdue(signal.at) and not _refuses(interview, signal):
        return leave(questionnaire, interview, signal)
    match signal:
        case Pressed():
            return _pressed(questionnaire, interview, signal)
        case Said():
            return said(questionnaire, interview, signal)
        case SwitchedLanguage():
            return _switched(questionnaire, interview, signal)
        case Refused():
            return refuse(questionnaire, interview, signal)
        case TimeRanOut():
            return leave(questionnaire, interview, signal)
        case Woken():
            return postponing.wake(interview)
        case ChangedMind():
            return Turn(interview)
        case _:
            assert_never(signal)


def _refuses(interview: Interview, signal: Signal) -> bool:
    match signal:
        case Pressed(turn=turn, action="refuse"):
            return turn == interview.turn
        case _:
            return isinstance(signal, Refused)


def _pressed(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    if pressed.turn != interview.turn:
        return Turn(interview, (ButtonStale(),))
    if pressed.action == "refuse":
        return refuse(questionnaire, interview, pressed)
    if interview.put_off:
        return postponing.pressed(interview, pressed)
    if pressed.action == "redirect":
        return successor.redirect(interview)
    if interview.phase is Phase.NAMING:
        return successor.pressed(interview, pressed)
    if interview.phase is Phase.INTRODUCTION:
        return _introduction(questionnaire, interview, pressed)
    if interview.phase is Phase.REVIEW:
        return _review(questionnaire, interview, pressed)
    return _card(questionnaire, interview, pressed)


def _introduction(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    match pressed.action:
        case "begin":
            return _begin(questionnaire, interview, pressed)
        case "postpone":
            return postponing.put_off(interview, pressed)
        case _:
            return Turn(interview, (ButtonStale(),))


def _begin(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    agreed = agree(questionnaire, interview, pressed)
    first = next(route(questionnaire, interview), None)
    if first is None:
        closed = complete(questionnaire, agreed, pressed)
        return Turn(closed.interview, (Began(), *closed.events))
    begun = replace(agreed, turn=interview.turn + 1, phase=Phase.ASKING, trail=(first.key,))
    return Turn(begun, (Began(),))


def at_first_question(questionnaire: Questionnaire, interview: Interview) -> Interview:
    """An interview that begins with its first question; whoever answers it agrees to what stands beside it."""
    first = next(route(questionnaire, interview), None)
    return interview if first is None else replace(interview, phase=Phase.ASKING, trail=(first.key,))


def _card(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    item = asking(questionnaire, interview)
    match pressed.action:
        case "score" if isinstance(item, ScaleItem) and pressed.score in points(item.scale):
            return give(questionnaire, interview, pressed, Answer(item.key, score=pressed.score))
        case "pick" if isinstance(item, ChoiceItem) and (key := item.option(pressed.option)):
            return choose(questionnaire, interview, pressed, item, tick(item, standing(item, interview), key))
        case "done" if isinstance(item, ChoiceItem) and (draft := standing(item, interview)):
            lack = lacking(item, draft)
            return Turn(interview, (lack,)) if lack else give(questionnaire, interview, pressed, draft)
        case "inapplicable" if isinstance(item, Asked) and item.not_applicable:
            return give(questionnaire, interview, pressed, Answer(item.key, choice=(NOT_APPLICABLE,)))
        case "next" if isinstance(item, StatementItem):
            return step(questionnaire, interview, pressed, ())
        case "skip" if item.key not in interview.answers and not isinstance(item, StatementItem):
            return step(questionnaire, interview, pressed, ())
        case "keep" if item.key in interview.answers:
            return step(questionnaire, interview, pressed, ())
        case "comment" if interview.comment is not None:
            return keep(questionnaire, interview, pressed, interview.comment)
        case "discard" if interview.comment is not None:
            return Turn(replace(interview, turn=interview.turn + 1, comment=None))
        case "back":
            return _back(questionnaire, interview)
        case "postpone" if not interview.amending:
            return postponing.put_off(interview, pressed)
        case _:
            return Turn(interview, (ButtonStale(),))


def _review(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    turn = interview.turn + 1
    match pressed.action:
        case "send":
            return send(questionnaire, interview, pressed)
        case "change" if key := _changeable(questionnaire, interview, pressed.option):
            return Turn(replace(interview, turn=turn, phase=Phase.ASKING, changing=key))
        case "more":
            return Turn(replace(interview, turn=turn, page=interview.page + 1))
        case "back" if not interview.amending:
            return Turn(replace(interview, turn=turn, phase=Phase.ASKING))
        case _:
            return Turn(interview, (ButtonStale(),))


def _changeable(questionnaire: Questionnaire, interview: Interview, number: int | None) -> str | None:
    """Key of the item of this number, if it is among those that are listed."""
    keys = (item.key for item in listed(questionnaire, interview))
    return next((key for key in keys if questionnaire.position(key) == number), None)


def _back(questionnaire: Questionnaire, interview: Interview) -> Turn:
    """To the question before; from one that is changed to where it was chosen. Words on offer stay with theirs."""
    words = kept(questionnaire, interview, interview.comment)
    here = replace(words.interview, turn=interview.turn + 1, draft=None)
    if interview.changing is not None:
        return Turn(replace(here, phase=Phase.REVIEW, changing=None), words.events)
    trail = interview.trail[:-1]
    phase = Phase.ASKING if trail else Phase.INTRODUCTION
    return Turn(replace(here, trail=trail, phase=phase), words.events)


def _switched(questionnaire: Questionnaire, interview: Interview, switched: SwitchedLanguage) -> Turn:
    """Items that are not for speakers of the new language are off the route from now on."""
    if switched.language not in questionnaire.title:
        return Turn(interview)
    speaking = replace(interview, language=switched.language)
    return resettled(questionnaire, interview, speaking, switched, (LanguageSwitched(),))
