"""Which answers count: what is given, and what counts no more because of it."""

from dataclasses import replace

from surveys.events import AnswerGiven, AnswerWithdrawn, Turn
from surveys.interview import Answer, Interview
from surveys.questionnaire import Item, Questionnaire, ScaleItem, WhyItem
from surveys.routing import answer_role, asked_band, route


def answered(questionnaire: Questionnaire, interview: Interview, answer: Answer) -> Turn:
    """With the answer, and without those that it takes off the route."""
    item = questionnaire.item(answer.item)
    unchanged = interview.answers.get(answer.item) == answer
    events = () if unchanged else (given(questionnaire, interview, item, answer),)
    amended = interview.amended or (interview.amending and not unchanged)
    changed = replace(interview, answers={**interview.answers, answer.item: answer}, amended=amended)
    still, withdrawn = settled(questionnaire, interview, changed)
    return Turn(still, (*events, *withdrawn))


def given(questionnaire: Questionnaire, interview: Interview, item: Item, answer: Answer) -> AnswerGiven:
    """Only a score is on a scale: that the question does not apply is in no base."""
    scale = item.scale.key if isinstance(item, ScaleItem) and answer.score is not None else None
    role = answer_role(questionnaire, interview, item)
    return AnswerGiven(answer, role, scale, item.component, item.block)


def settled(
    questionnaire: Questionnaire, before: Interview, after: Interview
) -> tuple[Interview, tuple[AnswerWithdrawn, ...]]:
    """`after` without the answers whose question the route no longer passes, or now asks in other words.

    A reason given before the score, as a comment, is one for any score. A withdrawn answer may take others with it.
    """
    passed = {item.key for item in route(questionnaire, after)}

    def stands(key: str) -> bool:
        item = questionnaire.item(key)
        if not isinstance(item, WhyItem):
            return key in passed
        asked = asked_band(item, before)
        return item.about in passed and (asked is None or asked == asked_band(item, after))

    withdrawn = tuple(key for key in after.answers if not stands(key))
    if not withdrawn:
        return after, ()
    kept = {key: given for key, given in after.answers.items() if key not in withdrawn}
    rest, more = settled(questionnaire, after, replace(after, answers=kept))
    return rest, (*map(AnswerWithdrawn, withdrawn), *more)
