"""What the use cases need of the world. Implemented by storage, faked in tests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from surveys.audit import Audit
from surveys.contact_ports import Asks, Contacts, Decisions, Fieldwork, Interactions, Successors, WaveStarts
from surveys.delivery_ports import Deliveries, Facts
from surveys.directory_ports import Directory, People
from surveys.events import Event
from surveys.interview import Interview
from surveys.questionnaire import Questionnaire, Role
from surveys.remark_ports import Remarks

if TYPE_CHECKING:  # whose cards are messages like those here
    from surveys.cases.opportunities import Opportunities
    from surveys.cases.ports import Cases, Heard
    from surveys.erasure import Erasures
    from surveys.guesses import Guesses
    from surveys.improvements.ports import Improvements
    from surveys.outward.ports import Outgoing
    from surveys.outward.tracker import Issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The right of one person to answer one questionnaire about one project.

    `token_hash`: SHA-256 of the token, 32 bytes; the token itself is never kept.
    """

    id: int
    person_id: int
    project_id: int
    questionnaire: str
    roles: tuple[Role, ...]
    channel: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None = None
    wave: str | None = None
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """An invitation about to be written; `roles`: greatest weight first."""

    token_hash: bytes
    person_id: int
    project_id: int
    questionnaire: str
    roles: tuple[Role, ...]
    created_at: datetime
    expires_at: datetime
    channel: str = "telegram"
    wave: str | None = None
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the interview is about, as it was when it began. Feeds piping and every dimension of a report.

    `extra`: placeholder -> what else the texts speak of, a ticket for one. `interviewer`: Telegram id of whoever
    asks in a talk.
    """

    person_id: int
    person: str
    invitation_id: int
    account_id: int
    account: str
    project_id: int
    project: str
    division: str | None = None
    product: str | None = None
    stage: str | None = None
    channel: str = "telegram"
    wave: str | None = None
    touchpoint: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    interviewer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The message in which the interview is played. `shown_turn` < interview.turn: it is to be drawn again.

    `message_id` None: no card yet, or it is to come down as a new message.
    """

    chat_id: int
    message_id: int | None = None
    shown_turn: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterview:
    """An interview with all that belongs to it."""

    interview: Interview
    about: Circumstances
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message nobody may lose: a row with a state.

    `kind` names the renderer, `payload` (JSON values) is what it needs; no rendered text is kept.
    `priority`: 0 somebody is waiting for it, 9 can wait. `due_at`: not before. `in_doubt`: it may have arrived already.
    `trace`: the update or event that brought it about.
    """

    id: int
    chat_id: int
    kind: str
    payload: Mapping[str, object] = field(default_factory=dict)
    priority: int = 0
    due_at: datetime | None = None
    attempts: int = 0
    in_doubt: bool = False
    trace: str | None = None


class Invitations(Protocol):
    """Invitations by the hash of their token."""

    async def add(self, new: Sequence[NewInvitation]) -> None: ...
    async def open(self, new: Sequence[NewInvitation], at: datetime) -> Sequence[Invitation]:
        """Writes invitations whose links nobody needs: they are opened at once. Gives them in the same order."""
        ...

    async def by_token(self, token_hash: bytes) -> Invitation | None: ...
    async def mark_opened(self, invitation_id: int, at: datetime) -> None: ...


class Interviews(Protocol):
    """Live interviews and their answers."""

    async def add(self, opened: Sequence[OpenInterview], at: datetime) -> None: ...

    async def open_of(self, telegram_id: int) -> OpenInterview | None:
        """The open interview last touched by this person, talks left out; what they put off comes after the others."""
        ...

    async def about(self, person_id: int) -> Sequence[OpenInterview]:
        """Every open interview about this person, talks included."""
        ...

    async def held_by(self, telegram_id: int) -> OpenInterview | None:
        """The open talk last touched by this interviewer."""
        ...

    async def move_to_talk(
        self, before: OpenInterview, after: OpenInterview, events: Sequence[Event], at: datetime
    ) -> None:
        """Writes that the interview goes on in a talk."""
        ...

    async def of_message(self, telegram_id: int, message_id: int) -> OpenInterview | None:
        """The interview in which a message of this account says something that still stands, talks included."""
        ...

    async def refused_by(self, telegram_id: int) -> OpenInterview | None:
        """The interview this person refused, or stopped on the way, last."""
        ...

    async def ended_unseen(self, telegram_id: int) -> Sequence[OpenInterview]:
        """What is over for this person and whose card in the chat, to which nobody could write, does not say so."""
        ...

    async def get(self, interview_id: str) -> OpenInterview | None: ...
    async def of_invitation(self, invitation_id: int) -> OpenInterview | None: ...

    async def save(self, before: OpenInterview, after: OpenInterview, events: Sequence[Event], at: datetime) -> None:
        """Writes the state and the answers that `events` give and withdraw."""
        ...

    def heard(self) -> "Sequence[Heard]":
        """What was saved since the last time somebody asked, in its order."""
        ...

    async def write_answers(self) -> None:
        """Writes the answers saved so far, so that queries of this unit of work see them."""
        ...

    async def shown(self, cards: Mapping[str, Card]) -> None:
        """Remembers where and in which turn the cards of these interviews (by id) were last drawn."""
        ...

    async def draw(self, interview_ids: Collection[str]) -> set[str]:
        """Those of these interviews, read or added before, whose cards may be drawn after the commit.

        One whose card another replica is drawing is left to it: it draws the newest turn when it is ready.
        """
        ...

    async def unshown(self) -> Sequence[OpenInterview]:
        """Interviews whose card does not show their turn, closed ones included, unless another replica draws it."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Rolls back unless committed."""

    people: People
    directory: Directory
    invitations: Invitations
    interviews: Interviews
    successors: Successors
    deliveries: Deliveries
    interactions: Interactions
    contacts: Contacts
    asks: Asks
    decisions: Decisions
    fieldwork: Fieldwork
    wave_starts: WaveStarts
    remarks: Remarks
    cases: "Cases"
    audit: Audit
    opportunities: "Opportunities"
    improvements: "Improvements"
    erasures: "Erasures"
    guesses: "Guesses"
    outgoing: "Outgoing"
    issues: "Issues"

    @property
    def settings(self) -> Facts: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


class Library(Protocol):
    """Every version of every questionnaire, ready to use."""

    def names(self) -> Sequence[str]:
        """Every questionnaire."""
        ...

    def current(self, key: str) -> Questionnaire:
        """The newest version. Raises UnknownQuestionnaire."""
        ...

    async def version(self, key: str, version: int) -> Questionnaire:
        """The version an interview began in. Raises UnknownQuestionnaire."""
        ...
