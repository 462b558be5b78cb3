"""Deliveries as Bot API calls: each kind has its renderer, which runs at the moment of sending."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.alerts import alert, digest
from bot.case_desk import CaseDesk
from bot.clock import Clock
from bot.committee_desk import CommitteeDesk
from bot.fieldwork import FieldworkDesk
from bot.people import PeopleDesk
from bot.personal import PersonalDesk
from bot.profile import staff_commands
from bot.report_rules import report_labels
from bot.reporting import Desk
from bot.talks import TalkDesk, in_talk
from bot.why import WhyDesk
from handlers import opportunities
from handlers.groups import MOVED, place
from handlers.notices import notice
from handlers.remarks import enclosure, letter, reply
from handlers.replies import Call
from handlers.told import sent
from reports.labels import label
from storage.database import Database
from surveys.alerts import ALERTS, DIGEST
from surveys.audit import Look
from surveys.cases.opportunities import ASK, LETTER, still_wanted
from surveys.cases.rules import LoopRules
from surveys.cases.work import LoopWork
from surveys.contact import Policy
from surveys.improvements.telling import TELL, about_to_leave
from surveys.ports import Delivery, Library
from surveys.questionnaire import Language
from surveys.rights import admits
from surveys.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """What the renderers work with."""

    database: Database
    rules: Rules
    reports: Desk
    why: WhyDesk
    people: PeopleDesk
    fieldwork: FieldworkDesk
    talks: TalkDesk
    cases: CaseDesk
    library: Library
    loop: LoopRules
    policy: Policy
    committee: CommitteeDesk
    personal: PersonalDesk
    clock: Clock

    async def __call__(self, delivery: Delivery) -> Call | None:
        """The call that delivers it; None: it is not wanted any more. Raises KeyError for a kind nobody renders."""
        entrance = WANTED.get(delivery.kind)
        if entrance and not admits(self.rules.access, delivery.chat_id, entrance):
            return None
        call = await RENDERERS[delivery.kind](self, delivery)
        if call is not None and delivery.kind in NAMING:
            await self.database.note(_look(delivery, self.clock.now()))
        return call

    @asynccontextmanager
    async def loop_work(self) -> AsyncIterator[LoopWork]:
        """A transaction about what is decided at the moment of sending."""
        async with self.database.unit_of_work() as uow:
            now = self.clock.now()
            yield LoopWork(uow=uow, library=self.library, rules=self.rules, loop=self.loop, now=now)
            await uow.commit()

    async def remark(self, delivery: Delivery) -> tuple[Mapping[str, Any], Sequence[str], Language]:
        """What was said, by whom in which roles, and the language of whoever is to read it."""
        async with self.database.unit_of_work() as uow:
            chosen = await uow.settings.get(f"language:{delivery.chat_id}")
        async with self.database.reading() as reading:
            about = await reading.remarks.letter(int(str(delivery.payload["remark_id"])))
        language, labels = self.rules.speaks(chosen), report_labels(self.reports.settings)
        return about, [label(labels, "role", role, language) for role in about["roles"] or ()], language


def _look(delivery: Delivery, now: datetime) -> Look:
    """For the log of looking: which screen, and the numbers of what is on it."""
    payload = delivery.payload
    about: dict[str, object] = {
        name: value for name, value in payload.items() if isinstance(value, int) and name != "message_id"
    }
    screen = payload.get("screen")
    if isinstance(screen, list):  # a name that was searched for is left out
        about["screen"] = next(iter(screen), None)
    return Look(at=now, who=str(delivery.chat_id), entrance=delivery.kind, looked_at=about, rows=1)


async def _notice(renderer: Renderer, delivery: Delivery) -> Call:
    return notice(delivery.chat_id, delivery.payload, renderer.rules.languages)


async def _alert(renderer: Renderer, delivery: Delivery) -> Call:
    return await alert(renderer.database, renderer.rules, delivery)


async def _digest(renderer: Renderer, delivery: Delivery) -> Call | None:
    return await digest(renderer.database, renderer.rules, delivery, renderer.clock.now())


async def _report(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.reports.screen(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _fieldwork(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.fieldwork.screen(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _why(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.why.message(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _successor(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.people.successor(delivery.chat_id, delivery.payload)


async def _successor_link(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.people.link(delivery.chat_id, delivery.payload)


async def _cases(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.cases.screen(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _committee(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.committee.screen(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _talk(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.talks.screen(delivery.chat_id, delivery.payload)


async def _in_talk(_: Renderer, delivery: Delivery) -> Call:
    return in_talk(delivery.chat_id, delivery.payload)


async def _staff_commands(renderer: Renderer, delivery: Delivery) -> Call:
    return staff_commands(delivery.chat_id, str(delivery.payload["language"]), renderer.rules.access)


async def _group(renderer: Renderer, delivery: Delivery) -> Call | None:
    """A group that has become a supergroup was told under its old id."""
    async with renderer.database.unit_of_work() as uow:
        moved = await uow.settings.get(place(delivery.chat_id)) == MOVED
    payload = {"say": "group", "language": renderer.rules.language}
    return None if moved else notice(delivery.chat_id, payload, renderer.rules.languages)


async def _remark_said(renderer: Renderer, delivery: Delivery) -> Call:
    person = delivery.payload.get("person")
    if person is None:
        return reply(delivery.chat_id, delivery.payload, ())
    async with renderer.database.unit_of_work() as uow:
        places = await uow.directory.places([int(str(person))])
    return reply(delivery.chat_id, delivery.payload, places)


async def _remark(renderer: Renderer, delivery: Delivery) -> Call:
    about, roles, language = await renderer.remark(delivery)
    return letter(delivery.chat_id, about, roles, int(str(delivery.payload["piece"])), language)


async def _remark_file(renderer: Renderer, delivery: Delivery) -> Call:
    about, roles, _ = await renderer.remark(delivery)
    return enclosure(delivery.chat_id, about, roles, about["files"][delivery.payload["attachment_id"]])


async def _case_file(renderer: Renderer, delivery: Delivery) -> Call | None:
    """Of what was taken back since nothing is shown."""
    number = int(str(delivery.payload["case_id"]))
    async with renderer.database.unit_of_work() as uow:
        view, files = await uow.cases.view(number), await uow.cases.files(number)
        language = renderer.rules.speaks(await uow.settings.get(f"language:{delivery.chat_id}"))
    file = files.get(int(str(delivery.payload["attachment_id"])))
    if view is None or file is None:
        return None
    held, labels = view.held, report_labels(renderer.reports.settings)
    about = {"person": held.person.name, "account": held.account.name, "project": held.project.name}
    return enclosure(delivery.chat_id, about, [label(labels, "role", role, language) for role in held.roles], file)


WANTED: Mapping[str, str] = {
    "report": "/report",
    "committee": "/committee",
    "fieldwork": "/fieldwork",
    "why": "/why",
    "talk": "/interview",
    "successor": "successor",
    "successor_link": "successor",
}
"""What members of staff are shown, and the gate it lies behind: whoever may not enter any more gets nothing."""
NAMING: Final = frozenset({*ALERTS, DIGEST, LETTER, "talk", "successor", "remark", "remark_file", "case_file"})
"""What names people to the vendor's own; desks that know how many they name tell the log of looking themselves."""


