"""A questionnaire played without Telegram: the real conversation, the real cards, nothing stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

from bot.console import Trouble
from bot.library import read_catalogue
from bot.settings import Settings
from handlers.buttons import CardButton, read
from handlers.cards import show
from handlers.replies import ShowCard
from surveys.authoring.building import build
from surveys.beginning import new_interview
from surveys.calendar import ContactHours
from surveys.events import Event
from surveys.flow import advance
from surveys.later import offer
from surveys.ports import Card, Circumstances, OpenInterview
from surveys.questionnaire import Language, Questionnaire, Role
from surveys.routing import route
from surveys.rules import Rules
from surveys.signals import Pressed, Said, Signal

NOWHERE = Card(chat_id=0)


class Play:
    """One person going through a questionnaire. Time stands still."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        rules: Rules,
        about: Circumstances,
        roles: Sequence[Role],
        language: Language,
    ) -> None:
        self.questionnaire = questionnaire
        self.rules = rules
        interview = new_interview(
            questionnaire, about, rules, interview_id="play", roles=rules.by_weight(roles), language=language
        )
        self.opened = OpenInterview(interview=interview, about=about, card=NOWHERE)

    def card(self) -> ShowCard:
        """What the person sees now."""
        return show(self.opened, self.questionnaire, self.rules)

    def press(self, button: CardButton) -> Sequence[Event]:
        """A button of the card."""
        now = datetime.now(UTC)
        return self.hear(
            Pressed(
                at=now,
                turn=button.turn,
                action=button.action,
                score=button.score,
                option=button.option,
                offer=offer(now, ZoneInfo("UTC"), ContactHours(weekends=True), self.rules.expire_after),
            )
        )

    def say(self, words: str) -> Sequence[Event]:
        """A message."""
        return self.hear(Said(at=datetime.now(UTC), text=words))

    def hear(self, signal: Signal) -> Sequence[Event]:
        """Any signal."""
        turn = advance(self.questionnaire, self.opened.interview, signal)
        self.opened = replace(self.opened, interview=turn.interview)
        return turn.events

    def asks_nothing(self) -> bool:
        """Whether there is no question for this person."""
        return next(route(self.questionnaire, self.opened.interview), None) is None


def rows_of(card: ShowCard) -> Sequence[Sequence[tuple[str, CardButton]]]:
    """The buttons of a card, row by row, with what is behind them."""
    return [[(str(one["text"]), behind) for one in row if (behind := _behind(one))] for row in card.keyboard]


def plain(card: ShowCard) -> str:
    """The words of a card, without markup."""
    return unescape(re.sub(r"</?[a-z]+>", "", card.text))


def questionnaire_named(settings: Settings, key: str) -> Questionnaire:
    """The questionnaire of the catalogue. Raises Trouble."""
    documents, problems = read_catalogue(settings)
    if key in documents:
        return build(documents[key], 1)
    of_file = [problem for problem in problems if re.search(rf"\b{re.escape(key)}\.ya?ml:", problem)] or problems
    if of_file:
        raise Trouble(*of_file)
    raise Trouble(f"there is no questionnaire {key!r} in the catalogue; allowed: {', '.join(sorted(documents))}")


def example(project: str, stage: str | None = None, event: Mapping[str, str] | None = None) -> Circumstances:
    """A project that is only an example, after an event that said this."""
    return Circumstances(
        person_id=0,
        person=project,
        invitation_id=0,
        account_id=0,
        account=project,
        project_id=0,
        project=project,
        stage=stage,
        extra=event or {},
    )


def _behind(button: Mapping[str, object]) -> CardButton | None:
    behind = read(str(button["callback_data"]))
    return behind if isinstance(behind, CardButton) else None
