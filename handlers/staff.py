"""What the vendor's people ask for. To anyone else these commands do not exist."""

from aiogram.types import CallbackQuery, User

from handlers.buttons import FILES, FieldworkButton, ReportButton, write
from handlers.desk import Desk
from handlers.replies import Acting, Replies, Toast


async def report(desk: Desk, user: User, argument: str) -> Replies:
    """`/report`: alone a screen of buttons, with words a report. Computed after the commit, off this transaction."""
    await _order(desk, user, {"words": argument})
    return ()


async def verbatims(desk: Desk, user: User, argument: str) -> Replies:
    """`/verbatims`: what clients wrote; the words after it narrow it down as those of a report do."""
    await _order(desk, user, {"words": f"words {argument}"})
    return ()


async def why(desk: Desk, user: User, argument: str) -> Replies:
    """`/why NAME`: why this person was, or was not, asked."""
    if not argument:
        await desk.say(user, "why_whom")
    else:
        payload = {"words": argument, "reader": user.id, "language": await desk.language(user)}
        await desk.uow.deliveries.add(user.id, "why", payload, at=desk.now)
    return ()


async def fieldwork(desk: Desk, user: User, argument: str) -> Replies:
    """`/fieldwork`: who was invited, who answered, who was not heard. Looked up after the commit."""
    await _look(desk, user, FieldworkButton(), None)
    return ()


async def fieldwork_button(desk: Desk, query: CallbackQuery, button: FieldworkButton) -> Replies:
    """A button of a fieldwork screen: what it asks for takes the screen's place."""
    await _look(desk, query.from_user, button, query.message.message_id if query.message else None)
    return [Toast(query.id)]


async def _look(desk: Desk, user: User, button: FieldworkButton, place: int | None) -> None:
    view = {"button": write(button), "message_id": place}
    ordered = {**view, "reader": user.id, "language": await desk.language(user)}
    await desk.uow.deliveries.add(user.id, "fieldwork", ordered, at=desk.now)


async def report_button(desk: Desk, query: CallbackQuery, button: ReportButton) -> Replies:
    """A button of a report screen: what it leads to takes the screen's place, a file comes below it."""
    if button.step in FILES:
        return await _file(desk, query, button)
    place = query.message.message_id if query.message else None
    await _order(desk, query.from_user, {"button": write(button), "message_id": place})
    return [Toast(query.id)]


async def _file(desk: Desk, query: CallbackQuery, button: ReportButton) -> Replies:
    """One that is being made is not ordered again: a button pressed twice in a row brings one file."""
    user, written = query.from_user, write(button)
    ordered = await desk.uow.deliveries.under_way(user.id, "report")
    if not any(payload.get("button") == written for payload in ordered):
        await _order(desk, user, {"button": written})
    return [Toast(query.id, await desk.sentence(user, "file_coming")), Acting(user.id, FILES[button.step])]


async def _order(desk: Desk, user: User, payload: dict[str, object]) -> None:
    ordered = {**payload, "reader": user.id, "language": await desk.language(user)}
    await desk.uow.deliveries.add(user.id, "report", ordered, at=desk.now)