async def _opportunity(renderer: Renderer, delivery: Delivery) -> Call | None:
    """Decided at the moment of sending: much may have happened since the praise."""
    number = int(str(delivery.payload["opportunity_id"]))
    async with renderer.loop_work() as work:
        person = await still_wanted(work, number)
    return opportunities.card(delivery.chat_id, number, renderer.rules.speaks(person.language)) if person else None


async def _opportunity_letter(renderer: Renderer, delivery: Delivery) -> Call | None:
    async with renderer.database.unit_of_work() as uow:
        given = await uow.opportunities.get(int(str(delivery.payload["opportunity_id"])))
        held = await uow.directory.stakeholder(given.person_id, given.project_id) if given else None
        chosen = await uow.settings.get(f"language:{delivery.chat_id}")
    if given is None or given.answer is None or held is None:
        return None
    return opportunities.letter(delivery.chat_id, held, given.answer, renderer.rules.speaks(chosen))


async def _told(renderer: Renderer, delivery: Delivery) -> Call | None:
    """What a client is told, as everything stands at the moment of sending."""
    async with renderer.loop_work() as work:
        telling = await about_to_leave(work, renderer.policy, int(str(delivery.payload["note_id"])))
    if telling is None:
        return None
    zone = renderer.policy.zone_of(telling.draft.held.person)
    return sent(telling.chat_id, telling.draft, renderer.rules.calls_itself(telling.draft.language), zone)


async def _opportunity_said(_: Renderer, delivery: Delivery) -> Call:
    return opportunities.thanks(delivery.chat_id, delivery.payload)


async def _mydata(renderer: Renderer, delivery: Delivery) -> Call | None:
    return await renderer.personal.file(delivery.chat_id, delivery.payload, renderer.clock.now())


RENDERERS: Mapping[str, Callable[[Renderer, Delivery], Awaitable[Call | None]]] = {
    "notice": _notice,
    "mydata": _mydata,
    **dict.fromkeys(ALERTS, _alert),
    DIGEST: _digest,
    "report": _report,
    "fieldwork": _fieldwork,
    "why": _why,
    "talk": _talk,
    "in_talk": _in_talk,
    "successor": _successor,
    "successor_link": _successor_link,
    "cases": _cases,
    "committee": _committee,
    "staff_commands": _staff_commands,
    "group": _group,
    "remark_said": _remark_said,
    "remark": _remark,
    "remark_file": _remark_file,
    "case_file": _case_file,
    ASK: _opportunity,
    TELL: _told,
    LETTER: _opportunity_letter,
    opportunities.SAID: _opportunity_said,
}
