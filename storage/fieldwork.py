"""What becomes of invitations on their way, and of interviews nobody finishes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import AMENDING, LIVE, UNOPENED, interview, invitation, person
from surveys.contact_ports import Waiting
from surveys.interview import Disposition

State = Literal["pending", "delivered", "undeliverable"]

TOUCHED: Final = select(interview.c.person_id, interview.c.id, interview.c.touched_at).where(
    interview.c.person_id.in_(bindparam("whose", expanding=True)),
    LIVE,
    interview.c.interviewer.is_(None),
)
REACH: Final = update(invitation).where(
    invitation.c.id.in_(bindparam("which", expanding=True)), invitation.c.opened_at.is_(None)
)
CHANGE_INVITATION: Final = update(invitation).where(invitation.c.id == bindparam("which"))
CHANGE: Final = update(interview).where(interview.c.id == bindparam("which"))
# The interview is locked as well: another replica may have looked after it since this statement took its snapshot.
DUE: Final = (
    select(
        interview.c.id.label("interview_id"),
        interview.c.person_id,
        interview.c.touched_at,
        interview.c.reminded_at,
        interview.c.valid_until,
        interview.c.interviewer,
        interview.c.wake_at,
        AMENDING,
    )
    .join(person, person.c.id == interview.c.person_id)
    .where(LIVE, interview.c.due_at <= bindparam("now", type_=interview.c.due_at.type))
    .order_by(interview.c.due_at)
    .limit(bindparam("at_most"))
    .with_for_update(of=[interview, person], skip_locked=True)
)
OVER: Final = (
    select(invitation.c.id)
    .where(UNOPENED, invitation.c.expires_at <= bindparam("now", type_=invitation.c.expires_at.type))
    .order_by(invitation.c.expires_at)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("over")
)
EXPIRE: Final = (
    update(invitation)
    .where(invitation.c.id.in_(select(OVER.c.id)))
    .values(disposition=Disposition.UNREACHED.value)
    .returning(invitation.c.id)
)


class Fieldwork:
    """The port Fieldwork, and what delivery knows of invitations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def mark(self, invitation_ids: Collection[int], state: State) -> None:
        """An invitation that was opened stays delivered, whatever a late report says."""
        if invitation_ids:
            await self._connection.execute(REACH, {"which": list(invitation_ids), "state": state})

    async def due(self, now: datetime, at_most: int) -> Sequence[Waiting]:
        rows = await self._connection.execute(DUE, {"now": now, "at_most": at_most})
        return [Waiting(**row._mapping) for row in rows]

    async def touched(self, person_ids: Sequence[int]) -> Mapping[int, Mapping[str, datetime]]:
        found: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
        for row in await self._connection.execute(TOUCHED, {"whose": person_ids}):
            found[row.person_id][row.id] = row.touched_at
        return found

    async def look_again(self, when: Mapping[str, datetime]) -> None:
        if when:
            await self._connection.execute(CHANGE, [{"which": key, "due_at": at} for key, at in when.items()])

    async def reminded(self, interview_id: str, at: datetime) -> None:
        await self._connection.execute(CHANGE, {"which": interview_id, "reminded_at": at})

    async def expire(self, now: datetime, at_most: int) -> int:
        return len((await self._connection.scalars(EXPIRE, {"now": now, "at_most": at_most})).all())

    async def undeliverable(self, invitation_id: int) -> None:
        """Whether or not it counted as opened: nothing of it was ever seen."""
        await self._connection.execute(CHANGE_INVITATION, {"which": invitation_id, "state": "undeliverable"})
