"""Fieldwork under way, as the bot shows it: one card with its views, edited in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.report_rules import current_labels, report_rules
from bot.settings import Settings
from handlers.buttons import FieldworkButton, read, write
from handlers.reasons import moment, reason
from handlers.replies import Call, Keyboard, button, message
from reports.field import as_groups, as_status, as_unheard
from reports.field_waves import as_forecasts
from reports.speech import Speech
from storage.database import Database
from storage.reading import Reading
from surveys.audit import Look
from surveys.contact import Policy, Told
from surveys.locales import N_, translations
from surveys.ports import Library
from surveys.questionnaire import Language
from surveys.report import report
from surveys.reporting import Dimension, Report
from surveys.rules import Rules, Scope
from surveys.voices import AccountVoices, Span, account_voices
from surveys.waves import forecast
from surveys.work import Work

RECENT: Final = timedelta(days=90)
REMEMBERED: Final = timedelta(days=365)
"""A wave that began earlier is not the latest news any more."""

BREAKDOWNS: Final[Mapping[str, Dimension]] = {"project": "project", "role": "role"}
VIEWS: Final = {
    "all": N_("Summary"),
    "project": N_("By project"),
    "role": N_("By role"),
    "unheard": N_("Not heard"),
    "next": N_("Next wave"),
}
SPANS: Final = {"wave": N_("Latest wave"), "days": N_("All recent")}
A_ROW: Final = 2


async def latest(reading: Reading, now: datetime, scope: Scope | None) -> Span:
    """The latest wave or, where there was none, the last 90 days."""
    wave = await reading.voices.latest_wave(now - REMEMBERED, scope)
    return Span(since=now - RECENT) if wave is None else Span(wave=wave)


async def response(
    reading: Reading, settings: Settings, span: Span, scope: Scope | None, by: Dimension | None = None
) -> Report:
    """What became of the invitations of a span."""
    rules = report_rules(settings, confidential=False)
    return await report(replace(span.query(scope), by=by), reading.counts, rules)


async def unheard(reading: Reading, settings: Settings, span: Span, scope: Scope | None) -> Sequence[AccountVoices]:
    """Who was heard and who was not, of those in this scope."""
    held = await reading.directory.stakeholders(scope=scope)
    contacted, told = await reading.voices.contacted(span), await reading.voices.told(span)
    return account_voices(held, contacted, told, tuple(settings.weights), wave=span.wave is not None)


async def may_name(reading: Reading, settings: Settings) -> bool:
    """Whether anybody may be named: not where somebody was promised confidentiality."""
    return settings.privacy.mode == "named" and not await reading.counts.confidential()


def look(voices: Sequence[AccountVoices], span: Span, who: str, now: datetime) -> Look:
    """For the log of looking: who was not heard, by name."""
    rows = sum(len(voice.unheard) for account in voices for voice in account.voices)
    cut = {"view": "unheard", "wave": span.wave, "since": span.since.isoformat() if span.since else None}
    return Look(at=now, who=who, entrance="/fieldwork", looked_at=cut, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldworkDesk:
    """Answers `/fieldwork`."""

    database: Database
    settings: Settings
    rules: Rules
    library: Library
    policy: Policy

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """The view that `payload` asks for, as far as its reader may see, new or in place of a message."""
        language, place = str(payload["language"]), payload.get("message_id")
        asked = read(str(payload["button"]))
        wanted = asked if isinstance(asked, FieldworkButton) else FieldworkButton()
        reader = int(str(payload["reader"]))
        speech = Speech(language, await current_labels(self.settings, self.database))
        if wanted.view == "next" and reader in self.rules.access.admins:
            shown, found = await self._coming(speech, wanted, now)
        else:
            shown, found = await self._looked(speech, wanted, reader, now)
        page = min(shown.page, len(found) - 1)
        keyboard = self._keyboard(replace(shown, page=page), len(found), reader, language)
        edit = place if isinstance(place, int) else None
        return message(chat_id, f"<pre>{escape(found[page])}</pre>", keyboard, edit=edit, html=True)

    async def _looked(
        self, speech: Speech, wanted: FieldworkButton, reader: int, now: datetime
    ) -> tuple[FieldworkButton, Sequence[str]]:
        """The view that can be shown, and its pages."""
        scope, by = self.rules.access.scope(reader), BREAKDOWNS.get(wanted.view)
        async with self.database.reading() as reading:
            span = await latest(reading, now, scope) if wanted.span == "wave" else Span(since=now - RECENT)
            wanted = wanted if span.wave or wanted.span == "days" else replace(wanted, span="days")
            found = await response(reading, self.settings, span, scope, by)
            if wanted.view == "unheard":
                voices = await unheard(reading, self.settings, span, scope)
                names = self.rules.access.names(reader) and await may_name(reading, self.settings)
                if names:
                    await self.database.note(look(voices, span, str(reader), now))
                return wanted, as_unheard(speech, found, span, voices, self._why(speech.language), names=names)
        return wanted, as_groups(speech, found, span) if by else as_status(speech, found, span)

    async def _coming(
        self, speech: Speech, wanted: FieldworkButton, now: datetime
    ) -> tuple[FieldworkButton, Sequence[str]]:
        async with self.database.rehearsal() as uow:
            work = Work(uow=uow, library=self.library, rules=self.rules, policy=self.policy, now=now)
            forecasts = [await forecast(work, rule) for rule in self.policy.waves.values()]
        return wanted, as_forecasts(speech, forecasts, self._when(speech.language))

    def _why(self, language: Language) -> Callable[[Told], str]:
        zone = ZoneInfo(self.settings.vendor.timezone)
        return lambda told: reason(told, language, zone)

    def _when(self, language: Language) -> Callable[[datetime], str]:
        zone = ZoneInfo(self.settings.vendor.timezone)
        return lambda at: moment(at, language, zone)

    def _keyboard(self, shown: FieldworkButton, total: int, reader: int, language: Language) -> Keyboard:
        """The way through the pages, the other views, and the other span."""
        t = translations("bot", language).gettext
        admin = reader in self.rules.access.admins and bool(self.policy.waves)
        views = [view for view in VIEWS if view != shown.view and (view != "next" or admin)]
        others = [button(t(VIEWS[view]), write(replace(shown, view=view, page=0))) for view in views]
        spans = [span for span in SPANS if span != shown.span and shown.view != "next"]
        return [
            *([_turning(shown, total)] if total > 1 else []),
            *(others[at : at + A_ROW] for at in range(0, len(others), A_ROW)),
            *([button(t(SPANS[span]), write(replace(shown, span=span, page=0)))] for span in spans),
        ]


def _turning(shown: FieldworkButton, total: int) -> Sequence[Mapping[str, object]]:
    """Back and forward, round and round."""
    pages = {"←": (shown.page - 1) % total, "→": (shown.page + 1) % total}
    return [button(arrow, write(replace(shown, page=page))) for arrow, page in pages.items()]
