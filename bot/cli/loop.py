"""Commands of the closed loop."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, Language, Output, RowFormat, Rows, Since, Until, settings
from bot.console import finish

loop = typer.Typer()


class Paper(StrEnum):
    """What is written for the committee."""

    AGENDA = "agenda"
    MINUTES = "minutes"


@loop.command()
def cases(
    summary: Annotated[bool, typer.Option("--summary", help="How the loop works, instead of the cases.")] = False,
    since: Since = None,
    until: Until = None,
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Cases opened in a period, or with --summary how well they are closed."""
    from bot.commands.cases import cases as command

    finish(command(settings(config), since, until, language, format_.value, summary=summary))


@loop.command()
def committee(
    paper: Annotated[Paper | None, typer.Option("--paper", help="A document in Markdown, instead of rows.")] = None,
    since: Since = None,
    until: Until = None,
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    output: Output = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Causes that repeat over projects, the weightiest first; or the committee's agenda or minutes."""
    from bot.commands.committee import causes, written

    if paper is None:
        finish(causes(settings(config), since, until, language, format_.value, output))
    else:
        finish(written(settings(config), paper.value, since, until, language, output))
