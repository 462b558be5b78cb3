"""A tap on a button of a card, by far the most frequent of updates, read without aiogram.

What is not exactly such a tap goes the ordinary way; both ways meet in `handlers.router.on_tap`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from handlers.buttons import CardButton, read_card

LARGEST_ID = 2**52  # Telegram's own bound: 52 significant bits


class Account(Protocol):
    """A Telegram account, aiogram's or one of a `Tap`."""

    @property
    def id(self) -> int: ...
    @property
    def full_name(self) -> str: ...
    @property
    def language_code(self) -> str | None: ...


class Place(Protocol):
    """A message."""

    @property
    def message_id(self) -> int: ...


class Query(Protocol):
    """A pressed button: aiogram's, or a `Tap`."""

    @property
    def id(self) -> str: ...
    @property
    def from_user(self) -> Account: ...
    @property
    def message(self) -> Place | None: ...


@dataclass(frozen=True, slots=True)
class Presser:
    """Whose tap it is."""

    id: int
    full_name: str
    language_code: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """The message with the button."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button of a card, in the private chat with whoever pressed it."""

    id: str
    from_user: Presser
    message: Card
    button: CardButton


def tap_of(update: Mapping[str, object]) -> Tap | None:
    """The tap that this update is; None: something else, or not quite what Telegram sends.

    >>> chat, who = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False, "first_name": "Sample"}
    >>> query = {"id": "1", "from": who, "chat_instance": "2", "data": "i.Zx3.12.score7"}
    >>> card = {"message_id": 5, "date": 1, "chat": chat}
    >>> tap_of({"update_id": 1, "callback_query": query | {"message": card}}).button
    CardButton(interview_id='Zx3', turn=12, action='score', score=7, option=None)
    >>> tap_of({"update_id": 1, "callback_query": query | {"inline_message_id": "x"}}) is None
    True
    """
    match update:
        case {
            "update_id": int(),
            "callback_query": {
                "id": str(query_id),
                "from": {"id": int(who), "is_bot": False, "first_name": str(first), **more},
                "message": {"message_id": int(place), "date": int(), "chat": {"id": int(chat), "type": "private"}},
                "chat_instance": str(),
                "data": str(data),
            },
        } if chat == who and 0 < who < LARGEST_ID and len(update) == 2:
            language, last, button = more.get("language_code"), more.get("last_name"), read_card(data)
            if button is not None and isinstance(language, str | None) and isinstance(last, str | None):
                name = f"{first} {last}" if last else first
                return Tap(query_id, Presser(who, name, language), Card(place), button)
    return None
