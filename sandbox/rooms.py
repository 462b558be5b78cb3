"""Chats as the server knows them, and what a person sees of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, cast

from telegram import Chat, InlineKeyboardMarkup, Message, TelegramObject, User

from sandbox.errors import bad_request, forbidden
from sandbox.files import FOLDERS, FileStore, StoredFile

SERVICE_FLAGS = ("delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created")
KEPT = (
    *("message_id", "date", "chat", "from_user", "reply_to_message", "edit_date", "text", "entities", "caption"),
    *("caption_entities", "media_group_id", "location", "reply_markup", "new_chat_members", "left_chat_member"),
    *("migrate_to_chat_id", "migrate_from_chat_id", "has_protected_content", "link_preview_options"),
    *FOLDERS,
)


class Standing(Enum):
    """Where the bot stands with a chat."""

    UNSEEN = "the bot has never met this chat"
    SEEN = "met in a group only"
    OPEN = "may be written to"
    BLOCKED = "blocked by the person"
    DEACTIVATED = "the account is gone"
    REMOVED = "removed from the group"
    MOVED = "the group has become a supergroup"


REFUSALS = {
    Standing.UNSEEN: bad_request("chat not found"),
    Standing.SEEN: forbidden("bot can't initiate conversation with a user"),
    Standing.BLOCKED: forbidden("bot was blocked by the user"),
    Standing.DEACTIVATED: forbidden("user is deactivated"),
    Standing.REMOVED: forbidden("bot was kicked from the group chat"),
    Standing.MOVED: bad_request("group chat was upgraded to a supergroup chat"),
}


@dataclass(slots=True)
class Room:
    """A chat. `moved_to`: the id under which it goes on as a supergroup."""

    chat: Chat
    standing: Standing = Standing.UNSEEN
    members: dict[int, User] = field(default_factory=dict)
    posts: dict[int, Message] = field(default_factory=dict)
    moved_to: int | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages present now, oldest first."""
        return tuple(self.posts.values())

    def check_writable(self) -> None:
        if refusal := REFUSALS.get(self.standing):
            told = {"migrate_to_chat_id": self.moved_to} if self.moved_to is not None else {}
            raise type(refusal)(refusal.code, refusal.description, **told)


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it looks on the screen; `text` is the caption where there is a file."""

    message_id: int
    sender: User
    text: str
    html: str
    entities: tuple[Mapping[str, object], ...]
    keyboard: tuple[tuple[Button, ...], ...]
    file: StoredFile | None
    picture_size: tuple[int, int] | None
    sent_at: datetime
    edited_at: datetime | None
    reply_to: int | None

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.keyboard for button in row)


def bubble(message: Message, files: FileStore) -> Bubble:
    return Bubble(
        message_id=message.message_id,
        sender=cast("User", message.from_user),  # channels, whose messages have no sender, do not exist here
        text=message.text or message.caption or "",
        html=message.text_html or message.caption_html or "",
        entities=tuple(wire(entity) for entity in message.entities or message.caption_entities),
        keyboard=_keyboard(message.reply_markup),
        file=files.by_id.get(file_id) if (file_id := file_id_of(message)) else None,
        picture_size=(message.photo[-1].width, message.photo[-1].height) if message.photo else None,
        sent_at=message.date,
        edited_at=message.edit_date,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
    )


def _keyboard(markup: InlineKeyboardMarkup | None) -> tuple[tuple[Button, ...], ...]:
    rows = markup.inline_keyboard if markup else ()
    return tuple(
        tuple(
            Button(
                text=key.text,
                callback_data=str(key.callback_data) if key.callback_data else None,
                url=key.url,
                copy_text=key.copy_text.text if key.copy_text else None,
                style=str(key.style) if key.style else None,
            )
            for key in row
        )
        for row in rows
    )


def file_id_of(message: Message) -> str | None:
    if message.photo:
        return message.photo[-1].file_id
    attached = next(filter(None, (getattr(message, kind) for kind in FOLDERS)), None)
    return attached.file_id if attached else None


def changed(message: Message, **changes: Any) -> Message:
    """The same message with other contents."""
    kept: dict[str, Any] = {name: getattr(message, name) for name in KEPT}
    return Message(**(kept | changes))


def wire(thing: TelegramObject) -> dict[str, object]:
    """The JSON of a Telegram object, without the false service flags that `to_dict()` adds to messages."""
    return dict(_without_flags(thing.to_dict()))


def _without_flags(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield key, dict(_without_flags(value))
        elif value or key not in SERVICE_FLAGS:
            yield key, value
