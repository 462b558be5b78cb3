"""Whether the schema is the newest one: told without alembic, which takes longer to import than all the rest."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Select, Text, column, inspect, select, table

STEPS: Final = Path(__file__).parent / "migrations" / "versions"
REACHED: Final[Select[str]] = select(column("version_num", Text)).select_from(table("alembic_version"))


def newest() -> str:
    """The last revision. The file of a step is named after it: r0002_contact.py."""
    return max(step.name[1:5] for step in STEPS.glob("r[0-9]*.py"))


def exists(connection: Connection) -> bool:
    """Whether any step has been taken."""
    return inspect(connection).has_table("alembic_version")


def is_current(connection: Connection) -> bool:
    """Whether every step has been taken."""
    return exists(connection) and list(connection.scalars(REACHED)) == [newest()]
