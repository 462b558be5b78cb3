"""The section `loop`: signals, due times, escalation, who stands in for whom."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.settings_loop_words import ALERT_WORDS
from bot.settings_sections import Section
from bot.settings_types import Day, Duration, Key, LanguageKey, TelegramId, Timezone, Whole, word

AlertWord = Annotated[str, word(r"\s*\w+\*?\s*", "is not a word; write it whole, or its beginning and * for any form")]


class Signals(Section):
    """From where on an answer opens a case; null switches a rule off.

    `csat` and `ces` are on the scale 1-5, other scales go by proportion. `drop`: points lost since the last time.
    """

    nps: Annotated[Whole, Field(ge=0, le=9)] | None = 6
    csat: Annotated[Whole, Field(ge=1, le=4)] | None = 2
    ces: Annotated[Whole, Field(ge=1, le=4)] | None = 2
    drop: Annotated[Whole, Field(ge=1, le=10)] | None = 3
    remark: bool = True
    silent_waves: Annotated[Whole, Field(ge=1, le=10)] | None = 2
    key_roles: tuple[Key, ...] = ("senior_it", "business_owner")


class FirstContact(Section):
    """Until when the client is to be contacted, by severity."""

    critical: Duration = timedelta(hours=24)
    normal: Duration = timedelta(hours=48)
    low: Duration = timedelta(hours=96)


class Colleague(Section):
    """One of the vendor's people: their time zone, and who stands in for them on days of absence, both included."""

    timezone: Timezone | None = None
    deputy: TelegramId | None = None
    since: Day | None = None
    until: Day | None = None


Rung = Literal["account_manager", "project_manager", "admins"] | TelegramId


class Opportunities(Section):
    """After which NPS scores a favour is asked, and how long the same person is then left alone."""

    scores: Annotated[tuple[Annotated[Whole, Field(ge=0, le=10)], ...], Field(min_length=1)] = (9, 10)
    rest: Duration = timedelta(days=365)


class Loop(Section):
    """The closed loop."""

    signals: Signals = Signals()
    alert_words: Mapping[LanguageKey, tuple[AlertWord, ...]] = Field(default_factory=lambda: dict(ALERT_WORDS))
    first_contact: FirstContact = FirstContact()
    act_within: Duration = timedelta(days=5)
    escalate_after: Duration = timedelta(hours=24)
    escalation: tuple[Rung, ...] = ("account_manager", "admins")
    colleagues: Mapping[TelegramId, Colleague] = Field(default_factory=dict)
    closure: Key = "closure_check"
    opportunities: Opportunities | None = Opportunities()
