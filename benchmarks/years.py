"""Five years of answers, made up: the same rows for the same number, in the order they would have come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from json import dumps
from random import Random
from typing import Any

from benchmarks.population import MONTHS, Stakeholder
from bot.sample.verbatims import remarks
from metrics.scales import Scale
from surveys.questionnaire import Questionnaire, ScaleItem, addressed_role

FIRST = (2021, 11)
WAVES = (4, 10)  # months in which relationships are asked about
PULSES: Mapping[str, tuple[float, str | None]] = {
    "support_pulse": (0.45, "ticket"),
    "milestone_pulse": (0.4, "acceptance"),
    "training_pulse": (0.05, "training"),
    "release_pulse": (0.05, "release"),
    "onboarding_pulse": (0.05, "onboarding"),
}
IN_A_WAVE, IN_A_WAVE_AS_MANY = 0.9, 5
OUTCOMES = {"complete": 0.6, "expired": 0.26, "partial": 0.06, "refused": 0.05, "undeliverable": 0.03}
"""What becomes of invitations, by share."""
CORRECTED, REASONED = 0.02, 0.08
SPREAD, STEPS, DRAWS = 0.18, 50, 512
SECOND = 1_000_000

Row = Mapping[str, Any]


@dataclass(slots=True)
class Author:
    """Writes the rows. Moments are microseconds since 1970."""

    catalogue: Mapping[str, Questionnaire]
    relationship: str
    everybody: Sequence[Stakeholder]
    rng: Random
    number: int = 0
    scores: int = 0
    asked: Mapping[tuple[str, str], Sequence[ScaleItem]] = field(init=False)

    def __post_init__(self) -> None:
        roles = {one.role for one in self.everybody}
        self.asked = {
            (key, role): [item for item in one.items if isinstance(item, ScaleItem) and addressed_role(item, (role,))]
            for key, one in self.catalogue.items()
            for role in roles
        }

    def write(self, scores: int) -> Iterator[tuple[str, Row]]:
        """Rows with the names of their tables, until so many scores stand, and not an interview more."""
        busy = [IN_A_WAVE_AS_MANY if _calendar(month) in WAVES else 1 for month in range(MONTHS)]
        for month, until_then in enumerate(accumulate(busy)):
            while self.scores < scores * until_then // sum(busy):
                yield from self._invited(month)

    def _invited(self, month: int) -> Iterator[tuple[str, Row]]:
        self.number += 1
        one = self.everybody[self.number * 7919 % len(self.everybody)]
        key, touchpoint, wave = self._occasion(month)
        outcome = self.rng.choices(*_shares(OUTCOMES))[0]
        first, last = (_month(each) for each in (month, month + 1))
        at = self.rng.randrange(first, last - 86_400 * SECOND)
        about = self._about(one, self.catalogue[key], touchpoint, wave)
        yield "invitation", self._invitation(about, at, outcome)
        if outcome in ("expired", "undeliverable"):
            return
        began = at + self.rng.randrange(60, 20 * 3600) * SECOND
        given = [] if outcome == "refused" else list(self._answers(one, self.catalogue[key], began))
        given = given[: 1 + len(given) // 2] if outcome == "partial" else given
        yield "interview", self._interview(one, about, month, began, given, outcome)
        self.scores += sum(row["score"] is not None and row["superseded_at"] is None for row in given)
        for row in given:
            yield "answer", row

    def _occasion(self, month: int) -> tuple[str, str | None, str | None]:
        calendar = _calendar(month)
        if calendar in WAVES and self.rng.random() < IN_A_WAVE:
            year = FIRST[0] + (FIRST[1] - 1 + month) // 12
            return self.relationship, None, f"{year}-{1 + WAVES.index(calendar)}"
        key = self.rng.choices(*_shares({key: share for key, (share, _) in PULSES.items()}))[0]
        return key, PULSES[key][1], None

    def _about(self, one: Stakeholder, asked: Questionnaire, touchpoint: str | None, wave: str | None) -> Row:
        return {
            "person_id": one.person,
            "project_id": one.project.id,
            "questionnaire": asked.key,
            "roles": one.role,
            "channel": "interview" if wave and self.rng.random() < 0.1 else "telegram",
            "wave": wave,
            "touchpoint": touchpoint,
        }

    def _invitation(self, about: Row, at: int, outcome: str) -> Row:
        unopened = outcome in ("expired", "undeliverable")
        return {
            "id": self.number,
            "token_hash": self.number.to_bytes(32, "big"),
            **about,
            "created_at": at,
            "expires_at": at + 7 * 86_400 * SECOND,
            "opened_at": None if unopened else at + 30 * SECOND,
            "state": "undeliverable" if outcome == "undeliverable" else "delivered",
            "disposition": "unreached" if unopened else None,
        }

    def _answers(self, one: Stakeholder, asked: Questionnaire, at: int) -> Iterator[Row]:
        """A corrected answer is one that ended and one that stands."""
        for item in self.asked[asked.key, one.role]:
            at += self.rng.randrange(5, 40) * SECOND
            row = self._answer(one, item, at) | {"scale": item.scale.key, "score": self._score(item.scale, one.level)}
            if self.rng.random() < CORRECTED:
                yield row | {"score": self._score(item.scale, one.level), "superseded_at": at + SECOND}
                row = row | {"answered_at": at + SECOND}
            yield row
            if self.rng.random() < REASONED:
                words = self.rng.choice(remarks(one.language))
                yield self._answer(one, item, at + 2 * SECOND) | {"item": f"{item.key}_why", "text": words}

    def _answer(self, one: Stakeholder, item: ScaleItem, at: int) -> dict[str, Any]:
        return {
            "interview_id": f"sample-{self.number}",
            "item": item.key,
            "component": item.component,
            "block": item.block,
            "scale": None,
            "score": None,
            "text": None,
            "role": one.role,
            "language": one.language,
            "answered_at": at,
            "superseded_at": None,
        }

    def _score(self, scale: Scale, level: float) -> int:
        return _drawn(scale, round(level * STEPS))[int(self.rng.random() * DRAWS)]

    def _interview(
        self, one: Stakeholder, about: Row, month: int, began: int, given: Sequence[Row], outcome: str
    ) -> Row:
        closed = given[-1]["answered_at"] if given else began
        said = {row["item"]: row["score"] for row in given if row["score"] is not None}
        place = one.project
        return {
            "id": f"sample-{self.number}",
            "invitation_id": self.number,
            **about,
            "account_id": place.account,
            "division": place.division(month),
            "product": place.product,
            "stage": place.stage(month),
            "version": self.catalogue[about["questionnaire"]].version,
            "language": one.language,
            "phase": "closed",
            "turn": len(said) + 1,
            "state": dumps({"trail": list(said), "answers": said}, separators=(",", ":")),
            "disposition": outcome,
            "created_at": began,
            "consented_at": None if outcome == "refused" else began,
            "closed_at": closed,
            "touched_at": closed,
            "chat_id": one.person,
            "message_id": self.number,
            "shown_turn": len(said) + 1,
        }


def _calendar(month: int) -> int:
    return (FIRST[1] - 1 + month) % 12 + 1


@cache
def _month(number: int) -> int:
    year, month = divmod(FIRST[1] - 1 + number, 12)
    return (datetime(FIRST[0] + year, month + 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )


@cache
def _drawn(scale: Scale, step: int) -> Sequence[int]:
    """Scores of so many people who are this content."""
    rng = Random(step)
    levels = (min(1.0, max(0.0, rng.gauss(step / STEPS, SPREAD))) for _ in range(DRAWS))
    return [round(scale.low + level * (scale.high - scale.low)) for level in levels]


def _shares(shares: Mapping[str, float]) -> tuple[Sequence[str], Sequence[float]]:
    return list(shares), list(shares.values())
