"""From one question of an interview to the next."""

from dataclasses import replace

from surveys.answers import answered, settled
from surveys.comments import kept
from surveys.consent import agreed
from surveys.ending import complete
from surveys.events import AnswerRejected, Event, Turn
from surveys.interview import Answer, Interview, Phase
from surveys.questionnaire import ChoiceItem, Item, Questionnaire, WhyItem
from surveys.routing import asked_band, following, route
from surveys.signals import Signal
from surveys.typed import is_final


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
    turn = answered(questionnaire, interview, answer)
    still = turn.interview
    if interview.changing is not None:
        still = replace(still, trail=_still_shown(questionnaire, interview, still))
    return step(questionnaire, still, signal, turn.events)


def _still_shown(questionnaire: Questionnaire, before: Interview, after: Interview) -> tuple[str, ...]:
    """Of what was shown, what the route passes as before. The rest is new to the person, should it come."""
    passed = {item.key for item in route(questionnaire, after)}

    def same(key: str) -> bool:
        item = questionnaire.item(key)
        return asked_band(item, before) == asked_band(item, after)

    return tuple(key for key in after.trail if key in passed and same(key))


def step(questionnaire: Questionnaire, interview: Interview, signal: Signal, events: tuple[Event, ...]) -> Turn:
    """On to the next item of the route, to the review, or to the end."""
    interview, events = _with_words_beside(questionnaire, agreed(questionnaire, interview, signal), events)
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
    with_words = kept(questionnaire, interview, comment)
    return with_words.interview, (*events, *with_words.events)


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
    draft = turn.interview.draft
    ticked = draft if draft is not None and draft.item in passed else None
    return replace(turn, interview=replace(turn.interview, trail=trail, draft=ticked))


def _shown(questionnaire: Questionnaire, interview: Interview) -> tuple[str, ...]:
    """What was shown so far, the item being asked included, in the order of the questionnaire."""
    if interview.changing is None:
        return interview.trail
    return tuple(sorted({*interview.trail, interview.changing}, key=questionnaire.position))
