"""`otklik cases`."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from bot.clock import Clock
from bot.commands.deciding import spoken
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import DONE, Trouble
from bot.settings import Settings
from handlers.case_figures import HOUR, lines
from metrics.operations import Times
from reports.json import moment
from storage.case_figures import CaseFigures
from surveys.cases.figures import LoopFigures
from surveys.cases.ports import Listed
from surveys.cases.reporting import loop_report
from surveys.errors import BadQuery
from surveys.query_dates import after, midnight, period
from surveys.reporting import ReportQuery

FIELDS: Final = (
    *("severity", "status", "outcome", "component", "responsible", "reopened", "merged_into"),
    *("cause_component", "cause_stage", "cause_department", "cause_partner"),
)
MOMENTS: Final = ("opened_at", "contacted_at", "due_at", "closed_at")
COLUMNS: Final = ("id", "person", "account", "project", "division", *MOMENTS, *FIELDS)
MEASURES: Final = ("measure", "value")
FIGURES: Final = ("measure", "n", "value", "p90", "interval")


def cases(
    settings: Settings, since: str | None, until: str | None, lang: str | None, format_: str, *, summary: bool
) -> int:
    """Every case opened in the period, or how the loop works."""
    language = spoken(settings, lang)
    found, figures = asyncio.run(_read(settings, *bounds("cases", since, until)))
    if not summary:
        print_rows(COLUMNS, [_row(one) for one in found], format_)
    elif format_ == "text":
        told = [{"measure": measure, "value": value} for measure, value in lines(figures, language)]
        print_rows(MEASURES, told, format_)
    else:
        print_rows(FIGURES, rows_of(figures), format_)
    return DONE


async def _read(
    settings: Settings, since: datetime | None, until: datetime | None
) -> tuple[Sequence[Listed], LoopFigures]:
    query = ReportQuery(metric="nps", since=since, until=until)
    async with current_database(settings) as database, database.reading() as reading:
        figures = CaseFigures(reading.connection)
        return await figures.listed(query), (await loop_report(query, figures, Clock().now())).figures


def bounds(command: str, since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """The first moment and the one after the last. Raises Trouble for what is no date."""
    today = datetime.now(UTC).date()
    first, last = _day(command, since, today, 0), _day(command, until, today, 1)
    return midnight(first) if first else None, after(last) if last else None


def _day(command: str, word: str | None, today: date, end: int) -> date | None:
    try:
        return period(word, today)[end] if word else None
    except BadQuery as error:
        name = "--until" if end else "--since"
        raise Trouble(
            f"otklik {command}: {name}: {word!r} is not a date; write it as 2026-07-01, 2026-07 or 2026"
        ) from error


def _row(one: Listed) -> Mapping[str, object]:
    case = one.case
    named = {"id": case.id, "person": one.person, "account": one.account, "project": one.project}
    moments = {name: moment(getattr(case, name)) for name in MOMENTS}
    return {**named, "division": one.division, **moments, **{name: getattr(case, name) for name in FIELDS}}


def rows_of(figures: LoopFigures) -> Sequence[Mapping[str, object]]:
    """Numbers for other programs: hours, and points of 100."""
    counted = ("opened", "open", "overdue", "checking", "confirmed", "unconfirmed", "merged", "reopened")
    counts = [_figure(name, figures.opened, getattr(figures, name)) for name in counted]
    contact, closure, recovery = figures.first_contact, figures.closure, figures.recovery
    return [
        *counts,
        _hours("first_contact_hours", contact),
        _hours("closure_hours", closure),
        _figure("recovery_points", recovery.n, recovery.change, interval=recovery.interval),
    ]


def _hours(measure: str, times: Times) -> Mapping[str, object]:
    median, p90 = (None if seconds is None else seconds / HOUR for seconds in (times.median, times.p90))
    low, high = times.median_interval or (None, None)
    interval = None if low is None or high is None else (low / HOUR, high / HOUR)
    return _figure(measure, times.n, median, p90=p90, interval=interval)


def _figure(measure: str, n: int, value: float | None, **more: object) -> Mapping[str, object]:
    return {"measure": measure, "n": n, "value": value, "p90": None, "interval": None, **more}
