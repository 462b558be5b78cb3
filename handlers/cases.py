"""Cases in the hands of the vendor's people: one card, buttons, and words where words are wanted."""

from typing import Final

from aiogram.types import CallbackQuery, Message, User

from handlers import case_menus
from handlers.case_buttons import CaseButton, CasesButton
from handlers.case_drawing import shown
from handlers.case_verbs import EXPECTS, FREE, MENUS, VERBS, Menu, Press, expect, prompt
from handlers.desk import Desk
from handlers.replies import Replies, Toast
from surveys.audit import case_look
from surveys.cases.acting import CaseChanged, Opened, in_days, open_for
from surveys.cases.case import NotNow
from surveys.cases.ports import CaseCard
from surveys.errors import SurveyError
from surveys.questionnaire import Language
from surveys.typed import clean

LONGEST: Final = 2000


async def press(desk: Desk, query: CallbackQuery, button: CaseButton) -> Replies:
    """A button of a case's card. Whoever was overtaken sees what happened; nothing of theirs is lost or done twice."""
    user, verb = query.from_user, VERBS.get(button.verb)
    language = await desk.language(user)
    try:
        if verb is None:
            raise NotNow(action=button.verb)
        seen = None if button.verb in FREE else button.version
        looking = button.verb in MENUS and not button.arguments
        opened = await open_for(desk.cases, user.id, button.case_id, seen=seen, looking=looking)
        await expect(desk, user, "")
        await desk.uow.audit.add(case_look(user.id, button.case_id, button.verb, desk.now))
        menu = await verb(Press(desk, user, opened, button.arguments, language))
    except (CaseChanged, NotNow) as error:
        words = None if error.values.get("own") else await desk.sentence(user, error.code)
        return [Toast(query.id, words), *await _afresh(desk, query, button)]
    except SurveyError:
        return [Toast(query.id, await desk.sentence(user, "button_unknown"))]
    return [Toast(query.id), *await _shown(desk, query, opened.case.id, menu, button.verb)]


async def words(desk: Desk, message: Message, user: User) -> Replies | None:
    """Words that a card is waiting for; None where none is."""
    if await desk.uow.people.by_telegram(user.id) is not None:
        return None
    expected = await desk.uow.settings.get(EXPECTS.format(who=user.id))
    text = clean(message.text or message.caption or "").strip()[:LONGEST]
    if not expected:
        return None
    if not text:
        await desk.say(user, "empty_note")
        return ()
    kind, case_id, *rest = expected.split()
    try:
        opened = await open_for(desk.cases, user.id, int(case_id))
        await expect(desk, user, "")
        await _write(desk, user, opened, kind, text, [int(each) for each in rest])
    except SurveyError as error:
        await desk.say(user, error.code)
        return ()
    return await _below(desk, user, opened.case.id, kind)


async def _write(desk: Desk, user: User, opened: Opened, kind: str, text: str, rest: list[int]) -> None:
    work, case = desk.cases, opened.case
    match kind:
        case "snooze":
            until = in_days(work, case, rest[0]).isoformat()
            await work.do(case, "snooze", user.id, {"until": until, "reason": text})
        case "action":
            await work.do(case, "action", user.id, {"text": text})
        case _:
            await work.do(case, "note", user.id, {"text": text})


async def _below(desk: Desk, user: User, case_id: int, kind: str) -> Replies:
    """The words pushed the card up, so it comes down again; after an action, with the days to choose from."""
    view = await desk.cases.uow.cases.view(case_id)
    if view is None:
        return ()
    language = await desk.language(user)
    card = await _card(desk, user.id, case_id, language)
    if kind == "action":
        keyboard = case_menus.periods(view.case, language, "due")
        return [shown(desk.cases, view, card, prompt("due", language), keyboard, below=True)]
    return [shown(desk.cases, view, card, below=True)]


async def _shown(desk: Desk, query: CallbackQuery, case_id: int, menu: Menu | None, verb: str) -> Replies:
    """The presser's own card. Those of the others are drawn after every step anyway."""
    await desk.uow.interviews.write_answers()
    view = await desk.uow.cases.view(case_id)
    language = await desk.language(query.from_user)
    if view is None:
        return ()
    card = await _card(desk, query.from_user.id, case_id, language, None if verb == "open" else query)
    text, keyboard = (menu.text, menu.keyboard) if menu else (None, None)
    return [shown(desk.cases, view, card, text, keyboard, below=verb == "open")]


async def _afresh(desk: Desk, query: CallbackQuery, button: CaseButton) -> Replies:
    return await _shown(desk, query, button.case_id, None, "card")


async def _card(
    desk: Desk, chat_id: int, case_id: int, language: Language, query: CallbackQuery | None = None
) -> CaseCard:
    """This person's card of the case: where storage has it, or where it was pressed."""
    await desk.uow.cases.hand(case_id, [chat_id])
    (known,) = [one for one in await desk.uow.cases.cards([case_id]) if one.chat_id == chat_id]
    place = query.message.message_id if query and query.message else known.message_id
    return CaseCard(
        case_id=case_id,
        chat_id=chat_id,
        message_id=place,
        shown_version=known.shown_version,
        version=known.version,
        language=known.language or language,
    )


async def command(desk: Desk, user: User, argument: str) -> Replies:
    """`/cases`: one's own, overdue first; `/cases report`: how the loop works. To anyone else it does not exist."""
    viewer = user.id in desk.rules.access.viewers and user.id not in desk.rules.access.admins
    which = "report" if viewer else argument.strip().lower()
    await _order(desk, user, {"which": which if which in {*case_menus.LISTS, "report"} else "mine", "page": 0})
    return ()


async def turn(desk: Desk, query: CallbackQuery, button: CasesButton) -> Replies:
    """Another list, or another page: it takes the screen's place."""
    user = query.from_user
    if button.which not in case_menus.LISTS:
        return [Toast(query.id, await desk.sentence(user, "button_unknown"))]
    place = query.message.message_id if query.message else None
    await _order(desk, user, {"which": button.which, "page": button.page, "message_id": place})
    return [Toast(query.id)]


async def _order(desk: Desk, user: User, payload: dict[str, object]) -> None:
    ordered = {**payload, "reader": user.id, "language": await desk.language(user)}
    await desk.uow.deliveries.add(user.id, "cases", ordered, at=desk.now)
