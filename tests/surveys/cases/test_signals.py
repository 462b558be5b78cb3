"""Signals: what opens a case, in every language and on every scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings_loop_words import ALERT_WORDS
from metrics.scales import CES_7, CSAT_5, CSAT_7, CSAT_10, NPS, Scale, own_scale, points
from surveys.cases.signals import Mark, SignalRules, gravest, may_be_drop, of_score, of_words
from surveys.cases.words import alarming, alert_words

WORDS = alert_words(entry for entries in ALERT_WORDS.values() for entry in entries)
RULES = SignalRules(limits={"nps": 6, "csat": 2, "ces": 2}, drop=3, remark=True, words=WORDS)


@pytest.mark.parametrize(
    ("scale", "highest"),
    [(NPS, 6), (CSAT_5, 2), (CSAT_7, 2), (CSAT_10, 3), (CES_7, 2), (own_scale(5, 1, "csat"), 4)],
)
def test_the_limit_holds_on_every_scale_by_proportion(scale: Scale, highest: int) -> None:
    low = {score for score in points(scale) if of_score(Mark(score=score, scale=scale), RULES)}
    worst = points(scale) if scale.higher_is_better else reversed(points(scale))
    assert low == {score for score in worst if (score <= highest) == scale.higher_is_better or score == highest}


def test_a_scale_without_a_kind_opens_nothing() -> None:
    assert of_score(Mark(score=1, scale=own_scale(1, 5)), RULES) == ()


def test_three_points_lost_are_a_signal_and_two_are_not() -> None:
    assert of_score(Mark(score=7, scale=NPS, before=10), RULES) == ("drop",)
    assert of_score(Mark(score=7, scale=NPS, before=9), RULES) == ()
    assert of_score(Mark(score=7, scale=NPS, before=None), RULES) == ()


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_drop_is_never_missed_for_not_having_been_looked_up(score: int, before: int) -> None:
    if "drop" in of_score(Mark(score=score, scale=NPS, before=before), RULES):
        assert may_be_drop(Mark(score=score, scale=NPS), RULES)


@pytest.mark.parametrize(
    "text",
    [
        *("Будем расторгать договор", "РАСТОРЖЕНИЕ", "готовим претензию", "подадим в суд", "иском", "штрафные санкции"),
        *("We will terminate the contract", "Penalties apply", "see you in court", "a lawsuit", "suing you"),
        *("розірвемо угоду", "розірвання договору", "претензій", "звернемося до суду", "позовна заява", "збитків"),
        *("сумма неустоек", "пойдём по судам", "с исками", "she sues", "розриваємо договір", "будемо судитися"),
        *("начислена пеня", "выставим пеню", "сплатите пеню", "загрожує розривом"),
    ],
)
def test_alert_words_are_known_in_their_inflected_forms(text: str) -> None:
    assert alarming(text, WORDS)
    assert gravest(of_words(text, RULES, alone=False)) == "critical"


@pytest.mark.parametrize(
    "text",
    [
        *("судно стоит у причала", "искать проще", "the terminal is slow", "issue", "pursue", "судити не беруся"),
        *("Всё хорошо", "Thank you", "Усе добре", "", "иская"),
    ],
)
def test_words_that_only_look_like_them_are_not(text: str) -> None:
    assert alarming(text, WORDS) == ()


def test_a_remark_alone_is_a_signal_and_the_reason_for_a_score_is_not() -> None:
    assert of_words("Слишком долго", RULES, alone=True) == ("remark",)
    assert of_words("Слишком долго", RULES, alone=False) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert set(alarming(text, WORDS)) == set(alarming(f"{text} {text}", WORDS))
