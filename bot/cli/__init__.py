"""The command line. Every command imports what it needs when it is called: a report starts no bot."""

import atexit
import gc
from typing import Final

import typer

from bot.cli.asking import asking
from bot.cli.audit import audit
from bot.cli.figures import figures
from bot.cli.keys import keys
from bot.cli.loop import loop
from bot.cli.questionnaires import questionnaires
from bot.cli.service import service
from bot.console import fail

FEW_COLLECTIONS: Final = 50_000
"""New objects between two looks for garbage: a command mostly imports, which leaves none."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Otklik: measures and improves the experience of client companies, in Telegram.",
)
for commands in (service, questionnaires, asking, figures, loop, audit, keys):
    app.add_typer(commands)


def main() -> None:
    """Runs one command; every error is one line on standard error."""
    gc.set_threshold(FEW_COLLECTIONS)
    # What is left at the end goes with the process: looking through all of it once more took a sixth of a report.
    atexit.register(gc.freeze)
    fail(lambda: app(standalone_mode=False), prog="otklik")
