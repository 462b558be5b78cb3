"""From one question of an interview to the next."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from surveys.answers import answered, settled
from surveys.comments import whole
from surveys.ending import complete
from surveys.events import AnswerRejected, Event, Turn
from surveys.interview import Answer, Interview, Phase
from surveys.questionnaire import ChoiceItem, Item, Language, Mode, Questionnaire, WhyItem
from surveys.routing import asked_band, following, route
from surveys.signals import Signal
from surveys.typed import is_final


def consent_digest(questionnaire: Questionnaire, mode: Mode, language: Language) -> str:
    """SHA-256, hexadecimal, of the text that is agreed to."""
    return hashlib.sha256(questionnaire.consent[mode][language].encode()).hexdigest()


def agree(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Interview:
    """The interview with the consent that the first step gives; coming back to the start changes the moment of it."""
    until = signal.at + timedelta(days=questionnaire.validity) if questionnaire.validity else None
    return replace(
        interview,
        consented_at=signal.at,
        consent=consent_digest(questionnaire, interview.mode, interview.language),
        valid_until=interview.valid_until or until,
    )


def choose(
    questionnaire: Questionnaire,
    interview: Interview,
    signal: Signal,
    item: ChoiceItem,
    ticked: Answer | AnswerRejected,
) -> Turn:
    """An option more or less; on as soon as nothing can be added."""
    if isinstance(ticked, AnswerRejected):
        return Turn(interview, (ticked,))
    if is_final(item, ticked):
        return give(questionnaire, interview, signal, ticked)
    return Turn(replace(interview, turn=interview.turn + 1, draft=ticked))


def give(questionnaire: Questionnaire, interview: Interview, signal: Signal, answer: Answer) -> Turn:
    """The current item is answered, and what comes next is asked."""
    kept = answered(questionnaire, interview, answer)
    still = kept.interview
    if interview.changing is not None:
        still = replace(still, trail=_still_shown(questionnaire, interview, still))
    return step(questionnaire, still, signal, kept.events)


def _still_shown(questionnaire: Questionnaire, before: Interview, after: Interview) -> tuple[str, ...]:
    """Of what was shown, what the route passes as before. The rest is new to the person, should it come."""
    passed = {item.key for item in route(questionnaire, after)}

    def same(key: str) -> bool:
        item = questionnaire.item(key)
        return asked_band(item, before) == asked_band(item, after)

    return tuple(key for key in after.trail if key in passed and same(key))


def step(questionnaire: Questionnaire, interview: Interview, signal: Signal, events: tuple[Event, ...]) -> Turn:
    """On to the next item of the route, to the review, or to the end."""
    if interview.consented_at is None:
        interview = agree(questionnaire, interview, signal)
    interview, events = _with_words_beside(questionnaire, interview, events)
    item = following(questionnaire, interview)
    moved = replace(
        interview,
        turn=interview.turn + 1,
        trail=_shown(questionnaire, interview),
        draft=None,
        comment=_still_offered(interview, item),
    )
    if item is not None and interview.changing is not None:
        return Turn(replace(moved, changing=item.key), events)
    if item is not None:
        return Turn(replace(moved, trail=(*moved.trail, item.key)), events)
    if questionnaire.review or interview.amending:
        return Turn(replace(moved, phase=Phase.REVIEW, changing=None), events)
    closed = complete(questionnaire, interview, signal)
    return Turn(closed.interview, events + closed.events)


def _with_words_beside(
    questionnaire: Questionnaire, interview: Interview, events: tuple[Event, ...]
) -> tuple[Interview, tuple[Event, ...]]:
    """Whoever answers without a word about those on offer does not mean to lose them."""
    comment = interview.comment
    if comment is None or _still_offered(interview, following(questionnaire, interview)):
        return interview, events
    kept = answered(questionnaire, replace(interview, comment=None), whole(questionnaire, interview, comment))
    return kept.interview, (*events, *kept.events)


def _still_offered(interview: Interview, item: Item | None) -> Answer | None:
    """Words beside a score may be the reason that is asked for next."""
    comment = interview.comment
    explains = comment is not None and isinstance(item, WhyItem) and item.about == comment.item
    return comment if explains else None


def resettled(
    questionnaire: Questionnaire, before: Interview, after: Interview, signal: Signal, events: tuple[Event, ...]
) -> Turn:
    """`after`, which has changed elsewhere than on its card: the same card again, unless its item is asked no more."""
    still, withdrawn = settled(questionnaire, before, after)
    passed = {item.key for item in route(questionnaire, still)}
    stays = Turn(replace(still, turn=still.turn + 1), (*events, *withdrawn))
    turn = stays if still.current in {None, *passed} else step(questionnaire, still, signal, stays.events)
    trail = tuple(key for key in turn.interview.trail if key in passed)
    return replace(turn, interview=replace(turn.interview, trail=trail))


def _shown(questionnaire: Questionnaire, interview: Interview) -> tuple[str, ...]:
    """What was shown so far, the item being asked included, in the order of the questionnaire."""
    if interview.changing is None:
        return interview.trail
    return tuple(sorted({*interview.trail, interview.changing}, key=questionnaire.position))
