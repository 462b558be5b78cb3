"""What a message says to an interview: an answer to the current item, or words to be kept beside it."""

from dataclasses import replace

from surveys import postponing, successor
from surveys.answers import answered
from surveys.attaching import answer_in, attach, takes_files
from surveys.comments import is_comment, offered, whole
from surveys.consent import agreed
from surveys.events import AnswerRejected, Turn
from surveys.interview import Answer, Interview, Phase
from surveys.questionnaire import ChoiceItem, Item, Questionnaire, StatementItem, WhyItem
from surveys.routing import asking
from surveys.signals import Said, Signal
from surveys.steps import choose, give
from surveys.typed import clean


def said(questionnaire: Questionnaire, interview: Interview, message: Said) -> Turn:
    """The interview after a message."""
    if interview.phase is Phase.NAMING:
        return successor.said(interview, message)
    if interview.put_off:
        return postponing.wake(interview)
    if interview.current is None:
        return Turn(interview, (AnswerRejected("buttons_only"),))
    item = asking(questionnaire, interview)
    words = clean(message.text)
    if message.attachments and takes_files(item):
        return _attached(questionnaire, interview, message, attach(item, words, message, interview))
    if message.attachments and not words:
        unwanted = AnswerRejected("buttons_only" if isinstance(item, StatementItem) else "files_unwanted")
        return Turn(interview, (unwanted,))
    answer = answer_in(item, words, message, interview)
    if isinstance(answer, AnswerRejected):
        return _rejected(questionnaire, interview, item, words, message, answer)
    # What fits after words that did not is said instead of them; a reason is said besides.
    here = interview if isinstance(item, WhyItem) else replace(interview, comment=None)
    if isinstance(item, ChoiceItem):
        return choose(questionnaire, here, message, item, answer)
    return give(questionnaire, here, message, answer)


def _rejected(
    questionnaire: Questionnaire, interview: Interview, item: Item, words: str, message: Said, rejected: AnswerRejected
) -> Turn:
    comment = offered(questionnaire, interview, item, words, message) if is_comment(words, rejected) else rejected
    if isinstance(comment, AnswerRejected):
        return Turn(interview, (comment,))
    return Turn(replace(interview, turn=interview.turn + 1, comment=comment))


def _attached(questionnaire: Questionnaire, interview: Interview, said: Said, answer: Answer | AnswerRejected) -> Turn:
    """Answered at once, and still asked: more files or words may follow. Of several options it is one tick of many."""
    if isinstance(answer, AnswerRejected):
        return Turn(interview, (answer,))
    item = questionnaire.item(answer.item)
    if isinstance(item, ChoiceItem) and item.several:
        return Turn(replace(interview, turn=interview.turn + 1, draft=answer))
    kept = answered(questionnaire, agreed(questionnaire, interview, said), answer)
    still = replace(kept.interview, turn=interview.turn + 1, draft=answer, comment=None)
    return Turn(still, kept.events)


def keep(questionnaire: Questionnaire, interview: Interview, signal: Signal, comment: Answer) -> Turn:
    """What was offered is kept, as the answer where it is what is asked just now; else the question still stands."""
    answer = whole(questionnaire, interview, comment)
    if answer.item == interview.current:
        return give(questionnaire, replace(interview, comment=None), signal, answer)
    kept = answered(questionnaire, agreed(questionnaire, interview, signal), answer)
    return Turn(replace(kept.interview, turn=interview.turn + 1, comment=None), kept.events)
