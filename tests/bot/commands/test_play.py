"""A questionnaire in the terminal: typed through, piped through, left half-way."""

import re
import subprocess
import sys
from io import StringIO

import pytest

from bot.commands.outline import outline
from bot.commands.play import play
from bot.console import Trouble
from bot.settings import Settings
from surveys.consent import consent_digest
from tests.golden.scripts import CATALOGUE

SETTINGS = Settings()


@pytest.fixture
def played(monkeypatch, capsys):
    """What is seen when these lines are typed."""

    def see(key, *lines, role="key_user", language="en", stage=None, data=(), ends=0):
        monkeypatch.setattr(sys, "stdin", StringIO("".join(f"{line}\n" for line in lines)))
        assert play(SETTINGS, key, [role], language, stage, list(data)) == ends
        return capsys.readouterr().out

    return see


def test_scores_are_typed_and_an_empty_line_goes_on(played):
    seen = played("support_pulse", "5", "")
    assert seen.index("After a support request") < seen.index("Question 1 of 2") < seen.index("Question 2 of 2")
    assert "Thank you. We will read every answer." in seen
    assert seen.endswith("Answers: 1\n  satisfaction: 5\n")


def test_from_a_pipe_what_was_typed_is_shown_after_the_prompt(played):
    assert "> 2\n" in played("support_pulse", "2", "too slow", "4")


def test_words_answer_an_open_question_whatever_they_are(played):
    assert played("support_pulse", "1", "3", "4").endswith("  satisfaction: 1\n  satisfaction_why: 3\n  effort: 4\n")


def test_options_are_typed_by_number_and_by_label(played):
    assert played("closure_check", "1").endswith("Answers: 1\n  solved: solved\n")
    assert played("closure_check", "partly", "the rest").endswith("  solved: partly\n  left: the rest\n")


def test_several_options_are_ticked_one_after_another(played):
    seen = played("lost_client", "6", "1", "", "another vendor", "", "/skip", "")
    assert "6 [✓ We chose another solution]" in seen
    assert seen.endswith("Answers: 2\n  reasons: price, competitor\n  alternative: another vendor\n")


def test_moves_are_commands(played):
    assert played("support_pulse", "5", "/back", "3", "/skip").endswith("Answers: 1\n  satisfaction: 3\n")


def test_a_command_that_the_card_does_not_have_is_answered_with_those_it_has(played):
    assert "There is no /done here; allowed: /skip, /back, /later, /stop\n" in played(
        "support_pulse", "/done", "5", "5"
    )


def test_what_is_no_answer_is_met_as_the_bot_would(played):
    assert "Please press a button or send a number from 1 to 5." in played("support_pulse", "seven", "5", "5")


def test_that_one_cannot_judge_is_an_answer(played):
    assert "  ready: not_applicable\n" in played("training_pulse", "5", "/na")


def test_back_from_the_first_question_leads_to_the_introduction_and_on_again(played):
    seen = played("support_pulse", "/back", "", "5", "5")
    assert seen.count("After a support request") == 2
    assert seen.endswith("Answers: 2\n  satisfaction: 5\n  effort: 5\n")


def test_an_input_that_ends_before_the_questionnaire_is_a_problem(played):
    assert played("support_pulse", "5", ends=1).endswith(
        "> \nThe input has ended before the questionnaire.\nAnswers: 1\n  satisfaction: 5\n"
    )


def test_what_an_event_says_is_filled_in(played):
    assert "T-7" in played("support_pulse", data=["ticket=T-7"], ends=1)


def test_a_value_of_an_event_that_nothing_speaks_of_is_told(played):
    told = "--data: no text or condition of support_pulse speaks of 'tiket'."
    assert told in played("support_pulse", "5", "5", data=["tiket=T-7"])
    assert "--data" not in played("support_pulse", "5", "5", data=["ticket=T-7"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nope", ["key_user"], "en", None, []), "there is no questionnaire 'nope' in the catalogue; allowed: closure"),
        (("support_pulse", ["cook"], "en", None, []), "--role: there is no 'cook'; allowed: senior_it, business_owner"),
        (("support_pulse", ["key_user"], "kk", None, []), "--lang: there is no 'kk'; allowed: ru, en, uk"),
        (("support_pulse", ["key_user"], "en", "moon", []), "--stage: there is no 'moon'; allowed: evaluation,"),
        (("support_pulse", ["key_user"], "en", None, ["x"]), "--data: 'x' says nothing of an event; allowed: NAME="),
    ],
)
def test_a_wrong_word_is_told_with_what_is_allowed(arguments, sentence):
    with pytest.raises(Trouble) as told:
        play(SETTINGS, *arguments)
    assert told.value.lines[0].startswith(sentence)


def test_the_commands_do_without_the_bot():
    """They start at once: nothing of Telegram's libraries is loaded."""
    look = "import sys, bot.commands.play, bot.commands.outline; print({'aiogram', 'telegram'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "set()\n"


# Outline


@pytest.fixture
def outlined(capsys):
    def see(key, role=None, language="en"):
        assert outline(SETTINGS, key, role, language) == 0
        return capsys.readouterr().out

    return see


def test_an_outline_has_every_question_with_its_answers_and_where_they_lead(outlined):
    seen = outlined("release_pulse")
    assert "### 1. `tried`" in seen
    assert "- One of: “Yes”, “Not yet”\n- If the answer to question 1 is “Not yet”, then to the end" in seen
    assert "- A score from 1 to 5: 1 – very dissatisfied; 5 – very satisfied\n" in seen
    assert "- After 1–2: “What are you dissatisfied with?”" in seen
    assert "If the answer to question 1 is “Not yet”:\n\n> Thank you. It is too early to judge, then." in seen


