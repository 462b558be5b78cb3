"""Published versions of questionnaires, as documents that never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import questionnaire_version

Document = Mapping[str, Any]
VERSIONS = questionnaire_version.c


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a questionnaire. `document`: JSON values, with its `key` and `kind` among them."""

    key: str
    version: int
    document: dict[str, Any]


class Questionnaires:
    """Versions count from 1 for every key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def publish(self, document: Document, digest: str, at: datetime) -> int:
        """The version this document has: its own if it was published before, the next one otherwise."""
        key = document["key"]
        await self._lock()
        known = select(VERSIONS.version).where(VERSIONS.key == key, VERSIONS.digest == digest)
        version = await self._connection.scalar(known)
        return version if version is not None else await self._add(key, document, digest, at)

    async def _lock(self) -> None:
        """Two replicas that start together publish one after the other."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("LOCK TABLE questionnaire_version IN SHARE ROW EXCLUSIVE MODE"))

    async def _add(self, key: str, document: Document, digest: str, at: datetime) -> int:
        newest = select(func.coalesce(func.max(VERSIONS.version), 0)).where(VERSIONS.key == key)
        version: int = (await self._connection.execute(newest)).scalar_one() + 1
        row = {"key": key, "version": version, "kind": document["kind"], "digest": digest}
        await self._connection.execute(insert(questionnaire_version), {**row, "document": document, "published_at": at})
        return version

    async def get(self, key: str, version: int) -> Published | None:
        """This version of this questionnaire."""
        found = await self._read(VERSIONS.key == key, VERSIONS.version == version)
        return found[0] if found else None

    async def all(self) -> Sequence[Published]:
        """Every version of every questionnaire, by key and version."""
        return await self._read()

    async def _read(self, *conditions: Any) -> Sequence[Published]:
        columns = select(VERSIONS.key, VERSIONS.version, VERSIONS.document)
        rows = await self._connection.execute(columns.where(*conditions).order_by(VERSIONS.key, VERSIONS.version))
        return [Published(*row) for row in rows]
