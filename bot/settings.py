"""The whole configuration: `load_settings` reads `config.yaml` and the environment, or tells all that is wrong."""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from bot.settings_checks import CHECKS
from bot.settings_defaults import DEFAULTS, JOURNEY, OFFER, PULSES, ROLES
from bot.settings_loop import Loop
from bot.settings_outward import Jira, Webhooks
from bot.settings_problems import faults_of
from bot.settings_secrets import Tree, file_key, read_secret_files, take_out_secrets, variable
from bot.settings_sections import (
    AccessLists,
    Contact,
    Csi,
    Database,
    Http,
    Intake,
    Log,
    OfferBlock,
    Privacy,
    Pulse,
    RecurringReport,
    Relationship,
    Retention,
    RoleSettings,
    Section,
    ServiceTargets,
    Stage,
    Telegram,
    Vendor,
    Wave,
)
from bot.settings_sources import ConfigurationError, Origins, overlay, read_file
from bot.settings_types import Key, OuterKey
from surveys.authoring.problems import Fault
from surveys.calendar import ContactHours
from surveys.questionnaire import Language, Role
from surveys.rules import Access, AlertBudget, Rules, Scope

__all__ = ["ConfigurationError", "Settings", "load_settings"]

CATALOGUE: Final = Path("surveys/catalogue")
ROOT: Final = Path(__file__).resolve().parent.parent


