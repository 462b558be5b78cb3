"""A table in any format rows come out in."""

import csv
import io
import json
import sys
from typing import Final

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Drawn
from rich.text import Text

from bot.commands.asking import room
from reports.csv import safe
from reports.labels import Labels
from reports.layout import tidy
from reports.records import blocks
from reports.speech import Speech
from reports.tables import Table, shown
from surveys.questionnaire import Language

WIDE: Final = 12
"""Columns that a terminal shows beside each other; of more each row is a list, as on a phone."""

UNBOUND: Final = 10_000
"""Columns that any table has enough of, to see how many it takes."""


def as_bytes(table: Table, language: Language, labels: Labels, format_: str) -> bytes:
    """Values raw in everything but text."""
    match format_:
        case "json":
            return _json(table).encode()
        case "csv":
            return _csv(table).encode()
        case "xlsx":
            from reports.workbook import write_table

            written = io.BytesIO()
            write_table(written, table)
            return written.getvalue()
        case _:
            return _text(table, Speech(language, labels)).encode()


def _json(table: Table) -> str:
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    return json.dumps({"title": table.title, "rows": rows, "notes": table.said}, ensure_ascii=False, indent=2) + "\n"


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.key for column in table.columns)
    writer.writerows([safe(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _text(table: Table, t: Speech) -> str:
    """Words of people are no markup."""
    drawn = Drawn(box=None, pad_edge=False, header_style="bold")
    for column in table.columns:
        drawn.add_column(Text(column.title), justify="left" if column.kind == "words" else "right", overflow="fold")
    for row in shown(t, table):
        drawn.add_row(*(Text(tidy(cell)) for cell in row))
    console = Console(file=io.StringIO(), width=UNBOUND, highlight=False, markup=False)
    needed = Measurement.get(console, console.options, drawn)
    console.width = room() if sys.stdout.isatty() else max(room(), needed.maximum)
    with console.capture() as captured:
        console.print(Text(table.title), "")
        if len(table.columns) > WIDE or needed.minimum > console.width:
            console.print(Text("\n".join(line for block in blocks(t, table) for line in block)))
        elif table.rows:
            console.print(drawn, "")
        for sentence in table.said:
            console.print(Text(sentence))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"
