"""The command line. Every command imports what it needs when it is called: a report starts no bot."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.console import fail, finish

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Otklik: measures and improves the experience of client companies, in Telegram.",
)

Config = Annotated[Path, typer.Option("--config", help="The configuration.", metavar="PATH")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.", metavar="FILE")]
Where = Annotated[list[str] | None, typer.Option("--where", help="A cut: DIM=VALUE.", metavar="DIM=VALUE")]
Since = Annotated[str | None, typer.Option("--since", help="From this day or moment.", metavar="DATE")]
Until = Annotated[str | None, typer.Option("--until", help="Up to this day, included.", metavar="DATE")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing.")]
Language = Annotated[str | None, typer.Option("--lang", metavar="L")]
DEFAULT_CONFIG = Path("config.yaml")


class RowFormat(StrEnum):
    """How rows come out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class ExportFormat(StrEnum):
    """What an export file is."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class Export(StrEnum):
    """What can be taken away."""

    RESPONSES = "responses"
    ANSWERS = "answers"
    INVITATIONS = "invitations"
    EVENTS = "events"
    DECISIONS = "decisions"


@app.command()
def check(config: Config = DEFAULT_CONFIG) -> None:
    """Validates the configuration and every questionnaire, in all languages."""
    from bot.commands.check import check as command

    finish(command(_settings(config)))


@app.command()
def play(
    questionnaire: Annotated[str, typer.Argument(metavar="Q")],
    role: Annotated[list[str], typer.Option("--role", help="Twice for a person of two roles.", metavar="R")],
    language: Language = None,
    stage: Annotated[str | None, typer.Option("--stage", help="The stage of the project.", metavar="S")] = None,
    data: Annotated[list[str] | None, typer.Option("--data", help="What the event says.", metavar="NAME=VALUE")] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A questionnaire in the terminal, answers from standard input."""
    from bot.commands.play import play as command

    finish(command(_settings(config), questionnaire, role, language, stage, data or []))


@app.command()
def outline(
    questionnaire: Annotated[str, typer.Argument(metavar="Q")],
    role: Annotated[str | None, typer.Option("--role", help="Only what this role is asked.", metavar="R")] = None,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A questionnaire as readable Markdown, in every language or in one."""
    from bot.commands.outline import outline as command

    finish(command(_settings(config), questionnaire, role, language))


@app.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Brings the database to the current schema."""
    from bot.commands.migrate import migrate as command

    finish(command(_settings(config)))


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(metavar="FILE")], config: Config = DEFAULT_CONFIG) -> None:
    """Brings the directory of accounts, projects and stakeholders to a CSV or XLSX file."""
    from bot.commands.directory import import_ as command

    finish(command(_settings(config), file))


@app.command()
def invite(
    questionnaire: Annotated[str, typer.Option("--questionnaire", metavar="Q")],
    account: Annotated[str | None, typer.Option("--account", metavar="A")] = None,
    project: Annotated[str | None, typer.Option("--project", metavar="P")] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="R")] = None,
    format_: Annotated[RowFormat, typer.Option("--format")] = RowFormat.CSV,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Creates invitations and prints their personal links, which are shown this once."""
    from bot.commands.invite import invite as command

    finish(command(_settings(config), questionnaire, account, project, role, format_.value))


@app.command()
def event(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    dry_run: DryRun = False,
    source: Annotated[str, typer.Option("--source", help="Who reports them.", metavar="NAME")] = "file",
    format_: Annotated[RowFormat, typer.Option("--format")] = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Takes events from a JSON, JSON Lines or CSV file, and tells what comes of each and why."""
    from bot.commands.event import event as command

    finish(command(_settings(config), file, source, language, format_.value, dry_run=dry_run))


@app.command()
def wave(
    key: Annotated[str, typer.Argument(metavar="KEY")],
    dry_run: DryRun = False,
    format_: Annotated[RowFormat, typer.Option("--format")] = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Starts a wave now; tells who is asked, who is not, and why."""
    from bot.commands.wave import wave as command

    finish(command(_settings(config), key, language, format_.value, dry_run=dry_run))


@app.command()
def why(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name or an external id")],
    format_: Annotated[RowFormat, typer.Option("--format")] = RowFormat.TEXT,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Why this person was, or was not, asked."""
    from bot.commands.why import why as command

    finish(command(_settings(config), person, language, format_.value))


@app.command()
def report(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="nps, csat, ces, csi or response")],
    by: Annotated[list[str] | None, typer.Option("--by", metavar="DIM")] = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    method: Annotated[str | None, typer.Option("--method", metavar="M", help="top1, top2 or mean")] = None,
    format_: Annotated[RowFormat, typer.Option("--format")] = RowFormat.TEXT,
    language: Annotated[str | None, typer.Option("--lang", metavar="L")] = None,
    output: Output = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A metric, exact to the last commit."""
    from bot.commands.report import report as command

    asked: dict[str, Any] = {"metric": metric, "by": by or [], "where": where or [], "since": since, "until": until}
    finish(command(_settings(config), asked | {"method": method}, format_.value, language, output))


@app.command()
def export(
    what: Annotated[Export, typer.Argument(metavar="responses|answers|invitations|events|decisions")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")],
    format_: Annotated[ExportFormat, typer.Option("--format")] = ExportFormat.CSV,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Data for Power BI, Excel, notebooks."""
    from bot.commands.export import export as command

    finish(command(_settings(config), what.value, format_.value, output))


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """The service: Telegram, scheduler, delivery, HTTP."""
    from bot.commands.run import run as command

    finish(command(_settings(config)))


@app.command()
def sandbox(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="8080, or the next free one.", show_default=False)
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="With sample data.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """The same service on a built-in local Telegram, to be played in the browser."""
    from bot.commands.sandbox import sandbox as command

    finish(command(config, port, demo=demo))


def _settings(path: Path) -> Any:
    from bot.settings import load_settings

    return load_settings(path, os.environ)


def main() -> None:
    """Runs one command; every error is one line on standard error."""
    fail(lambda: app(standalone_mode=False), prog="otklik")
