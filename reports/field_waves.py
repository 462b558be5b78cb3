"""Waves that are still to come, for a phone: when, who would be asked, who not and why."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from reports.layout import PHONE, fold, tidy
from reports.pages import indented, pages
from reports.speech import Speech
from surveys.contact import Candidate, Drop
from surveys.locales import N_
from surveys.waves import Forecast

RULES: Final[Mapping[str, str]] = {
    "unknown_questionnaire": N_("there is no such questionnaire"),
    "staff": N_("our own people"),
    "opted_out": N_("asked us not to write"),
    "not_linked": N_("have not opened a personal link"),
    "unreachable": N_("cannot be reached"),
    "on_hold": N_("client on hold"),
    "foreign_messenger": N_("client not to be written to here"),
    "not_eligible": N_("too early in the project"),
    "not_addressed": N_("nothing to ask their role"),
    "scheduled": N_("already planned"),
    "open": N_("a questionnaire is open"),
    "resting": N_("asked not long ago"),
    "person_budget": N_("their time for this year is used up"),
    "account_budget": N_("the client’s time for this year is used up"),
}
"""Every rule that may object to a wave, as a group of people."""


def as_forecasts(t: Speech, forecasts: Sequence[Forecast], when: Callable[[datetime], str]) -> list[str]:
    """Every wave: its figures, then the people who would not be asked, by rule."""
    head = [t("Next wave"), *fold(t("as things are today"), PHONE), ""]
    blocks = [block for one in forecasts for block in _blocks(t, one, when)]
    return pages(t, head, blocks or [[t("No waves are configured.")]])


def _blocks(t: Speech, one: Forecast, when: Callable[[datetime], str]) -> Iterator[list[str]]:
    dropped: defaultdict[str, list[Candidate]] = defaultdict(list)
    for made in one.decided:
        if isinstance(made.verdict, Drop):
            dropped[made.verdict.rule].append(made.candidate)
    silent = sum(map(len, dropped.values()))
    begins = t("never: its schedule has no date") if one.at is None else when(one.at)
    yield [
        *fold(t.name("wave", one.key), PHONE, 2),
        *fold(t("Begins: {when}", when=begins), PHONE),
        *fold(t("Would be asked: {n}", n=t.count(len(one.decided) - silent)), PHONE),
        *fold(t("Would not be asked: {n}", n=t.count(silent)), PHONE),
        *(line for rule, people in dropped.items() for line in indented(f"{t(RULES[rule])}: {len(people)}", 2)),
        "",
    ]
    for rule, people in dropped.items():
        named = (line for whom in people for line in indented(_named(whom), 2))
        yield [*fold(f"{t(RULES[rule])}:", PHONE), *named, ""]


def _named(whom: Candidate) -> str:
    name = whom.person.name if whom.person else whom.name or "?"
    return tidy(f"{name}, {whom.held.account.name}" if whom.held else name)
