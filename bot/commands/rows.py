"""Rows on standard output, in the format asked for."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence

from reports.csv import safe


def print_rows(columns: Sequence[str], rows: Iterable[Mapping[str, object]], format_: str) -> None:
    """Prints the rows as csv, json, or text in columns."""
    sys.stdout.write(written(columns, rows, format_))


def written(columns: Sequence[str], rows: Iterable[Mapping[str, object]], format_: str) -> str:
    """The rows as csv, json, or text in columns."""
    return {"csv": _csv, "json": _json, "text": _text}[format_](columns, list(rows))


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    return safe(value) if isinstance(value, str) else value


def _json(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    return (
        json.dumps([{column: row[column] for column in columns} for row in rows], ensure_ascii=False, indent=2) + "\n"
    )


def _text(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    cells = [[str(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[index]) for line in [list(columns), *cells]) for index in range(len(columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in [list(columns), *cells]
    ]
    return "".join(line.rstrip() + "\n" for line in lines)
