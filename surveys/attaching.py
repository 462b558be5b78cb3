"""Answers to which files belong. Files stay on the card, so that more of them, or words, can follow."""

from dataclasses import replace

from surveys.attachments import AT_MOST, joined, together
from surveys.comments import whence
from surveys.events import AnswerRejected
from surveys.interview import Answer, Interview, Piece
from surveys.questionnaire import OTHER, TEXT_LIMIT, ChoiceItem, Item, TextItem, WhyItem
from surveys.signals import Said
from surveys.typed import read, standing, tick


def takes_files(item: Item) -> bool:
    """Whether the item is answered in the person's own words."""
    return isinstance(item, TextItem | WhyItem) or (isinstance(item, ChoiceItem) and item.other is not None)


def attach(item: Item, words: str, message: Said, interview: Interview) -> Answer | AnswerRejected:
    """The answer with the files of the message, and the words that came with them, added to what stands."""
    whole = _whole(item, interview)
    if isinstance(whole, AnswerRejected):
        return whole
    attachments = joined(whole.attachments, message.attachments)
    if len(attachments) > AT_MOST:
        return AnswerRejected("too_many_files", {"limit": AT_MOST})
    text, limit = together(whole.text, words), _limit(item)
    if text is not None and len(text) > limit:
        return AnswerRejected("too_long", {"length": len(text), "limit": limit})
    pieces = (*whence(whole), Piece(message.message_id, len(words)))
    return replace(whole, text=text, attachments=attachments, pieces=pieces)


def answer_in(item: Item, words: str, message: Said, interview: Interview) -> Answer | AnswerRejected:
    """The answer in these cleaned words. Right after files they join what came with them, and later replace it."""
    before = standing(item, interview)
    follows = interview.draft is not None and bool(interview.draft.attachments)
    if follows and words and not isinstance(item, ChoiceItem):
        return attach(item, words, message, interview)
    answer = read(item, words, interview.language, before)
    if isinstance(answer, AnswerRejected) or (answer.text != words and _several(item)):
        return answer
    if before is None or not before.attachments or not answer.text:
        return replace(answer, pieces=(Piece(message.message_id, len(words)),))
    if follows:
        return attach(item, words, message, interview)
    return replace(answer, attachments=before.attachments, pieces=(Piece(message.message_id, len(words)),))


def _whole(item: Item, interview: Interview) -> Answer | AnswerRejected:
    before = standing(item, interview)
    if not isinstance(item, ChoiceItem):
        return before or Answer(item.key)
    return before if before and OTHER in before.choice else tick(item, before, OTHER)


def _several(item: Item) -> bool:
    return isinstance(item, ChoiceItem) and item.several


def _limit(item: Item) -> int:
    return item.limit if isinstance(item, TextItem | WhyItem) else TEXT_LIMIT
