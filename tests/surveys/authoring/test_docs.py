"""The page for authors says what the reader does, and whoever follows it gets what it promises."""

import re
import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.commands.play import play
from bot.settings import Settings
from metrics.scales import SCALES
from surveys.authoring.catalogue import read
from surveys.authoring.shape import ConditionShape, ItemShape, QuestionnaireShape, names
from surveys.authoring.texts import PULSE_PLACEHOLDERS

PAGE = (Path(__file__).parents[3] / "docs" / "questionnaires.md").read_text("utf-8")
HOUSE = {
    "offer": {"service": ["implementation"]},
    "roles": ["key_user", "project_office"],
    "languages": ["ru", "en", "uk"],
}
EXAMPLE, *FRAGMENTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
SCREENS = re.findall(r"```text\n(.*?)```", PAGE, re.S)
ERRORS, PLAYED = SCREENS[:2]
[REVIEWED] = [one for one in SCREENS if one.startswith("Проверьте ответы")]
HEAD, SCALES_HEAD = EXAMPLE[: EXAMPLE.index("closings:")], EXAMPLE[EXAMPLE.index("scales:") : EXAMPLE.index("items:")]


def test_the_example_is_a_good_questionnaire():
    assert read(EXAMPLE, name="example.yaml", **HOUSE).problems == ()


@pytest.mark.parametrize("fragment", [one for one in FRAGMENTS if one.startswith("- key")])
def test_every_fragment_is_good(fragment):
    csat = "  csat_5: {low: {ru: а, en: a, uk: а}, high: {ru: б, en: b, uk: б}}\n"
    scales = f"scales:\n{csat}" if "csat_5" in fragment else ""
    text = f"{HEAD}{scales}items:\n{fragment}"
    house = {**HOUSE, "offer": {"service": ["implementation", "support"]}, "stages": ["operation"]}
    assert read(text, name="fragment.yaml", **house).problems == ()


def test_the_scale_of_ones_own_is_good():
    [scale] = [one for one in FRAGMENTS if one.startswith("scales:")]
    item = "- {key: one, scale: pain, text: {ru: '?', en: '?', uk: '?'}}"
    assert read(f"{HEAD}{scale}items:\n{item}\n", name="scale.yaml", **HOUSE).problems == ()


@pytest.mark.parametrize("shape", [QuestionnaireShape, ItemShape, ConditionShape])
def test_every_key_is_explained(shape):
    assert [key for key in names(shape) if f"| `{key}` |" not in PAGE] == []


def test_every_scale_and_every_placeholder_is_named():
    assert [key for key in SCALES if f"`{key}`" not in PAGE] == []
    assert [name for name in PULSE_PLACEHOLDERS if f"`{{{name}}}`" not in PAGE] == []


def test_the_errors_shown_are_those_the_example_gives_when_it_is_spoiled():
    spoiled = EXAMPLE.replace("component: implementation", "component: implementaton")
    spoiled = spoiled.replace(", uk: Ви вже працюєте в системі?", "")
    spoiled = spoiled.replace("{answer: {ease: 1-2}}", "{answer: {topic: x}}")
    spoiled = spoiled.replace(
        "What gets in the way most?, uk: Що заважає найбільше?}", "What?, uk: Що?}\n    routes: [{go_to: started}]"
    )
    problems = read(spoiled, name="surveys/catalogue/go_live_pulse.yaml", **HOUSE).problems
    assert [str(problem) for problem in problems] == ERRORS.splitlines()


def test_the_answers_shown_are_those_of_the_session_shown(tmp_path, monkeypatch, capsys):
    (tmp_path / "go_live_pulse.yaml").write_text(EXAMPLE, "utf-8")
    [typed] = re.findall(r"printf '(.*)' \|", PLAYED)
    monkeypatch.setattr(sys, "stdin", StringIO(typed.replace("\\n", "\n")))
    assert play(Settings(catalogue=tmp_path), "go_live_pulse", ["key_user"], "ru", None, []) == 0
    assert capsys.readouterr().out.endswith(PLAYED.partition("…\n")[2])


def test_the_list_of_answers_calls_questions_as_it_is_shown(tmp_path, monkeypatch, capsys):
    [items] = [one for one in FRAGMENTS if "short:" in one]
    scales = "scales:\n  csat_5: {low: {ru: а, en: a, uk: а}, high: {ru: б, en: b, uk: б}}\n"
    (tmp_path / "short.yaml").write_text(f"review: true\n{HEAD}{scales}items:\n{items}", "utf-8")
    monkeypatch.setattr(sys, "stdin", StringIO("4\nотчёты\n\n"))
    assert play(Settings(catalogue=tmp_path), "go_live_pulse", ["key_user"], "ru", None, []) == 0
    assert REVIEWED in capsys.readouterr().out


def test_the_short_way_shown_ends_with_other_words(tmp_path, monkeypatch, capsys):
    (tmp_path / "go_live_pulse.yaml").write_text(EXAMPLE, "utf-8")
    monkeypatch.setattr(sys, "stdin", StringIO("2\n"))
    play(Settings(catalogue=tmp_path), "go_live_pulse", ["project_office"], "ru", None, [])
    assert "Спасибо! Спросим позже." in capsys.readouterr().out
