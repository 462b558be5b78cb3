"""Things of the sandbox as JSON for the page. Texts stay plain: the page shows them as text nodes."""

from collections.abc import Iterable
from datetime import datetime

from telegram import BotCommand

from sandbox.files import StoredFile
from sandbox.hooks import PersonCard
from sandbox.people import Person
from sandbox.profile import commands_for
from sandbox.rooms import Bubble, Button, Standing
from sandbox.world import World

Json = dict[str, object]


def message_view(seen: Bubble, person_id: int) -> Json:
    return {
        "id": seen.message_id,
        "mine": seen.sender.id == person_id,
        "text": seen.text,
        "entities": [dict(entity) for entity in seen.entities],
        "keyboard": [[_button_view(key) for key in row] for row in seen.keyboard],
        "file": _file_view(seen.file, seen.picture_size) if seen.file else None,
        "at": seen.sent_at.timestamp(),
        "edited": seen.edited_at is not None,
        "reply_to": seen.reply_to,
    }


def _file_view(file: StoredFile, picture_size: tuple[int, int] | None) -> Json:
    width, height = picture_size or (None, None)
    described: Json = {"id": file.file_id, "kind": file.kind, "name": file.name, "size": len(file.data)}
    return described | {"width": width, "height": height}


def _button_view(key: Button) -> Json:
    return {"text": key.text, "data": key.callback_data, "url": key.url, "copy": key.copy_text, "style": key.style}


def chat_view(person: Person) -> Json:
    world, language = person.world, person.user.language_code or ""
    description = world.profile.description
    return {
        "messages": [message_view(seen, person.user.id) for seen in person.messages],
        "commands": commands_view(commands_for(world, person.room, person.user)),
        "description": description.get(language) or description.get("", ""),
        "blocked": person.room.standing is Standing.BLOCKED,
    }


def commands_view(commands: Iterable[BotCommand]) -> list[Json]:
    return [{"command": item.command, "description": item.description} for item in commands]


def person_view(card: PersonCard, person: Person, read_up_to: int) -> Json:
    """A line of the list: who, what was said last, how much of the bot's is unread."""
    messages = person.messages
    last = messages[-1] if messages else None
    return {
        "id": card.telegram_id,
        "name": card.name,
        "subtitle": card.subtitle,
        "group": card.group,
        "note": card.note,
        "links": [{"label": link.label, "token": link.token} for link in card.start_links],
        "unread": sum(seen.from_bot and seen.message_id > read_up_to for seen in messages),
        "last": {"text": last.text, "at": last.sent_at.timestamp(), "file": bool(last.file)} if last else None,
    }


def card_of(person: Person) -> PersonCard:
    """A card for someone no hook describes."""
    user = person.user
    return PersonCard(user.id, user.first_name, f"id {user.id}", "respondents", user.language_code or "")


def bot_view(world: World) -> Json:
    return {"id": world.bot.id, "name": world.bot.first_name, "username": world.bot.username}


def clock_view(now: datetime) -> Json:
    """Seconds since 1970 and the offset of the service's time zone in minutes."""
    offset = now.utcoffset()
    return {"at": now.timestamp(), "offset": int(offset.total_seconds() // 60) if offset else 0}
