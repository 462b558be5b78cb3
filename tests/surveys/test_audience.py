from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from surveys.audience import Audience
from surveys.reporting import Cell, Dimension, ReportQuery
from tests.surveys.counted import Given, occasion, within

BY: tuple[Dimension, ...] = ("account", "role", "component", "item", "month", "quarter")
SCALES = ("nps", "csat_5")
answered = st.builds(
    lambda person, scale, role, month, account, component: Given(
        person=person,
        scale=scale,
        score=1,
        role=role,
        at=datetime(2026, month, 9, tzinfo=UTC),
        of={"account": account, "component": component} if component else {"account": account},
    ),
    person=st.sampled_from("pqrst"),
    scale=st.sampled_from([*SCALES, "ces_5"]),
    role=st.sampled_from(["senior_it", "key_user"]),
    month=st.integers(3, 6),
    account=st.sampled_from("AB"),
    component=st.sampled_from(["", "stability", "support"]),
)
asked = st.builds(
    lambda by, account, component, since: ReportQuery(
        metric="nps",
        by=by,
        where={d: (v,) for d, v in (("account", account), ("component", component)) if v},
        since=since and datetime(2026, since, 1, tzinfo=UTC),
    ),
    by=st.sampled_from(BY),
    account=st.sampled_from(["", "A"]),
    component=st.sampled_from(["", "support"]),
    since=st.none() | st.integers(3, 6),
)


@given(st.lists(answered, max_size=25), asked, st.sampled_from(BY))
def test_people_are_counted_as_one_would_with_sets_of_names(
    answers: list[Given], query: ReportQuery, across: Dimension
) -> None:
    found: defaultdict[Cell, set[str]] = defaultdict(set)
    rows: defaultdict[str | None, set[str]] = defaultdict(set)
    for one in answers:
        if one.scale in SCALES and within(one, query):
            assert query.by
            rows[one.value(query.by)].add(one.person)
            found[one.value(query.by), one.value(across)].add(one.person)
    audience = Audience(occasion(one, query) for one in answers)
    assert audience.people(query, SCALES) == {key: len(people) for key, people in rows.items()}
    assert audience.cells(query, across, SCALES) == {key: len(people) for key, people in found.items()}
