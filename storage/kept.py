"""What counts are read as: rows that the database has added up, and what the numbers in them stand for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.count_tables import unfolded, voice


@dataclass(frozen=True, slots=True)
class Kept:
    """What is asked first. `voices`: number -> scale and role; `waiting`: whether anything is not folded yet."""

    voices: Mapping[int, tuple[str, str | None]]
    waiting: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of counts; what belongs together may be in several of them.

    `folded`: a value of each group, the number of a voice, how often each of `points` was given.
    `single`: a value of each group, scale, role, a score, how often it was given.
    """

    folded: Sequence[Sequence[Any]]
    points: range
    single: Sequence[Sequence[Any]]

    def total(self) -> int:
        """How many answers."""
        width = len(self.points)
        return int(sum([sum(row[-width:]) for row in self.folded], sum([row[-1] for row in self.single])))

    def added_up(self, voices: Mapping[int, tuple[str, str | None]]) -> Mapping[tuple[Any, ...], int]:
        """Groups, scale, role and score -> how many. What began to count and ceased again is nothing."""
        found: defaultdict[tuple[Any, ...], int] = defaultdict(int)
        width = len(self.points) + 1
        for *group, number, histogram in ((*row[:-width], row[-width], row[1 - width :]) for row in self.folded):
            key = (*group, *voices[number])
            for score, n in zip(self.points, histogram, strict=True):
                if n:
                    found[*key, score] += n
        for *single, n in self.single:
            found[tuple(single)] += n
        return {key: n for key, n in found.items() if n}


async def kept(connection: AsyncConnection) -> Kept:
    """Stays the same for as long as a snapshot does."""
    waiting = exists(select(unfolded.c.id)).label("waiting")
    source = select(literal(1).label("one")).subquery().outerjoin(voice, true())
    statement = select(waiting, voice.c.id, voice.c.scale, voice.c.role).select_from(source)
    rows = (await connection.execute(statement)).all()
    return Kept({row.id: (row.scale, row.role) for row in rows if row.id}, bool(rows[0].waiting))
