"""A town that writes to the bot for years: what Telegram is to the service, and people of whom little is remembered.

Whatever grows while it runs, grows in the service: of a person only counts and the last few screens are kept.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.clock import Clock
from bot.telegram import Outcome, understand
from handlers.buttons import CardButton, CaseButton, CasesButton, RemarkButton, ResumeButton, read
from handlers.replies import Call

SCREENS = 3
BEFORE = datetime.min.replace(tzinfo=UTC)
SENDS = ("sendMessage", "editMessageText", "editMessageReplyMarkup")
BLOCKED = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
BOT = {"id": 4242, "is_bot": True, "first_name": "Otklik", "username": "otklik_sandbox_bot"}
COMMANDS = ("/start", "/help", "/privacy", "/language", "/mydata", "/why", "/nonsense")
ONWARD = ("begin", "next", "done", "keep", "send", "unnamed", "resume")
PASSED_ON = (RemarkButton, ResumeButton, CaseButton, CasesButton)
SATISFIED = 0.9  # of scores: each lower one makes a case
Update = Mapping[str, Any]


@dataclass(slots=True)
class Resident:
    """`screens`: message -> what its buttons carry, oldest first; `scores`, `words`: given and not refused."""

    id: int
    rng: random.Random
    screens: dict[int, Sequence[str]] = field(default_factory=dict)
    blocked: bool = False
    scores: list[int] = field(default_factory=lambda: [0] * 11)
    words: int = 0
    last: Update | None = None
    last_at: datetime = BEFORE

    def show(self, message_id: int, buttons: Sequence[str]) -> None:
        """A message with these buttons, or without any, is on the screen."""
        if buttons:
            self.screens[message_id] = buttons
        else:
            self.screens.pop(message_id, None)
        while len(self.screens) > SCREENS:
            del self.screens[next(iter(self.screens))]

    @property
    def card(self) -> tuple[int, Sequence[CardButton]] | None:
        """The newest card of an interview: its message and its buttons."""
        for message_id in sorted(self.screens, reverse=True):
            buttons = [found for data in self.screens[message_id] if isinstance(found := read(data), CardButton)]
            if buttons:
                return message_id, buttons
        return None


@dataclass(slots=True)
class Town:
    """`unanswered`: presses whose button still waits. `sent`: signals, those that were brought again included."""

    residents: Mapping[int, Resident]
    clock: Clock
    unanswered: set[str] = field(default_factory=set)
    sent: int = 0
    _updates: Iterator[int] = field(default_factory=lambda: count(1))
    _messages: Iterator[int] = field(default_factory=lambda: count(1))
    _queries: Iterator[int] = field(default_factory=lambda: count(1))

    async def exchange(self, call: Call, _seconds: float) -> Outcome:
        """What Telegram makes of a call."""
        params = call.params
        resident = self.residents.get(int(str(params.get("chat_id", 0))))
        if call.method == "answerCallbackQuery":
            self.unanswered.discard(str(params["callback_query_id"]))
        if resident is not None and resident.blocked:
            return understand(403, json.dumps(BLOCKED).encode())
        result: object = BOT if call.method == "getMe" else True
        if call.method.startswith("send") or call.method in SENDS:
            result = self._shown(call, resident)
        return understand(200, json.dumps({"ok": True, "result": result}).encode())

    def _shown(self, call: Call, resident: Resident | None) -> object:
        message_id = int(str(call.params.get("message_id") or next(self._messages)))
        if resident is not None:
            resident.show(message_id, carried(call.params.get("reply_markup")))
        return {"message_id": message_id, "date": 1, "chat": {"id": call.params.get("chat_id"), "type": "private"}}

    def writes(self, resident: Resident, words: str) -> Update:
        """A message to the bot."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(words.split()[0])}]
        return self._update(
            resident,
            "message",
            {
                "message_id": next(self._messages),
                "text": words,
                **({"entities": entities} if words.startswith("/") else {}),
                **_place(resident),
            },
        )

    def presses(self, resident: Resident, message_id: int, data: str) -> Update:
        """A button under a message of the bot."""
        query = str(next(self._queries))
        if not resident.blocked:
            self.unanswered.add(query)
        message = {"message_id": message_id, "text": "-", **_place(resident), "from": BOT}
        return self._update(
            resident,
            "callback_query",
            {"id": query, "chat_instance": "1", "data": data, "message": message, "from": _user(resident)},
        )

    def turns_away(self, resident: Resident, *, away: bool) -> Update:
        """Blocks the bot, or lets it write again: then what is still asked is brought down to them."""
        if away:
            resident.screens.clear()
        resident.blocked = away
        standing = ({"status": "kicked", "until_date": 0}, {"status": "member"})
        new, old = standing if away else standing[::-1]
        return self._update(
            resident,
            "my_chat_member",
            {
                "old_chat_member": {**old, "user": BOT},
                "new_chat_member": {**new, "user": BOT},
                **_place(resident),
            },
        )

    def _update(self, resident: Resident, kind: str, body: Update) -> Update:
        resident.last, resident.last_at = {"update_id": next(self._updates), kind: body}, self.clock.now()
        return resident.last


def carried(markup: object) -> Sequence[str]:
    """What the buttons of a keyboard carry."""
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, Mapping) else ()
    return [str(key["callback_data"]) for row in rows for key in row if key.get("callback_data")]


def _user(resident: Resident) -> Update:
    return {"id": resident.id, "is_bot": False, "first_name": f"Sample {resident.id}", "language_code": "ru"}


def _place(resident: Resident) -> Update:
    chat = {"id": resident.id, "type": "private", "first_name": f"Sample {resident.id}"}
    return {"date": 1_790_000_000, "chat": chat, "from": _user(resident)}
