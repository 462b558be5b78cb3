"""Who was asked for a favour, and what they said."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import NOT_CLOSED, case, case_answer, opportunity
from surveys.cases.opportunities import Favour, Opportunity

ONE: Final = opportunity.c.id == bindparam("which")
TROUBLED: Final = select(
    or_(
        select(case.c.id).where(case.c.person_id == bindparam("whose"), NOT_CLOSED).exists(),
        select(case_answer.c.item)
        .where(case_answer.c.interview_id == bindparam("said_in"), case_answer.c.withdrawn_at.is_(None))
        .exists(),
    )
)
RECENT: Final = select(
    select(opportunity.c.id)
    .where(
        opportunity.c.person_id == bindparam("whose"),
        func.coalesce(opportunity.c.asked_at, opportunity.c.created_at)
        > bindparam("moment", type_=opportunity.c.created_at.type),
    )
    .exists()
)


class StoredOpportunities:
    """The port Opportunities."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Opportunity) -> int:
        row = {name: value for name, value in asdict(new).items() if name != "id"}
        made: int = (await self._connection.scalars(insert(opportunity).values(row).returning(opportunity.c.id))).one()
        return made

    async def get(self, opportunity_id: int) -> Opportunity | None:
        row = (await self._connection.execute(select(opportunity).where(ONE), {"which": opportunity_id})).first()
        return Opportunity(**row._mapping) if row else None

    async def drop(self, opportunity_id: int) -> None:
        await self._connection.execute(delete(opportunity).where(ONE), {"which": opportunity_id})

    async def asked(self, opportunity_id: int, at: datetime) -> None:
        await self._connection.execute(update(opportunity).where(ONE), {"which": opportunity_id, "asked_at": at})

    async def answer(self, opportunity_id: int, person_id: int, answer: Favour, at: datetime) -> bool:
        theirs = update(opportunity).where(
            opportunity.c.id == opportunity_id,
            opportunity.c.person_id == person_id,
            opportunity.c.answer.is_(None),
        )
        return bool((await self._connection.execute(theirs.values(answer=answer, answered_at=at))).rowcount)

    async def since(self, person_id: int, moment: datetime) -> bool:
        return bool(await self._connection.scalar(RECENT, {"whose": person_id, "moment": moment}))

    async def troubled(self, person_id: int, interview_id: str) -> bool:
        return bool(await self._connection.scalar(TROUBLED, {"whose": person_id, "said_in": interview_id}))
