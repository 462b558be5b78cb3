"""People at their telephones, in closed loop or at a fixed rate."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.botapi import BotApi, Message


@dataclass(slots=True)
class Person:
    """`left`: how many times they tap at most. `scores`: those they gave."""

    id: int
    link: str
    left: int
    rng: Random
    card: Message = field(default_factory=dict)
    taps: int = 0
    scores: int = 0

    @property
    def done(self) -> bool:
        """Whether there is nothing left to tap."""
        return not self.left or "reply_markup" not in self.card


def crowd(links: Mapping[int, str], taps: int) -> Sequence[Person]:
    """One person for each Telegram id, always with the same whims."""
    return [Person(number, link, taps, Random(number)) for number, link in links.items()]


async def begin(api: BotApi, people: Sequence[Person], at_once: int) -> None:
    """Everybody opens their link and sees their first card."""
    await _together((_open(api, person) for person in people), at_once)


async def answer(api: BotApi, people: Sequence[Person], at_once: int) -> None:
    """Everybody taps to the end, each as soon as they see a card, `at_once` people at any time."""
    await _together((_to_the_end(api, person) for person in people), at_once)


async def answer_at_rate(api: BotApi, people: Sequence[Person], per_second: float, taps: int) -> Sequence[float]:
    """Seconds from the moment each tap is due to the card it leads to; a tap due while nobody is free waits as well."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Person] = asyncio.Queue()
    for person in people:
        free.put_nowait(person)

    async def timed(person: Person, due: float) -> float:
        await _tap(api, person)
        took = loop.time() - due
        if not person.done:
            free.put_nowait(person)
        return took

    started, waiting = loop.time(), []
    for number in range(taps):
        due = started + number / per_second
        await asyncio.sleep(due - loop.time())
        waiting.append(loop.create_task(timed(await free.get(), due)))
    return await asyncio.gather(*waiting)


async def complain_at_rate(
    api: BotApi, people: Sequence[Person], managers: Mapping[int, int], per_second: float, score: str
) -> Sequence[float]:
    """Seconds from the moment each is due to give this score to the card their manager has of it; each does so once."""
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def timed(person: Person, due: float) -> float:
        await asyncio.sleep(due - loop.time())
        data = next(one["callback_data"] for one in _buttons(person) if one["text"] == score)
        await api.alarm(person.id, person.card, data, managers[person.id])
        return loop.time() - due

    waiting = [timed(person, started + number / per_second) for number, person in enumerate(people)]
    return await asyncio.gather(*waiting)


def _buttons(person: Person) -> list[Mapping[str, Any]]:
    return [one for row in person.card["reply_markup"]["inline_keyboard"] for one in row]


async def agree(api: BotApi, people: Sequence[Person], at_once: int) -> None:
    """Everybody goes on from the first card to the first question."""
    await _together((_tap(api, person) for person in people), at_once)


async def _open(api: BotApi, person: Person) -> None:
    person.card = await api.say(person.id, f"/start {person.link}")


async def _to_the_end(api: BotApi, person: Person) -> None:
    while not person.done:
        await _tap(api, person)


async def _tap(api: BotApi, person: Person) -> None:
    """A score where there are scores, else the first button: begin, or skip the words."""
    buttons = _buttons(person)
    scores = [one for one in buttons if one["text"].isdigit()]
    chosen = person.rng.choice(scores) if scores else buttons[0]
    person.card = await api.tap(person.id, person.card, chosen["callback_data"])
    person.taps += 1
    person.left -= 1
    person.scores += bool(scores)


async def _together(works: Iterator[Coroutine[Any, Any, None]], at_once: int) -> None:
    async def worker() -> None:
        for work in works:
            await work

    await asyncio.gather(*(worker() for _ in range(at_once)))
