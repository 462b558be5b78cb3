"""Commands about the log of looking."""

from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, settings
from bot.console import finish

log = typer.Typer(no_args_is_help=True)
audit = typer.Typer()
audit.add_typer(log, name="audit", help="The log of looking: who saw names, who took data away.")


@log.callback()
def _() -> None:
    """Keeps `verify` a command of its own."""


@log.command()
def verify(
    after: Annotated[
        str | None, typer.Option("--after", help="From the last row that was told earlier.", metavar="NUMBER:HASH")
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Proves that no row was changed, removed or put in."""
    from bot.commands.audit import verify as command

    finish(command(settings(config), after))
