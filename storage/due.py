"""Whether anything is due, at the cost of a look into a few indexes: most of the time nothing is."""

from datetime import datetime
from typing import Final, Literal, get_args

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import NOT_CLOSED, case
from storage.contact_tables import SCHEDULED, ask, wave_start
from storage.tables import LIVE, UNOPENED, interview, invitation
from storage.types import Moment

Chore = Literal["ask", "interview", "invitation", "wave"]

NOW: Final = bindparam("now", type_=Moment())
DUE: Final = select(
    select(ask.c.id).where(SCHEDULED, ask.c.due_at <= NOW).exists(),
    select(interview.c.id).where(LIVE, interview.c.due_at <= NOW).exists(),
    select(invitation.c.id).where(UNOPENED, invitation.c.expires_at <= NOW).exists(),
    select(wave_start.c.key).where(wave_start.c.due_at <= NOW).exists(),
)


CASE_DUE: Final = select(select(case.c.id).where(NOT_CLOSED, case.c.due_at <= NOW).exists())


class Due:
    """What waits for its time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def case(self, now: datetime) -> bool:
        """Whether a case is to be looked at."""
        return bool(await self._connection.scalar(CASE_DUE, {"now": now}))

    async def at(self, now: datetime) -> frozenset[Chore]:
        """The kinds of work of which some is due."""
        found = (await self._connection.execute(DUE, {"now": now})).one()
        return frozenset(chore for chore, is_due in zip(get_args(Chore), found, strict=True) if is_due)
