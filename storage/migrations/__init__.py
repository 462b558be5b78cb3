"""The history of the schema. Driven from here, with no other configuration: it works where the package is installed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection, revision: str) -> None:
    """Brings the schema up to `revision`, inside the transaction of the connection."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Takes the schema back to `revision`, with the data that has no place there."""
    command.downgrade(_config(connection), revision)


def revisions() -> list[str]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
