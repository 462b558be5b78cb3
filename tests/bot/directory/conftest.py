"""A directory file that is written and read."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.directory_file import COLUMNS, DirectoryFile, read_directory_file
from bot.settings import Settings

SETTINGS = Settings()
GOOD = {
    "account": "ООО Пример",
    "industry": "Металлургия",
    "segment": "A",
    "division": "Сталь",
    "product": "Диспетчер",
    "project": "Цех 1",
    "stage": "operation",
    "adoption": "0.8",
    "account_manager": "2001",
    "project_manager": "2002",
    "person": "Иванова Анна",
    "external_id": "p-1",
    "roles": "key_user",
    "language": "ru",
    "timezone": "Europe/Moscow",
    "email": "anna@example.org",
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., DirectoryFile]:
    """Reads bytes under a file name, as the default configuration does."""

    def of(content: bytes | str, name: str = "people.csv") -> DirectoryFile:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = read_directory_file(
            path, roles=tuple(SETTINGS.roles), stages=tuple(SETTINGS.journey), languages=SETTINGS.vendor.languages
        )
        problems = tuple(problem.replace(f"{tmp_path}/", "") for problem in found.problems)
        return replace(found, problems=problems)

    return of


@pytest.fixture
def table() -> Callable[..., str]:
    """CSV of a header and rows; each row is a good one with these columns changed."""

    def of(*rows: dict[str, str], columns: Sequence[str] = COLUMNS, delimiter: str = ",") -> str:
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows([(GOOD | row).get(column, "") for column in columns] for row in rows)
        return stream.getvalue()

    return of
