"""`otklik doctor`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.commands.rows import print_rows
from bot.console import DONE, WITH_PROBLEMS
from bot.doctor import Finding, examine
from bot.settings import Settings

COLUMNS = ("check", "state", "found", "todo")


def doctor(settings: Settings, config: Path, format_: str) -> int:
    """Prints one line for each finding; 1 where anything is ill."""
    findings = asyncio.run(_examined(settings, config))
    print_rows(COLUMNS, [{name: getattr(one, name) for name in COLUMNS} for one in findings], format_)
    return WITH_PROBLEMS if any(one.todo for one in findings) else DONE


async def _examined(settings: Settings, config: Path) -> Sequence[Finding]:
    return [finding async for finding in examine(settings, config)]
