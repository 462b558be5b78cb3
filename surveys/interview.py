"""A live pass through a questionnaire: its state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from surveys.attachments import Attachment
from surveys.later import Offer
from surveys.questionnaire import NOT_APPLICABLE, Language, Mode, Role


class Phase(StrEnum):
    """Where an interview stands."""

    INTRODUCTION = "introduction"
    ASKING = "asking"
    NAMING = "naming"
    POSTPONING = "postponing"
    ASLEEP = "asleep"
    REVIEW = "review"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How an interview ended (AAPOR)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break-off"
    REFUSED = "refused"
    UNREACHED = "unreached"


Cause = Literal["wrong_person", "withdrawn", "overtaken"]
"""Why an interview ended as it did, where its disposition alone does not say."""


@dataclass(frozen=True, slots=True)
class Piece:
    """So many characters of an answer came in this message; 0 where it is not known in which. Lines join them."""

    message_id: int
    length: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to one item: a score on its scale, a choice, words, or a choice in words; files stand for words.

    `choice`: keys of the options, in their order; a number; a day as ISO 8601 has it; or `NOT_APPLICABLE`.
    `pieces`: the messages it came in, none where it was pressed; they make no other answer of it.
    """

    item: str
    score: int | None = None
    text: str | None = None
    choice: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    pieces: tuple[Piece, ...] = field(default=(), compare=False)

    @property
    def applicable(self) -> bool:
        """Whether it is an answer to the question, not that the question does not apply."""
        return self.choice != (NOT_APPLICABLE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """State of an interview.

    `roles`: greatest weight first. `trail`: keys of the items shown so far, the one being asked last; once the answers
    were reviewed, of all that were shown. `changing`: the item asked again out of the review; `page` of that.
    `turn` grows with every accepted signal; a button carries the turn it was drawn in, so an old one is known as old.
    `draft`: what is chosen on the current card and not yet answered. `comment`: words that were no answer to the item
    it names, and are offered to be kept. `too_late`: messages whose author was told that their edits come too late.
    `stage` and `event` (what the event it follows says, by name) are those of the beginning, and so is `mode`.
    `consent`: SHA-256, hexadecimal, of the text that was agreed to. `valid_until`: when it can no longer be finished.
    `cause`: only of a closed one. `amend_until`: how long a complete one may be changed, `amended`: whether it
    was, since it was last opened for that. `offer`: the moments it may be put off to, and once one is chosen that one.
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
    comment: Answer | None = None
    too_late: tuple[int, ...] = ()
    changing: str | None = None
    page: int = 0
    stage: str | None = None
    event: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "named"
    disposition: Disposition | None = None
    consented_at: datetime | None = None
    consent: str | None = None
    valid_until: datetime | None = None
    closed_at: datetime | None = None
    cause: Cause | None = None
    amend_until: datetime | None = None
    amended: bool = False
    offer: Offer | None = None

    @property
    def current(self) -> str | None:
        """Key of the item being asked, None outside the questions."""
        if self.phase is not Phase.ASKING:
            return None
        return self.changing or self.trail[-1]

    @property
    def amending(self) -> bool:
        """Whether answers are being changed that were sent before."""
        return self.phase is not Phase.CLOSED and self.disposition is Disposition.COMPLETE

    @property
    def put_off(self) -> bool:
        """Whether the person does not want to answer now."""
        return self.phase in {Phase.POSTPONING, Phase.ASLEEP}

    @property
    def wake_at(self) -> datetime | None:
        """When it comes back that was put off, UTC."""
        if self.phase is not Phase.ASLEEP or self.offer is None:
            return None
        return next((at.astimezone(UTC) for at in self.offer.moments.values()), None)

    def overdue(self, at: datetime) -> bool:
        """Whether it can no longer be finished at this moment."""
        finished = self.phase is Phase.CLOSED or self.amending
        return not finished and self.valid_until is not None and at >= self.valid_until
