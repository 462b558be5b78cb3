"""What the events for other systems are called. Knows nothing of cases: the configuration, too, is checked with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from surveys.cases import case as cases
    from surveys.improvements import improvement as improvements

SIGNAL: Final = "signal.raised"
OPENED: Final = "case.opened"
CLOSED: Final = "case.closed"
REOPENED: Final = "case.reopened"
FORGOTTEN: Final = "case.forgotten"
"""Whoever complained is erased here, and is to be erased wherever this was told."""

OF_CASE: Final[Mapping["cases.Kind", str]] = {
    "signal": "case.explained",
    "corrected": "case.corrected",
    "take": "case.taken",
    "contacted": "case.contacted",
    "note": "case.noted",
    "cause": "case.cause_named",
    "action": "case.action_planned",
    "due": "case.action_planned",
    "done": "case.done",
    "reassign": "case.reassigned",
    "merge": CLOSED,
    "absorbed": "case.absorbed",
    "snooze": "case.snoozed",
    "woken": "case.woken",
    "reminded": "case.reminded",
    "escalated": "case.escalated",
    "asked": "case.client_asked",
    "answer": "case.client_answered",
    "unanswered": CLOSED,
}
"""Step -> event, where the case is neither opened, closed nor reopened by it."""

OF_IMPROVEMENT: Final[Mapping["improvements.Kind", str]] = {
    "described": "improvement.described",
    "decided": "improvement.decided",
    "owned": "improvement.owned",
    "expected": "improvement.expected",
    "planned": "improvement.planned",
    "started": "improvement.started",
    "finished": "improvement.finished",
    "told": "improvement.worded",
    "sent": "improvement.told",
}

EVENTS: Final[tuple[str, ...]] = (
    SIGNAL,
    OPENED,
    *dict.fromkeys(OF_CASE.values()),
    REOPENED,
    FORGOTTEN,
    "improvement.opened",
    *OF_IMPROVEMENT.values(),
)
"""Everything there is to be told of."""


def meant(pattern: str) -> tuple[str, ...]:
    """The types of event that are written so; nothing where there are none.

    >>> meant("case.closed"), meant("signal.*"), meant("case.opend")
    (('case.closed',), ('signal.raised',), ())
    """
    family, dot, name = pattern.partition(".")
    return tuple(type_ for type_ in EVENTS if type_ == pattern or (name == "*" and type_.startswith(family + dot)))
