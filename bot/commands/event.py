"""`otklik event`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.commands.deciding import Office, office, print_decisions, spoken
from bot.commands.events_import import Origin, Row, read_events_file
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain, say
from bot.settings import Settings
from handlers.reasons import never_asked
from surveys.contact import Ask, Told, told
from surveys.interactions import Interaction
from surveys.pulses import EFFECTS, Taken, take_event
from surveys.questionnaire import Language

AT_ONCE: Final = 50  # events in one transaction
TURN_SECONDS: Final = 0.15  # whoever waits for SQLite looks every tenth of a second


def event(
    settings: Settings,
    file: Path,
    source: str,
    lang: str | None,
    format_: str,
    *,
    dry_run: bool,
    headers: Sequence[str] = (),
) -> int:
    """Takes the events of a file, and tells what comes of each; with `dry_run` nothing of it lasts."""
    language = spoken(settings, lang)
    rows, problems = read_events_file(file, _origin(settings, source, headers))
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


def _origin(settings: Settings, source: str, headers: Sequence[str]) -> Origin:
    """A source that has a mapping speaks its own format, in a file as at its door."""
    configured = settings.intake.sources.get(source)
    mapping = configured.mapping if configured else None
    return Origin(source=source, mapping=mapping, headers=dict(map(_header, headers)))


def _header(words: str) -> tuple[str, str]:
    name, colon, value = words.partition(":")
    if not (colon and name.strip()):
        raise Trouble(f"--header: {words!r} is no header; write it as 'X-Name: value'")
    return name.strip(), value.strip()


def _became(row: Row, taken: Taken, settings: Settings, language: Language) -> str:
    known = f"{row.interaction.id} {row.interaction.type}"
    if not taken.fresh:
        return f"{known}: duplicate"
    if row.interaction.type in settings.pulses or row.interaction.type in EFFECTS:
        return f"{known}: accepted"
    return f"{known}: accepted; {never_asked(settings.pulses, language)}"


async def _take(settings: Settings, rows: Sequence[Row], *, keep: bool) -> Sequence[tuple[Row, Taken]]:
    async with office(settings) as decided_at:
        return await (_kept if keep else _rehearsed)(decided_at, rows)


async def _kept(decided_at: Office, rows: Sequence[Row]) -> Sequence[tuple[Row, Taken]]:
    """A few in one transaction; then it is the turn of a service that uses the same SQLite file."""
    done: list[tuple[Row, Taken]] = []
    while portion := rows[len(done) : len(done) + AT_ONCE]:
        async with decided_at.work(keep=True) as work:
            taken = [await take_event(work, row.interaction) for row in portion]
        done += zip(portion, taken, strict=True)
        await _let_others(len(rows) - len(done))
    return done


async def _rehearsed(decided_at: Office, rows: Sequence[Row]) -> Sequence[tuple[Row, Taken]]:
    """The same without a trace. Every transaction begins with what came before and matters: nobody waits for it all."""
    done: list[tuple[Row, Taken]] = []
    matter: list[Interaction] = []
    known: set[str] = set()
    while portion := rows[len(done) : len(done) + max(AT_ONCE, len(matter))]:
        async with decided_at.work(keep=False) as work:
            for event in matter:
                await take_event(work, event)
            for row in portion:
                taken = Taken(fresh=False) if row.interaction.id in known else await take_event(work, row.interaction)
                known.add(row.interaction.id)
                done.append((row, taken))
        matter += [row.interaction for row, taken in done[-len(portion) :] if _matters(row.interaction, taken)]
        await _let_others(len(rows) - len(done))
    return done


def _matters(event: Interaction, taken: Taken) -> bool:
    """Whether decisions about later events may depend on it."""
    return taken.fresh and (event.type in EFFECTS or any(isinstance(one.verdict, Ask) for one in taken.decided))


async def _let_others(left: int) -> None:
    if left:
        await asyncio.sleep(TURN_SECONDS)
