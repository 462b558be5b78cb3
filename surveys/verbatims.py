"""The use case of verbatims: the words people wrote, newest first, with the score they explain."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from metrics.scales import EVERY_SCALE
from surveys.questionnaire import COMMENT, Questionnaire, WhyItem
from surveys.reporting import Counts, Dimension, ReportQuery, ReportRules
from surveys.suppression import audit_of

Explained = Mapping[tuple[str, int, str], str]
"""Key and version of a questionnaire, an open question of it -> the question whose score it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """Words of one answer. `score` on `scale`: what they explain, None where they stand alone. `person`: external id.

    In confidential mode only what is common to all that is listed tells where they come from, and `at` is a month.
    """

    answer_id: int
    at: datetime
    text: str
    item: str
    questionnaire: str
    component: str | None
    block: str | None
    score: int | None
    scale: str | None
    role: str | None
    account: str | None
    project: str | None
    stage: str | None
    person: str | None


class Words(Protocol):
    """Reads answers in words."""

    def verbatims(self, query: ReportQuery, explained: Explained) -> AsyncGenerator[Verbatim, None]:
        """The words that stand now in the query's cut and period, the newest first, as a stream."""
        ...


CONTEXT: Final[tuple[Dimension, ...]] = ("role", "account", "project", "stage")


def explained(questionnaires: Iterable[Questionnaire]) -> Explained:
    """Which score each open question asks the reason for, and each comment stands beside."""
    return {
        (one.key, one.version, item.key if isinstance(item, WhyItem) else item.key + COMMENT): (
            item.about if isinstance(item, WhyItem) else item.key
        )
        for one in questionnaires
        for item in one.items
    }


async def verbatims(
    query: ReportQuery, counts: Counts, words: Words, rules: ReportRules, about: Explained
) -> AsyncGenerator[Verbatim, None] | None:
    """The words of the cut; the query's metric and breakdown are not looked at. None: suppressed, too few people."""
    cut = replace(query, metric="nps", by=None, method=None)
    found = words.verbatims(_with_reasons(cut, about), about)
    if rules.mode != "confidential":
        return found
    audit = audit_of(await counts.audience(cut), tuple(EVERY_SCALE), rules.min_group_verbatims)
    if audit.hidden_of(cut).total or audit.size(cut) < rules.min_group_verbatims:
        return None
    return _nameless(found, cut)


def _with_reasons(cut: ReportQuery, about: Explained) -> ReportQuery:
    """Who asks for the words about a question means those that say why it was answered so."""
    asked = cut.where.get("item")
    if asked is None:
        return cut
    reasons = sorted({item for (_, _, item), scored in about.items() if scored in asked})
    return replace(cut, where={**cut.where, "item": tuple(dict.fromkeys([*asked, *reasons]))})


async def _nameless(found: AsyncGenerator[Verbatim, None], cut: ReportQuery) -> AsyncGenerator[Verbatim, None]:
    told = {dimension for dimension in CONTEXT if len(cut.where.get(dimension, ())) == 1}
    async with aclosing(found) as words:
        async for one in words:
            yield _unsigned(one, told)


def _unsigned(one: Verbatim, told: Collection[Dimension]) -> Verbatim:
    return replace(
        one,
        answer_id=0,
        at=one.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0),
        person=None,
        role=one.role if "role" in told else None,
        account=one.account if "account" in told else None,
        project=one.project if "project" in told else None,
        stage=one.stage if "stage" in told else None,
    )
