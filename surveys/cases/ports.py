"""What cases need of storage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from surveys.attachments import Attachment
from surveys.cases.case import Case, Happened
from surveys.cases.rules import Managers
from surveys.directory import Stakeholder
from surveys.events import Event
from surveys.ports import Card, OpenInterview
from surveys.questionnaire import Role


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody said, or took back, in one turn of an interview."""

    before: OpenInterview
    after: OpenInterview
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An answer or a remark a case is about, as it stands. `rules`: the signals it met; none for words that give the
    reason. `item`: None for a remark. `files`: how many came with the words. `withdrawn`: it counts no more. `person`:
    who said it, a colleague of the case's own person where another case was merged into it.
    """

    person_id: int
    person: str
    item: str | None
    rules: tuple[str, ...]
    score: int | None
    scale: str | None
    text: str | None
    files: int
    component: str | None
    stage: str | None
    touchpoint: str | None
    language: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """The message in which a case stands in the chat of one of the vendor's people, and the language they chose."""

    case_id: int
    chat_id: int
    message_id: int | None
    shown_version: int
    version: int
    language: str | None = None


def card_name(case_id: int, chat_id: int) -> str:
    """What the card of a case in a chat is called among all cards: no interview has such an id.

    >>> card_name(7, 1001), case_of("7:1001"), case_of("Zx3")
    ('7:1001', (7, 1001), None)
    """
    return f"{case_id}:{chat_id}"


def case_of(name: str) -> tuple[int, int] | None:
    """Case and chat of a card of this name; None for an interview's."""
    number, colon, chat = name.partition(":")
    return (int(number), int(chat)) if colon else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case with everything a card shows. `marks`: this person's scores for the same item, for
    NPS where the case began without a score; the oldest first."""

    case: Case
    held: Stakeholder
    voices: tuple[Voice, ...]
    marks: tuple[int, ...]
    steps: tuple[Happened, ...]
    names: Mapping[int, str]

    @property
    def own(self) -> tuple[Voice, ...]:
        """What the case's own person said and stands by: not what came with the case of a colleague."""
        return tuple(one for one in self.voices if one.person_id == self.case.person_id and not one.withdrawn)

    @property
    def managers(self) -> Managers:
        """Who looks after the project."""
        return Managers(account=self.held.account.manager, project=self.held.project.manager)


Which = Literal["mine", "overdue", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in a list."""

    case: Case
    person: str
    account: str
    project: str
    division: str | None
    managers: Managers


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Somebody who left their last waves unanswered; `wave`: the last one."""

    person_id: int
    project_id: int
    account_id: int
    wave: str


class Cases(Protocol):
    """Cases, their history, the answers they are about, and the cards they are shown on."""

    async def add(self, case: Case, happened: Happened) -> Case:
        """Writes a new case; its id is known afterwards."""
        ...

    async def lock(self, case_id: int) -> Case | None:
        """The case, nobody else's to change until the unit of work ends."""
        ...

    async def open_of(self, person_id: int, component: str | None) -> Case | None:
        """The same, of this person's open case about this component."""
        ...

    async def of_check(self, interview_id: str) -> Case | None:
        """The same, of the case whose client is asked in this interview whether it helped, or once said so in it."""
        ...

    async def of_answer(self, interview_id: str, item: str) -> Case | None:
        """The same, of the case that is about this answer, the one opened last."""
        ...

    async def files(self, case_id: int) -> Mapping[int, Attachment]:
        """What came with the words the case is about and still stands, by number, the oldest first."""
        ...

    async def speaks_of(self, case_id: int, interview_id: str) -> bool:
        """Whether the case is already about something said in this interview."""
        ...

    async def save(self, case: Case, happened: Happened) -> None:
        """Writes the next version and its step. Raises CaseMoved where somebody was faster."""
        ...

    async def look_again(self, case_id: int, at: datetime) -> None:
        """Puts off the next look; that is no step."""
        ...

    async def link(self, case_id: int, interview_id: str, item: str, rules: Sequence[str], at: datetime) -> None:
        """The case is about this answer as well."""
        ...

    async def link_remark(self, case_id: int, remark_id: int, rules: Sequence[str]) -> None:
        """The case is about what was said unasked as well."""
        ...

    async def withdraw(self, interview_id: str, item: str, at: datetime) -> None:
        """This answer counts no more."""
        ...

    async def move_answers(self, case_id: int, into: int) -> None:
        """The other case is about the answers and remarks of this one as well."""
        ...

    async def last_score(self, person_id: int, item: str, without: str) -> int | None:
        """This person's last standing score for the item outside the interview `without`, promises of secrecy kept."""
        ...

    async def due(self, now: datetime, at_most: int) -> Sequence[Case]:
        """Cases to be looked at now, for this unit of work alone; the longest due first."""
        ...

    async def silent(self, now: datetime, waves: int, roles: Sequence[Role]) -> Sequence[Silent]:
        """People of these roles who answered nothing in their last so many waves, all of them over."""
        ...

    async def view(self, case_id: int) -> CaseView | None: ...
    async def views(self, case_ids: Collection[int]) -> Mapping[int, CaseView]: ...

    async def others(self, case: Case) -> Sequence[Listed]:
        """Other open cases of the same account, the newest first."""
        ...

    async def hand(self, case_id: int, chat_ids: Collection[int]) -> None:
        """These people are to have the card; those who have it keep it where it is."""
        ...

    async def cards(self, case_ids: Collection[int]) -> Sequence[CaseCard]: ...

    async def shown(self, cards: Mapping[tuple[int, int], Card]) -> None:
        """Remembers, by case and chat, where and in which version cards were drawn."""
        ...

    async def forget_chat(self, chat_id: int) -> Sequence[int]:
        """Nobody can be reached in this chat: its cards that were never drawn are given up. Cases nobody has now."""
        ...

    async def concerns(self, who: int) -> bool:
        """Whether this person looks after anything by the directory, or has the card of a case."""
        ...

    async def behind(self) -> Sequence[CaseCard]:
        """Cards that do not show the newest version."""
        ...


class CaseMoved(Exception):
    """Somebody else's step came first."""
