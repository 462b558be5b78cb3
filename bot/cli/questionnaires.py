"""Commands that show a questionnaire without Telegram."""

from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, Language, settings
from bot.console import finish

questionnaires = typer.Typer()

Questionnaire = Annotated[str, typer.Argument(metavar="Q", help="The key of a questionnaire.")]


@questionnaires.command()
def play(
    questionnaire: Questionnaire,
    role: Annotated[list[str], typer.Option("--role", help="Twice for a person of two roles.", metavar="R")],
    language: Language = None,
    stage: Annotated[str | None, typer.Option("--stage", help="The stage of the project.", metavar="S")] = None,
    data: Annotated[list[str] | None, typer.Option("--data", help="What the event says.", metavar="NAME=VALUE")] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A questionnaire in the terminal."""
    from bot.commands.play import play as command

    finish(command(settings(config), questionnaire, role, language, stage, data or []))


@questionnaires.command()
def outline(
    questionnaire: Questionnaire,
    role: Annotated[str | None, typer.Option("--role", help="Only what this role is asked.", metavar="R")] = None,
    language: Language = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """A questionnaire as readable Markdown."""
    from bot.commands.outline import outline as command

    finish(command(settings(config), questionnaire, role, language))
