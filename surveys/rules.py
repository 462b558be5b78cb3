"""What the vendor decided: names, languages, rights, weights. Made from the settings, read by use cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from surveys.calendar import ContactHours
from surveys.questionnaire import Language, Mode, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What a manager may see: everything of these accounts, of these projects and of these divisions.

    A project is named "Account / Project", or by itself where no other has its name; a shared name lets one see none.
    """

    accounts: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """Rights by Telegram id."""

    admins: frozenset[int] = frozenset()
    viewers: frozenset[int] = frozenset()
    managers: Mapping[int, Scope] = field(default_factory=dict)

    def is_staff(self, telegram_id: int) -> bool:
        """Whether this is one of the vendor's people, who read reports and are never asked."""
        return telegram_id in self.admins or telegram_id in self.viewers or telegram_id in self.managers

    def may_interview(self, telegram_id: int) -> bool:
        """Whether they may hold talks: admins with anybody, managers in their own scope."""
        return telegram_id in self.admins or telegram_id in self.managers

    def names(self, telegram_id: int) -> bool:
        """Whether they may read who said what: viewers see all but names."""
        return telegram_id in self.admins or (telegram_id in self.managers and telegram_id not in self.viewers)

    def scope(self, telegram_id: int) -> Scope | None:
        """What a member of staff is limited to; None: nothing is hidden."""
        unlimited = telegram_id in self.admins or telegram_id in self.viewers
        return None if unlimited else self.managers.get(telegram_id, Scope())


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBudget:
    """How many alerts a day a member of staff is disturbed by, None: any number. `hours`: those of the contact policy.

    Days and hours are the vendor's.
    """

    per_day: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    hours: ContactHours = field(default_factory=ContactHours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The vendor's decisions. `weights`: role -> weight, 0-1. `mode`: of questionnaires that name none.

    `vendor_in`: the vendor's name in the languages in which it differs from `vendor`. `components`: their names.
    """

    vendor: str
    language: Language
    languages: tuple[Language, ...]
    weights: Mapping[Role, float]
    access: Access = Access()
    expire_after: timedelta = timedelta(days=7)
    mode: Mode = "named"
    vendor_in: Mapping[Language, str] = field(default_factory=dict)
    alerts: AlertBudget = AlertBudget()
    components: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)

    def calls_itself(self, language: Language) -> str:
        """The vendor's name as said in this language."""
        return self.vendor_in.get(language, self.vendor)

    def by_weight(self, roles: Iterable[Role]) -> tuple[Role, ...]:
        """The roles, the greatest weight first; a role that is not configured any more comes last."""
        return tuple(sorted(roles, key=lambda role: (-self.weights.get(role, 0.0), role)))

    def speaks(self, *wishes: Language | None) -> Language:
        """The first of the wishes the vendor offers, else the vendor's language.

        >>> Rules(vendor="V", language="ru", languages=("ru", "en"), weights={}).speaks(None, "en-GB")
        'en'
        """
        offered = (wish.split("-")[0].lower() for wish in wishes if wish)
        return next((wish for wish in offered if wish in self.languages), self.language)
