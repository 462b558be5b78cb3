"""The closed loop at work: what clients say becomes cases, what is due is done, cards are drawn."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.ids import new_id, new_token
from bot.lost import Lost
from bot.sender import Sender
from handlers.cards import show
from handlers.case_drawing import cards, drawn
from handlers.replies import ShowCard
from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.answering import Responded
from surveys.cases.hearing import hear, hear_remark
from surveys.cases.opportunities import notice_praise
from surveys.cases.ports import CaseCard
from surveys.cases.rules import LoopRules
from surveys.cases.watching import notice_silence, watch
from surveys.cases.work import LoopWork
from surveys.contact import Policy
from surveys.ports import Library
from surveys.rules import Rules

log = structlog.get_logger()

Choice = Callable[[Sequence[CaseCard]], Sequence[CaseCard]]

AT_ONCE = 50  # cases a sweep looks after; the next one follows within a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The use cases of the loop with everything they need."""

    database: Database
    library: Library
    rules: Rules
    loop: LoopRules
    policy: Policy
    clock: Clock
    sender: Sender
    lost: Lost[CaseCard] = field(default_factory=Lost)

    def work(self, uow: StoredUnitOfWork) -> LoopWork:
        """What a transaction does with cases."""
        return LoopWork(uow=uow, library=self.library, rules=self.rules, loop=self.loop, now=self.clock.now())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[LoopWork]:
        """Committed unless something goes wrong in it; then the cards of what was touched are drawn."""
        async with self.database.unit_of_work() as uow:
            work = self.work(uow)
            yield work
            await heed(work)
            to_draw = await drawn(work)
            await uow.commit()
        self._draw(to_draw)

    async def heeded(self, uow: StoredUnitOfWork) -> Sequence[ShowCard]:
        """What was said in this transaction as cases; their cards, for after the commit."""
        work = self.work(uow)
        await heed(work)
        return await drawn(work)

    async def sweep(self) -> None:
        """Looks after the cases whose time has come."""
        async with self.database.reading() as reading:
            if not await reading.due.case(self.clock.now()):
                return
        asked: Sequence[Responded] = ()
        async with self.transaction() as work:
            asked = await watch(work, self.policy, AT_ONCE, new_id, new_token)
        for one in asked:
            self.sender.card(show(one.opened, one.questionnaire, self.rules, paced=True))

    async def notice_silence(self) -> None:
        """Key people who left their last waves unanswered."""
        async with self.transaction() as work:
            await notice_silence(work)

    async def redraw(self) -> None:
        """Shows every card that does not show the newest version of its case."""
        await self._redraw(lambda behind: behind)

    async def redraw_lost(self) -> None:
        """Shows the cards that nobody is drawing."""
        await self._redraw(
            lambda behind: self.lost.pick({(one.case_id, one.chat_id, one.version): one for one in behind})
        )

    async def _redraw(self, chosen: Choice) -> None:
        async with self.database.unit_of_work() as uow:
            to_draw = await cards(self.work(uow), chosen(await uow.cases.behind()))
        self._draw([one for one in to_draw if not self.sender.has(one.interview_id, one.turn)])

    def _draw(self, to_draw: Sequence[ShowCard]) -> None:
        for one in to_draw:
            self.sender.card(one)


async def heed(work: LoopWork) -> None:
    """Turns everything said in this transaction so far into cases."""
    for heard in work.uow.interviews.heard():
        await hear(work, heard)
        await notice_praise(work, heard)
    for kept in work.uow.remarks.added():
        await hear_remark(work, kept)


async def find_others(work: LoopWork, chat_id: int) -> None:
    """Somebody's card could not be brought to them: where nobody else has the case, the admins do."""
    for case_id in await work.uow.cases.forget_chat(chat_id):
        others = [each for each in work.loop.admins if each != chat_id]
        await work.uow.cases.hand(case_id, others)
        work.touched.add(case_id)
