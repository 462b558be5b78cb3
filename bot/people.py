"""What staff is shown about people: whom to ask instead, and the link to pass on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.settings import Settings
from handlers.reasons import reason
from handlers.replies import Call, message
from handlers.successors import SuccessorCard, invitation_words, keyboard_of, words_of
from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.contact_ports import Proposed
from surveys.directory import Person
from surveys.ports import Library, OpenInterview
from surveys.questionnaire import Language, Questionnaire
from surveys.rules import Rules
from surveys.successors import alike, link_name

OFFERED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleDesk:
    """Looks everything up at the moment of sending: rows hold ids alone, and the link is kept nowhere."""

    database: Database
    library: Library
    settings: Settings
    rules: Rules
    token_of: Callable[[str], str]

    async def successor(self, chat_id: int, payload: Mapping[str, object]) -> Call:
        """The card about somebody to be asked instead, new or in place of a message."""
        async with self.database.unit_of_work() as uow:
            language = self.rules.speaks(await uow.settings.get(f"language:{chat_id}"))
            card = await self._card(uow, int(str(payload["successor"])), language)
        place = payload.get("message_id")
        edit = place if isinstance(place, int) else None
        return message(chat_id, words_of(card, language), keyboard_of(card, language), edit=edit, html=True)

    async def link(self, chat_id: int, payload: Mapping[str, object]) -> Call:
        """The text for the successor, to be passed on as it is."""
        async with self.database.unit_of_work() as uow:
            proposed, opened = await _proposal(uow, int(str(payload["successor"])))
            name = (await uow.settings.get("bot") or "").partition(" ")[2]
        token = self.token_of(link_name(proposed.id))
        words = invitation_words(
            opened.interview.language,
            vendor=self.rules.calls_itself(opened.interview.language),
            project=opened.about.project,
            minutes=self.library.current(opened.interview.questionnaire).minutes,
            link=f"https://t.me/{name}?start={token}",
        )
        return message(chat_id, words)

    async def _card(self, uow: StoredUnitOfWork, successor_id: int, language: Language) -> SuccessorCard:
        proposed, opened = await _proposal(uow, successor_id)
        about = opened.about
        asked = await self.library.version(opened.interview.questionnaire, opened.interview.version)
        colleagues = await uow.directory.stakeholders(account=about.account) if proposed.words else ()
        known = alike(proposed.words or "", colleagues, about.person_id)[:OFFERED]
        chosen = None if proposed.person_id is None else await uow.people.get(proposed.person_id)
        return SuccessorCard(
            proposed=proposed,
            person=about.person,
            account=about.account,
            project=about.project,
            roles=[self._role(role, language) for role in opened.interview.roles],
            title=_title(asked, language),
            known=known,
            successor=chosen.name if chosen else None,
            decision=await self._decision(chosen, language) if chosen and proposed.link_until is None else None,
        )

    async def _decision(self, person: Person, language: Language) -> str:
        """The latest decision about them."""
        async with self.database.reading() as reading:
            [latest] = await reading.decisions.about(person.id, person.external_id, None, 1)
        return reason(latest, language, ZoneInfo(self.settings.vendor.timezone))

    def _role(self, role: str, language: Language) -> str:
        known = self.settings.roles.get(role)
        return self.settings.title(known.title, language, role) if known else role


async def _proposal(uow: StoredUnitOfWork, successor_id: int) -> tuple[Proposed, OpenInterview]:
    """Raises LookupError."""
    proposed = await uow.successors.lock(successor_id)
    opened = await uow.interviews.get(proposed.interview_id) if proposed else None
    if proposed is None or opened is None:
        raise LookupError(f"no successor {successor_id}")
    return proposed, opened


def _title(asked: Questionnaire, language: Language) -> str:
    return asked.title.get(language) or next(iter(asked.title.values()))
