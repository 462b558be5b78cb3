"""What is read out in a talk: by role or for all, and what cannot be meant."""

import pytest

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
