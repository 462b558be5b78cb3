"""The sections of `config.yaml`, one model each."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot.settings_defaults import SOURCES
from bot.settings_types import (
    Components,
    Cron,
    DatabaseUrl,
    Day,
    Dimension,
    Duration,
    HeaderSecret,
    Key,
    LanguageKey,
    Name,
    OuterKey,
    Positive,
    Quiet,
    SealingKeys,
    Share,
    TelegramId,
    Timezone,
    Titled,
    Titles,
    Token,
    UrlPath,
    Values,
    WebAddress,
    Whole,
    quiet_hours,
)
from intake.mapping import EventMapping
from intake.presets import completed


class Section(BaseModel):
    """A part of the configuration: no key but the known ones, no change after reading."""

    # Built with the whole that it is a part of, once: by themselves the parts would take as long again.
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True, defer_build=True
    )


class Vendor(Section):
    """Who asks. `names`: language -> the name in it, where it is another than `name`."""

    name: Name = "Vendor"
    names: dict[LanguageKey, Name] = {}
    language: LanguageKey = "ru"
    languages: tuple[LanguageKey, ...] = ("ru", "en", "uk")
    timezone: Timezone = "Europe/Moscow"


class Webhook(Section):
    """Where Telegram brings updates. `url`: the public address, with or without a path of its own."""

    url: WebAddress | None = None
    path: UrlPath = "/telegram"
    secret: HeaderSecret | None = None
    secret_file: Path | None = None


class Rate(Section):
    """How many messages leave."""

    per_second: Positive = 30
    per_chat_per_second: Positive = 1


class Telegram(Section):
    """The bot's account and the server it talks to."""

    token: Token | None = None
    token_file: Path | None = None
    api_base: WebAddress = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook: Webhook = Webhook()
    rate: Rate = Rate()


class Database(Section):
    """Where everything is kept. The address may hold a password, so it is a secret."""

    url: DatabaseUrl = SecretStr("sqlite+aiosqlite:///var/otklik.db")
    url_file: Path | None = None


class Http(Section):
    """Where events, health and metrics are served. Port 0: any free one.

    `metrics_token`: what Prometheus must show; without one it is let in from the same machine alone.
    """

    host: Name = "127.0.0.1"
    port: Annotated[Whole, Field(ge=0, le=65535)] = 8080
    metrics_token: HeaderSecret | None = None
    metrics_token_file: Path | None = None


