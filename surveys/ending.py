"""How an interview ends, and goes on after all."""

from dataclasses import replace

from surveys.events import ButtonStale, Closed, Reopened, Turn
from surveys.interview import Disposition, Interview, Phase
from surveys.signals import ChangedMind, Signal


def reopen(interview: Interview, signal: Signal) -> Turn:
    """Only a refusal can be taken back, and only while the interview may still be finished."""
    refused = interview.disposition in {Disposition.REFUSED, Disposition.BREAK_OFF}
    late = interview.valid_until is not None and signal.at >= interview.valid_until
    if not isinstance(signal, ChangedMind) or not refused or late:
        return Turn(interview, (ButtonStale(),))
    phase = Phase.ASKING if interview.trail else Phase.INTRODUCTION
    reopened = replace(interview, phase=phase, disposition=None, closed_at=None, cause=None)
    return Turn(replace(reopened, turn=interview.turn + 1), (Reopened(),))


def left(interview: Interview) -> Disposition:
    """How an interview ends that nobody went on with (AAPOR)."""
    if interview.answers:
        return Disposition.PARTIAL
    return Disposition.UNREACHED if interview.consented_at is None else Disposition.BREAK_OFF


def refuse(interview: Interview, signal: Signal) -> Turn:
    return close(interview, signal, Disposition.BREAK_OFF if interview.answers else Disposition.REFUSED)


def close(interview: Interview, signal: Signal, disposition: Disposition) -> Turn:
    closed = replace(
        interview,
        turn=interview.turn + 1,
        phase=Phase.CLOSED,
        draft=None,
        disposition=disposition,
        closed_at=signal.at,
    )
    return Turn(closed, (Closed(disposition),))
