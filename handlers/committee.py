"""The committee at work: screens are drawn after the commit, steps are taken in it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiogram.types import CallbackQuery, Message, User

from handlers.case_verbs import EXPECTS
from handlers.committee_buttons import CommitteeButton
from handlers.committee_menus import SPANS, TERMS, YEAR
from handlers.desk import Desk
from handlers.replies import Replies, Toast
from surveys.cases.case import Values
from surveys.errors import SurveyError
from surveys.improvements.committee import CauseGone, gather, of_anchor, open_improvement, take_step
from surveys.improvements.improvement import DECISIONS, GAUGES, Improvement, Kind, NotNow, Overtaken
from surveys.improvements.telling import leave_out, send
from surveys.rules import Access
from surveys.typed import clean

LONGEST: Final = 1500
WAITS: Final = "improvement"
SCREENS: Final[Mapping[str, int]] = {
    "home": 2,
    "cause": 2,
    "list": 1,
    "card": 1,
    "history": 1,
    "drafts": 2,
    "agenda": 1,
    "minutes": 1,
}
"""Screens that change nothing, and how many numbers each takes."""
MENUS: Final = frozenset({"owners", "effects", "terms"})
WORDED: Final = frozenset({"what", *DECISIONS, "expect", "tell"})
"""Buttons after which words are waited for."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an improvement: who pressed it on which version, and what else it carries."""

    desk: Desk
    user: User
    improvement_id: int
    version: int
    rest: tuple[int, ...]


async def command(desk: Desk, user: User, argument: str) -> Replies:
    """`/committee`: causes that repeat. To anyone else it does not exist."""
    await _waits(desk, user, "")
    await _order(desk, user, CommitteeButton("home", (YEAR, 0)), None)
    return ()


async def press(desk: Desk, query: CallbackQuery, button: CommitteeButton) -> Replies:
    """A button: what it leads to takes the screen's place. Whoever was overtaken sees how things stand."""
    user, place = query.from_user, query.message.message_id if query.message else None
    await _waits(desk, user, "")
    try:
        shown = await _taken(desk, user, button)
    except (NotNow, Overtaken) as error:
        await _order(desk, user, _afterwards(button), place)
        own = await desk.uow.improvements.moved_by(button.numbers[0]) == user.id
        return [Toast(query.id, None if own else await desk.sentence(user, error.code))]
    except SurveyError:
        return [Toast(query.id, await desk.sentence(user, "button_unknown"))]
    await _order(desk, user, shown, place)
    return [Toast(query.id)]


async def _taken(desk: Desk, user: User, button: CommitteeButton) -> CommitteeButton:
    """What is shown after the press. Raises SurveyError."""
    screen, numbers = button.screen, button.numbers
    if SCREENS.get(screen) == len(numbers):
        return button
    if screen == "open" and len(numbers) == 2:
        return await _open(desk, user, *numbers)
    if screen == "skip" and len(numbers) == 3:
        await leave_out(desk.cases, numbers[0], numbers[1])
        return CommitteeButton("drafts", (numbers[0], numbers[2]))
    if len(numbers) < 2:
        raise CauseGone
    pressed = Press(desk, user, numbers[0], numbers[1], numbers[2:])
    if screen in MENUS | WORDED:
        return await _asked(pressed, screen)
    step = STEPS.get(screen)
    if step is None:
        raise CauseGone
    await step(pressed)
    return _afterwards(button)


def _afterwards(button: CommitteeButton) -> CommitteeButton:
    """The screen after a step, taken or not."""
    number = button.numbers[0]
    return CommitteeButton("drafts", (number, 0)) if button.screen == "send" else CommitteeButton("card", (number,))


async def _open(desk: Desk, user: User, span: int, anchor: int) -> CommitteeButton:
    if span not in SPANS:
        raise CauseGone
    work = desk.cases
    since = desk.now - timedelta(days=span)
    causes = await gather(work.uow.improvements, work.loop.names, desk.rules.weights, since)
    return CommitteeButton("card", (await open_improvement(work, user.id, of_anchor(causes, anchor)),))


async def _asked(press: Press, what: str) -> CommitteeButton:
    """A menu, or a question that words answer."""
    improvement = await press.desk.uow.improvements.get(press.improvement_id)
    if improvement is None:
        raise CauseGone
    if improvement.version != press.version:
        raise Overtaken
    if what in WORDED:
        await _waits(press.desk, press.user, " ".join([WAITS, what, *map(str, (improvement.id, *press.rest))]))
    return CommitteeButton(what, (improvement.id, *press.rest))