def test_an_outline_names_conditions_and_the_way_of_every_role(outlined):
    seen = outlined("lost_client")
    assert "Asked if the answer to question 1 is “We chose another solution”." in seen
    assert "- 1 to 3 of: “Price”," in seen
    assert "- Key user: 1, 2*, 3, 4" in seen
    assert "- Time to finish: 30 days from the start\n" in seen


def test_an_outline_for_one_role_has_the_words_of_that_role_alone(outlined):
    seen = outlined("relationship", role="key_user")
    assert "features available for your daily work" in seen
    assert "what it was chosen for" not in seen
    assert "### 6. `implementation`" not in seen


def test_without_a_language_an_outline_is_in_all_of_them(outlined):
    seen = outlined("closure_check", language=None)
    assert seen.count("`closure_check`") == 3
    assert [heading in seen for heading in ("## Вопросы", "## Questions", "## Запитання")] == [True] * 3


def test_every_item_and_every_wording_is_in_the_outline(outlined):
    for key, questionnaire in CATALOGUE.items():
        seen = outlined(key, language="uk")
        for item in questionnaire.items:
            assert hasattr(item, "bands") or f"`{item.key}`" in seen
            asked = [band.text for band in item.bands] if hasattr(item, "bands") else item.wording.values()
            for text in asked:
                assert text["uk"].splitlines()[-1].split("{")[0].rstrip() in seen


def test_an_outline_has_the_script_of_a_talk_and_what_is_read_out(outlined):
    seen = outlined("relationship")
    assert "## Script of a talk\n\n> Greet them, introduce yourself" in seen
    assert "Read out as:\n\n> Suppose a colleague at another organisation is choosing a supplier." in seen
    assert "Script of a talk" not in outlined("support_pulse")


def test_an_outline_says_what_holds_for_the_whole_questionnaire(outlined):
    seen = outlined("relationship")
    assert "`relationship` · relationship survey · about 4 min." in seen
    assert "- Mode: named, the common setting\n- Time to finish: 7 days from the last answer\n" in seen
    assert "- Before sending, the answers are shown and can be changed\n" in seen
    assert "- After sending, answers can be changed for: 1 day\n" in seen
    assert "- Sent after the last answer\n" in outlined("support_pulse")


def test_an_outline_names_the_consent_by_the_digest_kept_with_the_answers(outlined):
    seen = outlined("relationship")
    for mode in ("named", "confidential"):
        assert f"`{consent_digest(CATALOGUE['relationship'], mode, 'en')}`" in seen


def test_an_outline_says_what_an_item_is_about_and_what_it_is_called(outlined):
    assert "- Component: Technical support\n- In the list of answers: “Support”\n" in outlined("relationship")


ROLES = """\
key: roles
kind: pulse
minutes: 1
mode: confidential
amend: 0h
title: {ru: А, en: A}
introduction: {ru: "{manager|руководитель} о работе", en: "{manager|the lead} on work"}
consent: {ru: Да, en: "Yes"}
closing: {ru: Всё, en: Done}
scales:
  ces_5: {low: {ru: а, en: a}, high: {ru: б, en: b}}
items:
  - {key: ease, scale: ces_5, text_for: {key_user: {ru: Легко, en: Easy}}}
  - {key: users, when: {answer: {ease: 1}}, number: {from: 1, to: 50}, text: {ru: Сколько, en: How many}}
  - {key: many, when: {answer: {users: {from: 10}}}, text: {ru: Почему, en: Why}}
  - {key: it, when: {role: [key_user, senior_it]}, text: {ru: Сеть, en: Network}}
  - {key: soon, when: {stage: [operation, rollout]}, text: {ru: Скоро, en: Soon}}
  - {key: any, when: {any: [{role: key_user}, {answer: {users: {from: 10}}}]}, text: {ru: Раз, en: Once}}
"""


@pytest.fixture
def roles_outlined(tmp_path, capsys):
    def see(role=None):
        (tmp_path / "roles.yaml").write_text(ROLES, "utf-8")
        vendor = SETTINGS.vendor.model_copy(update={"languages": ("ru", "en")})
        assert outline(SETTINGS.model_copy(update={"catalogue": tmp_path, "vendor": vendor}), "roles", role, "en") == 0
        return capsys.readouterr().out

    return see


def test_an_outline_leaves_out_what_a_role_cannot_come_to(roles_outlined):
    seen = roles_outlined("business_owner")
    assert re.findall(r"### \d\. `(.*)`", seen) == ["soon"]
    assert re.findall(r"### \d\. `(.*)`", roles_outlined("senior_it")) == ["it", "soon"]


def test_the_ways_by_role_are_those_people_of_the_role_can_go(roles_outlined):
    seen = roles_outlined()
    assert "- Business owner: 5*\n" in seen
    assert "- Key user: 1, 2*, 3*, 4, 5*, 6*\n" in seen


def test_an_outline_says_conditions_as_people_would(roles_outlined):
    seen = roles_outlined()
    assert "Asked if the answer to question 2 is 10 or more." in seen
    assert "Asked if the stage is rollout or operation." in seen.replace("Rollout", "rollout").replace("Oper", "oper")
    assert re.search(r"Asked if the role is .* or Key user.\n\n> \*\*Network", seen)


def test_an_outline_tells_what_the_author_set_from_what_is_set_for_all(roles_outlined):
    assert "- Mode: confidential\n" in roles_outlined()
    assert "- After sending, answers cannot be changed\n" in roles_outlined()


def test_an_outline_needs_no_brackets_where_any_of_two_conditions_is_enough(roles_outlined):
    assert "Asked if the role is Key user or the answer to question 2 is 10 or more." in roles_outlined()


def test_an_outline_shows_what_stands_for_a_missing_value(roles_outlined):
    assert "> ‹manager or “the lead”› on work" in roles_outlined()
