"""Invitations, found by the hash of their token."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

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


class StoredInvitations:
    """A new invitation counts as delivered: its link is handed to somebody who passes it on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[NewInvitation]) -> None:
        if new:
            rows = [asdict(each) | {"state": "delivered"} for each in new]
            await self._connection.execute(insert(invitation), rows)

    async def by_token(self, token_hash: bytes) -> Invitation | None:
        row = (await self._connection.execute(BY_TOKEN, {"hashed": token_hash})).one_or_none()
        return None if row is None else Invitation(**row._mapping)

    async def mark_opened(self, invitation_id: int, at: datetime) -> None:
        await self._connection.execute(OPENED, {"which": invitation_id, "opened_at": at})
