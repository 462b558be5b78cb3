"""Everything the sandbox remembers: chats, people, files, updates, the bot's profile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from telegram import BotCommand, CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, TelegramObject, User
from telegram.constants import ChatType

from sandbox.errors import bad_request
from sandbox.feed import Feed
from sandbox.files import FileStore
from sandbox.inbox import Inbox
from sandbox.rooms import Room, Standing, changed, wire

Clock = Callable[[], datetime]
QUERY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    text: str
    alert: bool
    url: str | None = None


@dataclass(slots=True)
class Profile:
    """What the bot told about itself; commands by (scope, language code), texts by language code."""

    commands: dict[tuple[str, str], tuple[BotCommand, ...]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Mapping[str, object]] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    bot: User
    clock: Clock
    feed: Feed = field(default_factory=Feed)
    inbox: Inbox = field(default_factory=Inbox)
    files: FileStore = field(default_factory=FileStore)
    profile: Profile = field(default_factory=Profile)
    rooms: dict[int, Room] = field(default_factory=dict)
    queries: dict[str, CallbackQuery] = field(default_factory=dict)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    answers: dict[str, CallbackAnswer] = field(default_factory=dict)
    _message_ids: "count[int]" = field(default_factory=lambda: count(1))
    _query_ids: "count[int]" = field(default_factory=lambda: count(4_000_000_000_000_001))

    def room(self, chat_id: int) -> Room:
        """The chat as a bot may name it. Raises ApiError where the bot has never met it."""
        found = self.rooms.get(chat_id)
        if found is None or found.standing is Standing.UNSEEN:
            raise bad_request("chat not found")
        return found

    def post(self, room: Room, sender: User, *, reply_to: Message | None = None, **content: Any) -> Message:
        quoted = changed(reply_to, reply_to_message=None) if reply_to else None
        message = Message(
            next(self._message_ids), self.clock(), room.chat, from_user=sender, reply_to_message=quoted, **content
        )
        room.posts[message.message_id] = message
        self.feed.publish("message", chat_id=room.chat.id, message_id=message.message_id)
        return message

    def revise(self, room: Room, message: Message, *, mark: bool = True, **changes: object) -> Message:
        """Puts other contents in place; `mark` False leaves no "edited" on it."""
        stamp = {"edit_date": self.clock()} if mark else {}
        room.posts[message.message_id] = revised = changed(message, **(stamp | changes))
        self.feed.publish("message", chat_id=room.chat.id, message_id=message.message_id)
        return revised

    def remove(self, room: Room, message: Message) -> None:
        del room.posts[message.message_id]
        self.feed.publish("deleted", chat_id=room.chat.id, message_id=message.message_id)

    def tell_bot(self, kind: str, room: Room, thing: TelegramObject) -> int:
        """Queues an update about something that happened in a chat; its id."""
        return self.inbox.put(kind, room.chat.id, wire(thing))

    def tell_standing(self, room: Room, by: User, before: ChatMember, after: ChatMember) -> int:
        change = ChatMemberUpdated(room.chat, by, self.clock(), before, after)
        return self.tell_bot("my_chat_member", room, change)

    def ask(self, room: Room, sender: User, message: Message, data: str) -> str:
        """A button was pressed; the id of the callback query."""
        query_id = str(next(self._query_ids))
        query = CallbackQuery(query_id, sender, chat_instance=str(-room.chat.id), message=message, data=data)
        self.queries[query_id] = query
        self.asked_at[query_id] = self.clock()
        self.tell_bot("callback_query", room, query)
        return query_id

    def answer(self, query_id: str, answer: CallbackAnswer) -> None:
        asked = self.asked_at.get(query_id)
        if asked is None or (self.clock() - asked).total_seconds() > QUERY_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self.answers[query_id] = answer
        sender = self.queries[query_id].from_user
        self.feed.publish("answer", chat_id=sender.id, query_id=query_id, text=answer.text, alert=answer.alert)


def private_room(person: User) -> Room:
    chat = Chat(person.id, ChatType.PRIVATE, first_name=person.first_name, username=person.username)
    return Room(chat, members={person.id: person})


def supergroup_room(chat_id: int, title: str) -> Room:
    return Room(Chat(chat_id, ChatType.SUPERGROUP, title=title))


def group_room(chat_id: int, title: str) -> Room:
    return Room(Chat(chat_id, ChatType.GROUP, title=title))
