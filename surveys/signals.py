"""What moves an interview: everything a person does, and time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from surveys.attachments import Attachment
from surveys.later import Offer
from surveys.questionnaire import Language

Action = Literal[
    "begin",
    "score",
    "pick",
    "done",
    "inapplicable",
    "next",
    "skip",
    "keep",
    "back",
    "send",
    "change",
    "more",
    "amend",
    "postpone",
    "refuse",
    "redirect",
    "unnamed",
    "comment",
    "discard",
    "hour",
    "tomorrow",
    "morning",
    "week",
    "resume",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button of the card drawn in `turn`.

    `score` only with the action "score". `option` with "pick": number of what is offered, from 0; with "change": number
    of the item in the questionnaire, from 0. `offer`: with what puts the question off, as things are at that moment.
    """

    at: datetime
    turn: int
    action: Action
    score: int | None = None
    option: int | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message: words, files, or both. `at`: aware, UTC, like every moment here. `message_id` 0: it has no number."""

    at: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The words of an earlier message are others now."""

    at: datetime
    text: str
    message_id: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """What was put off goes on: its time has come, or the person is here before that."""

    at: datetime


Signal = ChangedMind | Pressed | Said | Edited | SwitchedLanguage | Refused | TimeRanOut | Woken
