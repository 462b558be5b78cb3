"""What improvements need of storage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from surveys.cases.case import Happened
from surveys.cases.ports import CaseView
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement

State = Literal["waiting", "sent", "left_out", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody is told about an improvement, once. `at`: of the last change."""

    id: int
    improvement_id: int
    person_id: int
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A step of an improvement's history."""

    improvement_id: int
    happened: Happened


class Improvements(Protocol):
    """Improvements, their history, the cases behind them, and what clients are told."""

    async def troubles(self, since: datetime | None, until: datetime | None) -> Sequence[CaseView]:
        """Cases opened in the period, with those that were merged into them, whenever these were opened."""
        ...

    async def revenue(self) -> float | None:
        """Of all accounts together; None where that of some account is not known."""
        ...

    async def open(self, new: Improvement, happened: Happened, case_ids: Collection[int]) -> int | None:
        """Writes a new improvement and the cases behind it; None where there is one about this cause."""
        ...

    async def under_way(self, cause: Cause) -> int | None:
        """The improvement about this cause that is neither finished nor declined."""
        ...

    async def link(self, improvement_id: int, case_ids: Collection[int]) -> None:
        """These cases are behind it as well."""
        ...

    async def cases(self, improvement_id: int, of: int | None = None) -> Sequence[int]:
        """The cases behind it, with those that were merged into them. `of`: of this person alone."""
        ...

    async def get(self, improvement_id: int) -> Improvement | None: ...

    async def lock(self, improvement_id: int) -> Improvement | None:
        """The improvement, nobody else's to change until the unit of work ends."""
        ...

    async def save(self, improvement: Improvement, happened: Happened) -> None: ...

    async def listed(self) -> Sequence[Improvement]:
        """All of them, those that are not finished first, then the newest."""
        ...

    async def history(self, since: datetime | None, until: datetime | None) -> Sequence[Told]:
        """Steps of all improvements in the period, in order."""
        ...

    async def moved_by(self, improvement_id: int) -> int | None:
        """Who took the last step."""
        ...

    async def names(self, people: Collection[int]) -> Mapping[int, str]:
        """How these of the vendor's people call themselves in Telegram, as far as known."""
        ...

    async def notes(self, improvement_id: int) -> Mapping[int, Note]:
        """By person."""
        ...

    async def note(self, note_id: int) -> Note | None: ...

    async def write_notes(
        self, improvement_id: int, people: Collection[int], state: State, at: datetime
    ) -> Mapping[int, int]:
        """Numbers of the new notes, by person; whoever has one about this improvement gets no other."""
        ...

    async def settle_note(self, note_id: int, state: State, at: datetime) -> None: ...

    async def last_told(self, person_id: int, but: int) -> datetime | None:
        """When this person was last told anything, this note apart."""
        ...
