"""Agenda and minutes of the committee, as Markdown."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from handlers.committee_words import STATUSES, cause_title, compared, day, facts, plan, told
from surveys.cases.rules import Names
from surveys.changes import Comparison
from surveys.improvements.causes import Repeated
from surveys.improvements.committee import untouched
from surveys.improvements.improvement import Improvement
from surveys.improvements.ports import Told
from surveys.locales import translations
from surveys.questionnaire import Language

MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~]|^[#+=-]|(?<=^[0-9])[.)])")
QUOTED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What lies before the committee. `since`: None for all time. `effects`: of those that are finished, by id."""

    since: datetime | None
    now: datetime
    causes: Sequence[Repeated]
    improvements: Sequence[Improvement]
    effects: Mapping[int, Comparison]
    steps: Sequence[Told]
    people: Mapping[int, str]
    names: Names
    zone: ZoneInfo
    language: Language


def agenda(papers: Papers) -> str:
    """What is to be decided: causes nobody has taken up, and improvements, but for those long finished or declined."""
    t = translations("bot", papers.language).gettext
    to_take_up, under_way = t("Causes without an improvement"), t("Improvements")
    parts = [_head(papers, t("Agenda of the committee")), f"## {to_take_up}"]
    fresh = untouched(papers.causes, papers.improvements)
    parts += ["\n".join(_cause(papers, one)) for one in fresh] or [t("None.")]
    parts.append(f"## {under_way}")
    moved = {step.improvement_id for step in papers.steps}
    current = [one for one in papers.improvements if one.status not in ("finished", "wont") or one.id in moved]
    parts += ["\n".join(_improvement(papers, one)) for one in current] or [t("None.")]
    return _page(parts)


def minutes(papers: Papers) -> str:
    """What was decided and done in the period, with who and when."""
    t = translations("bot", papers.language).gettext
    parts = [_head(papers, t("Minutes of the committee"))]
    known = {one.id: one for one in papers.improvements}
    for number in dict.fromkeys(step.improvement_id for step in papers.steps):
        lines = _improvement(papers, known[number])
        done = (step.happened for step in papers.steps if step.improvement_id == number)
        history = (f"- {plain(told(each, papers.people, papers.language, papers.zone))}" for each in done)
        parts.append("\n".join([*lines, "", *history]))
    return _page(parts if len(parts) > 1 else [*parts, t("None.")])


PAPERS: Final[Mapping[str, Callable[[Papers], str]]] = {"agenda": agenda, "minutes": minutes}


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _head(papers: Papers, title: str) -> str:
    t = translations("bot", papers.language).gettext
    until = day(papers.now, papers.language, papers.zone)
    since = day(papers.since, papers.language, papers.zone) if papers.since else t("the beginning")
    period = t("From {since} to {until}").format(since=since, until=until)
    return f"# {title}\n\n{period}"


def _cause(papers: Papers, one: Repeated) -> Iterator[str]:
    yield f"### {plain(cause_title(one.cause, papers.names, papers.language))}"
    yield ""
    yield from (f"- {plain(fact)}" for fact in facts(one, papers.language, papers.zone))
    yield from quotes(one)


def quotes(one: Repeated) -> Iterator[str]:
    """The newest words, each under whose account it is; nobody is named."""
    said = ((each, words) for each in one.complaints for words in each.words)
    for _, (each, words) in zip(range(QUOTED), said, strict=False):
        yield ""
        yield f"> {plain(' '.join(words.split()))}"
        yield f"> – {plain(each.account.name)}"


def _improvement(papers: Papers, one: Improvement) -> Iterator[str]:
    t = translations("bot", papers.language).gettext
    yield f"### {plain(cause_title(one.cause, papers.names, papers.language))}"
    yield ""
    yield f"- {t(STATUSES[one.status])}"
    yield from (f"- {plain(line)}" for line in plan(one, papers.people, papers.language, papers.zone))
    if found := papers.effects.get(one.id):
        yield from (f"- {plain(line)}" for line in compared(found, papers.language))


def plain(words: str) -> str:
    """The words in Markdown that shows them as they are.

    >>> plain("*late* [again]")
    '\\\\*late\\\\* \\\\[again\\\\]'
    """
    return MARKUP.sub(r"\\\1", " ".join(words.split()))
