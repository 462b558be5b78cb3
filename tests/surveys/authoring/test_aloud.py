"""What is read out in a talk: by role or for all, and what cannot be meant."""

import re

import pytest

from surveys.questionnaire import WhyItem
from tests.golden.scripts import CATALOGUE
from tests.surveys.authoring.rich import RICH

ASKED = "    text: {ru: Решено?, en: Solved?}\n"
BY_ROLE = "    text_for: {key_user: {ru: Решено?, en: Solved?}}\n"
ALOUD = "    aloud: {ru: Скажите, en: Tell me}\n"
FOR_USERS = "    aloud_for: {key_user: {ru: Скажите, en: Tell me}}\n"
FOR_OTHERS = "    aloud_for: {senior_it: {ru: Скажите, en: Tell me}}\n"


@pytest.mark.parametrize("lines", [ASKED + ALOUD, ASKED + FOR_USERS, BY_ROLE + FOR_USERS, BY_ROLE + ALOUD])
def test_a_question_may_be_read_out_in_other_words(problems, lines):
    assert problems(RICH.replace(ASKED, lines)) == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (ASKED + ALOUD + FOR_USERS, "aloud_for: has its place taken by aloud"),
        (BY_ROLE + FOR_OTHERS, "aloud_for.senior_it: is for nobody"),
        (ASKED + FOR_USERS.replace("key_user", "cook"), "aloud_for.cook: unknown role 'cook'"),
        (ASKED + "    aloud: {ru: Скажите}\n", "aloud: no text in"),
    ],
)
def test_words_that_nobody_hears_are_told(problems, lines, problem):
    found = problems(RICH.replace(ASKED, lines))
    assert any(problem in line for line in found), found


OF_A_SCREEN = re.compile(
    r"кнопк|нажм|напишите|сообщени|натисн|напишіть|повідомлен|\b(press|button|tap|type|click|message)\b", re.IGNORECASE
)


def read_out_of(questionnaire):
    """Everything an interviewer says in a talk by this questionnaire."""
    yield from questionnaire.consent.values()
    yield questionnaire.closing
    yield from (one.text for one in questionnaire.closings)
    for item in questionnaire.items:
        if isinstance(item, WhyItem):
            yield from (band.text for band in item.bands)
        else:
            yield from ({**item.wording, **item.aloud}.values())


@pytest.mark.parametrize("key", [key for key, one in CATALOGUE.items() if one.kind == "relationship"])
def test_nothing_that_is_read_out_speaks_of_a_screen(key):
    said = [words for text in read_out_of(CATALOGUE[key]) for words in text.values()]
    assert said
    assert [words for words in said if OF_A_SCREEN.search(words)] == []
