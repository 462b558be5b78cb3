"""Files of answers, gathered in a unit of work to be written together with the answers they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.remark_tables import attachment
from surveys.attachments import Attachment
from surveys.events import AnswerGiven, AnswerWithdrawn, Event
from surveys.interview import Answer

Whose = tuple[str, str]
"""Interview and item."""

SUPERSEDE: Final = update(attachment).where(
    attachment.c.interview_id == bindparam("whose"),
    attachment.c.item == bindparam("which"),
    attachment.c.file_unique_id == bindparam("file"),
    attachment.c.superseded_at.is_(None),
)


def columns(one: Attachment) -> dict[str, Any]:
    """What a row says of the file itself."""
    return {
        "kind": one.kind,
        "file_id": one.file_id,
        "file_unique_id": one.unique_id,
        "name": one.name,
        "mime": one.mime,
        "size": one.size,
    }


class AttachmentBuffer:
    """A file that counts no more, because its answer does not or has gone on without it, keeps its row."""

    def __init__(self) -> None:
        self._given: list[dict[str, Any]] = []
        self._ended: list[dict[str, Any]] = []
        self._pending: dict[tuple[Whose, str], dict[str, Any]] = {}

    def take(self, interview_id: str, answers: Mapping[str, Answer], events: Sequence[Event], at: datetime) -> None:
        """`answers`: those that stood before `events`."""
        standing = {item: answer.attachments for item, answer in answers.items()}
        for event in events:
            match event:
                case AnswerGiven(answer=Answer(item=item, attachments=files)):
                    self._change((interview_id, item), standing.get(item, ()), files, at)
                    standing[item] = files
                case AnswerWithdrawn(item=item):
                    self._change((interview_id, item), standing.pop(item, ()), (), at)

    async def flush(self, connection: AsyncConnection) -> None:
        if self._ended:
            await connection.execute(SUPERSEDE, self._ended)
        if self._given:
            await connection.execute(insert(attachment), self._given)

    def _change(self, whose: Whose, before: Iterable[Attachment], after: Sequence[Attachment], at: datetime) -> None:
        had = {one.unique_id for one in before}
        for gone in had - {one.unique_id for one in after}:
            self._end(whose, gone, at)
        for one in after:
            if one.unique_id not in had:
                self._give(whose, one, at)

    def _give(self, whose: Whose, one: Attachment, at: datetime) -> None:
        interview_id, item = whose
        row = {"interview_id": interview_id, "item": item, **columns(one), "at": at, "superseded_at": None}
        self._given.append(row)
        self._pending[whose, one.unique_id] = row

    def _end(self, whose: Whose, unique_id: str, at: datetime) -> None:
        pending = self._pending.pop((whose, unique_id), None)
        if pending is not None:
            pending["superseded_at"] = at
        else:
            self._ended.append({"whose": whose[0], "which": whose[1], "file": unique_id, "superseded_at": at})
