"""The page for authors says what the reader does."""

import re
from pathlib import Path

import pytest

from metrics.scales import SCALES
from surveys.authoring import read
from surveys.authoring.shape import ItemShape, QuestionnaireShape
from surveys.authoring.texts import PULSE_PLACEHOLDERS

PAGE = (Path(__file__).parents[3] / "docs" / "questionnaires.md").read_text("utf-8")
HOUSE = {
    "offer": {"service": ["implementation"]},
    "roles": ["key_user", "project_office"],
    "languages": ["ru", "en", "uk"],
}
[EXAMPLE] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
ERRORS = re.search(r"```text\n(.*?)```", PAGE, re.S)[1].splitlines()


def test_the_example_is_a_good_questionnaire():
    assert read(EXAMPLE, name="example.yaml", **HOUSE).problems == ()


@pytest.mark.parametrize("shape", [QuestionnaireShape, ItemShape])
def test_every_key_is_explained(shape):
    assert [key for key in shape.model_fields if f"| `{key}` |" not in PAGE] == []


def test_every_scale_and_every_placeholder_is_named():
    assert [key for key in SCALES if f"`{key}`" not in PAGE] == []
    assert [name for name in PULSE_PLACEHOLDERS if f"`{{{name}}}`" not in PAGE] == []


def test_the_errors_shown_are_those_the_example_gives_when_it_is_spoiled():
    spoiled = EXAMPLE.replace("component: implementation", "component: implementaton")
    spoiled = spoiled.replace(", uk: Наскільки ви задоволені темпом?", "")
    problems = read(spoiled, name="surveys/catalogue/training_pulse.yaml", **HOUSE).problems
    shown = [line.partition(" allowed: ")[0] for line in ERRORS]
    assert [str(problem).partition(" allowed: ")[0] for problem in problems] == shown
