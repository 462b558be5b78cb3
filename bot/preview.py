"""The preview: the service on the sandbox's Telegram, with a database of its own that ends with it."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.ids import new_token
from bot.preview_events import event_form, report_event
from bot.running import running
from bot.sample import sample_directory, telegram_ids
from bot.sample.load import load_directory
from bot.sample.past import load_past
from bot.service import Service, build
from bot.settings import Settings, load_settings
from bot.settings_outward import Jira
from sandbox.hooks import EventForm, Hooks, PersonCard, StartLink
from sandbox.server import Sandbox
from surveys.directory import DirectoryRow, Stakeholder
from surveys.invitations import issue

TOKEN: Final = "4242:sandbox"  # noqa: S105 - known to the sandbox alone
USERNAME: Final = "otklik_sandbox_bot"
ADMIN: Final = 1001  # where the configuration names nobody
WAITING: Final = {"ru": "Есть приглашение", "en": "An invitation is waiting", "uk": "Є запрошення"}
CX_ADMIN: Final = {"ru": "Администратор CX", "en": "CX admin", "uk": "Адміністратор CX"}
ACCOUNT_MANAGER: Final = {"ru": "Менеджер клиента", "en": "Account manager", "uk": "Менеджер клієнта"}
PROJECT_MANAGER: Final = {"ru": "Менеджер проекта", "en": "Project manager", "uk": "Менеджер проєкту"}
PER_ROLE: Final = 2


@dataclass(slots=True)
class Stage:
    """What the page shows: who plays, and the clock."""

    clock: Clock
    service: Service | None = None
    invited: Sequence[tuple[Stakeholder, str]] = ()
    staff: Sequence[PersonCard] = ()
    sandbox: Sandbox | None = None

    def hooks(self) -> Hooks:
        """The doors of the page."""
        return Hooks(
            people=self.people,
            clock_now=self.local_time,
            move_clock=self.move_clock,
            events=self.events,
            report_event=self.report_event,
        )

    async def events(self) -> EventForm:
        """What can be reported about those on the page."""
        return await event_form(self.running, [held for held, _ in self.invited])

    async def report_event(self, form: Mapping[str, object]) -> str:
        """Reports it, as a helpdesk would."""
        return await report_event(self.running, form)

    @property
    def running(self) -> Service:
        """The service. Raises ValueError with a sentence for the page while there is none yet."""
        if self.service is None:
            raise ValueError("The service is starting.")
        return self.service

    def local_time(self) -> datetime:
        """Where the vendor is."""
        zone = self.service.settings.vendor.timezone if self.service else "UTC"
        return self.clock.now().astimezone(ZoneInfo(zone))

    async def move_clock(self, seconds: float) -> None:
        """Time passes; what becomes due is sent within a second."""
        self.clock.move(timedelta(seconds=seconds))

    async def people(self) -> Sequence[PersonCard]:
        """Those with an invitation, then the vendor's staff."""
        if self.service is None:
            return ()
        service = self.service
        return [*(self._respondent(service, *one) for one in self.invited), *self.staff]

    def _respondent(self, service: Service, held: Stakeholder, token: str) -> PersonCard:
        settings = service.settings
        telegram_id = held.person.telegram_id or 0
        known = self.sandbox.people.get(telegram_id) if self.sandbox else None
        waits = known is None or not known.messages
        title = service.library.current(settings.relationship.questionnaire).title
        return PersonCard(
            telegram_id,
            held.person.name,
            {one: _subtitle(settings, held, one) for one in settings.vendor.languages},
            "respondents",
            held.person.language or settings.vendor.language,
            WAITING if waits else None,
            (StartLink(title, token),) if waits else (),
        )


def admin_of(settings: Settings) -> int:
    """The Telegram account of the administrator on the page."""
    return settings.access.admins[0]


def _subtitle(settings: Settings, held: Stakeholder, language: str) -> str:
    titles = (settings.title(settings.roles[role].title, language, role) for role in held.roles)
    return f"{', '.join(titles)} · {held.account.name}"


