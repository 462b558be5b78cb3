"""Commands about people: who they are, who is asked, when and why."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, DryRun, Language, RowFormat, Rows, Since, hush, settings
from bot.console import finish

asking = typer.Typer()


@asking.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX.")], config: Config = DEFAULT_CONFIG
) -> None:
    """Brings the directory of clients to a CSV or XLSX file."""
    from bot.commands.directory import import_ as command

    finish(command(settings(config), file))


@asking.command()
def invite(
    questionnaire: Annotated[str, typer.Option("--questionnaire", help="The key of a questionnaire.", metavar="Q")],
    account: Annotated[str | None, typer.Option("--account", help="Only this client.", metavar="A")] = None,
    project: Annotated[str | None, typer.Option("--project", help="Only this project.", metavar="P")] = None,
    role: Annotated[str | None, typer.Option("--role", help="Only people of this role.", metavar="R")] = None,
    format_: Rows = RowFormat.CSV,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Creates invitations; prints their links, this once."""
    from bot.commands.invite import invite as command

    hush()
    finish(command(settings(config), questionnaire, account, project, role, format_.value))


@asking.command()
def event(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON, JSON Lines or CSV.")],
    dry_run: DryRun = False,
    source: Annotated[str, typer.Option("--source", help="Who reports them.", metavar="NAME")] = "file",
    header: Annotated[
        list[str] | None,
        typer.Option("--header", help="A header that came with them; may be given again.", metavar="'NAME: VALUE'"),
    ] = None,
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Takes events from a file; tells what comes of each."""
    from bot.commands.event import event as command

    finish(command(settings(config), file, source, language, format_.value, dry_run=dry_run, headers=header or ()))


@asking.command()
def wave(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key of a wave of the configuration.")],
    dry_run: DryRun = False,
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Starts a wave now; tells who is asked, and who not."""
    from bot.commands.wave import wave as command

    finish(command(settings(config), key, language, format_.value, dry_run=dry_run))


@asking.command()
def why(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or an external id.")],
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Why this person was, or was not, asked."""
    from bot.commands.why import why as command

    finish(command(settings(config), person, language, format_.value))


@asking.command()
def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or an external id.")],
    answers: Annotated[bool, typer.Option("--answers", help="What they answered as well.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Forgets a person: at once, for good, and whatever the directory says later."""
    from bot.commands.erase import erase as command

    finish(command(settings(config), person, answers=answers))


@asking.command()
def fieldwork(
    wave: Annotated[
        str | None, typer.Option("--wave", help="This wave; else the latest, or the last 90 days.", metavar="W")
    ] = None,
    since: Since = None,
    unheard: Annotated[bool, typer.Option("--unheard", help="Only who has not been heard.")] = False,
    format_: Rows = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """What became of invitations; who has not been heard, and why."""
    from bot.commands.fieldwork import fieldwork as command

    finish(command(settings(config), wave, since, language, format_.value, people=unheard))
