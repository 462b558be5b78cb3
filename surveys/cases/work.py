"""What every use case of the loop works with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from surveys.answering import Responded
from surveys.audit import case_look
from surveys.cases.case import Action, Case, Kind, Values, step
from surveys.cases.rules import LoopRules, Managers
from surveys.outward.events import Event, of_case
from surveys.ports import Library, UnitOfWork
from surveys.rules import Rules, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopWork:
    """One transaction, what it goes by, and the moment (aware, UTC). `touched`: cases whose cards are to be drawn;
    `loud`: case and chat where the card comes down as a new message, for an edited one disturbs nobody. `ended`:
    questions to clients that are asked no more.
    """

    uow: UnitOfWork
    library: Library
    rules: Rules
    loop: LoopRules
    now: datetime
    touched: set[int] = field(default_factory=set)
    loud: set[tuple[int, int]] = field(default_factory=set)
    ended: list[Responded] = field(default_factory=list)

    async def do(self, case: Case, kind: Kind, actor: int | None = None, detail: Values | None = None) -> Case:
        """Takes a step with the case, and writes it. Raises NotNow."""
        action = Action(kind=kind, at=self.now, actor=actor, detail=detail or {})
        after, happened = step(case, action, self.loop)
        await self.uow.cases.save(after, happened)
        await self.tell(of_case(case, after, happened))
        self.touched.add(case.id)
        return after

    async def tell(self, events: Iterable[Event]) -> None:
        """Has other systems told, if what is done here lasts."""
        for event in events:
            if listeners := self.loop.listeners(event.type):
                await self.uow.outgoing.add([event], listeners)

    async def managers(self, case: Case) -> Managers:
        """Who looks after the project of the case, by the directory."""
        account, project = await self.uow.directory.managers(case.person_id, case.project_id)
        return Managers(account=account, project=project)

    async def hand(self, case: Case, people: Collection[int]) -> None:
        """These people are to have the card as well."""
        if not people:
            return
        for each in sorted(people):
            await self.uow.audit.add(case_look(each, case.id, "handed", self.now))
        await self.uow.cases.hand(case.id, people)
        self.touched.add(case.id)

    async def alert(self, case: Case, people: Iterable[int]) -> None:
        """These people are to have the card, and to notice it."""
        concerned = set(people)
        await self.hand(case, concerned)
        self.loud.update((case.id, each) for each in concerned)

    async def on_duty(self, case: Case) -> tuple[int, ...]:
        """Who looks after the case today: the one responsible or whoever stands in, else all who were informed."""
        if case.responsible is not None:
            return (self.loop.present(case.responsible, self.now),)
        return self.loop.informed(await self.managers(case), self.now)


async def may_act(work: LoopWork, who: int, case: Case, managers: Managers) -> bool:
    """Whether this person may work on the case: the one place where it is decided, asked with every press.

    Admins; who is responsible; the managers of the directory and whoever stands in for them; those whose rights cover
    the place; and those it has been escalated to.
    """
    named = {each for each in (managers.account, managers.project) if each is not None}
    climbed = (work.loop.rung(level, managers, work.now) for level in range(1, len(work.loop.ladder) + 1))
    return (
        who in work.rules.access.admins
        or who == case.responsible
        or who in named
        or who in {work.loop.present(each, work.now) for each in named}
        or (case.level > 1 and any(who in rung for rung in climbed))
        or await _covers(work, work.rules.access.managers.get(who), case)
    )


async def _covers(work: LoopWork, scope: Scope | None, case: Case) -> bool:
    return scope is not None and await work.uow.directory.is_seen(scope, case.project_id)
