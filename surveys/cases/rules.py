"""What the vendor decided about cases. Made from the settings, read by use cases and cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from surveys.calendar import ContactHours, next_allowed
from surveys.cases.signals import Severity, SignalRules
from surveys.questionnaire import Role, Text

Rung = Literal["account_manager", "project_manager", "admins"] | int
"""Whom a case is escalated to: somebody by their place, or by Telegram id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One of the vendor's people. `since`, `until`: days of absence, both included, on which the deputy stands in."""

    zone: ZoneInfo | None = None
    deputy: int | None = None
    since: date | None = None
    until: date | None = None

    def away(self, day: date) -> bool:
        """Whether somebody else stands in on this day."""
        if self.deputy is None:
            return False
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Managers:
    """Telegram ids of those who look after a project."""

    account: int | None = None
    project: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What things are called. `departments`: stage -> who answers for it; `stages`: touchpoint -> its stage."""

    components: Mapping[str, Text] = field(default_factory=dict)
    stages: Mapping[str, Text] = field(default_factory=dict)
    roles: Mapping[Role, Text] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    stage_of: Mapping[str, str] = field(default_factory=dict)

    def department(self, stage: str | None, touchpoint: str | None) -> str | None:
        """Who answers, by the journey map: for the touchpoint, else for the stage."""
        return self.departments.get(self.stage_of.get(touchpoint or "", stage or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Praise:
    """The NPS scores after which a favour is asked, and how long the same person is not asked again."""

    scores: frozenset[int] = frozenset({9, 10})
    rest: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRules:
    """`silent_waves`: how many waves in a row somebody of `key_roles` may leave unanswered before that is a signal.

    `first_contact`: by severity. `act_within`: from the first contact, unless the action has a day of its own.
    `escalate_after`: between the rungs of `ladder`. `hours`: when the vendor's people work; `zone`: theirs, unless they
    have another one. `closure`: the questionnaire that asks whether it helped. `told`: endpoint -> types of events.
    """

    signals: SignalRules
    first_contact: Mapping[Severity, timedelta]
    zone: ZoneInfo
    hours: ContactHours
    admins: Sequence[int]
    silent_waves: int | None = 2
    key_roles: tuple[Role, ...] = ()
    act_within: timedelta = timedelta(days=5)
    escalate_after: timedelta = timedelta(hours=24)
    ladder: tuple[Rung, ...] = ("account_manager", "admins")
    colleagues: Mapping[int, Colleague] = field(default_factory=dict)
    closure: str = "closure_check"
    answer_within: timedelta = timedelta(days=7)
    names: Names = Names()
    praise: Praise | None = Praise()
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def listeners(self, type_: str) -> tuple[str, ...]:
        """The endpoints that are told of events of this type."""
        return tuple(endpoint for endpoint, types in self.told.items() if type_ in types)

    def zone_of(self, colleague: int | None) -> ZoneInfo:
        """The time zone this person works in."""
        known = self.colleagues.get(colleague or 0)
        return known.zone if known and known.zone else self.zone

    def working(self, moment: datetime, colleague: int | None, severity: Severity) -> datetime:
        """The first moment, not before the given one, at which this person may be disturbed."""
        return moment if severity == "critical" else next_allowed(moment, self.zone_of(colleague), self.hours)

    def evening(self, now: datetime, days: int, colleague: int | None, severity: Severity) -> datetime:
        """The end of the day so many days from now where this person works (noon where nights are free), or, if they do
        not work that day, the first working moment after it."""
        zone = self.zone_of(colleague)
        quiet = self.hours.quiet
        clock = quiet.start if quiet and quiet.start > time(12) else time(18)
        day = now.astimezone(zone).date() + timedelta(days=days)
        return self.working(datetime.combine(day, clock, zone) - timedelta(hours=1), colleague, severity)

    def present(self, colleague: int, at: datetime) -> int:
        """This person, or whoever stands in for them on that day."""
        seen: set[int] = set()
        while colleague not in seen:
            seen.add(colleague)
            known = self.colleagues.get(colleague)
            if known and known.deputy and known.away(at.astimezone(self.zone_of(colleague)).date()):
                colleague = known.deputy
        return colleague

    def informed(self, managers: Managers, at: datetime) -> tuple[int, ...]:
        """Who gets the card of a case, the one responsible first: the project's manager, the account's; else admins."""
        named = [each for each in (managers.project, managers.account) if each is not None]
        return tuple(dict.fromkeys(self.present(each, at) for each in named or self.admins))

    def rung(self, level: int, managers: Managers, at: datetime) -> tuple[int, ...]:
        """Whom the case is escalated to at this level, from 1; nobody where the ladder has no such rung."""
        if level > len(self.ladder):
            return ()
        named = {"account_manager": (managers.account,), "project_manager": (managers.project,), "admins": self.admins}
        step = self.ladder[level - 1]
        people = (step,) if isinstance(step, int) else named[step]
        return tuple(dict.fromkeys(self.present(each, at) for each in people if each is not None))