@asynccontextmanager
async def preview(config: Path, environ: Mapping[str, str], port: int, home: Path, *, demo: bool) -> AsyncIterator[str]:
    """The preview at work; gives its address. `home`: a directory for the database."""
    clock = Clock()
    stage = Stage(clock)
    stage.sandbox = sandbox = Sandbox(TOKEN, USERNAME, clock.now, hooks=stage.hooks())
    async with sandbox.running(port) as address:
        given = load_settings(config, {**environ, **_overrides(config, environ, address, home)})
        settings = given.model_copy(update={"webhooks": {}, "jira": Jira()})  # what is played is told to nobody
        async with current_database(settings) as database:
            service = await build(settings, database, clock)
            await _prepare(stage, service, demo=demo)
            async with running(service):
                yield address


def _overrides(config: Path, environ: Mapping[str, str], address: str, home: Path) -> Mapping[str, str]:
    """What the preview decides itself; its admin and its manager are those of the configuration, if there are any."""
    own = {
        "OTKLIK_TELEGRAM__TOKEN": TOKEN,
        "OTKLIK_TELEGRAM__API_BASE": address,
        "OTKLIK_TELEGRAM__MODE": "polling",
        "OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{home}/preview.db",
        "OTKLIK_HTTP__PORT": environ.get("OTKLIK_HTTP__PORT", "0"),
    }
    settings = load_settings(config, {**environ, **own})
    admins = settings.access.admins or (ADMIN,)
    row = sample_directory(settings)[0]
    managers = {
        str(row.account_manager): {"accounts": [row.account]},
        str(row.project_manager): {"projects": [f"{row.account} / {row.project}"]},
    }
    return own | {"OTKLIK_ACCESS__ADMINS": json.dumps(admins), "OTKLIK_ACCESS__MANAGERS": json.dumps(managers)}


async def _prepare(stage: Stage, service: Service, *, demo: bool) -> None:
    """The sample directory, its past waves for the demo, and fresh invitations for those on the page."""
    settings, rows = service.settings, sample_directory(service.settings)
    await load_directory(service.database, rows, telegram_ids(rows))
    if demo:
        await load_past(service, rows, admin_of(settings))
    stage.service = service
    stage.invited = await _invite(service)
    stage.staff = _staff(settings, rows[0])
    if stage.sandbox is not None:
        await _introduce(stage.sandbox, stage.staff)


def _staff(settings: Settings, row: DirectoryRow) -> Sequence[PersonCard]:
    """The admin, and those who look after most of the respondents on the page."""
    language = settings.vendor.language
    known = [
        (admin_of(settings), CX_ADMIN, settings.vendor.name),
        (row.account_manager, ACCOUNT_MANAGER, row.account),
        (row.project_manager, PROJECT_MANAGER, row.project),
    ]
    return [
        PersonCard(telegram_id, titles.get(language, titles["en"]), place, "staff", language)
        for telegram_id, titles, place in known
        if telegram_id is not None
    ]


async def _introduce(sandbox: Sandbox, staff: Sequence[PersonCard]) -> None:
    """The vendor's people have written to the bot, so that it may write to them."""
    for one in staff:
        await sandbox.person(one.telegram_id, one.name, one.language_code).send("/start")


async def _invite(service: Service) -> Sequence[tuple[Stakeholder, str]]:
    """Everybody on the page gets a new invitation."""
    questionnaire = service.library.current(service.settings.relationship.questionnaire)
    async with service.database.unit_of_work() as uow:
        chosen = _cast(service.settings, await uow.directory.stakeholders())
        issued = await issue(uow, questionnaire, chosen, service.rules, service.clock.now(), new_token)
        await uow.commit()
    return [(one.stakeholder, one.token) for one in issued]


def _cast(settings: Settings, everybody: Sequence[Stakeholder]) -> Sequence[Stakeholder]:
    """Those of every role who speak the vendor's language, then somebody of every other one; by the directory."""
    everybody = sorted(everybody, key=lambda one: one.person.external_id)
    speaking = {one: [each for each in everybody if each.person.language == one] for one in settings.vendor.languages}
    home = speaking.pop(settings.vendor.language)
    holding = [[one for one in home if one.roles[0] == role] for role in settings.roles]
    chosen = [one for held in holding for one in held[:PER_ROLE]] + [
        one for spoken in speaking.values() for one in spoken[:1]
    ]
    return list({one.person.id: one for one in chosen}.values())
