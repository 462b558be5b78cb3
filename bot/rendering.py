"""Deliveries as Bot API calls: each kind has its renderer, which runs at the moment of sending."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.alerts import alert, digest
from bot.case_desk import CaseDesk
from bot.clock import Clock
from bot.fieldwork import FieldworkDesk
from bot.people import PeopleDesk
from bot.profile import staff_commands
from bot.reporting import Desk
from bot.talks import TalkDesk, in_talk
from bot.why import WhyDesk
from handlers.groups import MOVED, place
from handlers.notices import notice
from handlers.replies import Call
from storage.database import Database
from surveys.alerts import ALERTS, DIGEST
from surveys.ports import Delivery
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
    clock: Clock

    async def __call__(self, delivery: Delivery) -> Call | None:
        """The call that delivers it; None: it is not wanted any more. Raises KeyError for a kind nobody renders."""
        return await RENDERERS[delivery.kind](self, delivery)


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
    return await renderer.why.message(delivery.chat_id, delivery.payload)


async def _successor(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.people.successor(delivery.chat_id, delivery.payload)


async def _successor_link(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.people.link(delivery.chat_id, delivery.payload)


async def _cases(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.cases.screen(delivery.chat_id, delivery.payload, renderer.clock.now())


async def _talk(renderer: Renderer, delivery: Delivery) -> Call:
    return await renderer.talks.screen(delivery.chat_id, delivery.payload)


async def _in_talk(_: Renderer, delivery: Delivery) -> Call:
    return in_talk(delivery.chat_id, delivery.payload)


async def _staff_commands(renderer: Renderer, delivery: Delivery) -> Call:
    return staff_commands(
        delivery.chat_id,
        str(delivery.payload["language"]),
        interviewer=renderer.rules.access.may_interview(delivery.chat_id),
    )


async def _group(renderer: Renderer, delivery: Delivery) -> Call | None:
    """A group that has become a supergroup was told under its old id."""
    async with renderer.database.unit_of_work() as uow:
        moved = await uow.settings.get(place(delivery.chat_id)) == MOVED
    payload = {"say": "group", "language": renderer.rules.language}
    return None if moved else notice(delivery.chat_id, payload, renderer.rules.languages)


RENDERERS: Mapping[str, Callable[[Renderer, Delivery], Awaitable[Call | None]]] = {
    "notice": _notice,
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
    "staff_commands": _staff_commands,
    "group": _group,
}
