"""Dispatching: what the handlers of all kinds of updates cost an update that needs one of them."""

from collections.abc import Sequence
from time import process_time

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from benchmarks.botapi import TOKEN
from benchmarks.figures import Figure, ratios
from handlers.router import make_dispatcher, on_button

UPDATES = 2000
GROUP = {"id": -1, "type": "group", "title": "Sample"}
ELSEWHERE = {
    "update_id": 1,
    "callback_query": {
        "id": "1",
        "from": {"id": 1, "is_bot": False, "first_name": "Sample"},
        "message": {"message_id": 1, "date": 1_790_000_000, "chat": GROUP},
        "chat_instance": "1",
        "data": "x",
    },
}
"""A button in a group: its handler does next to nothing, so that the way to it is what is measured."""


async def measure(rounds: int) -> Sequence[Figure]:
    """Processor time of an update through all handlers against one."""
    dispatchers = {"all": make_dispatcher(), "one": with_one()}
    found: dict[str, list[float]] = {name: [] for name in dispatchers}
    for number in range(rounds + 1):  # the first round fills what aiogram remembers
        for name, dispatcher in dispatchers.items():
            spent = await seconds(dispatcher)
            found[name] += [spent] if number else []
    return [
        Figure(
            what="Раздать обновление, обработчики все",
            baseline="то же, обработчик один",
            ratios=ratios(found["all"], found["one"]),
            more_is_better=False,
        )
    ]


def with_one() -> Dispatcher:
    """A dispatcher with the handler of buttons alone."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.callback_query.register(on_button)
    return dispatcher


async def seconds(dispatcher: Dispatcher, updates: int = UPDATES) -> float:
    """Of so many updates. Raises RuntimeError when one of them found no handler."""
    bot = Bot(TOKEN)
    update = Update.model_validate(ELSEWHERE)
    started = process_time()
    for _ in range(updates):
        if not isinstance(await dispatcher.feed_update(bot, update, desk=None), list):
            raise RuntimeError("an update found no handler")
    return process_time() - started
