"""How an interview ends, and goes on after all."""

from dataclasses import replace
from datetime import timedelta

from surveys.events import Amended, AmendingOver, ButtonStale, Closed, Reopened, Turn
from surveys.interview import Disposition, Interview, Phase
from surveys.questionnaire import Questionnaire
from surveys.routing import listed
from surveys.signals import ChangedMind, Pressed, Signal
from surveys.unfinished import gathered


def reopen(interview: Interview, signal: Signal) -> Turn:
    """Only a refusal can be taken back, and only what was sent can be changed, each in its time."""
    match signal:
        case ChangedMind():
            return _take_back(interview, signal)
        case Pressed(action="amend", turn=interview.turn) if interview.amend_until is not None:
            return _amend(interview, signal)
        case _:
            return Turn(interview, (ButtonStale(),))


def _take_back(interview: Interview, signal: Signal) -> Turn:
    refused = interview.disposition in {Disposition.REFUSED, Disposition.BREAK_OFF}
    late = interview.valid_until is not None and signal.at >= interview.valid_until
    if not refused or late:
        return Turn(interview, (ButtonStale(),))
    phase = Phase.ASKING if interview.trail else Phase.INTRODUCTION
    reopened = replace(interview, phase=phase, disposition=None, closed_at=None, cause=None)
    return Turn(replace(reopened, turn=interview.turn + 1), (Reopened(),))


def _amend(interview: Interview, signal: Signal) -> Turn:
    """How and when the interview ended stays as it is."""
    turn = interview.turn + 1
    if interview.amend_until is None or signal.at >= interview.amend_until:
        return Turn(replace(interview, turn=turn, amend_until=None), (AmendingOver(),))
    return Turn(replace(interview, turn=turn, phase=Phase.REVIEW, page=0, amended=False), (Reopened(),))


def left(questionnaire: Questionnaire, interview: Interview) -> Disposition:
    """How an interview ends that nobody went on with (AAPOR). Whoever has answered everything need not send it."""
    if not interview.answers:
        return Disposition.UNREACHED if interview.consented_at is None else Disposition.BREAK_OFF
    shown = interview.trail[:-1] if interview.changing is None and interview.current else interview.trail
    settled = {*shown, *interview.answers}
    whole = all(item.key in settled for item in listed(questionnaire, interview))
    return Disposition.COMPLETE if whole else Disposition.PARTIAL


def leave(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """Nobody went on with it in time."""
    said = gathered(questionnaire, interview, signal)
    end = _left(questionnaire, said.interview, signal)
    return Turn(end.interview, (*said.events, *end.events))


def _left(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    if interview.amending:
        return seal(interview)
    disposition = left(questionnaire, interview)
    if disposition is Disposition.COMPLETE:
        return complete(questionnaire, interview, signal)
    return close(interview, signal, disposition)


def refuse(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """What was sent stays sent. Who has agreed to nothing, and refuses, has said nothing."""
    said = Turn(interview) if interview.consented_at is None else gathered(questionnaire, interview, signal)
    end = _refused(said.interview, signal)
    return Turn(end.interview, (*said.events, *end.events))


def _refused(interview: Interview, signal: Signal) -> Turn:
    if interview.amending:
        return seal(interview)
    disposition = Disposition.BREAK_OFF if interview.answers else Disposition.REFUSED
    return close(interview, signal, disposition)


def send(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The person is done. Who looked at what they had sent and changed nothing is not asked once more whether to."""
    if not interview.amending:
        return complete(questionnaire, interview, signal)
    return seal(interview if interview.amended else replace(interview, amend_until=None))


def seal(interview: Interview) -> Turn:
    """A complete interview is closed again as it was closed at first."""
    return Turn(_closed(interview), (Amended(),))


def complete(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The end of an interview that reached it."""
    turn = close(interview, signal, Disposition.COMPLETE)
    changeable = questionnaire.amend and interview.trail
    until = signal.at + timedelta(hours=questionnaire.amend) if changeable else None
    return replace(turn, interview=replace(turn.interview, amend_until=until))


def close(interview: Interview, signal: Signal, disposition: Disposition) -> Turn:
    """The end, for the first time."""
    closed = replace(_closed(interview), disposition=disposition, closed_at=signal.at)
    return Turn(closed, (Closed(disposition),))


def _closed(interview: Interview) -> Interview:
    ended = replace(interview, draft=None, comment=None, changing=None, offer=None)
    return replace(ended, turn=interview.turn + 1, phase=Phase.CLOSED)
