"""`otklik event`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.commands.deciding import Office, office, print_decisions, spoken
from bot.commands.events_import import Row, read_events_file
from bot.console import DONE, WITH_PROBLEMS, complain, say
from bot.settings import Settings
from handlers.reasons import never_asked
from surveys.contact import Told, told
from surveys.pulses import EFFECTS, Taken, take_event
from surveys.questionnaire import Language


def event(settings: Settings, file: Path, source: str, lang: str | None, format_: str, *, dry_run: bool) -> int:
    """Takes the events of a file, and tells what comes of each; with `dry_run` nothing of it lasts."""
    language = spoken(settings, lang)
    rows, problems = read_events_file(file, source)
    every: list[Told] = []
    for row, taken in asyncio.run(_take(settings, list(rows), keep=not dry_run)):
        decided = [told(one) for one in taken.decided]
        every += decided
        if format_ == "text":
            say(f"{row.place}: {_became(row, taken, settings, language)}")
            print_decisions(decided, settings, language, format_)
    if format_ != "text":
        print_decisions(every, settings, language, format_)
    complain(problems)
    return WITH_PROBLEMS if problems else DONE


def _became(row: Row, taken: Taken, settings: Settings, language: Language) -> str:
    known = f"{row.interaction.id} {row.interaction.type}"
    if not taken.fresh:
        return f"{known}: duplicate"
    if row.interaction.type in settings.pulses or row.interaction.type in EFFECTS:
        return f"{known}: accepted"
    return f"{known}: accepted; {never_asked(settings.pulses, language)}"


async def _take(settings: Settings, rows: Sequence[Row], *, keep: bool) -> Sequence[tuple[Row, Taken]]:
    """Each event in a transaction of its own; in a dry run all in one, so that each sees what came before it."""
    async with office(settings) as decided_at:
        if keep:
            return [(row, await _alone(decided_at, row)) for row in rows]
        async with decided_at.work(keep=False) as work:
            return [(row, await take_event(work, row.interaction)) for row in rows]


async def _alone(decided_at: Office, row: Row) -> Taken:
    async with decided_at.work(keep=True) as work:
        return await take_event(work, row.interaction)
