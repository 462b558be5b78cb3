"""What is said of causes and improvements, as plain lines: for cards and for papers alike."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from handlers.case_cards import title
from handlers.case_words import name_of
from handlers.notices import LANGUAGE_NAMES
from metrics.differences import Difference
from surveys.cases.case import Happened
from surveys.cases.rules import Names
from surveys.changes import Comparison
from surveys.improvements.causes import Cause, Repeated
from surveys.improvements.improvement import Improvement
from surveys.locales import N_, translations
from surveys.questionnaire import Language
from surveys.reporting import Figure

STATUSES: Final = {
    "proposed": N_("waits for a decision"),
    "planned": N_("decided, not begun"),
    "started": N_("under way"),
    "finished": N_("finished"),
    "later": N_("not now"),
    "wont": N_("will not be done"),
}
DECISIONS: Final = {"do": N_("do"), "later": N_("not now"), "wont": N_("will not be done")}
GAUGES: Final = {"csat": N_("Satisfaction (CSAT)"), "ces": N_("Effort (CES)"), "nps": N_("Recommendation (NPS)")}
VERDICTS: Final = {
    "real": N_("a real change"),
    "no_evidence": N_("no evidence of change"),
    "unknown": N_("not enough answers to compare"),
}
STEPS: Final = {
    "opened": N_("opened"),
    "described": N_("what to do: {text}"),
    "decided": N_("decision: {decision}. {text}"),
    "owned": N_("owner: {to}"),
    "expected": N_("expected, {metric}: {text}"),
    "planned": N_("to be finished by {until}"),
    "started": N_("work began"),
    "finished": N_("work finished"),
    "told": N_("what clients are told, {language}: {text}"),
    "sent": N_("clients told: {people}"),
}
SHORT: Final = 500
SIGNED: Final = "+0.0;−0.0"


def cause_title(cause: Cause, names: Names, language: Language) -> str:
    """The cause in a line."""
    component = cause.component and title(names.components.get(cause.component), language, cause.component)
    stage = cause.stage and title(names.stages.get(cause.stage), language, cause.stage)
    told = [each for each in (component, stage, cause.department) if each]
    return " · ".join(told) or translations("bot", language).gettext("Not about any component")


def reach(one: Repeated, language: Language) -> str:
    """How many it touches."""
    t = translations("bot", language).gettext
    words = t("accounts: {accounts}, projects: {projects}, cases: {cases}")
    return words.format(accounts=len(one.accounts), projects=len(one.projects), cases=len(one.complaints))


def facts(one: Repeated, language: Language, zone: ZoneInfo) -> Iterator[str]:
    """Everything that is known of a cause but for the words of clients."""
    t = translations("bot", language).gettext
    yield reach(one, language)
    yield t("Accounts: {names}").format(names=_listed(one.accounts))
    if one.divisions:
        yield t("Divisions: {names}").format(names=_listed(one.divisions))
    if one.revenue_share is None:
        yield t("Share of revenue: not known")
    else:
        yield t("Share of revenue: {percent} %").format(percent=round(100 * one.revenue_share))
    yield t("Weight: {weight} (each account by its most senior voice)").format(
        weight=number(one.weight, "0.##", language)
    )
    seen = t("First seen {first}, last seen {last}")
    yield seen.format(first=day(one.first, language, zone), last=day(one.last, language, zone))
    named = t("Named by managers in {named} of {cases}, a partner’s part in {partners}")
    yield named.format(named=one.named, cases=len(one.complaints), partners=one.partners)


def plan(one: Improvement, people: Mapping[int, str], language: Language, zone: ZoneInfo) -> Iterator[str]:
    """What was decided about an improvement."""
    t = translations("bot", language).gettext
    if one.what:
        yield t("What: {what}").format(what=shorten(one.what))
    if one.decision:
        words = t("Decision: {decision}. {reason}")
        yield words.format(decision=t(DECISIONS[one.decision]), reason=shorten(one.reason or ""))
    if one.owner is not None:
        yield t("Owner: {name}").format(name=name_of(one.owner, people))
    if one.metric:
        yield t("Expected, {metric}: {words}").format(metric=t(GAUGES[one.metric]), words=shorten(one.expected or ""))
    dates = (t("Until {day}"), one.due), (t("Began {day}"), one.started_at), (t("Finished {day}"), one.ended_at)
    yield from (words.format(day=day(at, language, zone)) for words, at in dates if at is not None)


def compared(found: Comparison, language: Language) -> Iterator[str]:
    """Before and after, with an interval where there is one."""
    t = translations("bot", language).gettext
    words = t("{metric}: {before} in the year before, {after} since")
    before, after = (_figure(each.total, language) for each in (found.before, found.now))
    yield words.format(metric=found.now.query.metric.upper(), before=before, after=after)
    yield _change(found.change, language)


def _figure(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return translations("bot", language).gettext("no data")
    return f"{number(figure.value, '0.#', language)} (n = {figure.n})"


def _change(change: Difference, language: Language) -> str:
    t = translations("bot", language).gettext
    verdict = t(VERDICTS[change.verdict])
    if change.value is None or change.interval is None:
        return verdict
    low, high = change.interval
    words = t("Change {change}, 95 % interval {low} to {high}: {verdict}")
    signed = {"change": change.value, "low": low, "high": high}
    return words.format(verdict=verdict, **{name: number(one, SIGNED, language) for name, one in signed.items()})


def told(step: Happened, people: Mapping[int, str], language: Language, zone: ZoneInfo) -> str:
    """A step of the history: when, who, what."""
    t = translations("bot", language).gettext
    detail = dict(step.detail)
    for name, named in (("decision", DECISIONS), ("metric", GAUGES)):
        if name in detail:
            detail[name] = t(named[str(detail[name])])
    if "language" in detail:
        detail["language"] = LANGUAGE_NAMES.get(str(detail["language"]), detail["language"])
    if "to" in detail:
        detail["to"] = name_of(int(str(detail["to"])), people)
    if "until" in detail:
        detail["until"] = day(datetime.fromisoformat(str(detail["until"])), language, zone)
    who = "" if step.actor is None else f" · {name_of(step.actor, people)}"
    return f"{day(step.at, language, zone)}{who} · {t(STEPS[step.kind]).format_map(detail)}"


def day(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """The date there."""
    from babel.dates import format_date  # only who speaks to people pays for the import

    return format_date(at.astimezone(zone).date(), "d MMM y", locale=language)


def number(value: float, pattern: str, language: Language) -> str:
    """The number as written there.

    >>> number(0.55, "0.##", "ru"), number(12.34, SIGNED, "en")
    ('0,55', '+12.3')
    """
    from babel.numbers import format_decimal

    return format_decimal(value, format=pattern, locale=language)


def shorten(words: str) -> str:
    """As much as fits a card beside everything else."""
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def _listed(names: tuple[str, ...]) -> str:
    return shorten(", ".join(names))
