"""Holding a talk: `/interview`, the screens to pick a person on, and what is pressed and written down on the way."""

from collections.abc import Sequence
from typing import get_args

from aiogram.types import CallbackQuery, Message, User

from handlers.buttons import CardButton, TalkButton
from handlers.desk import Desk
from handlers.notices import sentence
from handlers.old_buttons import place_of, unknown
from handlers.replies import Replies, ShowCard, Toast
from handlers.taps import Query
from surveys import answering, talks
from surveys.answering import Responded
from surveys.events import AnswerRejected, ButtonStale
from surveys.interview import Phase
from surveys.later import Later
from surveys.ports import OpenInterview
from surveys.rights import admits
from surveys.signals import Pressed, Said
from surveys.talks import Choice, Occupied

NOT_IN_A_TALK = frozenset({"postpone", *get_args(Later), "resume", "redirect", "unnamed"})
PICKING = "picking:{}"


async def command(desk: Desk, user: User, argument: str) -> Replies:
    """`/interview`: back to the talk that is not finished, else whom to talk with; with a name, those called so."""
    talk = await desk.uow.interviews.held_by(user.id)
    if talk is not None and (lost := await talks.withdraw(desk.work, talk.interview.id)):
        await desk.say(user, "talk_withdrawn")
        return [desk.card(lost)]
    if talk is not None:
        return [await _bring_down(desk, talk)]
    await desk.uow.settings.set(PICKING.format(user.id), "yes")
    await _show(desk, user, ("search", argument) if argument else ("accounts", "0"))
    return ()


async def text(desk: Desk, message: Message, user: User) -> Replies | None:
    """Words of an interviewer: an answer in the talk, or a name while they pick. None: words of anybody else."""
    if not admits(desk.rules.access, user.id, "/interview"):
        return None
    words = message.text or message.caption or ""
    talk = await desk.uow.interviews.held_by(user.id)
    if talk is not None and (lost := await talks.withdraw(desk.work, talk.interview.id)):
        await desk.say(user, "talk_withdrawn")
        return [desk.card(lost)]
    if talk is not None:
        said = Said(at=desk.now, text=words, message_id=message.message_id)
        return await _write_down(desk, user, talk, said)
    picking = await desk.uow.settings.get(PICKING.format(user.id)) == "yes"
    if not picking or not words or await desk.uow.interviews.open_of(user.id) is not None:
        return None
    await _show(desk, user, ("search", words))
    return ()


async def _write_down(desk: Desk, user: User, talk: OpenInterview, said: Said) -> Replies:
    responded = await answering.enter(desk.uow, desk.library, talk, said)
    for event in responded.events:
        if isinstance(event, AnswerRejected):
            await desk.say(user, event.reason, event.values)
            return ()
    return [desk.card(responded, at=talk.card.message_id, below=True)]


async def card_button(desk: Desk, query: Query, button: CardButton) -> Replies | None:
    """A button of a talk's card. None: it is no talk's."""
    opened = await desk.uow.interviews.get(button.interview_id)
    if opened is None or opened.about.interviewer is None:
        return None
    if opened.about.interviewer != query.from_user.id or button.action in NOT_IN_A_TALK:
        return await unknown(desk, query)
    if await talks.is_withdrawn(desk.uow, desk.rules.access, opened):
        return await _withdrawn(desk, query, opened)
    pressed = Pressed(at=desk.now, turn=button.turn, action=button.action, score=button.score, option=button.option)
    responded = await answering.press(
        desk.uow, desk.library, query.from_user.id, button.interview_id, pressed, place_of(query)
    )
    if ButtonStale() in responded.events:
        return await _stale(desk, query, responded)
    for event in responded.events:
        if isinstance(event, AnswerRejected):
            return [Toast(query.id, sentence(event.reason, opened.interview.language, event.values))]
    return [Toast(query.id), desk.card(responded)]


async def _withdrawn(desk: Desk, query: Query, opened: OpenInterview) -> Replies:
    lost = await talks.withdraw(desk.work, opened.interview.id)
    note = await desk.sentence(query.from_user, "talk_withdrawn")
    return [Toast(query.id, note), *([desk.card(lost, at=place_of(query))] if lost else ())]


async def _stale(desk: Desk, query: Query, responded: Responded) -> Replies:
    opened = responded.opened
    if opened.interview.phase is Phase.CLOSED:
        return [Toast(query.id, await desk.sentence(query.from_user, "talk_over")), desk.card(responded)]
    if opened.card.message_id in (None, place_of(query)):
        return [Toast(query.id), desk.card(responded)]
    note = await desk.sentence(query.from_user, "card_moved")
    return [Toast(query.id, note), await _bring_down(desk, opened)]


async def talk_button(desk: Desk, query: CallbackQuery, button: TalkButton) -> Replies:
    """A button of the screens on which a person is picked, or the end of a talk."""
    match button:
        case TalkButton("start", (project, person, code, language)):
            return await _start(desk, query, project, person, code, language)
        case TalkButton("take", (interview_id, language)):
            taken = await talks.take_over(desk.work, query.from_user.id, interview_id, desk.rules.speaks(language))
            return await _begun(desk, query, taken)
        case TalkButton("stop", (interview_id,)):
            return await _stop(desk, query, interview_id)
        case TalkButton("close", ()):
            await desk.uow.settings.set(PICKING.format(query.from_user.id), "no")
    await _show(desk, query.from_user, (button.screen, *button.args), place_of(query))
    return [Toast(query.id)]


async def _start(desk: Desk, query: CallbackQuery, project: str, person: str, code: str, language: str) -> Replies:
    key = talks.named(desk.library, code)
    if not (project + person).isdecimal() or key is None:
        return [Toast(query.id, await desk.sentence(query.from_user, "button_unknown"))]
    choice = Choice(project_id=int(project), person_id=int(person), questionnaire=key, language=language)
    token = desk.token_of(f"talk:{desk.new_id()}")
    begun = await talks.begin(desk.work, query.from_user.id, choice, desk.new_id, lambda: token)
    if not isinstance(begun, Occupied):
        return await _begun(desk, query, begun)
    if begun.opened.about.interviewer is not None:
        return [Toast(query.id, await desk.sentence(query.from_user, "talk_elsewhere"))]
    await _show(desk, query.from_user, ("occupied", begun.opened.interview.id, language), place_of(query))
    return [Toast(query.id)]


async def _begun(desk: Desk, query: CallbackQuery, opened: OpenInterview | None) -> Replies:
    if opened is None:
        return [Toast(query.id, await desk.sentence(query.from_user, "button_unknown"))]
    await desk.uow.settings.set(PICKING.format(query.from_user.id), "no")
    return [Toast(query.id), await _bring_down(desk, opened)]


async def _stop(desk: Desk, query: CallbackQuery, interview_id: str) -> Replies:
    responded = await talks.stop(desk.work, query.from_user.id, interview_id)
    if responded is None:
        return [Toast(query.id, await desk.sentence(query.from_user, "button_unknown"))]
    return [Toast(query.id), desk.card(responded, at=place_of(query))]


async def _bring_down(desk: Desk, opened: OpenInterview) -> ShowCard:
    responded = await answering.recall(desk.uow, desk.library, opened, desk.now)
    return desk.card(responded, at=opened.card.message_id, below=True)


async def _show(desk: Desk, user: User, screen: Sequence[str], place: int | None = None) -> None:
    """What is on the screen is looked up after the commit."""
    payload = {"screen": list(screen), "language": await desk.language(user), "message_id": place}
    await desk.uow.deliveries.add(user.id, "talk", payload, at=desk.now)
