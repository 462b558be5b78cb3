"""Commands that give figures and data."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, Language, Output, Since, Until, Where, hush, settings
from bot.console import finish

figures = typer.Typer()


class ReportFormat(StrEnum):
    """How a report comes out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PNG = "png"
    PDF = "pdf"


class TableFormat(StrEnum):
    """How many rows come out."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class ReportView(StrEnum):
    """Another look at the same answers."""

    CHANGE = "change"
    ROLES = "roles"
    CLIENTS = "clients"
    IMPORTANCE = "importance"


Table = Annotated[TableFormat, typer.Option("--format", help="How rows come out.")]


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
    REMARKS = "remarks"
    AUDIT = "audit"
    ATTACHMENTS = "attachments"


@figures.command()
def report(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="nps, csat, ces, csi, response or loop.")],
    by: Annotated[list[str] | None, typer.Option("--by", help="Broken down; twice for a pair.", metavar="DIM")] = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="As it was known at the end of this day.", metavar="DATE")
    ] = None,
    method: Annotated[str | None, typer.Option("--method", metavar="M", help="top1, top2 or mean.")] = None,
    view: Annotated[ReportView | None, typer.Option("--view", help="Another look at the same answers.")] = None,
    format_: Annotated[ReportFormat, typer.Option("--format", help="How the report comes out.")] = ReportFormat.TEXT,
    language: Language = None,
    output: Output = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A metric, exact to the last commit."""
    from bot.commands.report import report as command

    asked: dict[str, Any] = {"metric": metric, "by": by or [], "where": where or [], "since": since, "until": until}
    asked |= {"method": method, "as_of": as_of, "view": view.value if view else None}
    if metric == "loop":
        from bot.commands.loop import report as of_loop

        finish(of_loop(settings(config), asked, format_.value, language, output))
    finish(command(settings(config), asked, format_.value, language, output))


@figures.command()
def verbatims(
    where: Where = None,
    since: Since = None,
    until: Until = None,
    format_: Table = TableFormat.TEXT,
    language: Language = None,
    output: Output = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """The words people wrote, the newest first, with the score they explain."""
    from bot.commands.verbatims import verbatims as command

    asked: dict[str, Any] = {"where": where or [], "since": since, "until": until}
    finish(command(settings(config), asked, format_.value, language, output))


@figures.command()
def service(
    by: Annotated[list[str] | None, typer.Option("--by", help="Broken down; twice for a pair.", metavar="DIM")] = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    format_: Table = TableFormat.TEXT,
    language: Language = None,
    output: Output = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """How soon requests are answered and resolved, by the events of the helpdesk."""
    from bot.commands.service import service as command

    asked: dict[str, Any] = {"by": by or [], "where": where or [], "since": since, "until": until}
    finish(command(settings(config), asked, format_.value, language, output))


@figures.command()
def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Make counts that are not true anew.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Proves every count from the answers, and that every row is in its place."""
    from bot.commands.verify import verify as command

    finish(command(settings(config), repair=repair))


@figures.command()
def export(
    what: Annotated[Export, typer.Argument(metavar="|".join(Export))],
    output: Annotated[Path, typer.Option("-o", "--output", help="Write to this file.", metavar="FILE")],
    format_: Annotated[ExportFormat, typer.Option("--format", help="What the file is.")] = ExportFormat.CSV,
    files: Annotated[
        Path | None,
        typer.Option("--files", help="Fetch attachments into this directory, 20 MB each at most.", metavar="DIR"),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Data for Power BI, Excel, notebooks."""
    from bot.commands.export import export as command

    hush()
    finish(command(settings(config), what.value, format_.value, output, files))
