"""What each button of a case's card does: a step, or a menu to choose from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiogram.types import User

from handlers import case_menus
from handlers.case_cards import contact, history
from handlers.case_menus import departments
from handlers.desk import Desk
from handlers.replies import Keyboard
from surveys.cases.acting import CaseUnknown, Opened, candidates, in_days, merge, reassign
from surveys.cases.case import OPEN, NotNow
from surveys.locales import N_, translations
from surveys.questionnaire import Language

EXPECTS: Final = "expects:{who}"
BROUGHT: Final = "brought:{who}"
ONE_TAP: Final = timedelta(seconds=10)
PROMPTS: Final = {
    "note": N_("Write the note in a message."),
    "action": N_("Write in a message what will be done."),
    "snooze": N_("Write in a message why it is put off."),
    "due": N_("Until when?"),
    "pause": N_("For how long?"),
    "more": N_("What else?"),
    "people": N_("Who takes it over?"),
    "others": N_("Which case does it belong to?"),
    "alone": N_("This client has no other open case."),
}
CAUSES: Final = (
    N_("What is it about?"),
    N_("At which stage did it arise?"),
    N_("Which department is it about?"),
    N_("Whose part is it?"),
)


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands in the card's place for the one who pressed, until they choose or go back. HTML."""

    text: str
    keyboard: Keyboard


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed, in which language, on which case, with which choices."""

    desk: Desk
    user: User
    opened: Opened
    chosen: tuple[int, ...]
    language: Language


async def expect(desk: Desk, user: User, what: str) -> None:
    """The next words of this person are for a case; nothing: they are not."""
    key = EXPECTS.format(who=user.id)
    if what or await desk.uow.settings.get(key):
        await desk.uow.settings.set(key, what)


def prompt(which: str, language: Language) -> str:
    """What is to be chosen or written, as HTML."""
    return f"<b>{translations('bot', language).gettext(PROMPTS[which])}</b>"


async def _card(press: Press) -> None:
    """The card as it is."""


async def _take(press: Press) -> None:
    await press.desk.cases.do(press.opened.case, "take", press.user.id)


async def _contact(press: Press) -> Menu:
    return Menu(contact(press.opened.view, press.language), case_menus.contacted(press.opened.case, press.language))


async def _contacted(press: Press) -> None:
    await press.desk.cases.do(press.opened.case, "contacted", press.user.id)


async def _done(press: Press) -> None:
    await press.desk.cases.do(press.opened.case, "done", press.user.id)


async def _note(press: Press) -> Menu:
    return await _words(press, "note")


async def _action(press: Press) -> Menu:
    _open(press)
    return await _words(press, "action")


async def _words(press: Press, kind: str, *more: int) -> Menu:
    what = " ".join([kind, str(press.opened.case.id), *map(str, more)])
    await expect(press.desk, press.user, what)
    return Menu(prompt(kind, press.language), case_menus.back(press.opened.case, press.language))


async def _cause(press: Press) -> Menu | None:
    names, chosen, case = press.desk.cases.loop.names, press.chosen, press.opened.case
    if len(chosen) < len(CAUSES):
        asked = translations("bot", press.language).gettext(CAUSES[len(chosen)])
        return Menu(f"<b>{asked}</b>", case_menus.causes(case, names, press.language, chosen))
    component, stage, department, side = chosen
    detail = {
        "component": _at(list(names.components), component),
        "stage": _at(list(names.stages), stage),
        "department": _at(departments(names), department),
        "partner": side == 1,
    }
    await press.desk.cases.do(case, "cause", press.user.id, detail)
    return None


def _at(keys: list[str], place: int) -> str | None:
    """The last button of each menu is none of these."""
    return keys[place] if place < len(keys) else None


async def _due(press: Press) -> Menu | None:
    case = press.opened.case
    if not press.chosen:
        return Menu(prompt("due", press.language), case_menus.periods(case, press.language, "due"))
    until = in_days(press.desk.cases, case, _days(press))
    await press.desk.cases.do(case, "due", press.user.id, {"until": until.isoformat()})
    return None


async def _pause(press: Press) -> Menu:
    _open(press)
    if not press.chosen:
        return Menu(prompt("pause", press.language), case_menus.periods(press.opened.case, press.language, "pause"))
    return await _words(press, "snooze", _days(press))


def _days(press: Press) -> int:
    if press.chosen[0] not in case_menus.PERIODS:
        raise NotNow(action="due")
    return press.chosen[0]


async def _more(press: Press) -> Menu:
    return Menu(prompt("more", press.language), case_menus.more(press.opened.case, press.language))


async def _people(press: Press) -> Menu:
    found = candidates(press.desk.cases, press.opened.view)
    return Menu(prompt("people", press.language), case_menus.people(press.opened.view, found, press.language))


async def _to(press: Press) -> None:
    found = candidates(press.desk.cases, press.opened.view)
    if not press.chosen or press.chosen[0] >= len(found):
        raise NotNow(action="to")
    await reassign(press.desk.cases, press.opened.case, press.user.id, found[press.chosen[0]])


async def _others(press: Press) -> Menu:
    found = await press.desk.uow.cases.others(press.opened.case)
    which = "others" if found else "alone"
    return Menu(prompt(which, press.language), case_menus.others(press.opened.case, found, press.language))


async def _into(press: Press) -> None:
    if not press.chosen:
        raise CaseUnknown
    await merge(press.desk.cases, press.opened.case, press.user.id, press.chosen[0])


async def _history(press: Press) -> Menu:
    text = history(press.opened.view, press.desk.cases.loop, press.language)
    return Menu(text, case_menus.back(press.opened.case, press.language))


async def _files(press: Press) -> None:
    """What the client enclosed, below the card; a button pressed twice in a row brings it once."""
    case_id, desk = press.opened.case.id, press.desk
    if await _just_brought(press):
        return
    for number in await desk.uow.cases.files(case_id):
        payload = {"case_id": case_id, "attachment_id": number}
        await desk.uow.deliveries.add(press.user.id, "case_file", payload, at=desk.now)


async def _just_brought(press: Press) -> bool:
    """Whether the files of this case were asked for a moment ago; if not, they are now."""
    desk, key = press.desk, BROUGHT.format(who=press.user.id)
    case_id, _, at = (await desk.uow.settings.get(key) or "").partition(" ")
    if case_id == str(press.opened.case.id) and abs(desk.now - datetime.fromisoformat(at)) < ONE_TAP:
        return True
    await desk.uow.settings.set(key, f"{press.opened.case.id} {desk.now.isoformat()}")
    return False


def _open(press: Press) -> None:
    if press.opened.case.status not in OPEN:
        raise NotNow(status=press.opened.case.status)


MENUS: Final = frozenset({"contact", "note", "action", "more", "people", "pause", "others", "history", "due", "cause"})
"""Buttons that lead to a menu."""
FREE: Final = frozenset({"card", "open", "files"})
"""Buttons that change nothing, so it does not matter how old they are."""
VERBS: Final[Mapping[str, Callable[[Press], Awaitable[Menu | None]]]] = {
    "card": _card,
    "open": _card,
    "take": _take,
    "contact": _contact,
    "contacted": _contacted,
    "note": _note,
    "cause": _cause,
    "action": _action,
    "due": _due,
    "done": _done,
    "more": _more,
    "people": _people,
    "to": _to,
    "pause": _pause,
    "others": _others,
    "into": _into,
    "history": _history,
    "files": _files,
}