async def _own(press: Press) -> None:
    to = press.rest[0] if press.rest else 0
    known = await press.desk.uow.improvements.get(press.improvement_id)
    if known is None or to not in candidates(press.desk.rules.access, known):
        raise CauseGone
    after = await _step(press, "owned", {"to": to})
    if to != press.user.id:
        payload = {"say": "improvement_yours", "language": await _spoken(press.desk, to)}
        values = {"what": after.what or "–", "name": press.user.full_name}
        await press.desk.uow.deliveries.add(to, "notice", {**payload, "values": values}, at=press.desk.now)


async def _plan(press: Press) -> None:
    if not press.rest or press.rest[0] not in TERMS:
        raise CauseGone
    until = press.desk.now + timedelta(days=press.rest[0])
    await _step(press, "planned", {"until": until.isoformat()})


async def _start(press: Press) -> None:
    await _step(press, "started")


async def _finish(press: Press) -> None:
    await _step(press, "finished")


async def _send(press: Press) -> None:
    improvement = await press.desk.uow.improvements.lock(press.improvement_id)
    if improvement is None:
        raise CauseGone
    if improvement.version != press.version:
        raise Overtaken
    await send(press.desk.cases, improvement, press.user.id)


STEPS: Final[Mapping[str, Callable[[Press], Awaitable[None]]]] = {
    "own": _own,
    "plan": _plan,
    "start": _start,
    "finish": _finish,
    "send": _send,
}


async def _step(press: Press, kind: Kind, detail: Values | None = None) -> Improvement:
    return await take_step(press.desk.cases, press.improvement_id, press.version, kind, press.user.id, detail)


def candidates(access: Access, improvement: Improvement) -> tuple[int, ...]:
    """Who may be made responsible: admins and those who manage something."""
    return tuple(sorted({*access.admins, *access.managers} - {improvement.owner}))


async def words(desk: Desk, message: Message, user: User) -> Replies | None:
    """Words that an improvement waits for; None where none does."""
    expected = (await desk.uow.settings.get(EXPECTS.format(who=user.id)) or "").split()
    if expected[:1] != [WAITS] or not await desk.admits(user, "/committee"):
        return None
    text = clean(message.text or message.caption or "").strip()
    if not text:
        await desk.say(user, "empty_note")
        return ()
    if len(text) > LONGEST:
        await desk.say(user, "too_long", {"length": len(text), "limit": LONGEST})
        return ()
    _, what, number, *rest = expected
    await _waits(desk, user, "")
    try:
        kind, detail = _worded(desk, what, text, [int(each) for each in rest])
        await take_step(desk.cases, int(number), None, kind, user.id, detail)
    except SurveyError as error:
        await desk.say(user, error.code)
        return ()
    shown = CommitteeButton("drafts", (int(number), 0)) if kind == "told" else CommitteeButton("card", (int(number),))
    await _order(desk, user, shown, None)
    return ()


def _worded(desk: Desk, what: str, text: str, rest: list[int]) -> tuple[Kind, Values]:
    """The step that the words make."""
    if what in DECISIONS:
        return "decided", {"decision": what, "text": text}
    if what == "expect" and rest and rest[0] < len(GAUGES):
        return "expected", {"metric": GAUGES[rest[0]], "text": text}
    if what == "tell" and rest and rest[0] < len(desk.rules.languages):
        return "told", {"language": desk.rules.languages[rest[0]], "text": text}
    if what == "what":
        return "described", {"text": text}
    raise CauseGone


async def _waits(desk: Desk, user: User, what: str) -> None:
    key = EXPECTS.format(who=user.id)
    if what or await desk.uow.settings.get(key):
        await desk.uow.settings.set(key, what)


async def _spoken(desk: Desk, who: int) -> str:
    return desk.rules.speaks(await desk.uow.settings.get(f"language:{who}"))


async def _order(desk: Desk, user: User, button: CommitteeButton, place: int | None) -> None:
    asked = {"screen": button.screen, "numbers": list(button.numbers), "message_id": place}
    ordered = {**asked, "language": await desk.language(user)}
    await desk.uow.deliveries.add(user.id, "committee", ordered, at=desk.now)


def bounds(span: int, now: datetime) -> datetime | None:
    """The beginning of a period; None for one that no button offers."""
    return now - timedelta(days=span) if span in SPANS else None
