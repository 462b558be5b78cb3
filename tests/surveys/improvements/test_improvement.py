"""No path leaves an improvement without a reason for its decision, or with an end before its beginning."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from surveys.cases.case import Values
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import DECISIONS, GAUGES, Improvement, Kind, NotNow, Step, act

AT = datetime(2026, 7, 1, tzinfo=UTC)
DETAILS: dict[Kind, st.SearchStrategy[Values]] = {
    "described": st.just({"text": "Less clicks"}),
    "decided": st.sampled_from(DECISIONS).map(lambda decision: {"decision": decision, "text": "Because"}),
    "owned": st.just({"to": 7}),
    "expected": st.sampled_from(GAUGES).map(lambda metric: {"metric": metric, "text": "Up"}),
    "planned": st.just({"until": (AT + timedelta(days=400)).isoformat()}),
    "told": st.sampled_from(["ru", "en"]).map(lambda language: {"language": language, "text": "Done"}),
}
STEPS = st.sampled_from(get_args(Kind)).flatmap(
    lambda kind: st.tuples(st.just(kind), DETAILS.get(kind, st.just({}))),
)


@given(st.lists(STEPS, max_size=20))
def test_whatever_people_press_in_whatever_order(pressed: list[tuple[Kind, Values]]) -> None:
    one = Improvement(cause=Cause("usability"), opened_at=AT)
    for hour, (kind, detail) in enumerate(pressed, 1):
        before = one
        try:
            one, happened = act(one, Step(kind=kind, at=AT + timedelta(hours=hour), actor=7, detail=detail))
        except NotNow:
            assert one is before
            continue
        assert (one.version, happened.kind, happened.actor) == (before.version + 1, kind, 7)
        assert before.status not in ("finished", "wont") or kind in ("told", "sent")
        assert (one.decision is None) == (one.reason is None)
        assert one.ended_at is None or (one.started_at is not None and one.started_at < one.ended_at)
        assert not one.told or one.decision is not None
        assert one.status in ("proposed", "planned", "started", "finished", "later", "wont")
