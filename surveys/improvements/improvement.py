"""An improvement as a pure state machine, as a case is: `act(improvement, action) -> (improvement, happened)`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, get_args

from surveys.cases.case import Happened, Values
from surveys.errors import SurveyError
from surveys.improvements.causes import Cause
from surveys.questionnaire import Language

Decision = Literal["do", "later", "wont"]
Gauge = Literal["csat", "ces", "nps"]
"""The metric an improvement is expected to move."""
Status = Literal["proposed", "planned", "started", "finished", "later", "wont"]
Kind = Literal["described", "decided", "owned", "expected", "planned", "started", "finished", "told", "sent"]

DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
GAUGES: Final[tuple[Gauge, ...]] = get_args(Gauge)


class NotNow(SurveyError):
    """The action makes no sense as things stand."""

    code = "improvement_not_now"


class Overtaken(SurveyError):
    """Somebody took a step since this person's card was drawn."""

    code = "improvement_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """What is done about a cause, or why nothing is. `version` grows with every step.

    `what`: in the committee's words. `owner`: Telegram id. `expected`: the effect, in words. `due`: until when.
    `started_at`, `ended_at`: the metric is compared before the one and after the other. `told`: what clients are told,
    by language.
    """

    id: int = 0
    cause: Cause
    opened_at: datetime
    version: int = 1
    what: str | None = None
    owner: int | None = None
    decision: Decision | None = None
    reason: str | None = None
    metric: Gauge | None = None
    expected: str | None = None
    due: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    told: Mapping[Language, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Where it stands.

        >>> from datetime import UTC
        >>> at = datetime(2026, 7, 1, tzinfo=UTC)
        >>> Improvement(cause=Cause(), opened_at=at, decision="do", started_at=at).status
        'started'
        """
        if self.ended_at is not None:
            return "finished"
        if self.decision is None:
            return "proposed"
        if self.decision != "do":
            return self.decision
        return "started" if self.started_at is not None else "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does. `at`: aware, UTC. `actor` None: another system told of it."""

    kind: Kind
    at: datetime
    actor: int | None
    detail: Values = field(default_factory=dict)


def act(improvement: Improvement, step: Step) -> tuple[Improvement, Happened]:
    """The improvement after the step, one version on, and what its history says. Raises NotNow."""
    allowed, change = STEPS[step.kind]
    if improvement.status not in allowed:
        raise NotNow(status=improvement.status, action=step.kind)
    after = change(improvement, step)
    happened = Happened(kind=step.kind, at=step.at, actor=step.actor, detail=step.detail)
    return replace(after, version=improvement.version + 1), happened


def _described(improvement: Improvement, step: Step) -> Improvement:
    return replace(improvement, what=str(step.detail["text"]))


def _decided(improvement: Improvement, step: Step) -> Improvement:
    decision = next(known for known in DECISIONS if known == step.detail["decision"])
    return replace(improvement, decision=decision, reason=str(step.detail["text"]))


def _owned(improvement: Improvement, step: Step) -> Improvement:
    return replace(improvement, owner=int(str(step.detail["to"])))


def _expected(improvement: Improvement, step: Step) -> Improvement:
    metric = next(known for known in GAUGES if known == step.detail["metric"])
    return replace(improvement, metric=metric, expected=str(step.detail["text"]))


def _planned(improvement: Improvement, step: Step) -> Improvement:
    return replace(improvement, due=datetime.fromisoformat(str(step.detail["until"])))


def _started(improvement: Improvement, step: Step) -> Improvement:
    return replace(improvement, started_at=step.at)


def _finished(improvement: Improvement, step: Step) -> Improvement:
    return replace(improvement, ended_at=step.at)


def _told(improvement: Improvement, step: Step) -> Improvement:
    said = {str(step.detail["language"]): str(step.detail["text"])}
    return replace(improvement, told={**improvement.told, **said})


def _same(improvement: Improvement, step: Step) -> Improvement:
    return improvement


AHEAD: Final[tuple[Status, ...]] = ("proposed", "planned", "started", "later")
DECIDED: Final[tuple[Status, ...]] = ("planned", "started", "finished", "later", "wont")

STEPS: Final[Mapping[Kind, tuple[tuple[Status, ...], Callable[[Improvement, Step], Improvement]]]] = {
    "described": (AHEAD, _described),
    "decided": (AHEAD, _decided),
    "owned": (AHEAD, _owned),
    "expected": (AHEAD, _expected),
    "planned": (AHEAD, _planned),
    "started": (("planned",), _started),
    "finished": (("started",), _finished),
    "told": (DECIDED, _told),
    "sent": (DECIDED, _same),
}
"""Step -> where it makes sense, and what it does. What was declined is not reopened: the cause gets a new one."""
