"""What a stakeholder says and presses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from aiogram.types import CallbackQuery, Message, User

from handlers import remarks
from handlers.attachments import MEGABYTE, files_of
from handlers.buttons import CardButton, LanguageButton, ResumeButton
from handlers.cards import ran_out
from handlers.desk import Desk
from handlers.notices import sentence
from handlers.old_buttons import beside, bring_down, place_of, stale, unknown
from handlers.replies import Replies, Toast
from handlers.taps import Account, Query
from surveys import answering, talks
from surveys.answering import Responded
from surveys.attachments import LARGEST
from surveys.errors import InvitationUsed, NothingOpen, SurveyError
from surveys.events import (
    Amended,
    AmendingOver,
    AnswerGiven,
    AnswerRejected,
    ButtonStale,
    Closed,
    EditedTooLate,
    Event,
)
from surveys.interview import Disposition, Phase
from surveys.invitations import open_invitation
from surveys.later import Later, offer
from surveys.signals import Edited, Pressed, Said
from surveys.successors import note as note_successor

NOTES: Mapping[type[Event], str] = {AmendingOver: "amending_over"}
"""What is said for a moment about what a button brought."""

PUTS_OFF = frozenset({"postpone", *get_args(Later)})


async def start(desk: Desk, user: User, argument: str) -> Replies:
    """`/start TOKEN` opens an invitation; alone it brings back what is open."""
    if desk.rules.access.is_staff(user.id):
        await desk.uow.deliveries.add(user.id, "staff_commands", {"language": await desk.language(user)}, at=desk.now)
    if not argument:
        return await _resume(desk, user)
    try:
        opened = await open_invitation(
            desk.uow, desk.library, desk.rules, desk.caller(user), argument, desk.now, desk.new_id
        )
        if opened.interview.phase is Phase.CLOSED and opened.interview.disposition is Disposition.COMPLETE:
            raise InvitationUsed
    except SurveyError as error:
        await desk.say(user, error.code)
        return ()
    if opened.about.interviewer is not None:
        await desk.say(user, "in_talk")
        return ()
    if ran_out(opened.interview):
        await desk.say(user, "ran_out")
        return ()
    if opened.interview.phase is not Phase.CLOSED:
        return [await bring_down(desk, opened)]
    going_on = await answering.change_mind(desk.uow, desk.library, opened, desk.now)
    if going_on is None:
        await desk.say(user, "ran_out")
        return ()
    return [desk.card(going_on, at=opened.card.message_id, below=True)]


async def _resume(desk: Desk, user: User) -> Replies:
    opened = await desk.uow.interviews.open_of(user.id)
    if opened is not None:
        return [await bring_down(desk, opened)]
    person = await desk.uow.people.by_telegram(user.id)
    if person is not None and person.opted_out_at is not None:
        await desk.say(user, "opted_out", buttons="resume")
        return ()
    return await _nothing_open(desk, user)


async def come_back(desk: Desk, user: User) -> Replies:
    """Whoever had blocked the bot sees the question they left at, as it is now, below what could not reach them."""
    opened = await desk.uow.interviews.open_of(user.id)
    if opened is None:
        return ()
    missed = await answering.missed(desk.uow, desk.library, opened)
    return [*(desk.card(one, at=one.opened.card.message_id) for one in missed), await bring_down(desk, opened)]


async def _nothing_open(desk: Desk, user: User) -> Replies:
    if desk.rules.access.is_staff(user.id):
        return await help_(desk, user, "")
    person = await desk.uow.people.by_telegram(user.id)
    await desk.say(user, "welcome" if person is None else "nothing_open")
    return ()


async def help_(desk: Desk, user: User, argument: str) -> Replies:
    """`/help`."""
    access = desk.rules.access
    staff = "help_staff" if access.names(user.id) else "help_viewer"
    staff = "help_admin" if user.id in access.admins else staff
    await desk.say(user, staff if access.is_staff(user.id) else "help")
    return ()


async def privacy(desk: Desk, user: User, argument: str) -> Replies:
    """`/privacy`."""
    await desk.say(user, "privacy")
    return ()


async def language(desk: Desk, user: User, argument: str) -> Replies:
    """`/language`: a choice of buttons."""
    await desk.say(user, "language", buttons="languages")
    return ()


async def stop(desk: Desk, user: User, argument: str) -> Replies:
    """`/stop`: not asked any more, at once. The card of an open interview says so in its place."""
    person = await desk.uow.people.by_telegram(user.id)
    if person is None and desk.rules.access.is_staff(user.id):
        return await help_(desk, user, "")
    if person is not None and person.opted_out_at is not None:
        await desk.say(user, "stopped_already")
        return ()
    ended = await answering.stop_asking(desk.uow, desk.library, user.id, desk.now)
    if not any(answering.refused(one) for one in ended):
        await desk.say(user, "stopped")
    return [desk.card(one, below=one is ended[0]) for one in ended]


async def text(desk: Desk, message: Message, user: User) -> Replies:
    """Words: an answer to the open question, or something to be friendly about. A picture or a file has its caption."""
    opened = await desk.uow.interviews.open_of(user.id)
    if opened is None:
        return () if await remarks.hear(desk, message, user) else await _nothing_open(desk, user)
    files = files_of(message)
    words = message.text or message.caption or ""
    said = Said(at=desk.now, text=words, attachments=files.kept, message_id=message.message_id)
    responded = await answering.say(desk.uow, desk.library, user.id, said)
    await note_successor(desk.work, responded.opened, responded.events)
    rejected = next((event for event in responded.events if isinstance(event, AnswerRejected)), None)
    if files.too_large and desk.albums.is_first(message):
        await desk.say(user, "file_too_large", {"limit": LARGEST // MEGABYTE})
    elif rejected and desk.albums.is_first(message):
        await desk.say(user, rejected.reason, rejected.values)
    if rejected:
        return ()
    return [desk.card(responded, at=opened.card.message_id, below=True), *await _go_on(desk, user, responded)]


async def _go_on(desk: Desk, user: Account, responded: Responded) -> Replies:
    """After the end of one questionnaire the other one that is open, unless it was put off."""
    if not any(isinstance(event, Closed | Amended) for event in responded.events):
        return ()
    opened = await desk.uow.interviews.open_of(user.id)
    return () if opened is None or opened.interview.put_off else [await bring_down(desk, opened)]


async def edited(desk: Desk, message: Message, user: User) -> Replies:
    """Other words of an earlier message. What changes nothing gets no answer."""
    opened = await desk.uow.interviews.of_message(user.id, message.message_id)
    if opened is None:
        return ()
    if await talks.is_withdrawn(desk.uow, desk.rules.access, opened):
        await desk.say(user, "talk_withdrawn")
        return ()
    signal = Edited(at=desk.now, text=message.text or message.caption or "", message_id=message.message_id)
    responded = await answering.edit(desk.uow, desk.library, opened, signal)
    for event in responded.events:
        match event:
            case AnswerRejected(reason, values):
                await desk.say(user, reason, values)
            case EditedTooLate():
                await desk.say(user, "edit_late")
            case AnswerGiven():
                await desk.say(user, "edit_kept")
    over = responded.opened.card.shown_turn >= responded.opened.interview.turn
    return () if over else [desk.card(responded)]


async def press(desk: Desk, query: Query, button: CardButton) -> Replies:
    """A button of a card."""
    pressed = await _pressed(desk, query.from_user, button)
    try:
        responded = await answering.press(
            desk.uow, desk.library, query.from_user.id, button.interview_id, pressed, place_of(query)
        )
    except NothingOpen:
        return await unknown(desk, query)
    await note_successor(desk.work, responded.opened, responded.events)
    if ButtonStale() in responded.events:
        return await stale(desk, query, button, responded)
    for event in responded.events:
        if isinstance(event, AnswerRejected):
            spoken = await desk.language(query.from_user)
            return [Toast(query.id, sentence(event.reason, spoken, event.values))]
    note = next((NOTES[type(event)] for event in responded.events if type(event) in NOTES), None)
    ended = [responded]
    if answering.wants_no_more(pressed):
        ended += await answering.stop_asking(desk.uow, desk.library, query.from_user.id, desk.now)
    return [
        Toast(query.id, await desk.sentence(query.from_user, note) if note else None),
        *(desk.card(one) for one in ended),
        *await _go_on(desk, query.from_user, responded),
    ]


async def _pressed(desk: Desk, user: Account, button: CardButton) -> Pressed:
    signal = Pressed(at=desk.now, turn=button.turn, action=button.action, score=button.score, option=button.option)
    if button.action not in PUTS_OFF:
        return signal
    zone = desk.policy.zone_of(await desk.uow.people.by_telegram(user.id))
    return replace(signal, offer=offer(desk.now, zone, desk.policy.hours, desk.policy.expire_after))


async def choose_language(desk: Desk, query: CallbackQuery, button: LanguageButton) -> Replies:
    """A language was chosen; an open card comes down in it."""
    user = query.from_user
    chosen = desk.rules.speaks(button.language)
    opened = await desk.uow.interviews.open_of(user.id)
    await desk.choose_language(user, chosen)
    responded = await answering.switch_language(desk.uow, desk.library, user.id, chosen, desk.now)
    confirmed = Toast(query.id, sentence("language_set", chosen))
    if responded is None or opened is None:
        return [confirmed]
    return [confirmed, desk.card(responded, at=opened.card.message_id, below=True)]


async def resume(desk: Desk, query: CallbackQuery, button: ResumeButton) -> Replies:
    """May be asked again: what was stopped goes on, if it still can. Who never stopped, or not any more, is told so."""
    user = query.from_user
    person = await desk.uow.people.by_telegram(user.id)
    if person is None:
        return [Toast(query.id, await desk.sentence(user, "nothing_open"))]
    if person.opted_out_at is None:
        return [Toast(query.id, await desk.sentence(user, "resumed_already")), *await beside(desk, query)]
    going_on = await answering.resume_asking(desk.uow, desk.library, user.id, desk.now)
    if going_on is not None:
        return [Toast(query.id), desk.card(going_on, below=True)]
    await desk.say(user, "resumed")
    return [Toast(query.id)]
