"""What is kept for a time: who is so old is found by reading alone, and taken away in portions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import BindParameter, Delete, Select, Update, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import decision
from storage.remark_tables import attachment, remark
from storage.tables import answer, dead_letter, interview, successor
from storage.types import Moment
from surveys.interview import Phase

Kept = Literal["words", "decisions", "set_aside"]
What = Literal["answer", "interview", "remark", "attachment", "successor", "decision", "dead_letter"]

PARTS: Final[Mapping[Kept, Sequence[What]]] = {
    "words": ("answer", "interview", "remark", "attachment", "successor"),
    "decisions": ("decision",),
    "set_aside": ("dead_letter",),
}
"""What there is of each kind. Scores are no words: they stay, and so does every figure."""

BEFORE: Final = bindparam("before", type_=Moment())
NOTHING: Final[Mapping[str, Any]] = {"trail": [], "answers": {}}
"""The state of an interview that is over, once its words are gone: the scores are in the answers."""
OLD: Final[Mapping[What, Select[Any]]] = {
    "answer": select(answer.c.id).where(answer.c.answered_at < BEFORE, answer.c.text.is_not(None)),
    "interview": select(interview.c.id).where(
        interview.c.touched_at < BEFORE, interview.c.phase == Phase.CLOSED, interview.c.state != NOTHING
    ),
    "remark": select(remark.c.id).where(remark.c.at < BEFORE, remark.c.text.is_not(None)),
    "attachment": select(attachment.c.id).where(attachment.c.at < BEFORE),
    "successor": select(successor.c.id).where(successor.c.created_at < BEFORE, successor.c.words.is_not(None)),
    "decision": select(decision.c.id).where(decision.c.decided_at < BEFORE),
    "dead_letter": select(dead_letter.c.id).where(dead_letter.c.at < BEFORE),
}
THESE: Final[BindParameter[Any]] = bindparam("these", expanding=True)
FORGET: Final[Mapping[What, Update | Delete]] = {
    "answer": update(answer).where(answer.c.id.in_(THESE)).values(text=None),
    "interview": update(interview).where(interview.c.id.in_(THESE)).values(state=NOTHING, amend_until=None),
    "remark": update(remark).where(remark.c.id.in_(THESE)).values(text=None),
    "attachment": delete(attachment).where(attachment.c.id.in_(THESE)),
    "successor": update(successor).where(successor.c.id.in_(THESE)).values(words=None),
    "decision": delete(decision).where(decision.c.id.in_(THESE)),
    "dead_letter": delete(dead_letter).where(dead_letter.c.id.in_(THESE)),
}


class Retention:
    """Reads on any connection, forgets in a unit of work."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def old(self, what: What, before: datetime, at_most: int) -> Sequence[int | str]:
        """Ids of so many that are older."""
        return (await self._connection.scalars(OLD[what].limit(at_most), {"before": before})).all()

    async def forget(self, what: What, ids: Sequence[int | str]) -> None:
        """They are no more; of an answer and of a remark that it was given stays."""
        await self._connection.execute(FORGET[what], {"these": list(ids)})
