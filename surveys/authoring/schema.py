"""The JSON Schema by which editors help to write questionnaires.

python -m surveys.authoring.schema > surveys/catalogue/questionnaire.schema.json
"""

import json
import sys
from typing import Any

from surveys.authoring.shape import QuestionnaireShape


def json_schema() -> str:
    """The shape of a questionnaire file; what its parts must agree on is checked on reading alone."""
    return json.dumps(_without_null(QuestionnaireShape.model_json_schema()), ensure_ascii=False, indent=2) + "\n"


def _without_null(schema: Any) -> Any:
    """No key takes null: what is not wanted is left out."""
    match schema:
        case {"anyOf": [kind, {"type": "null"}], **rest}:
            return _without_null({key: value for key, value in rest.items() if key != "default"} | kind)
        case dict():
            return {key: _without_null(value) for key, value in schema.items()}
        case list():
            return [_without_null(entry) for entry in schema]
        case _:
            return schema


if __name__ == "__main__":
    sys.stdout.write(json_schema())
