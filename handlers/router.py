"""One way in for every kind of update: a look-up by command or by button, then one handler."""

from collections.abc import Awaitable, Callable, Mapping

from aiogram import Dispatcher
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, User

from handlers import (
    cases,
    committee,
    forgetting,
    groups,
    interviewing,
    old_buttons,
    opportunities,
    remarks,
    respondent,
    staff,
    successors,
)
from handlers.buttons import (
    CardButton,
    FieldworkButton,
    ForgetButton,
    LanguageButton,
    OpportunityButton,
    RemarkButton,
    ReportButton,
    ResumeButton,
    SuccessorButton,
    TalkButton,
    kind_of,
    read,
)
from handlers.case_buttons import CaseButton, CasesButton
from handlers.committee_buttons import CommitteeButton
from handlers.desk import Desk
from handlers.replies import Replies, Toast
from handlers.taps import Query, Tap

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

Command = Callable[[Desk, User, str], Awaitable[Replies]]

COMMANDS: Mapping[str, Command] = {
    "start": respondent.start,
    "help": respondent.help_,
    "language": respondent.language,
    "stop": respondent.stop,
    "privacy": respondent.privacy,
    "mydata": forgetting.mydata,
    "forget": forgetting.command,
    "report": staff.report,
    "verbatims": staff.verbatims,
    "fieldwork": staff.fieldwork,
    "why": staff.why,
    "interview": interviewing.command,
    "cases": cases.command,
    "committee": committee.command,
}


def make_dispatcher() -> Dispatcher:
    """aiogram's dispatcher with one handler per kind of update: the cost of an update does not grow with commands."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.message.register(on_message)
    dispatcher.edited_message.register(on_edit)
    dispatcher.callback_query.register(on_button)
    dispatcher.my_chat_member.register(on_membership)
    return dispatcher


async def on_message(message: Message, desk: Desk) -> Replies:
    """A message of a person. Groups and channels get no answer."""
    user = message.from_user
    if message.chat.type != "private":
        await groups.on_message(desk, message)
        return ()
    if user is None or user.is_bot:
        return ()
    return [*await desk.hear(user), *await _heard(message, user, desk)]


async def _heard(message: Message, user: User, desk: Desk) -> Replies:
    if message.text is not None and message.text.startswith("/"):
        return await _command(desk, user, message.text)
    for take in (interviewing.text, committee.words, cases.words):
        if (taken := await take(desk, message, user)) is not None:
            return taken
    return await respondent.text(desk, message, user)


async def on_edit(message: Message, desk: Desk) -> Replies:
    """A message whose words were changed. Only what answered a question matters; a command is given once."""
    user, words = message.from_user, message.text or message.caption or ""
    if message.chat.type != "private" or user is None or user.is_bot or words.startswith("/"):
        return ()
    return [*await desk.hear(user), *await respondent.edited(desk, message, user)]


async def _command(desk: Desk, user: User, text: str) -> Replies:
    word, *rest = text[1:].split(maxsplit=1) or [""]
    name = word.partition("@")[0].lower()
    command = COMMANDS.get(name)
    if command is None or not await desk.admits(user, f"/{name}"):
        await desk.say(user, "unknown")
        return ()
    return await command(desk, user, rest[0].strip() if rest else "")


async def on_button(query: CallbackQuery, desk: Desk) -> Replies:
    """A pressed button, in a private chat with the person who pressed it. Elsewhere it stops waiting, that is all."""
    if query.message is not None and query.message.chat.id != query.from_user.id:
        return [Toast(query.id)]
    return [*await desk.hear(query.from_user), *await _pressed(query, desk)]


async def _pressed(query: CallbackQuery, desk: Desk) -> Replies:
    pressed = read(query.data or "")
    if pressed is None or not await desk.admits(query.from_user, kind_of(pressed)):
        return await old_buttons.unknown(desk, query)
    match pressed:
        case CardButton() as button:
            return await _on_card(desk, query, button)
        case TalkButton() as button:
            return await interviewing.talk_button(desk, query, button)
        case ReportButton() as button:
            return await staff.report_button(desk, query, button)
        case SuccessorButton() as button:
            return await successors.decide(desk, query, button)
        case FieldworkButton() as button:
            return await staff.fieldwork_button(desk, query, button)
        case LanguageButton() as button:
            return await respondent.choose_language(desk, query, button)
        case RemarkButton() as button:
            return await remarks.press(desk, query, button)
        case OpportunityButton() as button:
            return await opportunities.press(desk, query, button)
        case ForgetButton() as button:
            return await forgetting.press(desk, query, button)
        case ResumeButton() as button:
            return await respondent.resume(desk, query, button)
        case CaseButton() as button:
            return await cases.press(desk, query, button)
        case CasesButton() as button:
            return await cases.turn(desk, query, button)
        case CommitteeButton() as button:
            return await committee.press(desk, query, button)


async def on_tap(tap: Tap, desk: Desk) -> Replies:
    """The same for a button of a card, which everybody may press, without aiogram."""
    return [*await desk.hear(tap.from_user), *await _on_card(desk, tap, tap.button)]


async def _on_card(desk: Desk, query: Query, button: CardButton) -> Replies:
    taken = await interviewing.card_button(desk, query, button)
    return await respondent.press(desk, query, button) if taken is None else taken


async def on_membership(change: ChatMemberUpdated, desk: Desk) -> Replies:
    """The person blocked the bot, or came back; or a group took it in."""
    if change.chat.type != "private":
        await groups.on_membership(desk, change)
        return ()
    gone = change.new_chat_member.status in {"kicked", "left"}
    await desk.uow.people.set_unreachable(change.from_user.id, desk.now if gone else None)
    if gone:
        return ()
    return [*await desk.catch_up(change.from_user), *await respondent.come_back(desk, change.from_user)]
