"""The first card of a pulse, and a card that reminds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.cards import show
from handlers.replies import ShowCard
from surveys.flow import advance, at_first_question
from surveys.interview import Interview
from surveys.ports import Card, Circumstances, OpenInterview
from surveys.rules import Rules
from surveys.signals import Action, Pressed
from tests.surveys.questionnaires import small, words

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PULSE = replace(small(), kind="pulse", introduction=words("{vendor} asks {person} about {ticket} <b>"))
RULES = Rules(vendor="Vendor & Co", language="ru", languages=("ru", "en"), weights={"key_user": 0.2})


def opened(**changes: object) -> OpenInterview:
    about = Circumstances(
        person_id=1,
        person="Анна <Белова>",
        invitation_id=1,
        account_id=1,
        account="Комбинат-Пример",
        project_id=1,
        project="Учёт проката",
        extra={"ticket": "T-1, T-2"},
    )
    interview = Interview(id="i", questionnaire="small", version=1, roles=("key_user",), language="en")
    begun = at_first_question(PULSE, interview)
    return OpenInterview(interview=replace(begun, **changes), about=about, card=Card(chat_id=5, message_id=7))


def labels(card: ShowCard) -> list[str]:
    return [str(button["text"]) for line in card.keyboard for button in line]


def pressed(live: OpenInterview, action: Action, score: int | None = None) -> OpenInterview:
    signal = Pressed(at=AT, turn=live.interview.turn, action=action, score=score)
    return replace(live, interview=advance(PULSE, live.interview, signal).interview)


def test_the_first_card_says_who_asks_about_what_asks_and_says_what_answering_agrees_to() -> None:
    card = show(opened(), PULSE, RULES)
    parts = ("Vendor &amp; Co asks", "<b>Recommend?", "<i>Consent")
    greeting, question, consent = map(card.text.index, parts)
    assert greeting < question < consent
    assert "Анна &lt;Белова&gt; about T-1, T-2 &lt;b&gt;" in card.text


def test_later_never_and_somebody_else_are_one_tap_away_on_the_first_card_and_there_is_no_way_back() -> None:
    moves = ["Skip", "Not now", "Stop asking me", "I’m not the right person"]
    assert labels(show(opened(), PULSE, RULES))[-4:] == moves


def test_after_the_first_answer_the_cards_are_those_of_any_questionnaire() -> None:
    card = show(pressed(opened(), "score", 8), PULSE, RULES)
    assert "Consent" not in card.text
    assert labels(card)[-4:] == ["Skip", "Back", "Not now", "Stop asking me"]


@pytest.mark.parametrize("greeting", ["", "A gentle <reminder>"])
def test_a_greeting_stands_above_the_card_and_a_card_nobody_waits_for_takes_its_turn(greeting: str) -> None:
    card = show(opened(), PULSE, RULES, below=True, paced=True, greeting=greeting)
    plain = show(opened(), PULSE, RULES)
    assert card.text == (f"A gentle &lt;reminder&gt;\n\n{plain.text}" if greeting else plain.text)
    assert (card.below, card.paced, plain.below, plain.paced) == (True, True, False, False)
