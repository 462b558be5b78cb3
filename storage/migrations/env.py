"""Run by alembic for every command, with the connection it was given."""

from alembic import context
from sqlalchemy import text

from storage.tables import metadata

LOCK = 7_051_193_402
"""Any number: two replicas that start at once migrate one after the other."""

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
if connection.dialect.name == "postgresql":
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
context.run_migrations()
