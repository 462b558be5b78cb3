"""Everybody who answered, for confidential mode: whom a cut of the answers comes from."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cuts import OF_ANSWERS
from storage.scopes import seen
from storage.score_counts import standing
from storage.sql import month_number, packed
from storage.tables import account, answer, interview, project
from storage.tallies import changes_ever
from surveys.audience import OF_OCCASION, Audience, Occasion, Said
from surveys.reporting import ReportQuery

Of = tuple[str | None, ...]

MOST: Final = 4
"""Audiences kept: each takes some hundred bytes for every interview."""
PORTIONS: Final = {"yield_per": 5_000}
SAID: Final = func.aggregate_strings(packed(answer.c.scale, answer.c.item, answer.c.component, answer.c.block), ",")
OF_ANSWER: Final = ("role", "language")
PEOPLE: Final = (
    select(interview.c.id, interview.c.person_id, *(OF_ANSWERS[d] for d in OF_OCCASION if d not in OF_ANSWER))
    .join(account, account.c.id == interview.c.account_id)
    .join(project, project.c.id == interview.c.project_id)
)
NAMES: Final = select(project.c.id, project.c.name, account.c.name).join(account).order_by(project.c.id)
ROLE, LANGUAGE = (OF_OCCASION.index(dimension) for dimension in OF_ANSWER)


def odd_bounds(query: ReportQuery) -> tuple[datetime, ...]:
    """Bounds of the period that no month begins with, in order."""
    bounds = (bound for bound in (query.since, query.until) if bound)
    return tuple(sorted(bound for bound in bounds if bound != _month(100 * bound.year + bound.month)))


class Audiences:
    """Those asked for last, kept for as long as nothing is answered, taken back or renamed."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[object, Audience]] = {}

    async def audience(self, connection: AsyncConnection, query: ReportQuery) -> Audience:
        """Everybody who answered, in the connection's snapshot."""
        asked, now = (query.scope, query.as_of, odd_bounds(query)), await _content(connection)
        before, audience = self._kept.pop(asked, (None, None))
        if audience is None or before != now:
            # In a thread: with many answers it takes seconds, in which the service answers others.
            audience = await asyncio.to_thread(Audience, await occasions(connection, query))
        self._kept[asked] = now, audience
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return audience


async def _content(connection: AsyncConnection) -> object:
    """What differs as soon as an answer or a name does."""
    names = [tuple(row) for row in await connection.execute(NAMES)]
    return names, await changes_ever(connection)


async def occasions(connection: AsyncConnection, query: ReportQuery) -> list[Occasion]:
    """One for what was answered in an interview in one role and language between two bounds.

    What is alike is one object: there are far fewer ways to answer than interviews.
    """
    odd, found = odd_bounds(query), list[Occasion]()
    people = await _people(connection, query)
    of, begun, parsed = cache(_of), cache(partial(_begun, odd)), cache(_parsed)
    async with connection.stream(_said(query, odd), execution_options=PORTIONS) as answers:
        async for part in answers.partitions():
            for name, role, language, month, passed, said in part:
                if (known := people.get(name)) is not None:
                    person, place = known
                    found.append(Occasion(person, begun(month, passed), of(place, role, language), parsed(said)))
    return found


async def _people(connection: AsyncConnection, query: ReportQuery) -> Mapping[str, tuple[int, Of]]:
    """By interview: whose it is, and all that is known of it alone."""
    found: dict[str, tuple[int, Of]] = {}
    places: dict[Of, Of] = {}
    chosen = PEOPLE.where(*seen(query.scope, interview.c.division))
    async with connection.stream(chosen, execution_options=PORTIONS) as rows:
        async for part in rows.partitions():
            for name, person, *values in part:
                place = tuple(values)
                found[name] = person, places.setdefault(place, place)
    return found


def _said(query: ReportQuery, odd: tuple[datetime, ...]) -> Select[Any]:
    keys = [answer.c.interview_id, answer.c.role, answer.c.language, month_number(answer.c.answered_at), _passed(odd)]
    standing_ones = select(*keys, SAID).where(standing(query.as_of), answer.c.score.is_not(None))
    return standing_ones.group_by(*keys[: len(keys) - (not odd)])


def _passed(odd: tuple[datetime, ...]) -> ColumnElement[int]:
    """How many of the bounds an answer comes after."""
    later = [case((answer.c.answered_at >= bound, 1), else_=0) for bound in odd]
    return sum(later[1:], later[0]) if later else literal(0)


def _begun(odd: tuple[datetime, ...], month: int, passed: int) -> datetime:
    return max([_month(month), *odd[:passed][-1:]])


def _of(values: Of, role: str, language: str | None) -> Of:
    return *values[:ROLE], role, *values[ROLE : LANGUAGE - 1], language, *values[LANGUAGE - 1 :]


@cache
def _month(number: int) -> datetime:
    return datetime(number // 100, number % 100, 1, tzinfo=UTC)


def _parsed(said: str) -> tuple[Said, ...]:
    return tuple(Said(*one) for one in json.loads(f"[{said}]"))
