"""Looking after interviews nobody finishes: one reminder, or one at the time that was asked for, then the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from surveys.answering import Responded
from surveys.calendar import DAY, due_moment
from surveys.contact import AMENDING, AT_IT, Policy
from surveys.contact_ports import Waiting
from surveys.directory import Person
from surveys.flow import advance
from surveys.interview import Disposition, Phase
from surveys.ports import OpenInterview, UnitOfWork
from surveys.signals import TimeRanOut, Woken
from surveys.successors import note
from surveys.work import Work

Step = Literal["remind", "wake", "expire"]


@dataclass(frozen=True, slots=True)
class Nudged:
    """An interview whose card is to be shown again after the commit: asked once more, or over."""

    responded: Responded
    step: Step


def next_step(waiting: Waiting, policy: Policy, now: datetime) -> tuple[Step, datetime]:
    """What comes next for this interview, reckoned from the last sign of life, and when."""
    over = _over(waiting, policy)
    if waiting.amending:
        return "expire", over
    if waiting.wake_at is not None and max(now, waiting.wake_at) < over:
        return "wake", waiting.wake_at
    if waiting.interviewer is None and waiting.reminded_at is None and policy.reminder_after is not None and now < over:
        reminder = waiting.touched_at + policy.reminder_after
        if reminder < over:
            return "remind", reminder
    return "expire", over


def _over(waiting: Waiting, policy: Policy) -> datetime:
    """When the interview ends that nobody goes on with: as its questionnaire has it, or else as the policy has it.

    What was sent before is soon taken as it is.
    """
    if waiting.amending:
        return waiting.touched_at + AMENDING
    return waiting.valid_until or (waiting.wake_at or waiting.touched_at) + policy.expire_after


async def look_after(work: Work, at_most: int) -> Sequence[Nudged]:
    """Reminds and closes where it is time; gives the interviews whose cards are to be shown."""
    due = await work.uow.fieldwork.due(work.now, at_most)
    people = await work.uow.people.lock(sorted({waiting.person_id for waiting in due}))
    touched = await work.uow.fieldwork.touched(sorted(people))
    nudged, later = [], {}
    for waiting in due:
        step, at = next_step(waiting, work.policy, work.now)
        theirs = touched.get(waiting.person_id, {})
        if step != "expire":
            at = _when(work, people[waiting.person_id], max(at, _free(waiting, theirs)))
        if at > work.now:
            later[waiting.interview_id] = at
        elif came_of_it := await _nudge(work, waiting, people[waiting.person_id], step):
            nudged.append(came_of_it)
            touched = {**touched, waiting.person_id: _asked(theirs, nudged[-1], work.now)}
    await work.uow.fieldwork.look_again(later)
    return nudged


def _free(waiting: Waiting, theirs: Mapping[str, datetime]) -> datetime:
    """When this person is no longer at another interview. `theirs`: their open ones, with the last step of each."""
    others = (at + AT_IT for key, at in theirs.items() if key != waiting.interview_id)
    return max(others, default=waiting.touched_at)


def _asked(theirs: Mapping[str, datetime], nudged: Nudged, now: datetime) -> Mapping[str, datetime]:
    """The same after one of them was asked once more, or is over."""
    rest = {key: at for key, at in theirs.items() if key != nudged.responded.opened.interview.id}
    return rest if nudged.step == "expire" else {**rest, nudged.responded.opened.interview.id: now}


async def _nudge(work: Work, waiting: Waiting, person: Person, step: Step) -> Nudged | None:
    """Whoever may not be written to at the time of the reminder goes without one."""
    opened = await work.uow.interviews.get(waiting.interview_id)
    if opened is None:
        return None
    if step == "expire":
        return await _expire(work, opened)
    await work.uow.fieldwork.look_again({waiting.interview_id: _over(waiting, work.policy)})
    await work.uow.fieldwork.reminded(waiting.interview_id, work.now)
    return await _remind(work, opened, step, seen=await _may_write(work, opened, person))


async def _expire(work: Work, opened: OpenInterview) -> Nudged | None:
    """A card that was never drawn is not drawn any more."""
    questionnaire = await work.library.version(opened.interview.questionnaire, opened.interview.version)
    turn = advance(questionnaire, opened.interview, TimeRanOut(at=work.now))
    unseen = opened.card.message_id is None
    card = replace(opened.card, shown_turn=turn.interview.turn) if unseen else opened.card
    after = replace(opened, interview=turn.interview, card=card)
    await work.uow.interviews.save(opened, after, turn.events, work.now)
    await note(work, after, turn.events)
    return None if unseen else Nudged(Responded(after, questionnaire, turn.events), "expire")


async def _remind(work: Work, opened: OpenInterview, step: Step, *, seen: bool) -> Nudged | None:
    """The card comes down again; that is no sign of life of the person, unless it is what they had asked for."""
    questionnaire = await work.library.version(opened.interview.questionnaire, opened.interview.version)
    if opened.interview.put_off:
        turn = advance(questionnaire, opened.interview, Woken(at=work.now))
        card = opened.card if seen else replace(opened.card, shown_turn=turn.interview.turn)
        after = replace(opened, interview=turn.interview, card=replace(card, message_id=None) if seen else card)
        await work.uow.interviews.save(opened, after, turn.events, work.now)
        shown = replace(after, card=opened.card)
        return Nudged(Responded(shown, questionnaire, turn.events), step) if seen else None
    if not seen:
        return None
    await work.uow.interviews.shown({opened.interview.id: replace(opened.card, message_id=None, shown_turn=-1)})
    return Nudged(Responded(opened, questionnaire, ()), "remind")


async def _may_write(work: Work, opened: OpenInterview, person: Person) -> bool:
    held = await work.uow.directory.stakeholder(opened.about.person_id, opened.about.project_id)
    barred = held is None or held.account.on_hold or held.account.no_foreign_messenger
    return not (barred or person.opted_out_at or person.unreachable_at)


async def give_up(work: Work) -> None:
    """Leaves the first interview that is due alone for a day: looking after it failed."""
    waiting = await work.uow.fieldwork.due(work.now, 1)
    await work.uow.fieldwork.look_again({each.interview_id: work.now + DAY for each in waiting})


async def undelivered(uow: UnitOfWork, telegram_id: int, at: datetime) -> None:
    """Closes what was to be asked of somebody who cannot be written to, where they never saw anything of it."""
    while (opened := await uow.interviews.open_of(telegram_id)) and _unseen(opened):
        turn = opened.interview.turn + 1
        closed = replace(
            opened.interview, turn=turn, phase=Phase.CLOSED, disposition=Disposition.UNREACHED, closed_at=at
        )
        card = replace(opened.card, shown_turn=turn)
        await uow.interviews.save(opened, replace(opened, interview=closed, card=card), (), at)
        await uow.fieldwork.undeliverable(opened.about.invitation_id)


def _unseen(opened: OpenInterview) -> bool:
    return opened.card.message_id is None and opened.card.shown_turn < 0 and not opened.interview.turn


def _when(work: Work, person: Person, at: datetime) -> datetime:
    moment = max(at, work.now)
    return due_moment(moment, work.policy.zone_of(person), work.policy.hours, person.external_id, work.policy.drip)
