"""The JSON Schema by which editors help to write questionnaires.

python -m surveys.authoring.schema > surveys/catalogue/questionnaire.schema.json
"""

import json
import sys

from surveys.authoring.shape import QuestionnaireShape


def json_schema() -> str:
    """The shape of a questionnaire file; what its parts must agree on is checked on reading alone."""
    return json.dumps(QuestionnaireShape.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(json_schema())
