"""A live pass through a questionnaire: its state, the signals that move it, the events that come of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from surveys.questionnaire import NOT_APPLICABLE, Language, Mode, Role


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
    """What was said to one item: a score on its scale, a choice, words, or a choice in words.

    `choice`: keys of the options, in their order; a number; a day as ISO 8601 has it; or `NOT_APPLICABLE`.
    """

    item: str
    score: int | None = None
    text: str | None = None
    choice: tuple[str, ...] = ()

    @property
    def applicable(self) -> bool:
        """Whether it is an answer to the question, not that the question does not apply."""
        return self.choice != (NOT_APPLICABLE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """State of an interview.

    `roles`: greatest weight first. `trail`: keys of the items shown so far, the one being asked last.
    `turn` grows with every accepted signal; a button carries the turn it was drawn in, so an old one is known as old.
    `draft`: what is chosen on the current card and not yet answered. `stage` and `event` (what the event it follows
    says, by name) are those of the beginning, and so is `mode`. `consent`: SHA-256, hexadecimal, of the text that was
    agreed to. `valid_until`: when it can no longer be finished.
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
    draft: Answer | None = None
    stage: str | None = None
    event: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "named"
    disposition: Disposition | None = None
    consented_at: datetime | None = None
    consent: str | None = None
    valid_until: datetime | None = None
    closed_at: datetime | None = None

    @property
    def current(self) -> str | None:
        """Key of the item being asked, None outside the questions."""
        return self.trail[-1] if self.phase is Phase.ASKING and self.trail else None

    def overdue(self, at: datetime) -> bool:
        """Whether it can no longer be finished at this moment."""
        return self.phase is not Phase.CLOSED and self.valid_until is not None and at >= self.valid_until


Action = Literal["begin", "score", "pick", "done", "inapplicable", "next", "skip", "keep", "back", "postpone", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of the card drawn in `turn`.

    `score` only with the action "score", `option` (number of what is offered, from 0) only with "pick".
    """

    at: datetime
    turn: int
    action: Action
    score: int | None = None
    option: int | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRanOut:
    """The interview is over: nobody went on with it in time."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMind:
    """The person who refused, or stopped on the way, wants to go on after all."""

    at: datetime


Signal = ChangedMind | Pressed | Said | SwitchedLanguage | Refused | TimeRanOut


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


Reason = Literal[
    "not_a_score",
    "not_an_option",
    "not_a_number",
    "not_a_date",
    "empty",
    "too_short",
    "too_long",
    "too_few",
    "too_many",
    "words_wanted",
    "buttons_only",
]


@dataclass(frozen=True, slots=True)
class AnswerRejected:
    """The words, or what was chosen, were no answer to the current item. `values` fill the sentence's placeholders."""

    reason: Reason
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
class Reopened:
    """A refused interview goes on where it was."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The interview ended."""

    disposition: Disposition


Event = (
    Began
    | AnswerGiven
    | AnswerWithdrawn
    | AnswerRejected
    | ButtonStale
    | Postponed
    | LanguageSwitched
    | Reopened
    | Closed
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What `advance` returns: the interview after the signal, and what happened."""

    interview: Interview
    events: tuple[Event, ...] = ()
