"""The buttons of a card: answers first, in the order of the question, then the way on, then the way back."""

from collections.abc import Iterator, Sequence
from itertools import islice

from handlers.buttons import CardButton, write
from handlers.hints import cannot_answer
from handlers.replies import Keyboard, button
from metrics.scales import points
from surveys.interview import Interview, Phase
from surveys.locales import translations
from surveys.questionnaire import Asked, ChoiceItem, Item, ScaleItem, StatementItem
from surveys.signals import Action
from surveys.typed import standing

ONE_ROW = 7
TICK = "✓ "

Row = list[dict[str, object]]


def of_introduction(interview: Interview) -> Keyboard:
    """Agree, later, never."""
    t = translations("bot", interview.language).gettext
    labels: Sequence[tuple[str, Action]] = [
        (t("Agree and start"), "begin"),
        (t("Not now"), "postpone"),
        (t("Stop asking me"), "refuse"),
    ]
    return [[_button(label, interview, action)] for label, action in labels] + _redirect(interview)


def of_naming(interview: Interview) -> Keyboard:
    """Who should be asked instead, nobody knows; or rather oneself after all."""
    t = translations("bot", interview.language).gettext
    return [[_button(t("I don’t know"), interview, "unnamed"), _button(t("Back"), interview, "back")]]


def _redirect(interview: Interview) -> list[Row]:
    """Whoever has agreed to answer is the right person."""
    t = translations("bot", interview.language).gettext
    return [] if interview.consented_at else [[_button(t("I’m not the right person"), interview, "redirect")]]


def of_item(item: Item, interview: Interview) -> Keyboard:
    """The answers of the item, and the moves; before them what to do with words that were no answer."""
    return [
        *_offered(interview),
        *_answers(item, interview),
        *_inapplicable(item, interview),
        _moves(item, interview),
    ]


def of_first_item(item: Item, interview: Interview) -> Keyboard:
    """The answers of an item that comes without an introduction; instead of the way back, later and never."""
    onward, _ = _moves(item, interview)
    answers = [*_offered(interview), *_answers(item, interview), *_inapplicable(item, interview)]
    return [*answers, [onward], *of_refusal(interview), *_redirect(interview)]


def of_refusal(interview: Interview) -> list[Row]:
    """Later and never, at every step until the answers are sent. Who has seen all questions has no later."""
    if interview.amending:
        return []
    t = translations("bot", interview.language).gettext
    never = _button(t("Stop asking me"), interview, "refuse")
    return [[never]] if interview.phase is Phase.REVIEW else [[_button(t("Not now"), interview, "postpone"), never]]


def _offered(interview: Interview) -> Iterator[Row]:
    """Two buttons for words that wait to be kept as a comment."""
    if interview.comment is not None:
        t = translations("bot", interview.language).gettext
        yield [_button(t("Keep as a comment"), interview, "comment"), _button(t("No"), interview, "discard")]


def _answers(item: Item, interview: Interview) -> Iterator[Row]:
    match item:
        case ScaleItem():
            yield from _scores(item, interview)
        case ChoiceItem():
            yield from _options(item, interview)


def _scores(item: ScaleItem, interview: Interview) -> Iterator[Row]:
    scores = list(points(item.scale))
    rows = 1 if len(scores) <= ONE_ROW else 2
    width = -(-len(scores) // rows)
    buttons = (_button(str(score), interview, "score", score=score) for score in scores)
    while row := list(islice(buttons, width)):
        yield row


def _options(item: ChoiceItem, interview: Interview) -> Iterator[Row]:
    chosen = standing(item, interview)
    for place, (key, label) in enumerate(item.offered.items()):
        tick = TICK if chosen and key in chosen.choice else ""
        yield [_button(tick + label[interview.language], interview, "pick", option=place)]


def _inapplicable(item: Item, interview: Interview) -> Iterator[Row]:
    if isinstance(item, Asked) and item.not_applicable:
        yield [_button(cannot_answer(item, interview.language), interview, "inapplicable")]


def _moves(item: Item, interview: Interview) -> Row:
    t = translations("bot", interview.language).gettext
    label, action = _onward(item, interview)
    return [_button(label, interview, action), _button(t("Back"), interview, "back")]


def _onward(item: Item, interview: Interview) -> tuple[str, Action]:
    t = translations("bot", interview.language).gettext
    if isinstance(item, StatementItem):
        return t("Next"), "next"
    if isinstance(item, ChoiceItem) and item.several and interview.draft and interview.draft.choice:
        return t("Done"), "done"
    if item.key not in interview.answers:
        return t("Skip"), "skip"
    return t("Keep and go on") if interview.draft is None else t("Next"), "keep"


def _button(
    label: str, interview: Interview, action: Action, *, score: int | None = None, option: int | None = None
) -> dict[str, object]:
    return dict(button(label, write(CardButton(interview.id, interview.turn, action, score, option))))
