"""The conversation as a pure function: `advance(questionnaire, interview, signal) -> Turn`."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from metrics.scales import points
from surveys import successor
from surveys.answers import answered, settled
from surveys.attaching import answer_in, attach, takes_files
from surveys.ending import complete, leave, refuse, reopen, send
from surveys.events import (
    AnswerRejected,
    Began,
    ButtonStale,
    Event,
    LanguageSwitched,
    Postponed,
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
from surveys.routing import asked_band, asking, following, listed, route
from surveys.signals import ChangedMind, Pressed, Refused, Said, Signal, SwitchedLanguage, TimeRanOut
from surveys.typed import clean, is_final, lacking, standing, tick


def advance(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The interview after `signal`, and what happened.

    Pure: the same signals always give the same turns. Bad input is an event, not an exception.
    """
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
            return _said(questionnaire, interview, signal)
        case SwitchedLanguage():
            return _switched(questionnaire, interview, signal)
        case Refused():
            return refuse(interview, signal)
        case TimeRanOut():
            return leave(questionnaire, interview, signal)
        case ChangedMind():
            return Turn(interview)
        case _:
            assert_never(signal)


def consent_digest(questionnaire: Questionnaire, interview: Interview) -> str:
    """SHA-256, hexadecimal, of the text this person agrees to."""
    return hashlib.sha256(questionnaire.consent[interview.mode][interview.language].encode()).hexdigest()


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
        return refuse(interview, pressed)
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
            return Turn(replace(interview, turn=interview.turn + 1), (Postponed(),))
        case _:
            return Turn(interview, (ButtonStale(),))


