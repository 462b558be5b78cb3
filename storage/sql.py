"""What the two databases say differently, of moments above all."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.types import Moment, Words


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that can be told what to do where there is such a row."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> Any:
    """The same, for a statement that is made once. Only the dialect in use is imported."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


class month(FunctionElement[str]):  # noqa: N801
    """The month of a moment, UTC: 2026-11."""

    type = Words()
    inherit_cache = True


class quarter(FunctionElement[str]):  # noqa: N801
    """The quarter of a moment, UTC: 2026-Q4."""

    type = Words()
    inherit_cache = True


class seconds_between(FunctionElement[int]):  # noqa: N801
    """Whole seconds from the first moment to the second one."""

    type = Integer()
    inherit_cache = True


class month_number(FunctionElement[int]):  # noqa: N801
    """The same as a number: 202611."""

    type = Integer()
    inherit_cache = True


class packed(FunctionElement[str]):  # noqa: N801
    """Values as one JSON array: alike when all are, nothing for one. Each database writes it in its own way."""

    type = Words()
    inherit_cache = True


class clock(FunctionElement[datetime]):  # noqa: N801
    """The time of the database: the one clock that all replicas share."""

    type = Moment()
    inherit_cache = True


@compiles(clock, "sqlite")
def _clock_sqlite(element: clock, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(clock, "postgresql")
def _clock_postgresql(element: clock, compiler: SQLCompiler, **options: Any) -> str:
    return "clock_timestamp()"


@compiles(month, "sqlite")
def _month_sqlite(element: month, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%Y-%m', {_seconds(element, compiler, options)}, 'unixepoch')"


@compiles(month, "postgresql")
def _month_postgresql(element: month, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM')"


@compiles(month_number, "sqlite")
def _month_number_sqlite(element: month_number, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%Y%m', {_seconds(element, compiler, options)}, 'unixepoch') AS INTEGER)"


@compiles(month_number, "postgresql")
def _month_number_postgresql(element: month_number, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYYMM') AS integer)"


@compiles(packed, "sqlite")
def _packed_sqlite(element: packed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


@compiles(packed, "postgresql")
def _packed_postgresql(element: packed, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(jsonb_build_array({compiler.process(element.clauses, **options)}) AS text)"


@compiles(quarter, "sqlite")
def _quarter_sqlite(element: quarter, compiler: SQLCompiler, **options: Any) -> str:
    seconds = _seconds(element, compiler, options)
    year, number = f"strftime('%Y', {seconds}, 'unixepoch')", f"strftime('%m', {seconds}, 'unixepoch')"
    return f"{year} || '-Q' || (({number} + 2) / 3)"


@compiles(quarter, "postgresql")
def _quarter_postgresql(element: quarter, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-\"Q\"Q')"


@compiles(seconds_between, "sqlite")
def _seconds_between_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(({until} - {since}) / 1000000)"


@compiles(seconds_between, "postgresql")
def _seconds_between_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(trunc(extract(epoch FROM {until} - {since})) AS integer)"


def _seconds(element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]) -> str:
    return f"{compiler.process(element.clauses, **options)} / 1000000"
