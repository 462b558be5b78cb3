"""A new interview, alike whichever door it comes through."""

from surveys.interview import Interview
from surveys.ports import Circumstances
from surveys.questionnaire import Language, Questionnaire, Role
from surveys.rules import Rules


def new_interview(
    questionnaire: Questionnaire,
    about: Circumstances,
    rules: Rules,
    *,
    interview_id: str,
    roles: tuple[Role, ...],
    language: Language,
) -> Interview:
    """On its introduction. What routes may ask about, and the mode, are fixed here for as long as it lasts."""
    return Interview(
        id=interview_id,
        questionnaire=questionnaire.key,
        version=questionnaire.version,
        roles=roles,
        language=language,
        stage=about.stage,
        event=about.extra,
        mode=questionnaire.mode or rules.mode,
    )