class Log(Section):
    """What the service tells on standard error. `info`: each update and each message; `warning`: what went wrong."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class ManagerScope(Section):
    """What a manager may see."""

    accounts: tuple[Name, ...] = ()
    projects: tuple[Name, ...] = ()
    divisions: tuple[Name, ...] = ()


class AccessLists(Section):
    """Rights by numeric Telegram id."""

    admins: tuple[TelegramId, ...] = ()
    viewers: tuple[TelegramId, ...] = ()
    managers: Mapping[TelegramId, ManagerScope] = Field(default_factory=dict)


class RoleSettings(Section):
    """A stakeholder role: how it is called and how much its opinion weighs."""

    title: Titles = Field(default_factory=dict)
    weight: Positive


class Stage(Section):
    """A stage of the client's journey, and the vendor's department that answers for it."""

    title: Titles = Field(default_factory=dict)
    touchpoints: Titled = Field(default_factory=dict)
    department: Name | None = None


class Block(Section):
    """A part of the offer with its components."""

    title: Titles = Field(default_factory=dict)
    components: Components


def _bare_block(block: object) -> object:
    return {"components": block} if isinstance(block, list) else block


OfferBlock = Annotated[Block, BeforeValidator(_bare_block)]


class Csi(Section):
    """How the index is computed. `weighting: equal` gives every role the same weight."""

    basis: Literal["top2", "top1", "mean"] = "top2"
    weighting: Literal["role", "equal"] = "role"


class Privacy(Section):
    """Who can be recognised in a report. `tombstones`: the file that keeps outside the database who was forgotten.

    `keys`: the first one seals names, addresses and accounts in the database, the others still open them.
    """

    mode: Literal["named", "confidential"] = "named"
    min_group: Annotated[Whole, Field(ge=1)] = 5
    min_group_verbatims: Annotated[Whole, Field(ge=1)] = 8
    tombstones: Path | None = None
    keys: SealingKeys | None = None
    keys_file: Path | None = None


class ServiceTargets(Section):
    """How soon requests of clients are to be answered and resolved; None: nothing is promised."""

    first_response: Duration | None = timedelta(hours=4)
    resolution: Duration | None = None


class Contact(Section):
    """The contact policy. `weekends`: whether messages may leave on Saturday and Sunday.

    Minutes of answering, as announced, within a year: None is no limit. `merge_window`: how far apart tickets may be
    closed to be named in one pulse. `drip`: what waited for an allowed hour leaves within this time.
    `staff_alerts_per_day`: what goes beyond it is gathered in a digest; 0 gathers all, None nothing.
    `automatic_resolutions`: those by which a ticket closes without anybody's work. `event_max_age`: what a file tells
    of and happened longer ago is not asked about; None: anything is.
    """

    quiet_hours: Quiet | None = quiet_hours("20:00-09:00")
    weekends: bool = False
    holidays: tuple[Day, ...] = ()
    drip: Duration = timedelta(minutes=10)
    relationship_rest: Duration = timedelta(days=90)
    pulse_rest: Duration = timedelta(days=14)
    yearly_minutes_per_person: Annotated[Whole, Field(ge=0)] | None = 60
    yearly_minutes_per_account: Annotated[Whole, Field(ge=0)] | None = None
    merge_window: Duration = timedelta(hours=24)
    event_max_age: Duration | None = timedelta(days=14)
    automatic_resolutions: tuple[Name, ...] = ("auto_closed", "no_response", "spam")
    staff_alerts_per_day: Annotated[Whole, Field(ge=0)] | None = 20
    reminder_after: Duration | None = timedelta(hours=24)
    expire_after: Duration = timedelta(days=7)


class When(Section):
    """When a relationship survey makes sense: in `stages`, or, where none are named, from the stage `since` on."""

    since: str = "rollout"
    stages: tuple[str, ...] | None = None
    adoption_at_least: Share = 0.7


class Relationship(Section):
    """The relationship survey. `automatic`: asked as soon as it begins to make sense, without waiting for a wave."""

    questionnaire: Key = "relationship"
    when: When = When()
    automatic: bool = True


class Wave(Section):
    """A survey that repeats. `where`: dimension -> the values asked; everybody where it is empty."""

    key: OuterKey
    questionnaire: Key
    cron: Cron
    timezone: Timezone | None = None
    where: Mapping[Dimension, Values] = Field(default_factory=dict)


class RecurringReport(Section):
    """A report that is sent by schedule to members of staff, if there is anything new."""

    key: OuterKey
    cron: Cron
    timezone: Timezone | None = None
    to: Annotated[tuple[TelegramId, ...], Field(min_length=1)]


class Pulse(Section):
    """What to ask after an event. `sample`: the share of events after which it is asked.

    `touchpoint`: of events that name none.
    """

    questionnaire: Key
    delay: Duration = timedelta(0)
    sample: Share = 1.0
    touchpoint: OuterKey | None = None


class Retention(Section):
    """How long each kind of data is kept, null: for good. Scores stay."""

    events: Duration = timedelta(days=365)
    messages: Duration = timedelta(days=30)
    words: Duration | None = None
    decisions: Duration | None = None
    set_aside: Duration | None = None


class IntakeSource(Section):
    """A system that reports events. Without a secret it is closed; a request may be signed with the previous one."""

    kind: Literal["standard", "jira", "zendesk"] = "standard"
    secret: SecretStr | None = None
    secret_file: Path | None = None
    previous_secret: SecretStr | None = None
    previous_secret_file: Path | None = None
    mapping: EventMapping | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, said: object) -> object:
        return said | {"mapping": completed(said.get("kind"), said.get("mapping"))} if isinstance(said, dict) else said


class Intake(Section):
    """The systems that report events, by the name they have in `/v1/hooks/{source}`."""

    sources: Mapping[OuterKey, IntakeSource] = Field(default_factory=lambda: dict(SOURCES))
