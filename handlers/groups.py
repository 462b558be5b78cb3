"""Groups and channels: the bot says once that it is for private chats, and answers nothing else there."""

from datetime import timedelta

from aiogram.types import ChatMemberUpdated, Message

from handlers.desk import Desk

MEMBER, MOVED = "member", "moved"
PATIENCE = timedelta(seconds=3)
"""How long a supergroup waits for its words: a group that becomes one may say so only after its members."""


async def on_membership(desk: Desk, change: ChatMemberUpdated) -> None:
    """Added for the first time. Whoever removes the bot and adds it again has read it already."""
    chat, now = change.chat, change.new_chat_member
    inside = now.status in {"member", "administrator"} or getattr(now, "is_member", False)
    if not inside or await desk.uow.settings.get(place(chat.id)) is not None:
        return
    await desk.uow.settings.set(place(chat.id), MEMBER)
    due = desk.now + PATIENCE if chat.type == "supergroup" else desk.now
    await desk.uow.deliveries.enqueue(chat.id, "group", {}, at=desk.now, due_at=due)


async def on_message(desk: Desk, message: Message) -> None:
    """Nothing said here is for the bot, but for this: the group goes on as a supergroup, under another id."""
    if message.migrate_to_chat_id is not None:
        await _moved(desk, message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await _moved(desk, message.migrate_from_chat_id, message.chat.id)


async def _moved(desk: Desk, old: int, new: int) -> None:
    if await desk.uow.settings.get(place(old)) is not None:
        await desk.uow.settings.set(place(new), MOVED)


def place(chat_id: int) -> str:
    """Under which name it is remembered that this chat has been told."""
    return f"group:{chat_id}"
