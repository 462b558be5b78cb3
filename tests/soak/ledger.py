"""What the database holds, read beside the service."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Row, create_engine, select

from storage.answers import unpacked
from storage.contact_tables import decision
from storage.tables import answer, dead_letter, delivery, interview
from surveys.interview import Answer

UNSHOWN = select(interview.c.chat_id, interview.c.phase, interview.c.id).where(
    interview.c.shown_turn < interview.c.turn
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An interview as storage has it: its state, and the answers that stand beside it."""

    id: str
    phase: str
    turn: int
    shown_turn: int
    message_id: int | None
    disposition: str | None
    said: Mapping[str, Answer]
    standing: Mapping[str, Answer]


class Unshown(NamedTuple):
    """Of an interview whose card is behind."""

    chat_id: int
    phase: str
    id: str


class Ledger:
    """Reads the SQLite file at `path`."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}")

    def close(self) -> None:
        self._engine.dispose()

    def stored(self, chat_id: int) -> Sequence[Stored]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(interview).where(interview.c.chat_id == chat_id)).all()
            standing = select(answer).where(
                answer.c.interview_id.in_([row.id for row in rows]), answer.c.superseded_at.is_(None)
            )
            said: dict[str, dict[str, Answer]] = {row.id: {} for row in rows}
            for row in connection.execute(standing):
                picked = tuple(row.choice.split("|")) if row.choice else ()
                said[row.interview_id][row.item] = Answer(row.item, row.score, row.text, picked)
        return [_stored(row, said[row.id]) for row in rows]

    def unshown(self) -> Sequence[Unshown]:
        with self._engine.connect() as connection:
            return [Unshown(*row) for row in connection.execute(UNSHOWN)]

    def set_aside(self) -> Sequence[str]:
        """Why updates could not be dealt with."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(dead_letter.c.reason)))

    def left(self, now: datetime) -> Sequence[str]:
        """What is still to be sent or drawn by now."""
        late = select(delivery.c.kind).where(delivery.c.state.in_(("ready", "sending")), delivery.c.due_at <= now)
        with self._engine.connect() as connection:
            unsent = [f"{kind} is not sent" for kind in connection.scalars(late)]
        return [*unsent, *(f"{one.id} is not drawn" for one in self.unshown())]

    def heard(self) -> tuple[int, int]:
        """About how many events something was decided, and about how many the same was decided twice.

        Whoever was to be asked may, when it is due, not be asked after all: that is another decision.
        """
        made = select(decision.c.event_id, decision.c.decision).where(decision.c.event_id.is_not(None))
        with self._engine.connect() as connection:
            found = Counter((event, what) for event, what in connection.execute(made))
        return len({event for event, _ in found}), sum(times > 1 for times in found.values())

    def given(self) -> Mapping[int, tuple[list[int], int]]:
        """By chat: how often each score was given, from 0, and how often words were; changed ones included."""
        found: dict[int, tuple[list[int], int]] = {}
        said = select(interview.c.chat_id, answer.c.score, answer.c.text).join_from(answer, interview)
        with self._engine.connect() as connection:
            for chat_id, score, words in connection.execute(said):
                scores, spoken = found.setdefault(chat_id, ([0] * 11, 0))
                if score is not None:
                    scores[score] += 1
                found[chat_id] = scores, spoken + (words is not None)
        return found


def _stored(row: Row[Any], standing: Mapping[str, Answer]) -> Stored:
    said = {item: replace(unpacked(item, kept), attachments=()) for item, kept in row.state["answers"].items()}
    place = row.shown_turn, row.message_id
    return Stored(row.id, row.phase, row.turn, *place, row.disposition, said, standing)
