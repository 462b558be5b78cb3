"""Invitations, found by the hash of their token."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import invitation
from surveys.ports import Invitation, NewInvitation

# Locked, so that a link opened twice at once binds one person and begins one interview.
BY_TOKEN: Final = (
    select(*(invitation.c[name] for name in Invitation.__dataclass_fields__))
    .where(invitation.c.token_hash == bindparam("hashed"))
    .with_for_update()
)
OPENED: Final = update(invitation).where(invitation.c.id == bindparam("which")).values(state="delivered")
NUMBERED: Final = insert(invitation).returning(invitation.c.id, sort_by_parameter_order=True)


class StoredInvitations:
    """A new invitation counts as delivered: its link is handed to somebody who passes it on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[NewInvitation]) -> None:
        if new:
            rows = [asdict(each) | {"state": "delivered"} for each in new]
            await self._connection.execute(insert(invitation), rows)

    async def open(self, new: Sequence[NewInvitation], at: datetime) -> Sequence[Invitation]:
        if not new:
            return ()
        rows = [asdict(each) | {"state": "delivered", "opened_at": at} for each in new]
        ids = await self._connection.scalars(NUMBERED, rows)
        return [Invitation(id=number, **_known(row)) for number, row in zip(ids, rows, strict=True)]

    async def by_token(self, token_hash: bytes) -> Invitation | None:
        row = (await self._connection.execute(BY_TOKEN, {"hashed": token_hash})).one_or_none()
        return None if row is None else Invitation(**row._mapping)

    async def mark_opened(self, invitation_id: int, at: datetime) -> None:
        await self._connection.execute(OPENED, {"which": invitation_id, "opened_at": at})


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Invitation.__dataclass_fields__ if name != "id"}
