"""A vendor's contact, on SQLite and on PostgreSQL."""

import pytest

from storage.database import Database
from tests.surveys.contact.bench import ANNA, BORIS, Bench


@pytest.fixture
async def bench(database: Database) -> Bench:
    """Two people of one project, whom the bot may write to, and one it may not."""
    made = Bench(database)
    await made.prepare({"p-1": ANNA, "p-2": BORIS, "p-3": None})
    return made
