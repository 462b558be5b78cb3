"""What commands that read reports have in common: options into queries, results to a file or to standard output."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Final

from bot.console import Trouble
from bot.outputs import written_whole
from bot.settings import Settings
from reports.errors import query_problem
from reports.labels import Labels
from reports.layout import TERMINAL
from surveys.errors import BadQuery
from surveys.query import parse_report
from surveys.questionnaire import Language
from surveys.reporting import Dimension, ReportQuery

BINARY: Final = ("xlsx", "png", "pdf")


def spoken(settings: Settings, lang: str | None) -> Language:
    """The language asked for, or the vendor's. Raises Trouble for one that is not offered."""
    language = lang or settings.vendor.language
    if language not in settings.vendor.languages:
        raise Trouble(f"--lang: there is no language {language!r}; allowed: {', '.join(settings.vendor.languages)}")
    return language


def asked_for(command: str, asked: Mapping[str, Any]) -> tuple[ReportQuery, Dimension | None]:
    """The query of the options, and the second dimension where two are given. Raises Trouble."""
    today, dimensions = datetime.now(UTC).date(), asked.get("by") or []
    if len(dimensions) > 2:
        raise Trouble(f"--by: given {len(dimensions)} times; at most two dimensions at a time")
    with sentences(command):
        query = parse_report(_words(asked, dimensions[:1]), today)
        across = parse_report(["by", dimensions[1]], today).by if dimensions[1:] else None
    if across and across == query.by:
        raise Trouble(f"--by: {across!r} is given twice; a pair is of two dimensions")
    return query, across


@contextmanager
def sentences(command: str, labels: Labels | None = None) -> Iterator[None]:
    """A bad query is one sentence."""
    try:
        yield
    except BadQuery as error:
        raise Trouble(f"otklik {command}: {query_problem(error, 'en', labels)}") from error


def _words(asked: Mapping[str, Any], by: list[str]) -> list[str]:
    """The options as the words of a query, each checked where a chat's words are."""
    words = [asked.get("metric") or "nps", *(word for dimension in by for word in ("by", dimension))]
    for cut in asked["where"]:
        if "=" not in cut:
            raise Trouble(f"--where: {cut!r} is not a cut; allowed: DIM=VALUE, for example role=key_user")
        words.append(cut)
    for option in ("since", "until", "method"):
        words += [option, asked[option]] if asked.get(option) else []
    return words


def refuse_terminal(format_: str, output: Path | None) -> None:
    """A picture or a workbook is no reading for a terminal."""
    if format_ in BINARY and output is None and sys.stdout.isatty():
        raise Trouble(f"-o: {format_} goes to a file, not to a terminal: -o FILE")


def room() -> int:
    """Columns a line has: those of the terminal; what is read elsewhere has the usual number."""
    return get_terminal_size().columns if sys.stdout.isatty() else TERMINAL


def hand_over(result: str | bytes, output: Path | None) -> None:
    """To the file, whole or not at all, or to standard output."""
    whole = result.encode() if isinstance(result, str) else result
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(whole)
        sys.stdout.buffer.flush()
        return
    with written_whole(output) as part:
        part.write_bytes(whole)
