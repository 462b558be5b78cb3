"""Words where a button is expected: offered to be kept with the question as a comment."""

import re
from dataclasses import replace
from typing import Final

from surveys.answers import answered
from surveys.attachments import joined, together
from surveys.days import day_in
from surveys.events import AnswerRejected, Reason, Turn
from surveys.interview import Answer, Interview, Piece
from surveys.numerals import number_in
from surveys.questionnaire import Item, Questionnaire, WhyItem
from surveys.routing import asked_band
from surveys.signals import Said

OFFERED: Final[frozenset[Reason]] = frozenset({"not_a_score", "not_an_option", "not_a_number", "not_a_date"})
"""Why words may be no answer and yet worth keeping."""

WORD: Final = re.compile(r"[^\W\d_]{2}")


def is_comment(words: str, rejected: AnswerRejected) -> bool:
    """Whether these are words, not a number or a date that does not fit."""
    worded = WORD.search(words) is not None or not any(letter.isdigit() for letter in words)
    return bool(words) and worded and rejected.reason in OFFERED and not (number_in(words) or day_in(words))


def offered(
    questionnaire: Questionnaire, interview: Interview, item: Item, words: str, said: Said
) -> Answer | AnswerRejected:
    """What is offered on the card from now on: these words, after those offered there before."""
    new = Answer(item.key, text=words, attachments=said.attachments, pieces=(Piece(said.message_id, len(words)),))
    comment = new if interview.comment is None else after(interview.comment, new)
    return fitting(questionnaire, whole(questionnaire, interview, comment)) or comment


def whole(questionnaire: Questionnaire, interview: Interview, comment: Answer) -> Answer:
    """The comment as it would be kept: as the reason the question asks for, after what is kept there already."""
    reason = questionnaire.reason(comment.item)
    kept = interview.answers.get(reason.key)
    return replace(comment, item=reason.key) if kept is None else after(kept, comment)


def fitting(questionnaire: Questionnaire, answer: Answer) -> AnswerRejected | None:
    """What keeps the words from being kept."""
    item = questionnaire.item(answer.item)
    length, limit = len(answer.text or ""), item.limit if isinstance(item, WhyItem) else 0
    return AnswerRejected("too_long", {"length": length, "limit": limit}) if length > limit else None


def after(before: Answer, more: Answer) -> Answer:
    """One answer of two, the later behind the earlier."""
    return replace(
        before,
        text=together(before.text, more.text),
        attachments=joined(before.attachments, more.attachments),
        pieces=(*whence(before), *more.pieces),
    )


def whence(answer: Answer) -> tuple[Piece, ...]:
    """Where all its words came from, as far as that is known."""
    return answer.pieces or ((Piece(0, len(answer.text)),) if answer.text else ())


def kept(questionnaire: Questionnaire, interview: Interview, comment: Answer | None) -> Turn:
    """The interview with these words, if any, beside their question, and with none on offer."""
    none = replace(interview, comment=None)
    return Turn(none) if comment is None else answered(questionnaire, none, whole(questionnaire, none, comment))


def beside(questionnaire: Questionnaire, interview: Interview, item: Item) -> Answer | None:
    """The comment kept with a question, unless it stands as the answer to one of its own."""
    if isinstance(item, WhyItem):
        return None
    reason = questionnaire.reason(item.key)
    return None if asked_band(reason, interview) else interview.answers.get(reason.key)
