"""What comes of a signal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from surveys.interview import Answer, Disposition, Interview
from surveys.questionnaire import Role


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
    "files_unwanted",
    "too_many_files",
    "name_wanted",
    "change_by_button",
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
    """Not now: the question sleeps until the moment that was chosen."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What was put off is asked again, where it was."""


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    """The card is to be drawn again in the interview's new language."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A closed interview goes on: a refused one where it was, a complete one with what was answered."""


@dataclass(frozen=True, slots=True)
class Amended:
    """A complete interview is closed again after its answers were looked at once more."""


@dataclass(frozen=True, slots=True)
class AmendingOver:
    """It is too late to change what was sent."""


@dataclass(frozen=True, slots=True)
class EditedTooLate:
    """What the message answered can be changed no more."""


@dataclass(frozen=True, slots=True)
class Redirected:
    """The questions are for somebody else: `words` say for whom, None where the person does not know."""

    words: str | None


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
    | Resumed
    | LanguageSwitched
    | Reopened
    | Redirected
    | Closed
    | Amended
    | AmendingOver
    | EditedTooLate
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What `advance` returns: the interview after the signal, and what happened."""

    interview: Interview
    events: tuple[Event, ...] = ()
