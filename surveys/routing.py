"""Which way an interview goes: the items it passes, given the answers so far."""

from collections.abc import Container, Iterator
from datetime import date
from typing import assert_never

from surveys.conditions import (
    Answered,
    AtStage,
    Between,
    Chose,
    Condition,
    During,
    EventSays,
    Every,
    HasRole,
    Inapplicable,
    Not,
    OfAnswer,
    Scored,
    Skipped,
    Some,
    Speaks,
)
from surveys.interview import Answer, Interview
from surveys.questionnaire import (
    EVERY_ROLE,
    Asked,
    Band,
    Item,
    Questionnaire,
    StatementItem,
    Text,
    WhyItem,
    addressed_role,
)


def route(questionnaire: Questionnaire, interview: Interview) -> Iterator[Item]:
    """The items this interview passes, in order, given the answers so far.

    A jump is taken after the item and the "why" that belongs to it. Conditions look back alone, so one pass is enough.
    """
    passed: set[str] = set()
    leader, target = "", None
    for item in questionnaire.items:
        if target not in (None, item.key) and not (isinstance(item, WhyItem) and item.about == leader):
            continue
        if item.key == target:
            target = None
        if _asked(item, interview, passed):
            passed.add(item.key)
            yield item
            if isinstance(item, Asked) and (jump := _jump(item, interview, passed)):
                leader, target = item.key, jump


def following(questionnaire: Questionnaire, interview: Interview) -> Item | None:
    """What comes on the route after the item being asked; None at the end.

    After an item that is changed out of the review that is what has not been shown yet.
    """
    if interview.changing is not None:
        shown = {*interview.trail, interview.changing}
        return next((item for item in route(questionnaire, interview) if item.key not in shown), None)
    here = questionnaire.position(interview.trail[-1])
    return next((item for item in route(questionnaire, interview) if questionnaire.position(item.key) > here), None)


def asking(questionnaire: Questionnaire, interview: Interview) -> Item:
    """The item being asked. Raises LookupError outside the questions."""
    if interview.current is None:
        raise LookupError("nothing is being asked")
    return questionnaire.item(interview.current)


def listed(questionnaire: Questionnaire, interview: Interview) -> tuple[Item, ...]:
    """The questions of this interview, as its answers stand."""
    return tuple(item for item in route(questionnaire, interview) if not isinstance(item, StatementItem))


def closing(questionnaire: Questionnaire, interview: Interview) -> Text:
    """The last words for this person."""
    passed = {item.key for item in route(questionnaire, interview)}
    fitting = (one.text for one in questionnaire.closings if holds(one.when, interview, passed))
    return next(fitting, questionnaire.closing)


def asked_band(item: Item, interview: Interview) -> Band | None:
    """The band of a "why" that the score given to its item falls in; None for every other item."""
    if not isinstance(item, WhyItem):
        return None
    answer = interview.answers.get(item.about)
    return next((band for band in item.bands if answer and answer.score in band.scores), None)


def progress(questionnaire: Questionnaire, interview: Interview) -> tuple[int, int]:
    """Number of the question being asked, from 1, and how many there are as things stand.

    A "why" goes with its question. A statement is none: it goes with the question after it, or with the last one.
    """
    asked = [item for item in route(questionnaire, interview) if not isinstance(item, WhyItem)]
    current = asking(questionnaire, interview)
    here = questionnaire.position(current.about if isinstance(current, WhyItem) else current.key)
    questions = [questionnaire.position(item.key) for item in asked if not isinstance(item, StatementItem)]
    number = sum(position < here for position in questions) + 1
    return min(number, len(questions)), len(questions)


def wording(item: Item, interview: Interview) -> Text:
    """The question as it is put to this person."""
    if isinstance(item, WhyItem):
        return (asked_band(item, interview) or item.bands[0]).text
    role = addressed_role(item, interview.roles)
    return item.wording.get(role or "") or next(iter(item.wording.values()))


def read_out(item: Item, interview: Interview) -> Text:
    """The question as an interviewer reads it out to this person."""
    if isinstance(item, WhyItem):
        return wording(item, interview)
    role = addressed_role(item, interview.roles)
    return item.aloud.get(role or "") or item.aloud.get(EVERY_ROLE) or wording(item, interview)


def answer_role(questionnaire: Questionnaire, interview: Interview, item: Item) -> str:
    """The role the answer counts under: the addressed one with the greatest weight."""
    asked = questionnaire.item(item.about) if isinstance(item, WhyItem) else item
    if isinstance(asked, WhyItem):
        raise TypeError(f"{item.key} is about another open question")
    return addressed_role(asked, interview.roles) or interview.roles[0]


def holds(condition: Condition, interview: Interview, passed: Container[str]) -> bool:
    """Whether it is so. `passed`: keys of the items asked so far; what was not asked is not skipped either."""
    match condition:
        case Every(parts):
            return all(holds(part, interview, passed) for part in parts)
        case Some(parts):
            return any(holds(part, interview, passed) for part in parts)
        case Not(part):
            return not holds(part, interview, passed)
        case HasRole(roles):
            return not roles.isdisjoint(interview.roles)
        case AtStage(stages):
            return interview.stage in stages
        case Speaks(languages):
            return interview.language in languages
        case EventSays(name, values):
            return interview.event.get(name) in values
        case _:
            return condition.item in passed and _fits(condition, interview.answers.get(condition.item))


def _fits(condition: OfAnswer, answer: Answer | None) -> bool:
    if answer is None:
        return isinstance(condition, Skipped)
    if not answer.applicable:
        return isinstance(condition, Inapplicable)
    match condition:
        case Scored(_, scores):
            return answer.score in scores
        case Chose(_, options):
            return not options.isdisjoint(answer.choice)
        case Between(_, low, high):
            number = int(answer.choice[0])
            return (low is None or low <= number) and (high is None or number <= high)
        case During(_, since, until):
            day = date.fromisoformat(answer.choice[0])
            return (since is None or since <= day) and (until is None or day <= until)
        case Answered():
            return True
        case Skipped() | Inapplicable():
            return False
        case _:
            assert_never(condition)


def _asked(item: Item, interview: Interview, passed: Container[str]) -> bool:
    if isinstance(item, WhyItem):
        return item.about in passed and asked_band(item, interview) is not None
    if addressed_role(item, interview.roles) is None:
        return False
    return item.when is None or holds(item.when, interview, passed)


def _jump(item: Asked, interview: Interview, passed: Container[str]) -> str | None:
    taken = (route.to for route in item.routes if route.when is None or holds(route.when, interview, passed))
    return next(taken, None)
