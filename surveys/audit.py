"""Looking at data that name people, and taking data away: each look is written down before anything is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from surveys.reporting import ReportQuery

CLI: Final = "cli"
"""Whoever works on the command line: they have the database itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`who`: a Telegram id, or `CLI`. `entrance`: a gate of `surveys.rights`, or a command.

    `looked_at`: the cut, as JSON without personal data: people are the numbers of their rows. `rows`: how many.
    """

    at: datetime
    who: str
    entrance: str
    looked_at: Mapping[str, object]
    rows: int


def cut(query: ReportQuery) -> Mapping[str, object]:
    """What a report was asked about."""
    since, until = (moment.isoformat() if moment else None for moment in (query.since, query.until))
    where = {dimension: list(keys) for dimension, keys in query.where.items()}
    return {"metric": query.metric, "by": query.by, "where": where, "since": since, "until": until}


def case_look(who: int, case_id: int, verb: str, at: datetime) -> Look:
    """Somebody has a case before them: who complained, and in which words."""
    return Look(at=at, who=str(who), entrance="case", looked_at={"case": case_id, "verb": verb}, rows=1)


class Audit(Protocol):
    """Takes down looks."""

    async def add(self, look: Look) -> None: ...
