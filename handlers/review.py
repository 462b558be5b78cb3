"""The answers once more, before they are sent or while they may be changed: a page of them, and their buttons."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from handlers.buttons import CardButton, write
from handlers.hints import parts
from handlers.replies import Keyboard, button
from surveys.comments import beside
from surveys.interview import Interview
from surveys.locales import translations
from surveys.questionnaire import Item, Language, Questionnaire, Text, WhyItem
from surveys.routing import listed, wording
from surveys.signals import Action

CARD: Final = 60
"""Words of a card."""

PAGE: Final = 10
"""Questions of a page: more buttons do not fit on the screen of a phone."""

NAME: Final = 24
"""Characters of what a question is called."""

HALF: Final = 16
"""Characters of a button that shares its row."""

WORDS, CHARACTERS = 4, 40
"""How much of an answer in words is repeated."""

Fill = Callable[[Text], str]
"""The words with what is known filled in, plain text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its answer. `number`: its place in the questionnaire. `label`: on its button."""

    number: int
    label: str
    name: str
    said: str

    @property
    def words(self) -> int:
        return len(self.name.split()) + len(self.said.split())


@dataclass(frozen=True, slots=True)
class Review:
    """One page of the review."""

    lines: Sequence[Line]
    several: bool


def review(
    questionnaire: Questionnaire, interview: Interview, titles: Mapping[str, Mapping[Language, str]], fill: Fill
) -> Review:
    """The page that is shown. `titles`: of components."""
    lines = [_line(questionnaire, item, interview, titles, fill) for item in listed(questionnaire, interview)]
    pages = list(_pages(lines, CARD - len(_head(interview).split())))
    return Review(pages[interview.page % len(pages)], len(pages) > 1) if pages else Review((), several=False)


def text_of(page: Review, interview: Interview) -> str:
    """HTML."""
    title, how = (escape(part) for part in _head(interview).split("\n"))
    lines = "\n".join(f"{escape(line.name)}: <b>{escape(line.said)}</b>" for line in page.lines)
    return f"<b>{title}</b>\n\n{lines}\n\n{how}"


def buttons_of(page: Review, interview: Interview) -> Keyboard:
    """To send, to change each, to see the rest, to go back."""
    t = translations("bot", interview.language).gettext
    sending = t("Done") if interview.amending else t("Send")
    changes = [_button(line.label, interview, "change", line.number) for line in page.lines]
    more = [[_button(t("More answers"), interview, "more")]] if page.several else []
    back = [] if interview.amending else [[_button(t("Back"), interview, "back")]]
    return [[_button(sending, interview, "send")], *_rows(changes), *more, *back]


def _rows(buttons: Sequence[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    """Two and two where both are short: so they can be read in big type as well."""
    row: list[Mapping[str, object]] = []
    for one in buttons:
        if row and (len(row) == 2 or any(len(str(each["text"])) > HALF for each in [*row, one])):
            yield row
            row = []
        row = [*row, one]
    if row:
        yield row


def of_closing(interview: Interview) -> Keyboard:
    """What is left to do after the end."""
    t = translations("bot", interview.language).gettext
    return () if interview.amend_until is None else [[_button(t("Change my answers"), interview, "amend")]]


def _head(interview: Interview) -> str:
    t = translations("bot", interview.language).gettext
    title, how = t("Check your answers"), t("To change one, press its name.")
    return f"{title}\n{how}"


def _pages(lines: Sequence[Line], most: int) -> Iterator[Sequence[Line]]:
    page: list[Line] = []
    for line in lines:
        if page and (len(page) == PAGE or sum(one.words for one in page) + line.words > most):
            yield page
            page = []
        page = [*page, line]
    if page:
        yield page


def _line(
    questionnaire: Questionnaire,
    item: Item,
    interview: Interview,
    titles: Mapping[str, Mapping[Language, str]],
    fill: Fill,
) -> Line:
    t = translations("bot", interview.language).gettext
    about = questionnaire.item(item.about) if isinstance(item, WhyItem) else item
    name = _name(about, interview, titles, fill)
    said = interview.answers.get(item.key)
    comment = beside(questionnaire, interview, item)
    words = [] if comment is None or not comment.text else [comment.text]
    told = [*(parts(item, said, interview.language) if said else ["—"]), *words]
    answer = _short("; ".join(told))
    if isinstance(item, WhyItem):
        return Line(questionnaire.position(item.key), t("{question}: why").format(question=name), t("Why"), answer)
    return Line(questionnaire.position(item.key), name, name, answer)


def _name(item: Item, interview: Interview, titles: Mapping[str, Mapping[Language, str]], fill: Fill) -> str:
    """As its author calls it, else as the vendor calls what it is about, else its first words."""
    if not isinstance(item, WhyItem) and item.short is not None:
        return fill(item.short)
    title = titles.get(item.component or "", {}).get(interview.language)
    last = fill(wording(item, interview)).strip().split("\n")[-1]
    return _clipped(re.sub(r"\s*\d+", "", title or last).rstrip(" ?!.:"), NAME)


def _short(words: str) -> str:
    first = words.split()
    return _clipped(" ".join(first[:WORDS]) + ("…" if len(first) > WORDS else ""), CHARACTERS)


def _clipped(words: str, most: int) -> str:
    """Whole words as far as they fit."""
    if len(words) <= most:
        return words
    head = words[: most - 1]
    return head.rpartition(" ")[0].rstrip(" ,:;") + "…" if " " in head else head + "…"


def _button(label: str, interview: Interview, action: Action, option: int | None = None) -> Mapping[str, object]:
    return button(label, write(CardButton(interview.id, interview.turn, action, option=option)))
