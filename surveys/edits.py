"""An earlier message whose words are others now: what it said is corrected, as long as that is possible."""

from collections.abc import Iterator
from dataclasses import replace

from surveys.answers import answered
from surveys.attachments import together
from surveys.comments import fitting
from surveys.events import AnswerRejected, EditedTooLate, Turn
from surveys.interview import Answer, Disposition, Interview, Phase, Piece
from surveys.questionnaire import OTHER, TEXT_LIMIT, Item, Questionnaire, TextItem, WhyItem
from surveys.saying import said
from surveys.signals import Edited, Said
from surveys.steps import resettled
from surveys.typed import clean, in_words, read


def heard_in(interview: Interview, message_id: int) -> Answer | None:
    """What this message said, as far as it still stands."""
    standing = _standing(interview)
    return next((one for one in standing if any(piece.message_id == message_id for piece in one.pieces)), None)


def edited(questionnaire: Questionnaire, interview: Interview, signal: Edited) -> Turn:
    """Whatever changes nothing is passed over without a word."""
    before = heard_in(interview, signal.message_id)
    if before is None:
        return Turn(interview)
    if before is interview.comment:
        return _commented(questionnaire, interview, signal, before)
    after = _corrected(questionnaire.item(before.item), before, signal, interview)
    if after == before:
        return Turn(interview)
    if not _changeable(interview, signal):
        return _too_late(interview, signal)
    if isinstance(after, AnswerRejected):
        return Turn(interview, (after,))
    return _replaced(questionnaire, interview, signal, before, after)


def _standing(interview: Interview) -> Iterator[Answer]:
    yield from (one for one in (interview.comment, interview.draft) if one is not None)
    yield from interview.answers.values()


def _changeable(interview: Interview, signal: Edited) -> bool:
    if interview.phase is not Phase.CLOSED:
        return not interview.overdue(signal.at)
    return (
        interview.disposition is Disposition.COMPLETE
        and interview.amend_until is not None
        and signal.at < interview.amend_until
    )


def _too_late(interview: Interview, signal: Edited) -> Turn:
    """Said once for each message."""
    if signal.message_id in interview.too_late:
        return Turn(interview)
    return Turn(replace(interview, too_late=(*interview.too_late, signal.message_id)), (EditedTooLate(),))


def _commented(questionnaire: Questionnaire, interview: Interview, signal: Edited, comment: Answer) -> Turn:
    """Words that wait to be kept; alone, they may have become an answer."""
    if len(comment.pieces) > 1 or interview.put_off:
        after = _reworded(comment, signal)
        wrong = fitting(questionnaire, replace(after, item=questionnaire.reason(comment.item).key))
        if after == comment or wrong is not None:
            return Turn(interview, (wrong,) if wrong else ())
        return Turn(replace(interview, turn=interview.turn + 1, comment=after))
    if clean(signal.text) == comment.text:
        return Turn(interview)
    message = Said(at=signal.at, text=signal.text, attachments=comment.attachments, message_id=signal.message_id)
    without = replace(interview, comment=None)
    turn = said(questionnaire, without, message)
    return Turn(interview, turn.events) if turn.interview is without else turn


def _replaced(
    questionnaire: Questionnaire, interview: Interview, signal: Edited, before: Answer, after: Answer
) -> Turn:
    """After the end words alone can be replaced so; anything else may lead to questions that were not asked."""
    drafted = interview.draft is before
    draft = after if interview.draft is not None and interview.draft.item == after.item else interview.draft
    if drafted and interview.answers.get(after.item) != before:
        return Turn(replace(interview, turn=interview.turn + 1, draft=draft))
    kept = answered(questionnaire, interview, after)
    if interview.phase is not Phase.CLOSED:
        changed = replace(kept.interview, draft=draft)
        return resettled(questionnaire, interview, changed, signal, kept.events)
    if (before.score, before.choice) != (after.score, after.choice):
        return Turn(interview, (AnswerRejected("change_by_button"),))
    return kept


def _corrected(item: Item, before: Answer, signal: Edited, interview: Interview) -> Answer | AnswerRejected:
    if isinstance(item, TextItem | WhyItem) or OTHER in before.choice:
        worded = _reworded(before, signal)
        return _lacking(item, worded) or worded
    words = clean(signal.text)
    answer = read(item, words, interview.language, None)
    pieces = (Piece(signal.message_id, len(words)),)
    return answer if isinstance(answer, AnswerRejected) else replace(answer, pieces=pieces)


def _lacking(item: Item, answer: Answer) -> AnswerRejected | None:
    """Files need no words beside them."""
    files = bool(answer.attachments)
    least = item.at_least if isinstance(item, TextItem) and not files else 1
    limit = item.limit if isinstance(item, TextItem | WhyItem) else TEXT_LIMIT
    said = Answer(item.key) if files and not answer.text else in_words(item.key, answer.text or "", least, limit)
    return said if isinstance(said, AnswerRejected) else None


def _reworded(before: Answer, signal: Edited) -> Answer:
    """The answer with the new words in the place of those that came in the message."""
    rest, parts, pieces = before.text or "", [], []
    for piece in before.pieces:
        own, rest = rest[: piece.length], rest[piece.length + bool(piece.length) :]
        words = clean(signal.text) if piece.message_id == signal.message_id else own
        parts.append(words)
        pieces.append(replace(piece, length=len(words)))
    return replace(before, text=together(*parts), pieces=tuple(pieces))
