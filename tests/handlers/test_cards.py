"""What the cards of every kind of item say, and which buttons they have."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.playing import plain, rows_of
from handlers.cards import show
from handlers.replies import ShowCard
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.ports import Card, Circumstances, OpenInterview
from surveys.questionnaire import Mode
from surveys.rules import Rules
from tests.surveys.questionnaires import everything

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
EVERYTHING = everything()
RULES = Rules(vendor="Sample & Co", language="ru", languages=("ru", "en", "uk"), weights={"key_user": 1.0})
OWN = Answer("reasons", text="<b>the weather</b>", choice=("quality", "other"))
REFUSAL = ["Not now", "Stop asking me"]


def card(
    item: str | None = None,
    *,
    extra: dict[str, str] | None = None,
    interviewer: int | None = None,
    **changes: object,
) -> ShowCard:
    about = Circumstances(
        person_id=1,
        person="P",
        invitation_id=1,
        account_id=1,
        account="A",
        project_id=1,
        project="Pro<ject",
        extra=extra or {},
        interviewer=interviewer,
    )
    usual = Interview(id="i", questionnaire="everything", version=3, roles=("key_user",), language="en")
    asking = {"phase": Phase.ASKING, "trail": (item,), "consented_at": AT} if item else {}
    interview = replace(usual, **asking, **changes)
    return show(OpenInterview(interview=interview, about=about, card=Card(chat_id=7)), EVERYTHING, RULES)


def labels(shown: ShowCard) -> list[list[str]]:
    return [[text for text, _ in row] for row in rows_of(shown)]


@pytest.mark.parametrize(("mode", "text"), [("named", "With your name [en]"), ("confidential", "Without it [en]")])
def test_the_introduction_says_what_the_mode_of_the_interview_promises(mode: Mode, text: str) -> None:
    assert text in plain(card(mode=mode))


def test_what_is_known_is_filled_in_and_what_is_not_is_said_otherwise() -> None:
    assert "about Pro<ject, your request and the update [en]" in plain(card())
    told = {"ticket": "T-1 & T-2", "release": "4.2"}
    assert "about Pro<ject, T-1 & T-2 and 4.2 [en]" in plain(card(extra=told))
    assert "T-1 &amp; T-2" in card(extra=told).text


def test_a_statement_is_its_text_and_a_button_on() -> None:
    shown = card("hello")
    assert plain(shown) == "Asked of everybody [en]"
    assert labels(shown) == [["Next", "Back"], REFUSAL]


def test_options_have_a_row_each_and_the_way_on_comes_before_the_way_back() -> None:
    assert labels(card("solved")) == [
        ["Yes [en]"],
        ["Partly [en]"],
        ["No [en]"],
        ["Otherwise [en]"],
        ["This does not apply to me"],
        ["Skip", "Back"],
        REFUSAL,
    ]


def test_what_is_ticked_shows_on_the_buttons_and_in_words_as_words_and_not_as_markup() -> None:
    shown = card("reasons", draft=OWN)
    assert labels(shown)[1:] == [
        ["✓ quality [en]"],
        ["people [en]"],
        ["time [en]"],
        ["✓ Another [en]"],
        ["None [en]"],
        ["Done", "Back"],
        REFUSAL,
    ]
    assert "Your answer: quality [en]; <b>the weather</b>" in plain(shown).replace("&lt;", "<")
    assert "&lt;b&gt;the weather" in shown.text


def test_an_answer_that_was_sent_is_ticked_and_can_be_kept() -> None:
    shown = card("reasons", answers={"reasons": replace(OWN, text=None, choice=("price", "people"))})
    assert [label for row in labels(shown) for label in row if label.startswith("✓")] == [
        "✓ price [en]",
        "✓ people [en]",
    ]
    assert labels(shown)[-2:] == [["Keep it", "Back"], REFUSAL]


def test_whoever_took_every_tick_away_can_only_skip() -> None:
    assert labels(card("reasons", draft=Answer("reasons")))[-2:] == [["Skip", "Back"], REFUSAL]


def test_an_option_of_ones_own_waits_for_words() -> None:
    assert "Write your own answer in a message." in plain(card("solved", draft=Answer("solved", choice=("other",))))


def test_the_points_of_a_scale_are_explained_in_their_order() -> None:
    shown = card("ease")
    assert "1 — hard [en]\n2 — rather hard [en]\n4 — easy [en]" in plain(shown)
    assert labels(shown) == [["1", "2", "3", "4"], ["I can’t judge"], ["Skip", "Back"], REFUSAL]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("ease", "I can’t judge"),
        ("solved", "This does not apply to me"),
        ("people", "This does not apply to me"),
    ],
)
def test_that_one_could_not_judge_is_shown_as_the_answer(item: str, said: str) -> None:
    shown = card(item, answers={item: Answer(item, choice=("not_applicable",))})
    assert f"Your answer: {said}" in plain(shown)
    assert labels(shown)[-2:] == [["Keep it", "Back"], REFUSAL]


@pytest.mark.parametrize(
    ("item", "how"),
    [
        ("people", "Answer with a number from -5 to 500."),
        ("since", "Answer with a date, for example 31 December 2026."),
        ("quality", "Answer with a message."),
        ("solved", "Choose one answer. Or write your own."),
        ("reasons", "Choose 2 to 3, then press “Done”. Or write your own."),
    ],
)
def test_every_card_says_how_to_answer(item: str, how: str) -> None:
    assert how in plain(card(item))


def test_long_words_are_repeated_in_part() -> None:
    shown = plain(card("quality", answers={"quality": Answer("quality", text="word " * 60)}))
    assert "…" in shown
    assert len(shown) < 200


@pytest.mark.parametrize(
    ("disposition", "answers", "text"),
    [
        (Disposition.COMPLETE, {}, "Thanks [en]"),
        (Disposition.COMPLETE, {"solved": Answer("solved", choice=("no",))}, "Sorry [en]"),
        (
            Disposition.PARTIAL,
            {"solved": Answer("solved", choice=("no",))},
            "The time for these questions is over. Thank you for what you have told us.",
        ),
        (Disposition.UNREACHED, {}, "The time for these questions is over. There is nothing you need to do."),
        (Disposition.BREAK_OFF, {}, "The time for these questions is over. There is nothing you need to do."),
        (Disposition.REFUSED, {}, "All right, we will not ask you any more."),
        (
            Disposition.BREAK_OFF,
            {"solved": Answer("solved", choice=("no",))},
            "All right, we will not ask you any more.",
        ),
    ],
)
def test_the_last_words_fit_the_end(disposition: Disposition, answers: dict[str, Answer], text: str) -> None:
    shown = card(phase=Phase.CLOSED, disposition=disposition, answers=answers)
    assert plain(shown).startswith(text)
    assert labels(shown) == []


@pytest.mark.parametrize("item", ["ease", "solved", "people", "since"])
def test_in_a_talk_and_outside_words_are_offered_to_be_kept_once(item: str) -> None:
    offered = Answer(item, text="Hard to say")
    for shown in (card(item, comment=offered), card(item, comment=offered, interviewer=99)):
        assert plain(shown).count("Keep these words as a comment?") == 1
        assert labels(shown)[0] == ["Keep as a comment", "No"]


def test_a_talk_ends_with_a_look_at_the_answers_that_the_interviewer_sends() -> None:
    opened = OpenInterview(
        interview=Interview(
            id="i",
            questionnaire="everything",
            version=3,
            roles=("key_user",),
            language="en",
            phase=Phase.REVIEW,
            trail=("hello",),
            consented_at=AT,
        ),
        about=Circumstances(
            person_id=1,
            person="P",
            invitation_id=1,
            account_id=1,
            account="A",
            project_id=1,
            project="R",
            interviewer=99,
        ),
        card=Card(chat_id=99),
    )
    shown = show(opened, EVERYTHING, RULES)
    assert "Check your answers" in plain(shown)
    assert labels(shown)[0] == ["Send"]
    assert shown.keyboard[-1][0]["text"] == "Stop the talk"
