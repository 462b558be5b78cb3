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
PATIENCE = 90.0


@dataclass(slots=True)
class Respondent:
    """One person with their role and their whims. `scores`: (question number, scale) -> the score that must count.

    `insists`: how often they press the same again where nothing has moved for so many seconds of `patience`.
    """

    person: Person
    role: str
    rng: random.Random
    scores: dict[tuple[int, str], int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    answered: set[tuple[int, bool]] = field(default_factory=set)
    changing: bool = False
    backs: int = 2
    languages: int = 1
    patience: float = PATIENCE
    insists: int = 0
    pressed: tuple[str, int] | None = None

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
            return await self._press(card, card.buttons[0].text)
        back = next(button.text for button in card.buttons if button.text in BACK)
        scores = [button.text.strip("· ") for button in card.buttons if button.text.strip("· ").isdigit()]
        if not self.changing and (number(card), bool(scores)) in self.answered:
            return await self._say_again(card, scores)
        if self.backs and self.rng.random() < 0.15:
            self.backs -= 1
            self.changing = True
            return await self._press(card, back)
        if self.languages and self.rng.random() < 0.05:
            self.languages -= 1
            return await self._switch_language()
        self.changing = False
        self.answered.add((number(card), bool(scores)))
        return await (self._score(card, scores) if scores else self._explain(card))

    async def _say_again(self, card: Bubble, scores: list[str]) -> None:
        """A question that is there once more gets the same answer, unless they went back to change it."""
        same = str(self.scores[number(card), scale(scores)]) if scores else card.buttons[0].text
        await self._press(card, same)

    async def _switch_language(self) -> None:
        await self.person.send("/language")
        choice = await self.person.wait_for(
            lambda person: next((seen for seen in person.messages[-2:] if has_languages(seen)), None), self.patience
        )
        await self.person.press(self.rng.choice(LANGUAGES), choice.message_id)

    async def _score(self, card: Bubble, scores: list[str]) -> None:
        chosen = self.rng.choice(scores)
        key = number(card), scale(scores)
        if band(self.scores.get(key), key[1]) != band(int(chosen), key[1]):
            self.words.pop(number(card), None)
            self.answered.discard((number(card), False))
        self.scores[key] = int(chosen)
        if self.rng.random() < 0.15:
            await self.person.send(chosen)
            return
        await self._press(card, chosen)

    async def _explain(self, card: Bubble) -> None:
        if self.rng.random() < 0.5:
            said = f"reason {self.rng.randrange(10**6)} <b>&amp; {{project}}"
            self.words[number(card)] = said
            await self.person.send(said)
        else:
            await self._press(card, card.buttons[0].text)

    async def _press(self, card: Bubble, text: str) -> None:
        """Presses, and sometimes twice; the second time on whatever happens to be there in the eyes of the person."""
        button = next(one for one in card.buttons if one.text.strip("· ") == text.strip("· "))
        data = button.callback_data or ""
        self.pressed = data, card.message_id
        await self.person.press_forged(data, card.message_id)
        if self.rng.random() < 0.3:
            await asyncio.sleep(self.rng.random() * 0.05)
            await self.person.press_forged(data, card.message_id)


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
    return card.message_id, card.text, tuple(button.callback_data for button in card.buttons)


def number(card: Bubble) -> int:
    """Number of the question on the card."""
    return int(next(word for word in card.text.split() if word.isdigit()))
