"""Editors check questionnaire files by a schema that says what the reader says."""

from pathlib import Path

import surveys
from surveys.authoring.schema import json_schema

SCHEMA = Path(surveys.__file__).parent / "catalogue" / "questionnaire.schema.json"


def test_the_schema_is_up_to_date():
    assert SCHEMA.read_text("utf-8") == json_schema(), "python -m surveys.authoring.schema writes it anew"
