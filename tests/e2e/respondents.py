"""Simulated stakeholders: they tap twice, go back, change the language, type numbers. They remember what they said."""

import asyncio
import random
from dataclasses import dataclass, field

from sandbox.people import Person
from sandbox.rooms import Bubble

NPS_BUTTONS = 11
CLOSINGS = ("Спасибо", "Thank you", "Дякуємо")
QUESTIONS = ("Вопрос ", "Question ", "Запитання ")
LANGUAGES = ("Русский", "English", "Українська")
BACK = ("Назад", "Back")
BEHIND_YOU = ("Этот вопрос уже позади", "That question is behind you", "Це запитання вже позаду")
PATIENCE = 90.0
Carried = tuple[str | None, ...]


@dataclass(slots=True)
class Respondent:
    """One person with their role and their whims. `scores`: (question number, scale) -> the score that must count.

    `given`: every press of a score. One of which they are told that its question is behind them has changed nothing.
    `insists`: how often they press the same again where nothing has moved for so many seconds of `patience`.
    `left`: what the buttons of the card carried from which they went back; a copy of it is left once more.
    """

    person: Person
    role: str
    rng: random.Random
    scores: dict[tuple[int, str], int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    answered: set[tuple[int, bool]] = field(default_factory=set)
    changing: bool = False
    backs: int = 2
    left: Carried = ()
    languages: int = 1
    patience: float = PATIENCE
    insists: int = 0
    pressed: tuple[str, int] | None = None
    given: list[tuple[str | None, tuple[int, str], int]] = field(default_factory=list)

    async def answer(self, token: str) -> None:
        """From the invitation to the thanks."""
        await self.person.send(f"/start {token}")
        await self.go_on()

    async def go_on(self) -> None:
        """From the first card to the thanks."""
        card = await self._changed(None)
        while not card.text.startswith(CLOSINGS):
            before = look(card)
            await self._respond(card)
            card = await self._changed(before)
        assert len(card.buttons) <= 1, card.text
        self.scores = {key: score for query, key, score in self.given if not self._in_vain(query)}

    def _in_vain(self, query: str | None) -> bool:
        answer = self.person.world.answers.get(query) if query else None
        return answer is not None and answer.text.startswith(BEHIND_YOU)

    async def _changed(self, before: object) -> Bubble:
        def card(person: Person) -> Bubble | None:
            seen = next((one for one in reversed(person.messages) if is_card(one)), None)
            return seen if seen and look(seen) != before else None

        for _ in range(self.insists):
            try:
                return await self.person.wait_for(card, self.patience)
            except TimeoutError:
                if self.pressed is not None:
                    await self.person.press_forged(*self.pressed)
        return await self.person.wait_for(card, self.patience)

    async def _respond(self, card: Bubble) -> None:
        self.pressed = None
        if not card.text.startswith(QUESTIONS):
            await self._press(card, card.buttons[0].text)
            return
        back = next(button.text for button in card.buttons if button.text in BACK)
        scores = [button.text.strip("· ") for button in card.buttons if button.text.strip("· ").isdigit()]
        if not self.changing and (number(card), bool(scores)) in self.answered:
            await self._say_again(card, scores)
            return
        if carried(card) == self.left:
            await self._press(card, back)
            return
        if self.backs and self.rng.random() < 0.15:
            self.backs -= 1
            self.changing, self.left = True, carried(card)
            await self._press(card, back)
            return
        if self.languages and self.rng.random() < 0.05:
            self.languages -= 1
            await self._switch_language()
            return
        self.changing = False
        self.answered.add((number(card), bool(scores)))
        await (self._score(card, scores) if scores else self._explain(card))

    async def _say_again(self, card: Bubble, scores: list[str]) -> None:
        """A question that is there once more gets the same answer, unless they went back to change it."""
        if not scores:
            await self._press(card, card.buttons[0].text)
            return
        key = number(card), scale(scores)
        self.given.append((await self._press(card, str(self.scores[key])), key, self.scores[key]))

    async def _switch_language(self) -> None:
        await self.person.send("/language")
        choice = await self.person.wait_for(
            lambda person: next((seen for seen in person.messages[-2:] if has_languages(seen)), None), PATIENCE
        )
        await self.person.press(self.rng.choice(LANGUAGES), choice.message_id)

    async def _score(self, card: Bubble, scores: list[str]) -> None:
        chosen = self.rng.choice(scores)
        key = number(card), scale(scores)
        if band(self.scores.get(key), key[1]) != band(int(chosen), key[1]):
            self.words.pop(number(card), None)
            self.answered.discard((number(card), False))
        self.scores[key] = int(chosen)
        typed = self.rng.random() < 0.15
        query = await (self._type(chosen) if typed else self._press(card, chosen))
        self.given.append((query, key, int(chosen)))

    async def _type(self, words: str) -> None:
        await self.person.send(words)

    async def _explain(self, card: Bubble) -> None:
        if self.rng.random() < 0.5:
            said = f"reason {self.rng.randrange(10**6)} <b>&amp; {{project}}"
            self.words[number(card)] = said
            await self.person.send(said)
        else:
            await self._press(card, card.buttons[0].text)

    async def _press(self, card: Bubble, text: str) -> str:
        """Presses, and sometimes twice; the second time on whatever happens to be there in the eyes of the person.

        The id of the first press.
        """
        button = next(one for one in card.buttons if one.text.strip("· ") == text.strip("· "))
        data = button.callback_data or ""
        self.pressed = data, card.message_id
        first = await self.person.press_forged(data, card.message_id)
        if self.rng.random() < 0.3:
            await asyncio.sleep(self.rng.random() * 0.05)
            await self.person.press_forged(data, card.message_id)
        return first


def is_card(seen: Bubble) -> bool:
    asks = bool(seen.keyboard) and not has_languages(seen)
    return seen.from_bot and (asks or seen.text.startswith(CLOSINGS))


def has_languages(seen: Bubble) -> bool:
    return bool(seen.keyboard) and seen.buttons[0].text in LANGUAGES


def band(score: int | None, scale: str) -> int | None:
    """Scores of one band are asked "why" in the same words."""
    if score is None:
        return None
    return (score > 6) + (score > 8) if scale == "nps" else int(score > 2)


def scale(scores: list[str]) -> str:
    return "nps" if len(scores) == NPS_BUTTONS else "csat_5"


def look(card: Bubble) -> object:
    return card.message_id, card.text, carried(card)


def carried(card: Bubble) -> Carried:
    """The same only in copies: another turn of the same question carries something else."""
    return tuple(button.callback_data for button in card.buttons)


def number(card: Bubble) -> int:
    """Number of the question on the card."""
    return int(next(word for word in card.text.split() if word.isdigit()))
