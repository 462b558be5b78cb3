"""What asking after events, waves and fieldwork need of the world. Implemented by storage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from surveys.contact import Busy, Decided, Scheduled
from surveys.interactions import Interaction
from surveys.questionnaire import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsk:
    """A question about to be scheduled. `interactions`: ids of the events it is about."""

    person_id: int
    project_id: int
    questionnaire: str
    kind: Kind
    due_at: datetime
    created_at: datetime
    wave: str | None = None
    touchpoint: str | None = None
    interactions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAsk:
    """A scheduled question whose time has come, with everything it is about."""

    id: int
    person_id: int
    project_id: int
    questionnaire: str
    kind: Kind
    due_at: datetime
    wave: str | None = None
    touchpoint: str | None = None
    events: tuple[Interaction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was asked of a person. `open`: with the last sign of life as `since`, and as `until`, which the policy
    knows better. `taken`: questionnaire and version -> how often it was begun, refusals left out."""

    last: Mapping[Kind, datetime] = field(default_factory=dict)
    open: tuple[Busy, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()
    taken: Mapping[tuple[str, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open interview to be looked after. `touched_at`: the last sign of life. `interviewer`: of a talk.

    `amending`: it was complete before. `wake_at`: when it comes back that was put off.
    """

    interview_id: str
    person_id: int
    touched_at: datetime
    reminded_at: datetime | None = None
    valid_until: datetime | None = None
    interviewer: int | None = None
    amending: bool = False
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Somebody to be asked instead, in the `words` of whoever is not the right person; None: they did not know.

    `decided_by`: how the admin is called. `person_id`: who was invited. `link_until`: of whoever has to be sent a link.
    """

    id: int
    interview_id: str
    words: str | None
    state: Literal["proposed", "invited", "dismissed"] = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    person_id: int | None = None
    link_until: datetime | None = None


class Interactions(Protocol):
    """Events of the outside world."""

    async def add(self, event: Interaction, at: datetime) -> int | None:
        """Its id here; None when the event of this source and id is here already."""
        ...

    async def reopened(self, tickets: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], datetime]:
        """Of these tickets, by source, those that were opened again, and when for the last time."""
        ...

    async def prune(self, before: datetime, at_most: int) -> int:
        """Removes events received before, but for those a question is yet to be asked about; gives their number."""
        ...


class Contacts(Protocol):
    """What has been asked of people."""

    async def of(self, person_ids: Sequence[int], since: datetime) -> Mapping[int, Past]:
        """For every one of these persons. `since`: from when on interviews count as taken."""
        ...

    async def of_accounts(
        self, account_ids: Sequence[int], since: datetime
    ) -> Mapping[int, Mapping[tuple[str, int], int]]:
        """For every one of these accounts: what all of its people have taken."""
        ...


class Asks(Protocol):
    """Questions that are going to be asked."""

    async def add(self, new: Sequence[NewAsk]) -> Sequence[int]: ...
    async def take_in(self, ask_id: int, interaction_id: int, due_at: datetime) -> None:
        """The question is about this event as well, and is asked at `due_at`."""
        ...

    async def about(self, source: str, ticket: str) -> Sequence[DueAsk]:
        """Scheduled questions about this ticket, whatever else they are about; their persons are locked."""
        ...

    async def forget(self, ask_id: int, source: str, ticket: str) -> None:
        """The question is about this ticket no more."""
        ...

    async def claim(self, now: datetime, at_most: int) -> Sequence[DueAsk]:
        """Questions whose time has come, for this unit of work alone, their persons too; the longest due first."""
        ...

    async def move(self, ask_id: int, due_at: datetime) -> None: ...
    async def settle(
        self, state: Literal["asked", "dropped"], invitations: Mapping[int, int | None], at: datetime
    ) -> None:
        """These questions are scheduled no more. `invitations`: id of each -> of the invitation that came of it."""
        ...


class Decisions(Protocol):
    """Why people were asked, or were not."""

    async def add(self, decided: Sequence[Decided]) -> None: ...


class Fieldwork(Protocol):
    """What becomes of invitations and of interviews nobody finishes."""

    async def due(self, now: datetime, at_most: int) -> Sequence[Waiting]:
        """Open interviews to be looked after now, for this unit of work alone, their persons too."""
        ...

    async def touched(self, person_ids: Sequence[int]) -> Mapping[int, Mapping[str, datetime]]:
        """For those of these persons who have interviews open, talks left out: the last step of each, by its id."""
        ...

    async def look_again(self, when: Mapping[str, datetime]) -> None:
        """Puts off the next look at these interviews."""
        ...

    async def reminded(self, interview_id: str, at: datetime) -> None: ...

    async def expire(self, now: datetime, at_most: int) -> int:
        """Closes, as unreached, invitations that were not opened in time; gives their number."""
        ...

    async def undeliverable(self, invitation_id: int) -> None: ...


class WaveStarts(Protocol):
    """When each wave starts next."""

    async def due(self, key: str, schedule: str, now: datetime) -> bool | None:
        """Whether its time has come, for this unit of work alone; None where it was not reckoned from `schedule`."""
        ...

    async def set(self, key: str, schedule: str, due_at: datetime | None) -> None: ...


class Successors(Protocol):
    """People to be asked instead of others."""

    async def add(self, interview_id: str, words: str | None, at: datetime) -> int: ...

    async def lock(self, successor_id: int) -> Proposed | None:
        """For this unit of work alone."""
        ...

    async def decide(self, decided: Proposed) -> None:
        """Writes what was decided, by whom and when."""
        ...
