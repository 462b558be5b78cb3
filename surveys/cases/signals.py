"""Signals: which answers open a case, and how grave each is. The rules are data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from metrics.scales import CES_5, CSAT_5, NPS, Kind, Scale, score_100
from surveys.cases.words import AlertWords, alarming

Rule = Literal["nps", "csat", "ces", "drop", "silent", "word", "remark"]
Severity = Literal["low", "normal", "critical"]

GRADES: Final[tuple[Severity, ...]] = ("low", "normal", "critical")
SEVERITY: Final[Mapping[Rule, Severity]] = {
    "nps": "normal",
    "csat": "normal",
    "ces": "normal",
    "drop": "normal",
    "silent": "low",
    "word": "critical",
    "remark": "low",
}
USUAL: Final[Mapping[Kind, Scale]] = {"nps": NPS, "csat": CSAT_5, "ces": CES_5}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRules:
    """From where on an answer is a signal; None switches a rule off.

    `limits`: kind of scale -> the highest score that is one, on the usual scale of that kind, other scales by
    proportion. `drop`: points lost since this person's last answer to the item. `remark`: whether words that go with
    no score are one.
    """

    limits: Mapping[Kind, int | None]
    drop: int | None
    remark: bool
    words: AlertWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A score somebody gave. `before`: their last one for the same item."""

    score: int
    scale: Scale
    before: int | None = None


def of_score(mark: Mark, rules: SignalRules) -> tuple[Rule, ...]:
    """The rules that a score meets.

    >>> rules = SignalRules(limits={"nps": 6, "csat": 2, "ces": 2}, drop=3, remark=True, words=AlertWords())
    >>> of_score(Mark(score=7, scale=NPS, before=10), rules), of_score(Mark(score=2, scale=CSAT_5), rules)
    (('drop',), ('csat',))
    """
    low: tuple[Rule, ...] = (mark.scale.kind,) if mark.scale.kind and _is_low(mark, rules) else ()
    return (*low, "drop") if _dropped(mark, rules) else low


def may_be_drop(mark: Mark, rules: SignalRules) -> bool:
    """Whether the last score could have been so much better: else nobody needs to look it up."""
    worst_case = Mark(score=mark.score, scale=mark.scale, before=_best(mark.scale))
    return _dropped(worst_case, rules)


def of_words(text: str, rules: SignalRules, *, alone: bool) -> tuple[Rule, ...]:
    """The rules that words meet. `alone`: no score goes with them."""
    grave: tuple[Rule, ...] = ("word",) if alarming(text, rules.words) else ()
    return (*grave, "remark") if alone and rules.remark else grave


def gravest(rules: Sequence[Rule]) -> Severity:
    """How grave a case with these signals is."""
    return max((SEVERITY[rule] for rule in rules), key=GRADES.index)


def _is_low(mark: Mark, rules: SignalRules) -> bool:
    kind = mark.scale.kind
    limit = rules.limits.get(kind) if kind else None
    if kind is None or limit is None:
        return False
    return score_100(mark.score, mark.scale) <= score_100(limit, USUAL[kind])


def _dropped(mark: Mark, rules: SignalRules) -> bool:
    if rules.drop is None or mark.before is None:
        return False
    lost = mark.before - mark.score
    return (lost if mark.scale.higher_is_better else -lost) >= rules.drop


def _best(scale: Scale) -> int:
    return scale.high if scale.higher_is_better else scale.low
