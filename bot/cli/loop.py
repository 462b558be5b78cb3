"""Commands of the closed loop."""

from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, Language, RowFormat, Rows, Since, Until, settings
from bot.console import finish

loop = typer.Typer()


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