def _begin(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    agreed = _agreed(questionnaire, interview, pressed)
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


def _agreed(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Interview:
    """The interview with the consent that the first step gives; coming back to the start changes the moment of it."""
    until = signal.at + timedelta(days=questionnaire.validity) if questionnaire.validity else None
    return replace(
        interview,
        consented_at=signal.at,
        consent=consent_digest(questionnaire, interview),
        valid_until=interview.valid_until or until,
    )


def _card(questionnaire: Questionnaire, interview: Interview, pressed: Pressed) -> Turn:
    item = asking(questionnaire, interview)
    match pressed.action:
        case "score" if isinstance(item, ScaleItem) and pressed.score in points(item.scale):
            return _answer(questionnaire, interview, pressed, Answer(item.key, score=pressed.score))
        case "pick" if isinstance(item, ChoiceItem) and (key := item.option(pressed.option)):
            return _ticked(questionnaire, interview, pressed, item, tick(item, standing(item, interview), key))
        case "done" if isinstance(item, ChoiceItem) and (draft := standing(item, interview)):
            lack = lacking(item, draft)
            return Turn(interview, (lack,)) if lack else _answer(questionnaire, interview, pressed, draft)
        case "inapplicable" if isinstance(item, Asked) and item.not_applicable:
            return _answer(questionnaire, interview, pressed, Answer(item.key, choice=(NOT_APPLICABLE,)))
        case "next" if isinstance(item, StatementItem):
            return _step(questionnaire, interview, pressed, ())
        case "skip" if item.key not in interview.answers and not isinstance(item, StatementItem):
            return _step(questionnaire, interview, pressed, ())
        case "keep" if item.key in interview.answers:
            return _step(questionnaire, interview, pressed, ())
        case "back":
            return _back(interview)
        case "postpone":
            return Turn(replace(interview, turn=interview.turn + 1), (Postponed(),))
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


def _back(interview: Interview) -> Turn:
    """To the question before; from one that is changed to where it was chosen."""
    if interview.changing is not None:
        back = replace(interview, phase=Phase.REVIEW, changing=None, draft=None)
        return Turn(replace(back, turn=interview.turn + 1))
    trail = interview.trail[:-1]
    phase = Phase.ASKING if trail else Phase.INTRODUCTION
    return Turn(replace(interview, turn=interview.turn + 1, trail=trail, phase=phase, draft=None))


def _said(questionnaire: Questionnaire, interview: Interview, said: Said) -> Turn:
    if interview.phase is Phase.NAMING:
        return successor.said(interview, said)
    if interview.current is None:
        return Turn(interview, (AnswerRejected("buttons_only"),))
    item = asking(questionnaire, interview)
    words = clean(said.text)
    if said.attachments and takes_files(item):
        return _attached(questionnaire, interview, said, attach(item, words, said.attachments, interview))
    if said.attachments and not words:
        return Turn(interview, (AnswerRejected("files_unwanted"),))
    answer = answer_in(item, words, interview)
    if isinstance(item, ChoiceItem):
        return _ticked(questionnaire, interview, said, item, answer)
    if isinstance(answer, AnswerRejected):
        return Turn(interview, (answer,))
    return _answer(questionnaire, interview, said, answer)


def _attached(questionnaire: Questionnaire, interview: Interview, said: Said, answer: Answer | AnswerRejected) -> Turn:
    """Answered at once, and still asked: more files or words may follow. Of several options it is one tick of many."""
    if isinstance(answer, AnswerRejected):
        return Turn(interview, (answer,))
    item = questionnaire.item(answer.item)
    if isinstance(item, ChoiceItem) and item.several:
        return Turn(replace(interview, turn=interview.turn + 1, draft=answer))
    agreed = _agreed(questionnaire, interview, said) if interview.consented_at is None else interview
    kept = answered(questionnaire, agreed, answer)
    return Turn(replace(kept.interview, turn=interview.turn + 1, draft=answer), kept.events)


def _ticked(
    questionnaire: Questionnaire,
    interview: Interview,
    signal: Signal,
    item: ChoiceItem,
    ticked: Answer | AnswerRejected,
) -> Turn:
    if isinstance(ticked, AnswerRejected):
        return Turn(interview, (ticked,))
    if is_final(item, ticked):
        return _answer(questionnaire, interview, signal, ticked)
    return Turn(replace(interview, turn=interview.turn + 1, draft=ticked))


def _switched(questionnaire: Questionnaire, interview: Interview, switched: SwitchedLanguage) -> Turn:
    """Items that are not for speakers of the new language are off the route from now on."""
    if switched.language not in questionnaire.title:
        return Turn(interview)
    speaking = replace(interview, language=switched.language)
    still, withdrawn = settled(questionnaire, interview, speaking)
    passed = {item.key for item in route(questionnaire, still)}
    stays = Turn(replace(still, turn=still.turn + 1), (LanguageSwitched(), *withdrawn))
    turn = stays if still.current in {None, *passed} else _step(questionnaire, still, switched, stays.events)
    trail = tuple(key for key in turn.interview.trail if key in passed)
    return replace(turn, interview=replace(turn.interview, trail=trail))


def _answer(questionnaire: Questionnaire, interview: Interview, signal: Signal, answer: Answer) -> Turn:
    kept = answered(questionnaire, interview, answer)
    still = kept.interview
    if interview.changing is not None:
        still = replace(still, trail=_still_shown(questionnaire, interview, still))
    return _step(questionnaire, still, signal, kept.events)


def _still_shown(questionnaire: Questionnaire, before: Interview, after: Interview) -> tuple[str, ...]:
    """Of what was shown, what the route passes as before. The rest is new to the person, should it come."""
    passed = {item.key for item in route(questionnaire, after)}

    def same(key: str) -> bool:
        item = questionnaire.item(key)
        return asked_band(item, before) == asked_band(item, after)

    return tuple(key for key in after.trail if key in passed and same(key))


def _step(questionnaire: Questionnaire, interview: Interview, signal: Signal, events: tuple[Event, ...]) -> Turn:
    """On to the next item of the route, to the review, or to the end."""
    if interview.consented_at is None:
        interview = _agreed(questionnaire, interview, signal)
    item = following(questionnaire, interview)
    moved = replace(interview, turn=interview.turn + 1, trail=_shown(questionnaire, interview), draft=None)
    if item is not None and interview.changing is not None:
        return Turn(replace(moved, changing=item.key), events)
    if item is not None:
        return Turn(replace(moved, trail=(*moved.trail, item.key)), events)
    if questionnaire.review or interview.amending:
        return Turn(replace(moved, phase=Phase.REVIEW, changing=None), events)
    closed = complete(questionnaire, interview, signal)
    return Turn(closed.interview, events + closed.events)


def _shown(questionnaire: Questionnaire, interview: Interview) -> tuple[str, ...]:
    """What was shown so far, the item being asked included, in the order of the questionnaire."""
    if interview.changing is None:
        return interview.trail
    return tuple(sorted({*interview.trail, interview.changing}, key=questionnaire.position))
