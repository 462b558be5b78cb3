"""`otklik fieldwork`."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.deciding import spoken
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import DONE, Trouble
from bot.fieldwork import latest, look, may_name, response, unheard
from bot.report_rules import current_labels
from bot.settings import Settings
from handlers.reasons import reason as decided_because
from reports.csv import fieldwork_cells
from reports.errors import query_problem
from reports.field import as_groups, as_status, as_unheard, why
from reports.json import fieldwork_object, moment
from reports.labels import Labels, label
from reports.speech import Speech
from storage.database import Database
from surveys.audit import CLI
from surveys.contact import Told
from surveys.errors import BadQuery
from surveys.query import parse_report
from surveys.questionnaire import Language
from surveys.reporting import Dimension, Report
from surveys.voices import AccountVoices, Span

BY: Final[tuple[Dimension, ...]] = ("project", "role")
PEOPLE: Final = ("account", "role", "known", "heard", "person", "name", "why", "rule", "detail")
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything about a span. `named`: whether people may be named."""

    span: Span
    total: Report
    groups: Mapping[Dimension, Report]
    accounts: Sequence[AccountVoices]
    named: bool


def fieldwork(
    settings: Settings, wave: str | None, since: str | None, lang: str | None, format_: str, *, people: bool
) -> int:
    """Prints what became of invitations and who has not been heard; with `people` only the latter."""
    language = spoken(settings, lang)
    found, labels = asyncio.run(_look(settings, wave, _moment(since)))
    speech, zone = Speech(language, labels), ZoneInfo(settings.vendor.timezone)
    rows = list(_people(speech, found, lambda told: decided_because(told, language, zone)))
    match format_:
        case "json":
            sys.stdout.write(json.dumps(_object(found, labels, language, rows), ensure_ascii=False, indent=2) + "\n")
        case "csv" if people:
            print_rows(PEOPLE, rows, "csv")
        case "csv":
            figures = list(_figures(found, labels, language))
            print_rows(tuple(figures[0]), figures, "csv")
        case _:
            sys.stdout.write(_text(speech, found, lambda told: decided_because(told, language, zone), people=people))
    return DONE


def _moment(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        return parse_report(["response", "since", since], datetime.now(UTC).date()).since
    except BadQuery as error:
        raise Trouble(f"otklik fieldwork: --since: {query_problem(error, 'en')}") from error


async def _look(settings: Settings, wave: str | None, since: datetime | None) -> tuple[Found, Labels]:
    async with current_database(settings) as database:
        span = await _span(database, wave, since)
        async with database.reading() as reading:
            found = Found(
                span=span,
                total=await response(reading, settings, span, None),
                groups={by: await response(reading, settings, span, None, by) for by in BY},
                accounts=await unheard(reading, settings, span, None),
                named=await may_name(reading, settings),
            )
        if found.named:
            await database.note(look(found.accounts, span, CLI, datetime.now(UTC)))
        return found, await current_labels(settings, database)


async def _span(database: Database, wave: str | None, since: datetime | None) -> Span:
    async with database.reading() as reading:
        if wave is None:
            return await latest(reading, datetime.now(UTC), None) if since is None else Span(since=since)
        if wave not in (known := await reading.voices.waves()):
            raise Trouble(f"--wave: there has been no wave {wave!r}; allowed: {', '.join(known) or 'none yet'}")
        return Span(wave=wave, since=since)


def _text(speech: Speech, found: Found, explain: Callable[[Told], str], *, people: bool) -> str:
    status = as_status(speech, found.total, found.span)
    groups = [page for report in found.groups.values() for page in as_groups(speech, report, found.span)]
    silent = as_unheard(speech, found.total, found.span, found.accounts, explain, names=found.named)
    return "\n\n".join(silent if people else [*status, *groups, *silent]) + "\n"


def _object(found: Found, labels: Labels, language: Language, rows: Sequence[Row]) -> Row:
    return {
        "wave": found.span.wave,
        "since": moment(found.span.since),
        "total": _figure(found.total),
        **{f"by_{by}": list(_groups(found.groups[by], labels, language, by)) for by in BY},
        "unheard": list(rows),
    }


def _figure(report: Report) -> Row:
    return fieldwork_object(report.total.fieldwork) if report.total.fieldwork else {}


def _groups(report: Report, labels: Labels, language: Language, by: Dimension) -> Iterator[Row]:
    for group in report.groups:
        named = None if group.key is None else label(labels, by, group.key, language)
        if group.figure.fieldwork:
            yield {"key": group.key, "label": named, **fieldwork_object(group.figure.fieldwork)}


def _figures(found: Found, labels: Labels, language: Language) -> Iterator[Row]:
    """The total with an empty `by`, then every group."""
    if found.total.total.fieldwork:
        yield {"by": None, "key": None, "label": None, **fieldwork_cells(found.total.total.fieldwork)}
    for by, report in found.groups.items():
        for group in report.groups:
            named = None if group.key is None else label(labels, by, group.key, language)
            if group.figure.fieldwork:
                yield {"by": by, "key": group.key, "label": named, **fieldwork_cells(group.figure.fieldwork)}


def _people(speech: Speech, found: Found, explain: Callable[[Told], str]) -> Iterator[Row]:
    """A row for everybody who was not heard, and one for every role in which nobody is known."""
    for account in found.accounts:
        for voice in account.voices:
            place = {"account": account.account, "role": voice.role, "known": voice.known, "heard": voice.heard}
            nobody = dict.fromkeys(PEOPLE[4:])
            if not voice.known:
                yield {**place, **nobody, "why": "nobody_known"}
            for one in voice.unheard:
                who = {"person": one.person.external_id, "name": one.person.name} if found.named else {}
                rule = {"rule": one.told.rule if one.told else None, "detail": why(speech, one, explain)}
                yield {**place, **nobody, **who, "why": one.why, **rule}
