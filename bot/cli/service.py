"""Commands that set the service up and run it."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, RowFormat, Rows, hush, settings
from bot.console import finish

service = typer.Typer()


@service.command()
def check(config: Config = DEFAULT_CONFIG) -> None:
    """Validates the configuration and the questionnaires."""
    from bot.commands.check import check as command

    finish(command(settings(config)))


@service.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Brings the database to the current schema."""
    from bot.commands.migrate import migrate as command

    finish(command(settings(config)))


@service.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """The service: Telegram, scheduler, delivery, HTTP."""
    from bot.commands.run import run as command

    finish(command(settings(config)))


@service.command()
def doctor(format_: Rows = RowFormat.TEXT, config: Config = DEFAULT_CONFIG) -> None:
    """What the service leans on: token, webhook, clock, database, disk, files."""
    from bot.commands.doctor import doctor as command

    hush()
    finish(command(settings(config), config, format_.value))


@service.command()
def deadletters(
    show: Annotated[int | None, typer.Option("--show", help="Print this one as JSON.", metavar="ID")] = None,
    replay: Annotated[
        int | None, typer.Option("--replay", help="Handle this one after all, or send it again.", metavar="ID")
    ] = None,
    drop: Annotated[int | None, typer.Option("--drop", help="Throw this one away.", metavar="ID")] = None,
    format_: Rows = RowFormat.TEXT,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Updates that could not be handled, and events that other systems did not take."""
    from bot.commands import deadletters as command

    hush()
    chosen = [one for one in (show, replay, drop) if one is not None]
    if len(chosen) > 1:
        raise typer.BadParameter("one of --show, --replay and --drop at a time")
    if show is not None:
        finish(command.show(settings(config), show))
    if replay is not None:
        finish(command.replay(settings(config), replay))
    if drop is not None:
        finish(command.drop(settings(config), drop))
    finish(command.listed(settings(config), format_.value))


@service.command()
def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")], config: Config = DEFAULT_CONFIG
) -> None:
    """Copies the SQLite database while the service works."""
    from bot.commands.backup import backup as command

    finish(command(settings(config), to))


@service.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    tombstones: Annotated[
        list[Path] | None,
        typer.Option("--tombstones", help="Who was forgotten, kept elsewhere; may be given again.", metavar="FILE"),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Puts a backup in the place of the SQLite database; whoever was forgotten since stays forgotten."""
    from bot.commands.backup import restore as command

    finish(command(settings(config), source, tombstones or []))


@service.command()
def sandbox(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="8080, or the next free one.", show_default=False)
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="With sample data.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """The service on a local Telegram, in the browser."""
    from bot.commands.sandbox import sandbox as command

    finish(command(config, port, demo=demo))
