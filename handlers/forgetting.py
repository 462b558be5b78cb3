"""What is held of somebody, for themselves; and to be forgotten: told what that means, asked once, then it is done."""

from aiogram.types import CallbackQuery, User

from handlers.buttons import ForgetButton
from handlers.desk import Desk
from handlers.old_buttons import beside, place_of
from handlers.replies import Replies, Toast
from surveys.erasure import erase
from surveys.outward.names import FORGOTTEN


async def mydata(desk: Desk, user: User, argument: str) -> Replies:
    """`/mydata`: everything held of whoever asks, to read and for programs. Put together after the commit."""
    if await desk.uow.people.by_telegram(user.id) is None:
        await desk.say(user, "nothing_held")
        return ()
    for kind in ("text", "json"):
        await desk.uow.deliveries.add(
            user.id, "mydata", {"as": kind, "language": await desk.language(user)}, at=desk.now
        )
    return ()


async def command(desk: Desk, user: User, argument: str) -> Replies:
    """`/forget`."""
    known = await desk.uow.people.by_telegram(user.id)
    if known is None:
        await desk.say(user, "nothing_held")
    else:
        await desk.say(user, "forget", buttons="forget")
    return ()


async def press(desk: Desk, query: CallbackQuery, pressed: ForgetButton) -> Replies:
    """Yes, with or without the answers, or no: the question gives way to what was done."""
    user, place = query.from_user, place_of(query)
    person = await desk.uow.people.by_telegram(user.id)
    if pressed.choice == "no":
        await desk.say(user, "forgotten_no", at=place)
    elif person is None:
        await desk.say(user, "nothing_held", at=place)
    else:
        language = await desk.language(user)
        listeners = desk.cases.loop.listeners(FORGOTTEN)
        everything, key = pressed.choice == "all", desk.token_of("erasures")
        await erase(desk.uow, person, desk.now, key, answers=everything, listeners=listeners)
        await desk.say(user, f"forgotten_{pressed.choice}", at=place, language=language)
    return [Toast(query.id), *(await beside(desk, query) if pressed.choice == "no" else ())]
