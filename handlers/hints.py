"""What a card says under its question: how to answer, and the answer that stands."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import assert_never

from handlers.notices import day
from handlers.received import received
from surveys.interview import Answer, Interview
from surveys.locales import translations
from surveys.questionnaire import (
    NOT_APPLICABLE,
    OTHER,
    ChoiceItem,
    DateItem,
    Item,
    Language,
    NumberItem,
    ScaleItem,
    StatementItem,
    TextItem,
    WhyItem,
)
from surveys.typed import standing

SHOWN, WORDS = 100, 8
"""Characters, and words, of a person's own that a card repeats."""


def hints(item: Item, interview: Interview, comment: Answer | None = None) -> Iterator[str]:
    """Paragraphs, plain text. `comment`: what is kept beside the answer. An offer leaves no room for much else."""
    t = translations("bot", interview.language).gettext
    if interview.comment is not None:
        yield from _offer(item, interview, t)
        return
    how = _how(item, interview)
    if how:
        yield how
    said = standing(item, interview) or interview.answers.get(item.key)
    if said is not None and (said.choice or said.text or said.score is not None):
        yield _said(item, said, interview.language)
    if said is not None and said.attachments:
        yield t("Received: {files}").format(files=received(said.attachments, interview.language))
    if comment is not None and comment.text:
        yield t("Your comment: {text}").format(text=clipped(comment.text))


def _offer(item: Item, interview: Interview, t: Callable[[str], str]) -> Iterator[str]:
    """How to answer, and what may be done with the words instead."""
    keep = t("Keep these words as a comment?")
    match item:
        case ScaleItem():
            yield _points(item, interview.language)
            how = t("To answer, press a button or send the number.")
            yield f"{how} {keep}"
        case ChoiceItem():
            how = t("To answer, press a button.")
            yield f"{how} {keep}"
        case _:
            yield _how(item, interview)
            yield keep


def clipped(words: str) -> str:
    """A person's own words, as far as a card repeats them.

    >>> clipped("one\\ntwo"), clipped("a b c d e f g h i j k l")
    ('one\\ntwo', 'a b c d e f g h…')
    """
    split = words.split()
    if len(words) <= SHOWN and len(split) <= WORDS:
        return words
    head = words if len(split) <= WORDS else " ".join(split[:WORDS])
    return head[: SHOWN - 1].rstrip(" .,;:!?") + "…"


def cannot_answer(item: Item, language: Language) -> str:
    """The words of the button that says the question is not for this person."""
    t = translations("bot", language).gettext
    return t("I can’t judge") if isinstance(item, ScaleItem) else t("This does not apply to me")


def _how(item: Item, interview: Interview) -> str:
    t = translations("bot", interview.language).gettext
    match item:
        case ScaleItem():
            return _points(item, interview.language)
        case ChoiceItem():
            return _choosing(item, interview, t)
        case NumberItem(low=low, high=high):
            return t("Answer with a number from {low} to {high}.").format(low=low, high=high)
        case DateItem():
            return t("Answer with a date, for example {date}.").format(date=day(item.until, interview.language))
        case TextItem() | WhyItem() if interview.draft is not None:
            return t("You can add words and files.")
        case TextItem() | WhyItem():
            return t("Answer with a message.")
        case StatementItem():
            return ""
        case _:
            assert_never(item)


def _points(item: ScaleItem, language: Language) -> str:
    words = {item.scale.low: item.low, **item.anchors, item.scale.high: item.high}
    return "\n".join(f"{point} — {words[point][language]}" for point in sorted(words))


def _choosing(item: ChoiceItem, interview: Interview, t: Callable[[str], str]) -> str:
    draft = interview.draft
    if draft is not None and OTHER in draft.choice and not draft.text and not draft.attachments:
        return t("Write your own answer in a message.")
    limits = {"least": item.at_least, "most": item.at_most}
    if not item.several:
        how = t("Choose one answer.")
    elif item.at_least > 1:
        how = t("Choose {least} to {most}, then press “Done”.").format(**limits)
    elif item.at_most < len(item.offered) - (item.none is not None):
        how = t("Choose up to {most}, then press “Done”.").format(**limits)
    else:
        how = t("Choose all that apply, then press “Done”.")
    own = t("Or write your own.")
    return how if item.other is None else f"{how} {own}"


def _said(item: Item, said: Answer, language: Language) -> str:
    t = translations("bot", language).gettext
    if said.score is not None:
        return t("Your mark: {score}").format(score=said.score)
    return t("Your answer: {text}").format(text="; ".join(parts(item, said, language)))


def parts(item: Item, said: Answer, language: Language) -> Iterator[str]:
    """What an answer consists of, in words a person reads."""
    if said.score is not None:
        yield str(said.score)
    labels = item.offered if isinstance(item, ChoiceItem) else {}
    for key in said.choice:
        if key == NOT_APPLICABLE:
            yield cannot_answer(item, language)
        elif isinstance(item, DateItem):
            yield day(date.fromisoformat(key), language)
        elif key != OTHER or not said.text:
            yield labels[key][language] if key in labels else key
    if said.text:
        yield clipped(said.text)
