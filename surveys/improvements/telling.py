"""You said, we did: whoever's words led to a decision is told what came of them, in a message with their own words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from surveys.calendar import next_allowed
from surveys.cases.closing import WAIT, barred
from surveys.cases.ports import Cases, CaseView, Voice
from surveys.cases.work import LoopWork
from surveys.contact import YEAR, Policy
from surveys.delivery_ports import Later
from surveys.directory import Stakeholder
from surveys.improvements.improvement import Improvement, NotNow, Step, act
from surveys.improvements.ports import Improvements, Note
from surveys.outward.events import of_improvement
from surveys.questionnaire import Language
from surveys.rules import Rules

TELL: Final = "told"
QUOTED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one person would be told. `said`: their own words, the oldest first. `note`: what became of it so far.

    `barred`: why they cannot be written to. `words`: what was done or decided, in their language; None: not written.
    """

    held: Stakeholder
    language: Language
    said: tuple[Voice, ...]
    words: str | None
    done: bool
    barred: str | None = None
    note: Note | None = None

    @property
    def ready(self) -> bool:
        """Whether an admin's tap sends it."""
        return self.note is None and self.barred is None and self.words is not None


@dataclass(frozen=True, slots=True)
class Telling:
    """A message about to leave."""

    chat_id: int
    draft: Draft


async def drafts(
    cases: Cases, improvements: Improvements, rules: Rules, improvement: Improvement, of: int | None = None
) -> Sequence[Draft]:
    """For everybody, or for one person, with words of their own in the cases behind the improvement."""
    views = await cases.views(await improvements.cases(improvement.id, of))
    notes = await improvements.notes(improvement.id)
    by_person: defaultdict[int, list[CaseView]] = defaultdict(list)
    for _, view in sorted(views.items()):
        by_person[view.case.person_id].append(view)
    found = (_draft(rules, improvement, theirs, notes) for _, theirs in sorted(by_person.items()))
    return [one for one in found if one is not None]


def _draft(
    rules: Rules, improvement: Improvement, theirs: Sequence[CaseView], notes: Mapping[int, Note]
) -> Draft | None:
    held = theirs[-1].held
    every = (voice for view in theirs for voice in view.voices if voice.text and not voice.withdrawn)
    said = dict.fromkeys(voice for voice in every if voice.person_id == held.person.id)
    if not said:
        return None
    language = rules.speaks(held.person.language)
    return Draft(
        held=held,
        language=language,
        said=tuple(sorted(said, key=lambda voice: voice.at)[-QUOTED:]),
        words=improvement.told.get(language),
        done=improvement.status == "finished",
        barred=barred(held),
        note=notes.get(held.person.id),
    )


async def _drafts(work: LoopWork, improvement: Improvement, of: int | None = None) -> Sequence[Draft]:
    return await drafts(work.uow.cases, work.uow.improvements, work.rules, improvement, of)


async def leave_out(work: LoopWork, improvement_id: int, person_id: int) -> None:
    """This person is not to be told. Raises NotNow where there is no such draft."""
    improvement = await work.uow.improvements.get(improvement_id)
    if improvement is None or not await _drafts(work, improvement, person_id):
        raise NotNow(action="left_out")
    await work.uow.improvements.write_notes(improvement_id, [person_id], "left_out", work.now)


async def send(work: LoopWork, improvement: Improvement, actor: int) -> int:
    """Has every draft that is ready sent, each person once whoever presses how often; how many. Raises NotNow."""
    found = await _drafts(work, improvement)
    chats = {draft.held.person.id: draft.held.person.telegram_id for draft in found if draft.ready}
    numbers = await work.uow.improvements.write_notes(improvement.id, chats, "waiting", work.now)
    if not numbers:
        raise NotNow(status=improvement.status, action="sent")
    for person_id, number in numbers.items():
        chat_id = chats[person_id] or 0
        await work.uow.deliveries.enqueue(chat_id, TELL, {"note_id": number}, at=work.now, due_at=work.now)
    after, happened = act(improvement, Step(kind="sent", at=work.now, actor=actor, detail={"people": len(numbers)}))
    await work.uow.improvements.save(after, happened)
    await work.tell(of_improvement(after, happened))
    return len(numbers)


async def about_to_leave(work: LoopWork, policy: Policy, note_id: int) -> Telling | None:
    """The message as it is to leave now; None where it may not leave any more. Raises Later where it may not yet.

    What was said is read at this moment: whatever was taken back since is not quoted.
    """
    note = await work.uow.improvements.note(note_id)
    if note is None or note.state not in ("waiting", "sent"):
        return None
    improvement = await work.uow.improvements.get(note.improvement_id)
    theirs = await _drafts(work, improvement, note.person_id) if improvement else ()
    draft = next(iter(theirs), None)
    if draft is None or draft.barred or draft.words is None or draft.held.person.telegram_id is None:
        await work.uow.improvements.settle_note(note_id, "dropped", work.now)
        return None
    moment = await _moment(work, policy, note, draft.held)
    if moment > work.now:
        raise Later(moment)
    await work.uow.improvements.settle_note(note_id, "sent", work.now)
    return Telling(draft.held.person.telegram_id, draft)


async def _moment(work: LoopWork, policy: Policy, note: Note, held: Stakeholder) -> datetime:
    """When this person may be told: in waking hours, no questionnaire open, and no more often than by pulses."""
    past = (await work.uow.contacts.of([held.person.id], work.now - YEAR))[held.person.id]
    if any(busy.stands(work.now) for busy in past.open):
        return work.now + WAIT
    before = await work.uow.improvements.last_told(held.person.id, note.id)
    rested = [before + policy.rest["pulse"]] if before else []
    return next_allowed(max([work.now, *rested]), policy.zone_of(held.person), policy.hours)
