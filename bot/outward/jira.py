"""Issues of Jira that show cases and improvements as they stand, made once and kept up to date."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.loop import Loop
from bot.outward import adf
from bot.outward.jira_client import JiraClient, Refused, Standing
from bot.outward.mail import Again, Arrived, Outcome
from bot.outward.matter import Describer, Matter
from bot.settings_outward import Jira
from surveys.outward.events import Event
from surveys.outward.names import FORGOTTEN
from surveys.outward.ports import Parcel
from surveys.outward.tracker import Category, Issue, carry_back, goal

log = structlog.get_logger()

SURFACES: Final = timedelta(minutes=3)
"""How long Jira may take until a search finds a new issue."""
MISSING: Final = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class JiraMailbox:
    """`label`: of every issue of this installation; the one of a case or improvement is made from it."""

    jira: Jira
    client: JiraClient
    describer: Describer
    loop: Loop
    label: str
    at_once: int = 2

    @property
    def address(self) -> str:
        return self.client.url

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Makes the issue show what there is now; what it shows already is not told again."""
        event = parcel.event
        known = await self._issue(event)
        if known and (known.gone or (known.version >= event.version and event.type != FORGOTTEN)):
            return Arrived()
        try:
            if known is None or known.key is None:
                return await self._make(event, known)
            return await self._update(event, known)
        except Refused as refused:
            return refused.outcome

    async def look(self, known: Issue) -> None:
        """Asks for the status of an issue, and carries it back. Raises Refused."""
        try:
            standing = await self.client.standing(str(known.key))
        except Refused as refused:
            if refused.status not in MISSING:
                raise
            log.warning("issue is gone", subject=known.subject, number=known.subject_id)
            await self._change(known, gone=True)
            return
        await self._carry(known, standing)

    async def _make(self, event: Event, known: Issue | None) -> Outcome:
        """Before an issue is made it is written down that it will be: after a crash it is looked for."""
        matter, now = await self._matter(event), self.loop.clock.now()
        if known is None and (matter is None or not matter.wanted):
            return Arrived()
        if known is not None and (rest := known.begun_at + SURFACES - now) > timedelta(0):
            return Again("it may have been made already", rest.total_seconds())
        found = await self.client.search(f'labels = "{self._label(event)}"') if known else ()
        begun = Issue(subject=event.subject, subject_id=event.subject_id, begun_at=now)
        if not found and matter is None:
            return Arrived()
        await self._save(begun)
        if found or matter is None:
            return await self._update(event, await self._change(begun, key=found[0]))
        made = await self._change(begun, key=await self._created(begun, matter))
        return await self._finish(made, matter)

    async def _created(self, begun: Issue, matter: Matter) -> str:
        labels = [self.label, self._label(begun)]
        fields = self._fields(matter) | {
            "project": {"key": self.jira.project},
            "issuetype": {"name": self.jira.issue_type},
            "labels": labels,
        }
        try:
            return await self.client.create(fields)
        except Refused as refused:
            if refused.certain:
                async with self.loop.database.unit_of_work() as uow:
                    await uow.issues.drop(begun)
                    await uow.commit()
            raise

    async def _update(self, event: Event, known: Issue) -> Outcome:
        """First what Jira has to say is heard: nobody's step there is undone by what we did not know."""
        await self.look(known)
        issue, matter = await self._issue(event), await self._matter(event)
        if issue is None or issue.gone or matter is None:
            return Arrived()
        key = str(issue.key)
        await self.client.edit(key, self._fields(matter))
        if issue.version and (new := _after(matter, issue.version)):
            told = await self.client.said(key)
            if new := _after(matter, max(told, issue.version)):
                await self.client.comment(key, adf.doc(adf.bullets(new.values())), max(new))
        return await self._finish(issue, matter)

    async def _finish(self, issue: Issue, matter: Matter) -> Outcome:
        """Takes the issue where it belongs, if its workflow has a way; then all of it is shown."""
        key = str(issue.key)
        at = Standing(issue.status or "", issue.category) if issue.category else await self.client.standing(key)
        wanted = goal(matter.subject, at.category)
        way = await self._way(key, wanted) if wanted else None
        if way is not None:
            await self.client.move(key, way[0])
            at = way[1]
        elif wanted:
            log.info("the workflow has no way there", issue=key, wanted=wanted)
        moved = {"status": at.status, "category": at.category} if way or issue.category is None else {}
        await self._change(issue, version=matter.version, **moved)
        return Arrived()

    async def _way(self, key: str, wanted: Category) -> tuple[str, Standing] | None:
        ways = await self.client.transitions(key)
        return next(((number, to) for number, to in ways.items() if to.category == wanted), None)

    async def _carry(self, known: Issue, standing: Standing) -> None:
        async with self.loop.transaction() as work:
            await carry_back(work, known, standing.status, standing.category)

    async def _matter(self, event: Event) -> Matter | None:
        """What there is to show; None where there is nothing any more."""
        return await self._described(event) or await self._erased(event)

    async def _erased(self, event: Event) -> Matter | None:
        async with self.loop.database.unit_of_work() as uow:
            case = await uow.cases.lock(event.subject_id) if event.subject == "case" else None
            return self.describer.of_erased(case) if case else None

    async def _described(self, event: Event) -> Matter | None:
        async with self.loop.database.rehearsal() as uow:
            if event.subject == "case":
                view = await uow.cases.view(event.subject_id)
                return self.describer.of_case(view) if view else None
            one = await uow.improvements.get(event.subject_id)
            if one is None:
                return None
            return self.describer.of_improvement(one, await uow.improvements.names([one.owner] if one.owner else []))

    def _fields(self, matter: Matter) -> dict[str, Any]:
        fields: dict[str, Any] = {"summary": matter.summary, "description": matter.description}
        named = self.jira.priorities.get(matter.severity) if self.jira.priorities and matter.severity else None
        return fields | ({"priority": {"name": named}} if named else {})

    def _label(self, about: Event | Issue) -> str:
        return f"{self.label}-{about.subject}-{about.subject_id}"

    async def _issue(self, event: Event) -> Issue | None:
        async with self.loop.database.rehearsal() as uow:
            return await uow.issues.get(event.subject, event.subject_id)

    async def _change(self, issue: Issue, **changes: Any) -> Issue:
        """Changes this alone: what else is known may have changed meanwhile."""
        async with self.loop.database.unit_of_work() as uow:
            now = replace(await uow.issues.lock(issue.subject, issue.subject_id) or issue, **changes)
            await uow.issues.save(now)
            await uow.commit()
        return now

    async def _save(self, issue: Issue) -> None:
        async with self.loop.database.unit_of_work() as uow:
            await uow.issues.save(issue)
            await uow.commit()


def _after(matter: Matter, version: int) -> dict[int, str]:
    """What is to be said of later versions."""
    return {each: text for each, text in matter.comments.items() if each > version}
