"""The card of an interview: what the person sees, in their language."""

import re
from collections.abc import Iterator
from html import escape
from itertools import islice

from handlers.buttons import CardButton, write
from handlers.replies import Keyboard, ShowCard, button
from metrics.scales import points
from surveys.flow import asked_band, progress
from surveys.interview import Action, Disposition, Interview, Phase
from surveys.locales import translations
from surveys.ports import OpenInterview
from surveys.questionnaire import Item, Questionnaire, ScaleItem, Text, TextItem, WhyItem, addressed_role
from surveys.rules import Rules

BAR = 10
ONE_ROW = 7
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def show(
    opened: OpenInterview, questionnaire: Questionnaire, rules: Rules, *, at: int | None = None, below: bool = False
) -> ShowCard:
    """The card of the interview as it stands now. `at`: the message it is in, when storage does not know it yet."""
    interview = opened.interview
    text, keyboard = _face(opened, questionnaire, rules)
    return ShowCard(
        interview_id=interview.id,
        turn=interview.turn,
        chat_id=opened.card.chat_id,
        message_id=opened.card.message_id if at is None else at,
        text=text,
        keyboard=keyboard,
        below=below,
    )


def _face(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    interview = opened.interview
    match interview.phase:
        case Phase.INTRODUCTION:
            return _introduction(opened, questionnaire, rules)
        case Phase.ASKING:
            return _question(opened, questionnaire, rules)
        case Phase.CLOSED:
            return _closing(opened, questionnaire, rules), ()


def _introduction(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    interview = opened.interview
    t = translations("bot", interview.language).gettext
    title, purpose, consent = (
        _fill(text, opened, questionnaire, rules)
        for text in (questionnaire.title, questionnaire.introduction, questionnaire.consent)
    )
    rows: list[tuple[str, Action]] = [
        (t("Agree and start"), "begin"),
        (t("Not now"), "postpone"),
        (t("Stop asking me"), "refuse"),
    ]
    keyboard = [[_button(label, interview, action)] for label, action in rows]
    return f"<b>{title}</b>\n\n{purpose}\n\n{consent}", keyboard


def _question(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    interview = opened.interview
    item = questionnaire.item(interview.trail[-1])
    text = "\n\n".join(
        part
        for part in (
            _progress(questionnaire, interview),
            f"<b>{_fill(_wording(item, interview), opened, questionnaire, rules)}</b>",
            _help(item, interview),
        )
        if part
    )
    return text, [*_scores(item, interview), *_moves(item, interview)]


def _closing(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    if opened.interview.disposition is Disposition.COMPLETE:
        return _fill(questionnaire.closing, opened, questionnaire, rules)
    t = translations("bot", opened.interview.language).gettext
    return escape(t("All right, we will not ask you any more. Should you change your mind, send /start."))


def _wording(item: Item, interview: Interview) -> Text:
    match item:
        case ScaleItem() | TextItem():
            role = addressed_role(item, interview.roles)
            return item.wording.get(role or "") or next(iter(item.wording.values()))
        case WhyItem():
            band = asked_band(item, interview) or item.bands[0]
            return band.text


def _help(item: Item, interview: Interview) -> str:
    """What the ends of the scale mean, or how to answer in words; and the answer that stands, if there is one."""
    t = translations("bot", interview.language).gettext
    given = interview.answers.get(item.key)
    match item:
        case ScaleItem(scale=scale):
            ends = f"{scale.low} — {item.low[interview.language]}\n{scale.high} — {item.high[interview.language]}"
            now = t("Your mark: {score}").format(score=given.score) if given else ""
        case TextItem() | WhyItem():
            ends = t("Answer with a message.")
            now = t("Your answer: {text}").format(text=_shortened(given.text or "")) if given else ""
    return "\n\n".join(escape(part) for part in (ends, now) if part)


def _shortened(words: str) -> str:
    return words if len(words) <= 200 else words[:199] + "…"


def _progress(questionnaire: Questionnaire, interview: Interview) -> str:
    number, total = progress(questionnaire, interview)
    t = translations("bot", interview.language).gettext
    done = round(BAR * (number - 1) / total)
    counted = t("Question {number} of {total}").format(number=number, total=total)
    return f"{escape(counted)}\n{'▰' * done}{'▱' * (BAR - done)}"


def _scores(item: Item, interview: Interview) -> Iterator[list[dict[str, object]]]:
    if not isinstance(item, ScaleItem):
        return
    scores = list(points(item.scale))
    rows = 1 if len(scores) <= ONE_ROW else 2
    width = -(-len(scores) // rows)
    buttons = (_button(str(score), interview, "score", score) for score in scores)
    while row := list(islice(buttons, width)):
        yield row


def _moves(item: Item, interview: Interview) -> Iterator[list[dict[str, object]]]:
    t = translations("bot", interview.language).gettext
    answered = item.key in interview.answers
    onward: tuple[str, Action] = (t("Keep and go on"), "keep") if answered else (t("Skip"), "skip")
    yield [_button(onward[0], interview, onward[1]), _button(t("Back"), interview, "back")]


def _button(label: str, interview: Interview, action: Action, score: int | None = None) -> dict[str, object]:
    return dict(button(label, write(CardButton(interview.id, interview.turn, action, score))))


def _fill(text: Text, opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    """The words with what is known filled in, as HTML: neither they nor the values are ever markup."""
    known = {
        "vendor": rules.vendor,
        "account": opened.about.account,
        "project": opened.about.project,
        "minutes": str(questionnaire.minutes),
    }
    return escape(PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), text[opened.interview.language]))
