"""The panel of the preview that reports support events, through the use case a helpdesk reaches over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.ids import new_id
from bot.service import Service
from handlers.reasons import reason
from sandbox.hooks import Choice, EventField, EventForm, EventType
from surveys.contact import told
from surveys.directory import Stakeholder
from surveys.interactions import Interaction
from surveys.pulses import take_event

TICKET: Final = EventField("ticket", {"ru": "Обращение", "en": "Request", "uk": "Звернення"}, default="T-101")
TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "ticket.resolved": {"ru": "Обращение решено", "en": "Request resolved", "uk": "Звернення вирішено"},
    "ticket.reopened": {"ru": "Обращение открыто снова", "en": "Request reopened", "uk": "Звернення відкрито знову"},
    "training.finished": {"ru": "Обучение закончено", "en": "Training finished", "uk": "Навчання завершено"},
    "onboarding.finished": {"ru": "Знакомство закончено", "en": "Onboarding finished", "uk": "Знайомство завершено"},
    "release.delivered": {"ru": "Выпуск поставлен", "en": "Release delivered", "uk": "Випуск поставлено"},
    "milestone.accepted": {"ru": "Этап принят", "en": "Milestone accepted", "uk": "Етап прийнято"},
}


async def event_form(service: Service, people: Sequence[Stakeholder]) -> EventForm:
    """What can be reported, about whom: the events after which something is asked, and a reopening."""
    types = dict.fromkeys([*service.settings.pulses, "ticket.reopened"])
    held = {(one.account.name, one.project.name): one for one in people}
    return EventForm(
        types=[EventType(one, TITLES.get(one, one), (TICKET,) if one.startswith("ticket.") else ()) for one in types],
        accounts=[Choice(name, name) for name in dict.fromkeys(account for account, _ in held)],
        projects=[Choice(project, project, (account,)) for account, project in held],
        people=[
            Choice(one.person.external_id, one.person.name, (one.account.name, one.project.name)) for one in people
        ],
    )


async def report_event(service: Service, form: Mapping[str, object]) -> str:
    """Takes the event in; tells what was decided, in a line for each person."""
    data = form.get("data")
    event = Interaction(
        source="preview",
        id=new_id(),
        type=str(form["type"]),
        occurred_at=service.clock.now(),
        account=_given(form, "account"),
        project=_given(form, "project"),
        person=_given(form, "person"),
        data=dict(data) if isinstance(data, Mapping) else {},
    )
    async with service.outreach.work() as work:
        taken = await take_event(work, event)
    language, zone = service.settings.vendor.language, ZoneInfo(service.settings.vendor.timezone)
    told_of = [told(decided) for decided in taken.decided]
    return "; ".join(f"{_whose(one.person)}{reason(one, language, zone)}" for one in told_of) or "—"


def _whose(person: str | None) -> str:
    return f"{person}: " if person else ""


def _given(form: Mapping[str, object], key: str) -> str | None:
    value = form.get(key)
    return str(value) if value else None
