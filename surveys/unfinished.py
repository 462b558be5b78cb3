"""What somebody wrote that only waited for one more tap when the interview ended."""

from surveys.answers import answered
from surveys.comments import after, kept
from surveys.consent import agreed
from surveys.events import Turn
from surveys.interview import Answer, Interview
from surveys.questionnaire import ChoiceItem, Questionnaire
from surveys.signals import Signal
from surveys.typed import lacking


def gathered(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Turn:
    """The interview with it: it counts, unless it was declined. Who writes below the consent has agreed to it."""
    answer, comment = _answer(questionnaire, interview), _comment(questionnaire, interview)
    if answer is None and comment is None:
        return Turn(interview)
    here = agreed(questionnaire, interview, signal)
    turn = Turn(here) if answer is None else answered(questionnaire, here, answer)
    words = kept(questionnaire, turn.interview, comment)
    return Turn(words.interview, (*turn.events, *words.events))


def _answer(questionnaire: Questionnaire, interview: Interview) -> Answer | None:
    """Own words among what is ticked, with the ticks, if they would be taken. What was answered before stands."""
    draft = interview.draft
    if draft is None or not (draft.text or draft.attachments) or draft.item in interview.answers:
        return None
    item = questionnaire.item(draft.item)
    return None if isinstance(item, ChoiceItem) and lacking(item, draft) else draft


def _comment(questionnaire: Questionnaire, interview: Interview) -> Answer | None:
    """The words on offer, and those among ticks that would not be taken."""
    draft, comment = interview.draft, interview.comment
    if draft is None or not draft.text or _answer(questionnaire, interview) is not None:
        return comment
    given = interview.answers.get(draft.item)
    if given is not None and given.text == draft.text:
        return comment
    words = Answer(draft.item, text=draft.text, attachments=draft.attachments, pieces=draft.pieces)
    return words if comment is None else after(words, comment)
