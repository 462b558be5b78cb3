"""Answering: a signal of a person meets their open interview."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.errors import NothingOpen
from surveys.events import Closed, Event, Reopened
from surveys.flow import advance
from surveys.interview import Disposition
from surveys.ports import Library, OpenInterview, UnitOfWork
from surveys.questionnaire import Language, Questionnaire
from surveys.signals import ChangedMind, Edited, Pressed, Refused, Said, Signal, SwitchedLanguage, TimeRanOut, Woken


@dataclass(frozen=True, slots=True)
class Responded:
    """The interview after the signal, its questionnaire and what happened.

    `trace`: the event it is asked after. `copy`: a message in which the card stands as well, and no longer counts.
    """

    opened: OpenInterview
    questionnaire: Questionnaire
    events: tuple[Event, ...]
    trace: str | None = None
    copy: int | None = None


async def press(
    uow: UnitOfWork, library: Library, telegram_id: int, interview_id: str, signal: Pressed, place: int | None = None
) -> Responded:
    """A button of a card. Raises NothingOpen when the interview is not this person's.

    `place`: the message it was in. Of copies of a card the lowest of those known is the one that goes on.
    """
    opened = await uow.interviews.get(interview_id)
    if opened is None or opened.card.chat_id != telegram_id:
        raise NothingOpen
    return await _advance(uow, library, opened, signal, place=place)


async def say(uow: UnitOfWork, library: Library, telegram_id: int, signal: Signal) -> Responded:
    """Words, or a command, for the interview the person is in. Raises NothingOpen when there is none.

    Words push the card up, so it comes down below them as a new message.
    """
    opened = await uow.interviews.open_of(telegram_id)
    if opened is None:
        raise NothingOpen
    return await _advance(uow, library, opened, signal, below=True)


async def enter(uow: UnitOfWork, library: Library, opened: OpenInterview, signal: Signal) -> Responded:
    """Words that an interviewer writes down, or an end to the talk."""
    return await _advance(uow, library, opened, signal, below=isinstance(signal, Said))


async def edit(uow: UnitOfWork, library: Library, opened: OpenInterview, signal: Edited) -> Responded:
    """New words of an earlier message of this interview."""
    return await _advance(uow, library, opened, signal)


async def recall(uow: UnitOfWork, library: Library, opened: OpenInterview, at: datetime) -> Responded:
    """Brings the interview's card back down as a new message, with the question even if it was put off."""
    if opened.interview.put_off:
        return await _advance(uow, library, opened, Woken(at=at), below=True)
    below = replace(opened, card=replace(opened.card, message_id=None, shown_turn=-1))
    await uow.interviews.save(opened, below, (), at)
    return await as_it_is(library, below)


async def run_out(uow: UnitOfWork, library: Library, opened: OpenInterview, at: datetime) -> Responded | None:
    """Ends what nobody went on with. None: its card was never drawn, and is not drawn any more."""
    questionnaire = await _questionnaire(library, opened)
    turn = advance(questionnaire, opened.interview, TimeRanOut(at=at))
    unseen = opened.card.message_id is None
    card = replace(opened.card, shown_turn=turn.interview.turn) if unseen else opened.card
    after = replace(opened, interview=turn.interview, card=card)
    await uow.interviews.save(opened, after, turn.events, at)
    ended = Responded(after, questionnaire, turn.events)
    return None if unseen else ended


async def missed(uow: UnitOfWork, library: Library, opened: OpenInterview) -> Sequence[Responded]:
    """What else is open in this chat and could not be shown there as it is now."""
    here = [one for one in await uow.interviews.about(opened.about.person_id) if one.about.interviewer is None]
    behind = [one for one in here if one.card.shown_turn < one.interview.turn and one != opened]
    return [await as_it_is(library, one) for one in behind]


async def ended_unseen(uow: UnitOfWork, library: Library, telegram_id: int) -> Sequence[Responded]:
    """What ended in this chat while it could not be written to."""
    return [await as_it_is(library, one) for one in await uow.interviews.ended_unseen(telegram_id)]


async def as_it_is(library: Library, opened: OpenInterview) -> Responded:
    """The interview, to which nothing has happened."""
    return Responded(opened, await _questionnaire(library, opened), ())


async def switch_language(
    uow: UnitOfWork, library: Library, telegram_id: int, language: Language, at: datetime
) -> Responded | None:
    """Remembers the person's language; the open interview, if any, goes on in it."""
    person = await uow.people.by_telegram(telegram_id)
    if person is None:
        return None
    await uow.people.set_language(person.id, language)
    try:
        return await say(uow, library, telegram_id, SwitchedLanguage(at=at, language=language))
    except NothingOpen:
        return None


async def stop_asking(uow: UnitOfWork, library: Library, telegram_id: int, at: datetime) -> Sequence[Responded]:
    """The person is asked no more, at once; whatever is open ends as it is, what they were in last first."""
    person = await uow.people.by_telegram(telegram_id)
    if person is None:
        return ()
    await uow.people.set_opted_out(person.id, at)
    ended = []
    while (opened := await uow.interviews.open_of(telegram_id)) is not None:
        ended.append(await _advance(uow, library, opened, Refused(at=at)))
    return ended


async def resume_asking(uow: UnitOfWork, library: Library, telegram_id: int, at: datetime) -> Responded | None:
    """The person may be asked again; what they refused last goes on, if it still can."""
    person = await uow.people.by_telegram(telegram_id)
    if person is None:
        return None
    await uow.people.set_opted_out(person.id, None)
    refused = await uow.interviews.refused_by(telegram_id)
    return await change_mind(uow, library, refused, at) if refused else None


async def change_mind(uow: UnitOfWork, library: Library, refused: OpenInterview, at: datetime) -> Responded | None:
    """The refused interview, going on; None when it is too late for that."""
    responded = await _advance(uow, library, refused, ChangedMind(at=at), below=True)
    if Reopened() not in responded.events:
        return None
    await uow.people.set_opted_out(refused.about.person_id, None)
    return responded


async def _advance(
    uow: UnitOfWork,
    library: Library,
    opened: OpenInterview,
    signal: Signal,
    *,
    below: bool = False,
    place: int | None = None,
) -> Responded:
    questionnaire = await _questionnaire(library, opened)
    turn = advance(questionnaire, opened.interview, signal)
    if turn.interview is opened.interview:
        return Responded(opened, questionnaire, turn.events)
    copies = sorted({each for each in (opened.card.message_id, place) if each is not None})
    card = replace(opened.card, message_id=copies[-1] if copies and not below else None)
    after = replace(opened, interview=turn.interview, card=card)
    await uow.interviews.save(opened, after, turn.events, signal.at)
    asked = opened.about.interviewer is None  # whoever declines a talk may still be written to
    if asked and wants_no_more(signal) and any(isinstance(event, Closed) for event in turn.events):
        await uow.people.set_opted_out(opened.about.person_id, signal.at)
    return Responded(after, questionnaire, turn.events, copy=copies[0] if len(copies) > 1 else None)


def refused(responded: Responded) -> bool:
    """Whether the interview ended with a refusal: its card then says that nothing more will be asked."""
    return responded.opened.interview.disposition in {Disposition.REFUSED, Disposition.BREAK_OFF}


def wants_no_more(signal: Signal) -> bool:
    """Whether this person asks not to be asked."""
    return isinstance(signal, Refused) or (isinstance(signal, Pressed) and signal.action == "refuse")


async def _questionnaire(library: Library, opened: OpenInterview) -> Questionnaire:
    return await library.version(opened.interview.questionnaire, opened.interview.version)