class Settings(Section):
    """What the vendor decided, as `config.yaml` and the environment say it."""

    vendor: Vendor = Vendor()
    telegram: Telegram = Telegram()
    database: Database = Database()
    http: Http = Http()
    log: Log = Log()
    access: AccessLists = AccessLists()
    roles: Mapping[Key, RoleSettings] = Field(default_factory=lambda: dict(ROLES), min_length=1)
    journey: Mapping[Key, Stage] = Field(default_factory=lambda: dict(JOURNEY), min_length=1)
    offer: Mapping[Key, OfferBlock] = Field(default_factory=lambda: dict(OFFER), min_length=1)
    csi: Csi = Csi()
    privacy: Privacy = Privacy()
    contact: Contact = Contact()
    relationship: Relationship = Relationship()
    waves: tuple[Wave, ...] = ()
    catalogue: Path = CATALOGUE
    pulses: Mapping[OuterKey, Pulse] = Field(default_factory=lambda: dict(PULSES))
    reports: tuple[RecurringReport, ...] = ()
    service: ServiceTargets = ServiceTargets()
    retention: Retention = Retention()
    intake: Intake = Intake()
    loop: Loop = Loop()
    webhooks: Webhooks = Field(default_factory=dict)
    jira: Jira = Jira()

    @property
    def database_url(self) -> str:
        """The address of the database, its password included."""
        return self.database.url.get_secret_value()

    @property
    def keys(self) -> Sequence[bytes]:
        """What seals who somebody is, the first of them, and what opens it. None: nothing is sealed."""
        given = self.privacy.keys.get_secret_value() if self.privacy.keys else ""
        return [urlsafe_b64decode(f"{one}==") for one in given.replace(",", " ").split()]

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the database, if it is one."""
        address = self.database_url
        return Path(address.partition(":///")[2].partition("?")[0]) if address.startswith("sqlite") else None

    @property
    def tombstones_file(self) -> Path:
        """Beside the database's own file, unless the configuration names another place."""
        file = self.sqlite_file or Path("var/otklik.db")
        return self.privacy.tombstones or file.with_name(f"{file.name}.tombstones")

    @property
    def catalogue_directory(self) -> Path:
        """Where the questionnaires are: the default means those that come with the product, wherever it is started."""
        return ROOT / CATALOGUE if self.catalogue == CATALOGUE else self.catalogue

    @property
    def weights(self) -> Mapping[Role, float]:
        """Role -> weight, the greatest first, as configured."""
        ordered = sorted(self.roles, key=lambda role: (-self.roles[role].weight, role))
        return {role: self.roles[role].weight for role in ordered}

    @property
    def csi_weights(self) -> Mapping[Role, float]:
        """Role -> weight in the index, the greatest first: all alike with `csi.weighting: equal`."""
        return self.weights if self.csi.weighting == "role" else dict.fromkeys(self.weights, 1.0)

    @property
    def components(self) -> Mapping[str, tuple[str, ...]]:
        """Block -> its components, in order."""
        return {key: tuple(block.components) for key, block in self.offer.items()}

    @property
    def judged_stages(self) -> tuple[str, ...]:
        """The stages of a project in which a relationship survey makes sense, in the order of the journey."""
        when, journey = self.relationship.when, tuple(self.journey)
        return journey[journey.index(when.since) :] if when.stages is None else when.stages

    @property
    def webhook_address(self) -> str:
        """What Telegram is told: `webhook.url`, with `webhook.path` where it has no path of its own."""
        url = self.telegram.webhook.url or ""
        return url if urlsplit(url).path else url + self.telegram.webhook.path

    def telegram_token(self) -> str:
        """The bot's token. Raises ConfigurationError where there is none."""
        if self.telegram.token is None:
            name = variable(("telegram", "token"))
            raise ConfigurationError([f"telegram.token: is missing; set {name}, or name a file in telegram.token_file"])
        return self.telegram.token.get_secret_value()

    def webhook_secret(self) -> str:
        """What Telegram must show with every update: as configured, else made from the token, alike on every host."""
        if self.telegram.webhook.secret:
            return self.telegram.webhook.secret.get_secret_value()
        return hmac.new(self.telegram_token().encode(), b"webhook", hashlib.sha256).hexdigest()

    def rules(self) -> Rules:
        """The decisions in the form the use cases read."""
        scopes = {manager: Scope(**scope.model_dump()) for manager, scope in self.access.managers.items()}
        return Rules(
            vendor=self.vendor.name,
            vendor_in=self.vendor.names,
            language=self.vendor.language,
            languages=self.vendor.languages,
            weights=self.weights,
            access=Access(frozenset(self.access.admins), frozenset(self.access.viewers), scopes),
            expire_after=self.contact.expire_after,
            mode=self.privacy.mode,
            alerts=AlertBudget(
                per_day=self.contact.staff_alerts_per_day,
                zone=ZoneInfo(self.vendor.timezone),
                hours=ContactHours(quiet=self.contact.quiet_hours),
            ),
            components={key: title for block in self.offer.values() for key, title in block.components.items()},
        )

    def title(self, titles: Mapping[Language, str], language: Language, key: str) -> str:
        """The title in this language, else in the vendor's, else the bare key."""
        return titles.get(language) or titles.get(self.vendor.language) or key


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """The configuration of this file and this environment. Raises ConfigurationError with everything that is wrong."""
    source = read_file(path)
    of_file = [*source.faults, *take_out_secrets(source.data)]
    written = {key: value for key, value in source.data.items() if value is not None}
    tree, variables = overlay({**DEFAULTS, **written}, environ)
    secrets = list(read_secret_files(tree, variables))
    settings, of_sections = _validate({key: value for key, value in tree.items() if value is not None})
    origins = Origins(str(path), source, variables, {place: file_key(place) for place, _ in secrets})
    of_secrets = [(place, wrong) for place, wrong in secrets if wrong]
    if problems := origins.problems(of_file, [*of_secrets, *of_sections]):
        raise ConfigurationError(problems)
    return settings


def _validate(tree: Tree) -> tuple[Settings, list[Fault]]:
    """The settings, and what is wrong with them: a section that is wrong in itself has its defaults here."""
    faults: list[Fault] = []
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        faults += faults_of(error, Settings)
        settings = Settings.model_validate(_without(tree, {place[0] for place, _ in faults}))
    wrong = {place[0] for place, _ in faults}
    checks = (check for check, sections in CHECKS.items() if not sections & wrong)
    return settings, [*faults, *(fault for check in checks for fault in check(settings))]


def _without(tree: Tree, sections: Iterable[Any]) -> Tree:
    return {key: value for key, value in tree.items() if key not in set(sections)}
