"""A live pass through a questionnaire: its state, the signals that move it, the events that come of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from surveys.questionnaire import Language, Role


class Phase(StrEnum):
    """Where an interview stands."""

    INTRODUCTION = "introduction"
    ASKING = "asking"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How an interview ended (AAPOR)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break-off"
    REFUSED = "refused"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to one item: a score on its scale, or words."""

    item: str
    score: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """State of an interview.

    `roles`: greatest weight first. `trail`: keys of the items shown so far, the one being asked last.
    `turn` grows with every accepted signal; a button carries the turn it was drawn in, so an old one is known as old.
    """

    id: str
    questionnaire: str
    version: int
    roles: tuple[Role, ...]
    language: Language
    phase: Phase = Phase.INTRODUCTION
    turn: int = 0
    trail: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    disposition: Disposition | None = None
    consented_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def current(self) -> str | None:
        """Key of the item being asked, None outside the questions."""
        return self.trail[-1] if self.phase is Phase.ASKING and self.trail else None


Action = Literal["begin", "score", "skip", "keep", "back", "postpone", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of the card drawn in `turn`; `score` only with the action "score"."""

    at: datetime
    turn: int
    action: Action
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text message. `at`: aware, UTC, like every moment here."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedLanguage:
    """The person asks to go on in another language."""

    at: datetime
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The person asks not to be asked, by a command instead of a button."""

    at: datetime


Signal = Pressed | Said | SwitchedLanguage | Refused


@dataclass(frozen=True, slots=True)
class Began:
    """Consent was given and the first item is being asked."""


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer counts from now on; it replaces an earlier one to the same item. The rest is its item's."""

    answer: Answer
    role: Role
    scale: str | None = None
    component: str | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerWithdrawn:
    """An earlier answer counts no more: its item is off the route after a change before it."""

    item: str


@dataclass(frozen=True, slots=True)
class AnswerRejected:
    """The words were no answer to the current item. `values` fill the sentence's placeholders."""

    reason: Literal["not_a_score", "empty", "too_long", "buttons_only"]
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ButtonStale:
    """The button belongs to an earlier turn, a double tap included: nothing changed."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: the introduction stays open."""


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    """The card is to be drawn again in the interview's new language."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The interview ended."""

    disposition: Disposition


Event = Began | AnswerGiven | AnswerWithdrawn | AnswerRejected | ButtonStale | Postponed | LanguageSwitched | Closed


@dataclass(frozen=True, slots=True)
class Turn:
    """What `advance` returns: the interview after the signal, and what happened."""

    interview: Interview
    events: tuple[Event, ...] = ()
