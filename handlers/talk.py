"""The card of a talk: what the interviewer reads out and writes down, all of it in the language of the talk."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from handlers.buttons import CardButton, TalkButton, write
from handlers.hints import clipped, hints, parts
from handlers.keyboards import of_item
from handlers.replies import Keyboard, button
from surveys.comments import beside
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.locales import translations
from surveys.questionnaire import (
    Item,
    Questionnaire,
    ScaleItem,
    StatementItem,
    Text,
    TextItem,
    WhyItem,
)
from surveys.routing import asking, closing, progress, read_out
from surveys.typed import standing


def words_of(interview: Interview, questionnaire: Questionnaire) -> Iterator[tuple[str, Text | str]]:
    """Paragraphs: how each is shown ("plain", "aloud"), and words that are yet to be filled in, or are final."""
    t = translations("bot", interview.language).gettext
    match interview.phase:
        case Phase.ASKING:
            yield from _question(interview, questionnaire)
        case Phase.CLOSED if interview.disposition is Disposition.COMPLETE:
            yield "plain", t("The talk is complete. Read out:")
            yield "aloud", closing(questionnaire, interview)
        case Phase.CLOSED if interview.disposition is Disposition.REFUSED:
            yield "plain", t("They declined. Thank them for their time.")
        case Phase.CLOSED:
            yield "plain", t("The talk is over. What was said is kept.")
        case _:
            yield "plain", t("Read out, and go on only if they agree:")
            yield "aloud", questionnaire.consent[interview.mode]


def _question(interview: Interview, questionnaire: Questionnaire) -> Iterator[tuple[str, Text | str]]:
    t = translations("bot", interview.language).gettext
    item = asking(questionnaire, interview)
    number, total = progress(questionnaire, interview)
    if interview.consented_at is None:
        yield "plain", t("Read out, and go on only if they agree:")
        yield "aloud", questionnaire.consent[interview.mode]
    if not isinstance(item, StatementItem):
        yield "plain", t("Question {number} of {total}. Read out:").format(number=number, total=total)
    yield "aloud", read_out(item, interview)
    yield from (("plain", words) for words in _how(item, interview, beside(questionnaire, interview, item)))


def _how(item: Item, interview: Interview, comment: Answer | None) -> Iterator[str]:
    t = translations("bot", interview.language).gettext
    said = standing(item, interview) or interview.answers.get(item.key)
    match item:
        case ScaleItem():
            points = {item.scale.low: item.low, **item.anchors, item.scale.high: item.high}
            spoken = "; ".join(f"{point} – {points[point][interview.language]}" for point in sorted(points))
            yield t("Explain the scale: {points}.").format(points=spoken)
        case TextItem() | WhyItem():
            yield t("Write the answer down in a message, word for word.")
        case StatementItem():
            return
        case _:
            yield next(hints(item, replace(interview, comment=None)))
    if said is not None:
        yield t("Written down: {text}").format(text="; ".join(parts(item, said, interview.language)))
    if comment is not None and comment.text:
        yield t("Written down: {text}").format(text=clipped(comment.text))
    if interview.comment is not None:
        yield t("Keep these words as a comment?")


def keyboard_of(interview: Interview, questionnaire: Questionnaire) -> Keyboard:
    """The same answers as in Telegram; at any time an end."""
    t = translations("bot", interview.language).gettext
    match interview.phase:
        case Phase.CLOSED:
            return ()
        case Phase.ASKING:
            return [*of_item(asking(questionnaire, interview), interview), *end_of(interview)]
        case _:
            agree = write(CardButton(interview.id, interview.turn, "begin"))
            decline = write(CardButton(interview.id, interview.turn, "refuse"))
            return [[button(t("They agree, begin"), agree)], [button(t("They decline"), decline)], *end_of(interview)]


def end_of(interview: Interview) -> Keyboard:
    """The way out of a talk that cannot go on."""
    t = translations("bot", interview.language).gettext
    return [[button(t("Stop the talk"), write(TalkButton("stop", (interview.id,))))]]


def head_of(person: str, account: str, project: str) -> str:
    """Whom the talk is with, as HTML."""
    return f"<b>{escape(person)}</b>, {escape(account)}, {escape(project)}"
