"""Why somebody was, or was not, asked: every decision as one line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from surveys.contact import Told
from surveys.locales import N_, translations
from surveys.questionnaire import Language

STATES: Final = {
    "scheduled": N_("will be asked on {at}"),
    "asked": N_("asked on {at}"),
    "undelivered": N_("was to be asked on {at}, but could not be reached"),
    "dropped": N_("was to be asked, and then was not"),
}
MERGED: Final = N_("{state}, in one go about {tickets}")
REASONS: Final = {
    "unknown_questionnaire": N_("not asked: there is no questionnaire {questionnaire}"),
    "nobody": N_("not asked: the event names nobody"),
    "unknown_person": N_("not asked: the directory has nobody of this name"),
    "staff": N_("not asked: one of our own people"),
    "unknown_project": N_("not asked: the directory has no such project for this person ({project})"),
    "opted_out": N_("not asked: on {at} asked us not to write"),
    "not_linked": N_("not asked: has not opened a personal link yet, and the bot cannot write first"),
    "unreachable": N_("not asked: cannot be reached in Telegram since {at}"),
    "on_hold": N_("not asked: {account} is on hold"),
    "foreign_messenger": N_("not asked: {account} is not to be written to in a foreign messenger"),
    "not_eligible": N_("not asked: too early, stage {stage}, adoption {adoption} %, needed {needed} %"),
    "too_old": N_("not asked: it happened on {at}, too long ago; we ask about what happened since {since}"),
    "closed_automatically": N_("not asked: the request closed by itself ({resolution})"),
    "duplicate_ticket": N_("not asked: the request duplicates {of}"),
    "reopened": N_("not asked: the request was opened again ({tickets})"),
    "not_addressed": N_("not asked: nothing to ask the roles {roles}"),
    "not_sampled": N_("not asked: not in the sample, which is {sample} % of events"),
    "scheduled": N_("not asked: {questionnaire} is already planned for {at}"),
    "open": N_("not asked: {questionnaire} has been open since {at}"),
    "resting": N_("not asked: resting until {until}, the last time was {at}"),
    "person_budget": N_("not asked: {spent} of {allowed} minutes a year are used up, {minutes} more would be too much"),
    "account_budget": N_(
        "not asked: all people of the account together have used up {spent} of {allowed} minutes a year, "
        "{minutes} more would be too much"
    ),
    "wrong_person": N_("not asked any more: said they are not the right person"),
    "interview": N_("asked in a talk; the interviewer has the id {interviewer}"),
    "failed": N_("not asked: something went wrong, the log tells what"),
    "unknown_stage": N_("the project stays as it was: there is no stage {value}"),
    "unknown_adoption": N_("the project stays as it was: {value} is not a share"),
}
NEVER_ASKED: Final = N_("nothing is asked after it; pulses has: {types}")
TALLIES: Final = {
    True: N_("Would be asked: {asked}. Would not: {silent}."),
    False: N_("To be asked: {asked}. Not to be asked: {silent}."),
}
MOMENTS: Final = ("at", "until", "since")
LONGEST: Final = 120
"""Characters of one value."""


def line(told: Told, language: Language, zone: ZoneInfo) -> str:
    """When, about what, and the decision with its rule, in a language and at the time of a zone."""
    about = shorten(told.event_id or told.wave or "")
    what = f"{told.questionnaire} ({about})" if about else told.questionnaire
    return f"{moment(told.decided_at, language, zone)} · {what} · {reason(told, language, zone)} [{told.rule}]"


def reason(told: Told, language: Language, zone: ZoneInfo) -> str:
    """The decision in words."""
    t = translations("bot", language).gettext
    values = {key: _shown(key, value, language, zone) for key, value in told.detail.items()}
    if told.state is None or told.decision == "drop":
        return t(REASONS[told.rule]).format_map(values)
    due = told.settled_at if told.state in ("asked", "undelivered") else told.due_at
    state = t(STATES[told.state]).format(at=moment(due or told.decided_at, language, zone))
    return t(MERGED).format(state=state, tickets=values["tickets"]) if told.rule == "merged" else state


def never_asked(types: Iterable[str], language: Language) -> str:
    """That an event of this type is no occasion, and which types are."""
    return translations("bot", language).gettext(NEVER_ASKED).format(types=", ".join(types) or "–")


def tally(asked: int, silent: int, language: Language, *, rehearsal: bool) -> str:
    """How many are asked, and how many not."""
    return translations("bot", language).gettext(TALLIES[rehearsal]).format(asked=asked, silent=silent)


def moment(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """Day and time.

    >>> moment(datetime.fromisoformat("2026-11-21T06:05:00+00:00"), "en", ZoneInfo("Europe/Moscow"))
    '21 Nov 2026, 09:05'
    """
    from babel.dates import format_datetime  # only who speaks to people pays for the import

    return format_datetime(at, "d MMM y, HH:mm", tzinfo=zone, locale=language)


def shorten(words: str) -> str:
    """The words as far as a line holds them: events may call things by names of any length."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _shown(key: str, value: object, language: Language, zone: ZoneInfo) -> str:
    if key in MOMENTS:
        return moment(datetime.fromisoformat(str(value)), language, zone)
    return shorten(" ".join(str(value).split()))
