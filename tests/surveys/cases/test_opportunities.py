"""A favour is asked of those alone whose every recommendation is praise."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.cases.opportunities import delighted
from surveys.cases.rules import Praise
from surveys.interview import Answer, Interview
from surveys.questionnaire import ScaleItem
from tests.surveys.questionnaires import small

QUESTIONNAIRE = small()
SCALES = {item.key: item.scale for item in QUESTIONNAIRE.items if isinstance(item, ScaleItem)}
RECOMMEND = [key for key, scale in SCALES.items() if scale.kind == "nps"]
SCORES = st.fixed_dictionaries({}, optional={key: st.integers(sc.low, sc.high) for key, sc in SCALES.items()})
PRAISE = st.builds(Praise, scores=st.frozensets(st.integers(0, 10), min_size=1))


@given(SCORES, PRAISE)
def test_only_praise_in_every_recommendation_counts_whatever_else_was_said(scores: dict[str, int], on: Praise) -> None:
    answers = {key: Answer(key, score=score) for key, score in scores.items()}
    live = Interview(id="i", questionnaire="q", version=1, roles=(), language="en", answers=answers)
    given_ = [scores[key] for key in RECOMMEND if key in scores]
    assert delighted(QUESTIONNAIRE, live, on) == (given_ != [] and set(given_) <= on.scores)


def test_there_is_something_to_recommend_by() -> None:
    assert RECOMMEND
