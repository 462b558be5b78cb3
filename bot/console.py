"""Standard output, standard error and exit codes."""

import sys
from collections.abc import Callable, Iterable
from typing import NoReturn

import typer
from pydantic_core import ValidationError
from typer._click.exceptions import ClickException

DONE, WITH_PROBLEMS, WRONG = 0, 1, 2
INTERRUPTED = 130
FIELDS = 5


class Trouble(Exception):
    """The command cannot be carried out and changed nothing. `lines`: one sentence each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def say(line: str = "") -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


def complain(lines: Iterable[str]) -> None:
    """Problems, one line each, whatever they quote."""
    for line in lines:
        sys.stderr.write(" ".join(line.splitlines()) + "\n")


def finish(code: int) -> NoReturn:
    """Ends the command with its exit code."""
    raise typer.Exit(code)


def fail(work: Callable[[], object], prog: str) -> NoReturn:
    """Runs the command line and leaves the process. An error is a line on standard error, never a traceback."""
    try:
        code = work()
    except ClickException as error:
        complain([f"{prog}: {error.format_message()}"])
        code = WRONG
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = DONE
    except Exception as error:
        complain(sentences(error))
        code = WRONG
    sys.exit(code if isinstance(code, int) else DONE)


def sentences(error: Exception) -> tuple[str, ...]:
    """What the error says. One that nobody expected names its kind and place, for whoever is asked about it."""
    from bot.settings import ConfigurationError
    from storage.errors import StorageUnavailable

    match error:
        case Trouble(lines=lines):
            return lines
        case ConfigurationError(problems=problems):
            return problems
        case StorageUnavailable():
            return (str(error),)
        case OSError(strerror=str(reason)):
            return (f"{error.filename or 'otklik'}: {reason}",)
        case _:
            return (f"otklik: unexpected {type(error).__name__} {place(error)}: please report it",)


def diagnosis(error: BaseException) -> str:
    """The kind of an error and where it arose, or which fields do not fit; nothing of what it quotes."""
    found = error.errors(include_url=False, include_input=False) if isinstance(error, ValidationError) else []
    fields = ", ".join(f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in found[:FIELDS])
    return f"{type(error).__name__} {fields or place(error)}"


def place(error: BaseException) -> str:
    """File and line where the error arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"at {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
