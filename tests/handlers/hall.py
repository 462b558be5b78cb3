"""Every kind of person, the real dispatcher, and what it would answer: each transaction is rolled back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.service import Service
from handlers.replies import Acting, Call, Reply, ShowCard, Toast, acting, message, toast
from surveys.ports import Delivery
from tests.bot.house import ADMIN, FIRST

STRANGER = 900


@dataclass(slots=True)
class Hall:
    """Takes updates in as the inbox does."""

    service: Service
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def tell(
        self, update: Mapping[str, object], *, commit: bool = False
    ) -> tuple[Sequence[Reply], Sequence[Delivery]]:
        """What an update brings about: replies, and messages that leave right after the commit."""
        async with self.service.database.unit_of_work() as uow:
            replies = await self.service.handle(uow, {"update_id": next(self.numbers), **update})
            if commit:
                await uow.commit()
                return replies, uow.handed_over
            return replies, await uow.queue.flush()

    async def calls(self, update: Mapping[str, object], *, commit: bool = False) -> list[Call]:
        """The same as calls of the Bot API. Edits become new messages, whose words are checked alike."""
        replies, deliveries = await self.tell(update, commit=commit)
        rendered = [await self.service.sender._render(each) for each in deliveries]
        return [*(_call(reply) for reply in replies), *(call for call in rendered if call is not None)]


def _call(reply: Reply) -> Call:
    match reply:
        case Toast():
            return toast(reply)
        case Acting():
            return acting(reply)
        case ShowCard():
            return message(reply.chat_id, reply.text, reply.keyboard, html=True)


def said(telegram_id: int, **content: object) -> dict[str, object]:
    """A message in the private chat with this person."""
    return {"message": _message(telegram_id) | content}


def pressed(telegram_id: int, data: object, **odd: object) -> dict[str, object]:
    """A button pressed in the private chat with this person."""
    query = {"id": "77", "from": _user(telegram_id), "chat_instance": "1", "data": data}
    return {"callback_query": query | {"message": _message(telegram_id)} | odd}


def membership(telegram_id: int, status: str) -> dict[str, object]:
    """The person blocked the bot, or came back."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Otklik"}
    change = {"chat": _chat(telegram_id), "from": _user(telegram_id), "date": 1}
    now = {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {})
    return {"my_chat_member": change | {"old_chat_member": {"status": "left", "user": bot}, "new_chat_member": now}}


def _message(telegram_id: int) -> dict[str, object]:
    return {"message_id": 5, "date": 1, "chat": _chat(telegram_id), "from": _user(telegram_id)}


def _chat(telegram_id: int) -> dict[str, object]:
    return {"id": telegram_id, "type": "private"}


def _user(telegram_id: int) -> dict[str, object]:
    return {"id": telegram_id, "is_bot": False, "first_name": "Sample", "language_code": "en"}


PRESSES: Mapping[str, Sequence[str]] = {
    "introduced": (),
    "asked": ("begin",),
    "in words": ("begin", "score9"),
    "finished": ("begin", "score9", "skip", "score5"),
    "refused": ("refuse",),
    "broken off": ("begin", "score3", "back", "back", "refuse"),
}
LINKED = FIRST + len(PRESSES)
PEOPLE = {"stranger": STRANGER, "staff": ADMIN, "linked": LINKED} | {
    kind: FIRST + index for index, kind in enumerate(PRESSES)
}


async def gather(service: Service, tokens: Mapping[str, str]) -> Hall:
    """Brings every kind of person about. `tokens`: those of p0 and so on, one more than there are kinds of presses."""
    hall = Hall(service)
    for index, (kind, presses) in enumerate(PRESSES.items()):
        replies, _ = await hall.tell(said(PEOPLE[kind], text=f"/start {tokens[f'p{index}']}"), commit=True)
        for action in presses:
            [card] = cards_of(PEOPLE[kind], replies)
            replies, _ = await hall.tell(pressed(PEOPLE[kind], data_of(card, action)), commit=True)
    async with service.database.unit_of_work() as uow:
        [person] = await uow.people.find(f"p{len(PRESSES)}")
        await uow.people.bind(person.id, LINKED)
        await uow.commit()
    return hall


def cards_of(owner: int, replies: Sequence[Reply]) -> list[ShowCard]:
    """The cards in this person's own chat: what they say may show on a card of the vendor's people too."""
    return [reply for reply in replies if isinstance(reply, ShowCard) and reply.chat_id == owner]


def data_of(card: ShowCard, action: str) -> str:
    """What the button of this action carries."""
    every = (str(one["callback_data"]) for row in card.keyboard for one in row)
    return next(data for data in every if data.endswith(f".{action}"))
