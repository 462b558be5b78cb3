"""What is said unasked, and what the use cases about it need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from surveys.attachments import Attachment
from surveys.directory import Person, Stakeholder
from surveys.questionnaire import Language, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Waits for the yes of its person. `id` 0: not kept yet. `album`: the last one that was sent."""

    id: int = 0
    person_id: int
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    album: str | None = None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A verbatim without a score. `held`: where the person belonged when they said it; None: nowhere.

    `roles`: those they hold there, greatest weight first.
    """

    person: Person
    held: Stakeholder | None
    roles: tuple[Role, ...]
    text: str | None
    attachments: tuple[Attachment, ...]
    language: Language
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A remark as it is stored: its id, and those of its files in their order."""

    id: int
    remark: Remark
    file_ids: tuple[int, ...]


class Remarks(Protocol):
    """Remarks, and the one of each person that waits for a yes."""

    async def draft_of(self, person_id: int) -> Draft | None: ...
    async def keep(self, draft: Draft) -> Draft:
        """Writes the draft in place of the one there is; gives it with its id."""
        ...

    async def drop(self, person_id: int) -> None: ...
    async def prune(self, now: datetime) -> None:
        """Removes the drafts nobody agreed to in time."""
        ...

    async def add(self, remark: Remark) -> Kept: ...
    def added(self) -> Sequence[Kept]:
        """The remarks of this unit of work that nobody has been told of yet; each is told once."""
        ...
