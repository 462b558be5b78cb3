"""Options that several commands share, and how a command gets its settings."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

DEFAULT_CONFIG = Path("config.yaml")


class RowFormat(StrEnum):
    """How rows come out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


Config = Annotated[Path, typer.Option("--config", help="The configuration.", metavar="PATH")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write to this file instead of the screen.", metavar="FILE")
]
Rows = Annotated[RowFormat, typer.Option("--format", help="How rows come out.")]
Where = Annotated[
    list[str] | None, typer.Option("--where", help="Only this cut; may be given again.", metavar="DIM=VALUE")
]
Since = Annotated[str | None, typer.Option("--since", help="From this day.", metavar="DATE")]
Until = Annotated[str | None, typer.Option("--until", help="Up to this day, included.", metavar="DATE")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing.")]
Language = Annotated[
    str | None, typer.Option("--lang", help="A language of the configuration, ru for one.", metavar="L")
]


def settings(path: Path) -> Any:
    """The configuration in this file with what the environment overrides. Raises BadSettings."""
    from bot.settings import load_settings

    return load_settings(path, os.environ)


def hush() -> None:
    """For commands that call Telegram by the way: standard output is for what was asked, errors go beside it."""
    from bot.logs import configure_logging

    configure_logging("error")
