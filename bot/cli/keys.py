"""Commands about the keys that seal who somebody is."""

from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, settings
from bot.console import finish

ring = typer.Typer(no_args_is_help=True)
keys = typer.Typer()
keys.add_typer(ring, name="keys", help="Keys that seal names, addresses and accounts in the database.")


@ring.command()
def new() -> None:
    """Prints a fresh key; keep it apart from the backups."""
    from bot.commands.keys import new as command

    finish(command())


@ring.command()
def rotate(
    plain: Annotated[bool, typer.Option("--plain", help="Open everything for good instead.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Seals everything with the first key of privacy.keys; the service is stopped."""
    from bot.commands.keys import rotate as command

    finish(command(settings(config), plain=plain))
