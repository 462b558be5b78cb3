"""People who write to the bot, press its buttons, block it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from telegram import ChatMemberBanned, ChatMemberLeft, ChatMemberMember, Location, Message, User

from sandbox.entities import formatted
from sandbox.files import Upload, audio, document, photo_sizes, sticker, video, video_note, voice
from sandbox.rooms import Bubble, Button, Room, Standing, bubble
from sandbox.world import CallbackAnswer, World, supergroup_room

T = TypeVar("T")
FOR_EVER = datetime.fromtimestamp(0, UTC)
PATIENCE = 60.0


class Group:
    """A group chat. The bot hears only commands, mentions and replies to itself, as by default in Telegram."""

    def __init__(self, world: World, room: Room) -> None:
        self.world = world
        self.room = room

    async def add_bot(self, by: "Person") -> int:
        """Adds the bot; the id of the update that tells it so."""
        self.room.members |= {by.user.id: by.user, self.world.bot.id: self.world.bot}
        self.room.standing = Standing.OPEN
        by.met()
        change = self._tell_membership(by)
        self._say(by, new_chat_members=[self.world.bot])
        return change

    async def remove_bot(self, by: "Person") -> int:
        self.room.standing = Standing.REMOVED
        self.room.members.pop(self.world.bot.id, None)
        banned = ChatMemberBanned(self.world.bot, FOR_EVER)
        return self.world.tell_standing(self.room, by.user, ChatMemberMember(self.world.bot), banned)

    def migrate(self, by: "Person", new_id: int, *, members_first: bool = False) -> "Group":
        """Turns the group into a supergroup. Which of its updates comes first, Telegram does not promise."""
        grown = Group(self.world, supergroup_room(new_id, self.room.chat.title or ""))
        self.world.rooms[new_id] = grown.room
        grown.room.members, grown.room.standing = self.room.members, Standing.OPEN
        self.room.standing, self.room.moved_to, old_id = Standing.MOVED, new_id, self.room.chat.id
        if members_first:
            grown._tell_membership(by)
        self._say(by, migrate_to_chat_id=new_id)
        grown._say(by, migrate_from_chat_id=old_id)
        if not members_first:
            grown._tell_membership(by)
        return grown

    def _say(self, by: "Person", **content: Any) -> int:
        return self.world.tell_bot("message", self.room, self.world.post(self.room, by.user, **content))

    def _tell_membership(self, by: "Person") -> int:
        bot = self.world.bot
        return self.world.tell_standing(self.room, by.user, ChatMemberLeft(bot), ChatMemberMember(bot))


class Person:
    """One person with their Telegram. Every action returns at once; the bot learns of it through its updates."""

    def __init__(self, world: World, user: User, room: Room) -> None:
        self.world = world
        self.user = user
        self.room = room

    @property
    def messages(self) -> tuple[Bubble, ...]:
        """What stands in the private chat with the bot now, oldest first."""
        return tuple(bubble(message, self.world.files) for message in self.room.messages)

    @property
    def last(self) -> Bubble | None:
        """The bot's newest message."""
        return next((seen for seen in reversed(self.messages) if seen.from_bot), None)

    @property
    def answers(self) -> tuple[CallbackAnswer, ...]:
        """What the bot answered to this person's presses, in the order of the presses."""
        mine = (query_id for query_id, query in self.world.queries.items() if query.from_user.id == self.user.id)
        return tuple(self.world.answers[query_id] for query_id in mine if query_id in self.world.answers)

    async def send(self, text: str, *, group: Group | None = None, reply_to: int | None = None) -> int:
        """Writes to the bot, or into a group; the id of the update."""
        content = formatted(text)
        return self._say(group, reply_to, text=content.text, entities=content.entities)

    async def send_document(self, name: str, data: bytes, caption: str = "") -> int:
        file = self.world.files.keep("document", Upload(name, data))
        return self._say(document=document(file), caption=caption or None)

    async def send_photo(self, data: bytes, caption: str = "") -> int:
        file = self.world.files.keep("photo", Upload("photo.jpg", data, "image/jpeg"))
        return self._say(photo=photo_sizes(file), caption=caption or None)

    async def send_album(self, *pictures: bytes, caption: str = "") -> list[int]:
        """Photos that belong together; the words are with the first. One update for each."""
        album, captions = f"album{len(self.world.files.by_id)}", [caption or None, *[None] * len(pictures)]
        files = [self.world.files.keep("photo", Upload("photo.jpg", data, "image/jpeg")) for data in pictures]
        return [
            self._say(photo=photo_sizes(file), caption=words, media_group_id=album)
            for file, words in zip(files, captions, strict=False)
        ]

    async def send_voice(self, data: bytes, seconds: int = 1, caption: str = "") -> int:
        file = self.world.files.keep("voice", Upload("voice.ogg", data, "audio/ogg"))
        return self._say(voice=voice(file, seconds), caption=caption or None)

    async def send_video(self, data: bytes, caption: str = "") -> int:
        file = self.world.files.keep("video", Upload("video.mp4", data, "video/mp4"))
        return self._say(video=video(file, 1), caption=caption or None)

    async def send_video_note(self, data: bytes) -> int:
        file = self.world.files.keep("video_note", Upload("note.mp4", data, "video/mp4"))
        return self._say(video_note=video_note(file, 1))

    async def send_audio(self, name: str, data: bytes, caption: str = "") -> int:
        file = self.world.files.keep("audio", Upload(name, data, "audio/mpeg"))
        return self._say(audio=audio(file, 1), caption=caption or None)

    async def send_location(self, latitude: float, longitude: float) -> int:
        return self._say(location=Location(longitude, latitude))

    async def send_sticker(self, emoji: str = "👍") -> int:
        file = self.world.files.keep("sticker", Upload("sticker.webp", b"webp", "image/webp"))
        return self._say(sticker=sticker(file, emoji))

    async def edit(self, message_id: int, text: str) -> int:
        """Rewrites a message of one's own. Raises KeyError where there is none."""
        message = self.room.posts[message_id]
        if message.from_user != self.user:
            raise KeyError(message_id)
        content = formatted(text)
        edited = self.world.revise(self.room, message, text=content.text, entities=content.entities)
        return self.world.tell_bot("edited_message", self.room, edited)

    async def press(self, button: str | Button, message_id: int | None = None, *, group: Group | None = None) -> str:
        """Presses a button found by its text or callback data, on the newest message that has it.

        Returns the id of the callback query. Raises LookupError where no such button is on the screen.
        """
        room = group.room if group else self.room
        for message, key in self._on_screen(room, message_id):
            if button in (key, key.text, key.callback_data) and key.callback_data:
                return self.world.ask(room, self.user, message, key.callback_data)
        raise LookupError(f"no button {button!r} on the screen of {self.user.id}")

    async def press_forged(self, callback_data: str, message_id: int) -> str:
        """Sends callback data that is not on the message: a stale tap, or a client that cheats."""
        return self.world.ask(self.room, self.user, self.room.posts[message_id], callback_data)

    async def block(self) -> int:
        """Blocks the bot; the id of the update that tells it so."""
        self.room.standing = Standing.BLOCKED
        banned = ChatMemberBanned(self.world.bot, FOR_EVER)
        return self.world.tell_standing(self.room, self.user, ChatMemberMember(self.world.bot), banned)

    async def unblock(self) -> int:
        return self._unblocked()

    async def deactivate(self) -> None:
        """The account is deleted: Telegram tells the bot nothing until it writes."""
        self.room.standing = Standing.DEACTIVATED

    async def wait_for(self, look: Callable[["Person"], T | None], seconds: float = PATIENCE) -> T:
        """The first true answer of `look(person)`, asked now and at every change in the chat. Raises TimeoutError."""
        try:
            return await self.world.feed.until(lambda: look(self), seconds, self.room.chat.id)
        except TimeoutError:
            shown = [seen.text for seen in self.messages[-3:]]
            raise TimeoutError(f"person {self.user.id} waited {seconds} s in vain; sees {shown}") from None

    def met(self) -> None:
        """The bot has seen this person, though not in private."""
        if self.room.standing is Standing.UNSEEN:
            self.room.standing = Standing.SEEN

    def _say(self, group: Group | None = None, reply_to: int | None = None, **content: Any) -> int:
        room = group.room if group else self.room
        if group:
            room.members[self.user.id] = self.user
            self.met()
        elif room.standing is Standing.BLOCKED:
            self._unblocked()
        else:
            room.standing = Standing.OPEN
        message = self.world.post(room, self.user, reply_to=room.posts.get(reply_to or 0), **content)
        heard = not group or self._heard_in_group(message)
        return self.world.tell_bot("message", room, message) if heard else 0

    def _unblocked(self) -> int:
        self.room.standing = Standing.OPEN
        banned = ChatMemberBanned(self.world.bot, FOR_EVER)
        return self.world.tell_standing(self.room, self.user, banned, ChatMemberMember(self.world.bot))

    def _heard_in_group(self, message: Message) -> bool:
        text, answered = message.text or message.caption or "", message.reply_to_message
        to_bot = answered is not None and answered.from_user == self.world.bot
        return to_bot or text.startswith("/") or f"@{self.world.bot.username}".lower() in text.lower()

    def _on_screen(self, room: Room, message_id: int | None) -> Iterator[tuple[Message, Button]]:
        for message in reversed(room.messages):
            if message_id in (None, message.message_id):
                for key in bubble(message, self.world.files).buttons:
                    yield message, key
