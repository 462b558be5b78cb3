"""Who has been heard in a wave or in a period, who has not, and why: by account and role."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Protocol

from surveys.contact import Told
from surveys.directory import Person, Stakeholder
from surveys.interview import Disposition
from surveys.questionnaire import Role
from surveys.reporting import Dimension, ReportQuery
from surveys.rules import Scope

Why = Literal["not_invited", "scheduled", "not_opened", "not_finished", "refused", "unreachable"]
Place = tuple[int, int]
"""Ids of a person and of a project."""

HEARD: Final = frozenset({Disposition.COMPLETE, Disposition.PARTIAL})
REFUSED: Final = frozenset({Disposition.REFUSED, Disposition.BREAK_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What fieldwork is looked at: a wave, or invitations since a moment (aware, UTC)."""

    wave: str | None = None
    since: datetime | None = None

    def query(self, scope: Scope | None) -> ReportQuery:
        """The response of this span, as a report asks for it."""
        where: dict[Dimension, tuple[str, ...]] = {} if self.wave is None else {"wave": (self.wave,)}
        return ReportQuery(metric="response", where=where, since=self.since, scope=scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted:
    """What became of the invitations of a person in a project. `heard`: of any; the rest is of the last one."""

    place: Place
    heard: bool
    undeliverable: bool = False
    started: bool = False
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """Somebody who has not been heard. `told`: the last decision about them, if they were not invited."""

    person: Person
    why: Why
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A role at an account: how many people hold it, how many of them were heard, and who was not."""

    role: Role
    known: int
    heard: int
    unheard: tuple[Unheard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountVoices:
    """An account with all its roles, the greatest weight first."""

    account: str
    voices: tuple[Voice, ...]


class Voices(Protocol):
    """Reads what became of people."""

    async def latest_wave(self, since: datetime, scope: Scope | None) -> str | None:
        """The wave begun last since then, among those that this scope lets one see."""
        ...

    async def waves(self) -> Sequence[str]:
        """Every wave, the last one first."""
        ...

    async def contacted(self, span: Span) -> Sequence[Contacted]:
        """Every person in every project that was invited."""
        ...

    async def told(self, span: Span) -> Mapping[Place, Told]:
        """The last decision about every person in every project."""
        ...


def account_voices(
    held: Iterable[Stakeholder],
    contacted: Iterable[Contacted],
    told: Mapping[Place, Told],
    roles: Sequence[Role],
    *,
    wave: bool,
) -> Sequence[AccountVoices]:
    """The voices of every account, by name. Of a `wave`: only accounts of which anybody was invited or decided about.

    Somebody in several projects of an account is one person there, heard if in any of them.
    """
    invited = {one.place: one for one in contacted}
    at: defaultdict[str, list[Stakeholder]] = defaultdict(list)
    for one in held:
        at[one.account.name].append(one)
    concerned = invited.keys() | told.keys()
    return [
        AccountVoices(account=name, voices=tuple(_voice(role, at[name], invited, told) for role in roles))
        for name in sorted(at, key=str.casefold)
        if not wave or any(_place(one) in concerned for one in at[name])
    ]


def _voice(
    role: Role, held: Sequence[Stakeholder], invited: Mapping[Place, Contacted], told: Mapping[Place, Told]
) -> Voice:
    people: defaultdict[int, list[Stakeholder]] = defaultdict(list)
    for one in held:
        if role in one.roles:
            people[one.person.id].append(one)
    silent = [_unheard(places, invited, told) for places in people.values()]
    unheard = tuple(sorted(filter(None, silent), key=lambda one: (one.person.name.casefold(), one.person.external_id)))
    return Voice(role=role, known=len(people), heard=len(people) - len(unheard), unheard=unheard)


def _unheard(
    places: Sequence[Stakeholder], invited: Mapping[Place, Contacted], told: Mapping[Place, Told]
) -> Unheard | None:
    """Why this person, in these projects of one account, was not heard; None: they were."""
    found = [invited[_place(one)] for one in places if _place(one) in invited]
    if any(one.heard for one in found):
        return None
    person = places[0].person
    if found:
        return Unheard(person=person, why=min((why_of(one) for one in found), key=NEAREST.index))
    decisions = [told[_place(one)] for one in places if _place(one) in told]
    last = max(decisions, key=lambda one: one.decided_at, default=None)
    silent = Unheard(person=person, why="not_invited", told=last)
    if last is not None and last.state == "scheduled":
        return replace(silent, why="scheduled")
    return replace(silent, why="unreachable") if person.unreachable_at else silent


NEAREST: Final[tuple[Why, ...]] = ("not_finished", "not_opened", "refused", "unreachable", "scheduled", "not_invited")
"""The reasons, those first that are nearest to an answer."""


def why_of(contacted: Contacted) -> Why:
    """Why an invitation brought no answer.

    >>> why_of(Contacted(place=(1, 1), heard=False, started=True))
    'not_finished'
    """
    if contacted.disposition in REFUSED:
        return "refused"
    if contacted.undeliverable:
        return "unreachable"
    return "not_finished" if contacted.started else "not_opened"


def _place(held: Stakeholder) -> Place:
    return held.person.id, held.project.id
