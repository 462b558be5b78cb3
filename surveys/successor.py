"""“I am not the right person”: the interview asks who is, and ends."""

from dataclasses import replace
from typing import Final

from surveys.ending import close
from surveys.events import AnswerRejected, ButtonStale, Redirected, Turn
from surveys.interview import Disposition, Interview, Phase
from surveys.signals import Pressed, Said, Signal
from surveys.typed import clean

NAME_LIMIT: Final = 200
"""Characters of a name with a position."""


def redirect(interview: Interview) -> Turn:
    """Asks who should be asked instead. Whoever has agreed to answer is the right person."""
    if interview.phase is Phase.NAMING or interview.consented_at is not None or interview.answers:
        return Turn(interview, (ButtonStale(),))
    return Turn(replace(interview, turn=interview.turn + 1, phase=Phase.NAMING, comment=None))


def pressed(interview: Interview, button: Pressed) -> Turn:
    """A button of the card that asks for a name."""
    match button.action:
        case "unnamed":
            return close_redirected(interview, button, None)
        case "back":
            phase = Phase.ASKING if interview.trail else Phase.INTRODUCTION
            return Turn(replace(interview, turn=interview.turn + 1, phase=phase))
        case _:
            return Turn(interview, (ButtonStale(),))


def said(interview: Interview, message: Said) -> Turn:
    """A name, on one line whatever the message looks like."""
    words = " ".join(clean(message.text).split())
    if not words:
        return Turn(interview, (AnswerRejected("name_wanted"),))
    if len(words) > NAME_LIMIT:
        return Turn(interview, (AnswerRejected("too_long", {"length": len(words), "limit": NAME_LIMIT}),))
    return close_redirected(interview, message, words)


def close_redirected(interview: Interview, signal: Signal, words: str | None) -> Turn:
    """The end: a refusal that is no wish not to be asked any more."""
    closed = close(replace(interview, cause="wrong_person"), signal, Disposition.REFUSED)
    return Turn(closed.interview, (Redirected(words), *closed.events))
