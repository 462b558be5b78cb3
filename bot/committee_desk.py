"""The committee's screens: one card edited in place, and papers below it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.committee_papers import PAPERS
from bot.committee_sight import Sight
from bot.settings import Settings
from handlers import committee_cards as cards
from handlers import committee_menus as menus
from handlers.committee import WORDED, bounds, candidates
from handlers.notices import LANGUAGE_NAMES, sentence
from handlers.replies import Call, File, Keyboard, message
from storage.database import Database
from surveys.audit import Look
from surveys.cases.rules import Names
from surveys.improvements.committee import CauseGone, cause_of, of_anchor
from surveys.improvements.improvement import Improvement
from surveys.questionnaire import Language
from surveys.rules import Rules


@dataclass(frozen=True, slots=True)
class Asked:
    """A screen, and the numbers of the button that leads to it."""

    screen: str
    numbers: tuple[int, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML, or a file. `rows`: how many clients' words are on it."""

    text: str = ""
    keyboard: Keyboard = ()
    rows: int = 0
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeDesk:
    """Answers `/committee`."""

    database: Database
    settings: Settings
    rules: Rules
    names: Names

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.vendor.timezone)

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """What `payload` asks for, new or in place of a message; written down before it is shown."""
        numbers, place = payload["numbers"], payload.get("message_id")
        given = tuple(int(each) for each in numbers) if isinstance(numbers, list) else ()
        asked = Asked(str(payload["screen"]), given, str(payload["language"]))
        async with self.database.reading() as reading:
            sight = Sight(reading, self.settings, self.rules, self.names, now)
            try:
                shown = await self._shown(sight, asked)
            except CauseGone:
                shown = Shown(sentence("cause_gone", asked.language), menus.nowhere(asked.language))
        if shown.rows:
            looked_at: Mapping[str, object] = {"screen": asked.screen, "numbers": list(given)}
            await self.database.note(
                Look(at=now, who=str(chat_id), entrance="/committee", looked_at=looked_at, rows=shown.rows)
            )
        if shown.file is not None:
            return _file(chat_id, asked.screen, shown, now)
        edit = place if isinstance(place, int) else None
        return message(chat_id, shown.text, shown.keyboard, edit=edit, html=True)

    async def _shown(self, sight: Sight, asked: Asked) -> Shown:
        match asked.screen:
            case "home":
                return await self._home(sight, asked)
            case "cause":
                return await self._cause(sight, asked)
            case "list":
                return await self._list(sight, asked)
            case "agenda" | "minutes":
                return await self._paper(sight, asked)
            case screen:
                improvement = await sight.improvements.get(asked.numbers[0])
                if improvement is None:
                    raise CauseGone
                return await OF_ONE.get(screen, _asking)(self, sight, asked, improvement)

    async def _home(self, sight: Sight, asked: Asked) -> Shown:
        span, page = asked.numbers
        causes = await sight.causes(_since(span, sight.now))
        page = _within(page, len(causes), menus.PAGE)
        text = cards.home_card(causes, span, page, self.names, asked.language)
        return Shown(text, menus.home(causes, span, page, self.names, asked.language))

    async def _cause(self, sight: Sight, asked: Asked) -> Shown:
        span, anchor = asked.numbers
        one = of_anchor(await sight.causes(_since(span, sight.now)), anchor)
        under_way = await sight.improvements.under_way(one.cause)
        text = cards.cause_card(one, self.names, asked.language, self.zone)
        return Shown(text, menus.cause(one, span, under_way, asked.language), rows=len(one.complaints))

    async def _list(self, sight: Sight, asked: Asked) -> Shown:
        found = await sight.improvements.listed()
        page = _within(asked.numbers[0], len(found), menus.PAGE)
        keyboard = menus.listed(found, page, self.names, asked.language)
        return Shown(cards.list_card(found, asked.language), keyboard)

    async def _paper(self, sight: Sight, asked: Asked) -> Shown:
        papers = await sight.papers(_since(asked.numbers[0], sight.now), None, asked.language)
        rows = sum(len(one.complaints) for one in papers.causes) or 1
        return Shown(file=PAPERS[asked.screen](papers), rows=rows)


async def _card(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    causes = await sight.causes(_since(menus.YEAR, sight.now))
    people, found = await sight.known([one], []), await sight.effect(one)
    text = cards.improvement_card(one, cause_of(one, causes), found, people, desk.names, asked.language, desk.zone)
    return Shown(text, menus.card(one, asked.language))


async def _history(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    steps = [step for step in await sight.improvements.history(None, None) if step.improvement_id == one.id]
    text = cards.history_card(steps, await sight.known([one], steps), asked.language, desk.zone)
    return Shown(text, menus.back(one, asked.language))


async def _drafts(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    found = await sight.drafts(one)
    page = _within(asked.numbers[1], len(found), 1)
    vendor = desk.rules.calls_itself(found[page].language) if found else ""
    text = cards.draft_card(found, page, vendor, asked.language, desk.zone)
    return Shown(text, menus.drafts(one, found, page, desk.rules.languages, asked.language), rows=bool(found))


async def _owners(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    people = candidates(desk.rules.access, one)
    keyboard = menus.owners(one, people, await sight.improvements.names(people), asked.language)
    return Shown(cards.prompt("owners", asked.language), keyboard)


async def _effects(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    return Shown(cards.prompt("effects", asked.language), menus.effects(one, asked.language))


async def _terms(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    return Shown(cards.prompt("terms", asked.language), menus.terms(one, asked.language))


async def _asking(desk: CommitteeDesk, sight: Sight, asked: Asked, one: Improvement) -> Shown:
    """Words are waited for."""
    if asked.screen not in WORDED:
        raise CauseGone
    wanted = asked.numbers[1] if len(asked.numbers) > 1 else 0
    languages = desk.rules.languages
    language = languages[wanted] if wanted < len(languages) else asked.language
    text = cards.prompt(asked.screen, asked.language, spoken=LANGUAGE_NAMES.get(language, language))
    return Shown(text, menus.back(one, asked.language))


OF_ONE: Final[Mapping[str, Callable[[CommitteeDesk, Sight, Asked, Improvement], Awaitable[Shown]]]] = {
    "card": _card,
    "history": _history,
    "drafts": _drafts,
    "owners": _owners,
    "effects": _effects,
    "terms": _terms,
}
"""Screens of one improvement; the others ask for words."""


def _since(span: int, now: datetime) -> datetime:
    since = bounds(span, now)
    if since is None:
        raise CauseGone
    return since


def _within(page: int, total: int, size: int) -> int:
    return max(0, min(page, (total - 1) // size))


def _file(chat_id: int, name: str, shown: Shown, now: datetime) -> Call:
    file = File(f"committee-{name}-{now:%Y-%m-%d}.md", (shown.file or "").encode(), "text/markdown")
    return Call("sendDocument", {"chat_id": chat_id}, {"document": file})
