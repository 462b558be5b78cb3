"""What a decision to ask somebody is made of: the policy, the occasion, the person, what was before, the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.calendar import ContactHours
from surveys.cron import Cron
from surveys.directory import Person, Project, Stakeholder
from surveys.interactions import Interaction, name_in
from surveys.questionnaire import Kind

YEAR: Final = timedelta(days=365)
NAMED: Final = 10
"""Tickets that a text names one by one."""

AMENDING: Final = timedelta(hours=1)
"""How long somebody who changes answers they had sent is taken to be at it, after the last sign of life."""

AT_IT: Final = timedelta(hours=1)
"""How long somebody is taken to be in a conversation, after its last step or before it goes on as they asked."""

Values = Mapping[str, object]
"""What a rule looked at, JSON values; they fill the placeholders of its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseRule:
    """What to ask after an event. `sample`: share of events, 0-1. `touchpoint`: for events that name none."""

    questionnaire: str
    delay: timedelta = timedelta(0)
    sample: float = 1.0
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRule:
    """A survey that repeats. `where`: dimension -> the values asked. `zone`: whose dates the schedule goes by."""

    key: str
    questionnaire: str
    line: str
    cron: Cron
    zone: ZoneInfo
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """When a project has something to judge. `adoption`: the least share of functionality in use, 0-1."""

    questionnaire: str
    stages: tuple[str, ...]
    adoption: float
    automatic: bool = True

    def fits(self, project: Project) -> bool:
        """Whether the survey makes sense for the project as it is now."""
        return project.stage in self.stages and (project.adoption or 0.0) >= self.adoption


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The vendor's decisions about contact. `rest`: by kind. Budgets: minutes of answering in a year, None: no limit.

    `stages`: every stage of the journey. `automatic`: resolutions, lower case, by which a ticket closed itself.
    `event_max_age`: how long ago an imported event may have happened to be asked about, None: any time.
    """

    zone: ZoneInfo
    hours: ContactHours
    rest: Mapping[Kind, timedelta]
    relationship: Relationship
    stages: tuple[str, ...] = ()
    pulses: Mapping[str, PulseRule] = field(default_factory=dict)
    waves: Mapping[str, WaveRule] = field(default_factory=dict)
    reminder_after: timedelta | None = timedelta(hours=24)
    expire_after: timedelta = timedelta(days=7)
    merge_window: timedelta = timedelta(hours=24)
    drip: timedelta = timedelta(minutes=10)
    minutes_per_person: int | None = None
    minutes_per_account: int | None = None
    automatic: frozenset[str] = frozenset()
    event_max_age: timedelta | None = timedelta(days=14)

    def zone_of(self, person: Person | None) -> ZoneInfo:
        """The person's time zone, else the vendor's."""
        return ZoneInfo(person.timezone) if person and person.timezone else self.zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What gives reason to ask: a questionnaire, and from when on. `minutes`: what it takes to answer.

    `known`: whether there is such a questionnaire. `events`: those the question would be about; none in a wave.
    """

    questionnaire: str
    kind: Kind
    minutes: int
    not_before: datetime
    known: bool = True
    events: tuple[Interaction, ...] = ()
    sample: float = 1.0
    touchpoint: str | None = None
    wave: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Who could be asked: as the event names them, and what the directory knows of them.

    `held`: their place in the project it is about. `staff`: one of the vendor's own. `addressed`: whether the
    questionnaire has a question for their roles.
    """

    name: str | None
    person: Person | None = None
    held: Stakeholder | None = None
    staff: bool = False
    addressed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A questionnaire the person has open. `until`: when it will be over at the latest; `amending`: it was sent.

    `wake_at`: when it comes back that the person has put off.
    """

    questionnaire: str
    kind: Kind
    since: datetime
    until: datetime
    amending: bool = False
    wake_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Whether it is in the way of others then. What is put off is not, until shortly before it comes back."""
        return self.wake_at is None or at >= self.wake_at - AT_IT


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A question that is going to be asked."""

    id: int
    questionnaire: str
    kind: Kind
    project_id: int
    due_at: datetime
    events: tuple[Interaction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was asked of a person before. `last`: by kind. `minutes`: spent on answering within a year, as announced.

    `account_minutes`: the same of all people of the account. `reopened`: source and ticket -> when it was last opened
    again.
    """

    last: Mapping[Kind, datetime] = field(default_factory=dict)
    open: tuple[Busy, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()
    minutes: int = 0
    account_minutes: int = 0
    reopened: Mapping[tuple[str, str], datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """To be asked at `at`. `into`: id of what is scheduled already and is to name these events as well."""

    at: datetime
    rule: Literal["asked", "merged", "interview"]
    values: Values
    into: int | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Not to be asked; `rule` is the one that decided."""

    rule: str
    values: Values


Verdict = Ask | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about a person, to be recorded: what it was about and what came of it.

    `ask_id`: the scheduled question that came of it or took it in.
    """

    at: datetime
    candidate: Candidate
    questionnaire: str
    verdict: Verdict
    event: Interaction | None = None
    wave: str | None = None
    ask_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision, to be told to people. `state`, `due_at`, `settled_at`: of the question that came of it, if any.

    Undelivered: it was asked, and Telegram would not take it.
    """

    decided_at: datetime
    person: str | None
    project: str | None
    questionnaire: str
    event_id: str | None
    wave: str | None
    decision: Literal["ask", "drop"]
    rule: str
    detail: Values
    state: Literal["scheduled", "asked", "undelivered", "dropped"] | None = None
    due_at: datetime | None = None
    settled_at: datetime | None = None


def told(decided: Decided) -> Told:
    """The decision as it stands right after it was taken."""
    verdict, held, event = decided.verdict, decided.candidate.held, decided.event
    asks = isinstance(verdict, Ask)
    return Told(
        decided_at=decided.at,
        person=decided.candidate.name,
        project=held.project.name if held else event.project if event else None,
        questionnaire=decided.questionnaire,
        event_id=event.id if event else None,
        wave=decided.wave,
        decision="ask" if asks else "drop",
        rule=verdict.rule,
        detail=verdict.values,
        state="scheduled" if asks else None,
        due_at=verdict.at if isinstance(verdict, Ask) else None,
    )


def ticket_of(event: Interaction) -> str | None:
    """The ticket the event is about, as its source calls it."""
    ticket = event.data.get("ticket")
    return name_in(str(ticket) if isinstance(ticket, int) and not isinstance(ticket, bool) else ticket)


def tickets_of(events: Sequence[Interaction]) -> tuple[str, ...]:
    """Tickets of the events, each once; an event about none is called by its own id."""
    return tuple(dict.fromkeys(ticket_of(event) or event.id for event in events))


def listed(tickets: Sequence[str]) -> str:
    """The tickets as a text names them: of many only the first, and how many more there are.

    >>> listed(["A-1", "A-2"]), listed([f"A-{n}" for n in range(14)])[-14:]
    ('A-1, A-2', 'A-8, A-9, … +4')
    """
    named = ", ".join(tickets[:NAMED])
    return named if len(tickets) <= NAMED else f"{named}, … +{len(tickets) - NAMED}"


def standing(events: Sequence[Interaction], history: History) -> tuple[Interaction, ...]:
    """The events whose ticket was not opened again after them."""
    return tuple(event for event in events if not _reopened_after(event, history))


def _reopened_after(event: Interaction, history: History) -> bool:
    reopened = history.reopened.get((event.source, ticket_of(event) or ""))
    return reopened is not None and reopened >= event.occurred_at


def asked_too(history: History, ask: Scheduled) -> History:
    """The history once this is scheduled."""
    return replace(history, scheduled=(*history.scheduled, ask))
