"""Answers given in a unit of work, gathered to be written together."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.attachments import AttachmentBuffer
from storage.tables import answer
from surveys.attachments import Attachment
from surveys.events import AnswerGiven, AnswerWithdrawn, Event
from surveys.interview import Answer, Piece
from surveys.questionnaire import Language

SUPERSEDE: Final = update(answer).where(
    answer.c.interview_id == bindparam("whose"), answer.c.item == bindparam("which"), answer.c.superseded_at.is_(None)
)


class AnswerBuffer:
    """New answers and the ends of old ones. Nothing is overwritten: an answer that counts no more keeps its row."""

    def __init__(self) -> None:
        self._given: list[dict[str, Any]] = []
        self._standing: dict[tuple[str, str], dict[str, Any]] = {}
        self._ended: list[dict[str, Any]] = []
        self._files = AttachmentBuffer()

    def take(
        self,
        interview_id: str,
        answers: Mapping[str, Answer],
        events: Sequence[Event],
        language: Language,
        at: datetime,
    ) -> None:
        """`answers`: those that stood before `events`. `language`: that of the card."""
        self._files.take(interview_id, answers, events, at)
        for event in events:
            match event:
                case AnswerGiven():
                    self._end(interview_id, event.answer.item, answers, at)
                    self._give(interview_id, event, language, at)
                case AnswerWithdrawn(item=item):
                    self._end(interview_id, item, answers, at)

    async def flush(self, connection: AsyncConnection) -> None:
        """Old answers end before new ones stand in their place."""
        if self._ended:
            await connection.execute(SUPERSEDE, self._ended)
        if self._given:
            await connection.execute(insert(answer), self._given)
        await self._files.flush(connection)

    def _give(self, interview_id: str, event: AnswerGiven, language: Language, at: datetime) -> None:
        row = {
            "interview_id": interview_id,
            "item": event.answer.item,
            "component": event.component,
            "block": event.block,
            "scale": event.scale,
            "score": event.answer.score,
            "choice": "|".join(event.answer.choice) or None,
            "text": event.answer.text,
            "role": event.role,
            "language": language,
            "answered_at": at,
            "superseded_at": None,
        }
        self._given.append(row)
        self._standing[interview_id, event.answer.item] = row

    def _end(self, interview_id: str, item: str, answers: Mapping[str, Answer], at: datetime) -> None:
        pending = self._standing.pop((interview_id, item), None)
        if pending is not None:
            pending["superseded_at"] = at
        elif item in answers:
            self._ended.append({"whose": interview_id, "which": item, "superseded_at": at})


def packed(answer: Answer) -> Any:
    """An answer as the state of an interview has it: a score or words as they are, whatever else there is by name.

    >>> packed(Answer("recommend", score=9)), packed(Answer("solved", choice=("other",), text="Almost"))
    (9, {'choice': ('other',), 'text': 'Almost'})
    """
    known = any(piece.message_id for piece in answer.pieces)
    if answer.score is not None and not known:
        return answer.score
    if answer.text is not None and not (answer.choice or answer.attachments or known):
        return answer.text
    besides = {
        "score": answer.score,
        "text": answer.text,
        "files": [astuple(one) for one in answer.attachments] or None,
        "from": [astuple(piece) for piece in answer.pieces] if known else None,
    }
    return {"choice": answer.choice, **{name: value for name, value in besides.items() if value is not None}}


def unpacked(item: str, said: Any) -> Answer:
    """The same the other way round.

    >>> unpacked("solved", {"choice": ["other"], "text": "Almost"})
    Answer(item='solved', score=None, text='Almost', choice=('other',), attachments=(), pieces=())
    """
    match said:
        case int():
            return Answer(item, score=said)
        case str():
            return Answer(item, text=said)
        case _:
            files = tuple(Attachment(*each) for each in said.get("files", ()))
            pieces = tuple(Piece(*each) for each in said.get("from", ()))
            return Answer(item, said.get("score"), said.get("text"), tuple(said["choice"]), files, pieces)
