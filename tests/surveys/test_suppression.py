from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.figures import scales_of
from surveys.report import report
from surveys.reporting import Figure, Note, Report, ReportQuery, ReportRules
from tests.surveys.counted import FakeCounts, Given, answers, joined, within

WEIGHTS = {"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20, "project_office": 0.15}
RULES = ReportRules(weights=WEIGHTS, mode="confidential", min_group=5)


async def ask(counts: FakeCounts, **query: object) -> Report:
    return await report(ReportQuery(**{"metric": "nps", **query}), counts, RULES)


def hidden(found: Report) -> set[str | None]:
    return {group.key for group in found.groups if group.figure.suppressed}


async def test_in_named_mode_nothing_is_hidden_and_nobody_counts_people() -> None:
    counts = joined(answers("nps", {9: 1}, role="senior_it"))
    found = await report(ReportQuery(metric="nps", by="role"), counts, ReportRules(weights=WEIGHTS))
    assert (hidden(found), found.total.suppressed) == (set(), False)
    assert len(counts.asked) == 1


async def test_a_total_of_too_few_people_hides_everything() -> None:
    found = await ask(joined(answers("nps", {9: 4})), by="role")
    assert found.total == Figure(n=4, suppressed=True)
    assert hidden(found) == {"key_user"}
    assert found.notes == (Note.SUPPRESSED,)


async def test_many_answers_of_one_person_are_one_respondent() -> None:
    same = [Given(person="one", scale="csat_5", score=score) for score in (1, 2, 3, 4, 5, 5)]
    assert (await ask(FakeCounts(same), metric="csat")).total.suppressed


async def test_a_lone_small_group_takes_the_next_smallest_with_it() -> None:
    counts = joined(*(answers("nps", {9: n}, role=role) for role, n in zip(WEIGHTS, (3, 9, 6, 12), strict=True)))
    found = await ask(counts, by="role")
    assert hidden(found) == {"senior_it", "key_user"}
    assert not found.total.suppressed


async def test_two_small_groups_that_are_few_together_take_a_third() -> None:
    counts = joined(*(answers("nps", {9: n}, role=role) for role, n in zip(WEIGHTS, (1, 2, 6, 12), strict=True)))
    assert hidden(await ask(counts, by="role")) == {"senior_it", "business_owner", "key_user"}


async def test_small_groups_that_are_enough_together_hide_each_other() -> None:
    counts = joined(*(answers("nps", {9: n}, role=role) for role, n in zip(WEIGHTS, (3, 4, 6, 12), strict=True)))
    assert hidden(await ask(counts, by="role")) == {"senior_it", "business_owner"}


async def test_a_large_group_hidden_for_another_breakdowns_sake_takes_one_with_it_too() -> None:
    counts = joined(
        answers("nps", {9: 6}, role="senior_it", account="A", project="a2"),
        answers("nps", {9: 1}, role="key_user", account="A", project="a2"),
        answers("nps", {9: 1}, role="business_owner", account="A", project="a2"),
        answers("nps", {9: 1}, role="business_owner", account="A", project="a1"),
        answers("nps", {9: 5}, role="business_owner", account="B", project="b"),
    )
    assert "b" in hidden(await ask(counts, by="project"))
    assert hidden(await ask(counts, by="account")) == {"A", "B"}


async def test_a_filter_shows_no_more_than_the_breakdown_does() -> None:
    counts = joined(answers("nps", {9: 3}, role="senior_it"), answers("nps", {2: 10}, role="key_user"))
    assert hidden(await ask(counts, by="role")) == {"senior_it", "key_user"}
    for roles in (("senior_it",), ("key_user",)):
        assert (await ask(counts, where={"role": roles})).total.suppressed
    assert not (await ask(counts, where={"role": ("senior_it", "key_user")})).total.suppressed


async def test_a_project_alone_in_its_account_is_hidden_with_the_account() -> None:
    counts = joined(
        answers("nps", {9: 3}, account="A", project="a"),
        answers("nps", {9: 6}, account="B", project="b"),
        answers("nps", {9: 5}, account="C", project="c1"),
        answers("nps", {9: 9}, account="C", project="c2"),
    )
    assert hidden(await ask(counts, by="account")) == {"A", "B"}
    assert "b" in hidden(await ask(counts, by="project"))
    assert (await ask(counts, where={"project": ("b",)})).total.suppressed


async def test_the_projects_of_an_account_do_not_tell_of_the_one_that_is_small() -> None:
    counts = joined(
        answers("nps", {9: 2}, account="A", project="a1"),
        answers("nps", {9: 9}, account="A", project="a2"),
        answers("nps", {9: 6}, account="B", project="b1"),
        answers("nps", {9: 7}, account="B", project="b2"),
    )
    assert hidden(await ask(counts, by="account")) == set()
    assert {"a1", "a2"} <= hidden(await ask(counts, by="project"))


async def test_a_period_may_end_only_between_months_of_enough_people() -> None:
    days = [datetime(2026, month, 10, tzinfo=UTC) for month in (5, 6, 7) for _ in range(6)]
    counts = FakeCounts([Given(person=str(i), scale="nps", score=9, at=at) for i, at in enumerate(days)])
    july, august = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    assert not (await ask(counts, since=july, until=august)).total.suppressed
    assert (await ask(counts, since=datetime(2026, 6, 9, tzinfo=UTC))).total.suppressed
    late = Given(person="late", scale="nps", score=0, at=datetime(2026, 8, 2, tzinfo=UTC))
    more = FakeCounts([*counts.given, late])
    assert (await ask(more, until=august)).total.suppressed


async def test_an_index_is_hidden_when_one_of_its_roles_is() -> None:
    few = joined(answers("csat_5", {2: 1}, role="business_owner"), answers("csat_5", {5: 30}, role="senior_it"))
    found = await ask(few, metric="csi")
    assert found.total.suppressed
    assert (found.total.roles, found.total.value) == ((), None)
    enough = joined(answers("csat_5", {2: 5}, role="business_owner"), answers("csat_5", {5: 30}, role="senior_it"))
    assert (await ask(enough, metric="csi")).total.value is not None


DIMENSIONS = ("account", "project", "role", "month")


def cuts(given: Sequence[Given]) -> Iterator[ReportQuery]:
    """The whole and every cut by one and by two dimensions, the months as a period as well."""
    values = {d: sorted({a.value(d) for a in given}) for d in DIMENSIONS}
    yield ReportQuery(metric="nps")
    for d in DIMENSIONS:
        yield from (ReportQuery(metric="nps", where={d: (v,)}) for v in values[d])
    for d, e in combinations(DIMENSIONS, 2):
        yield from (ReportQuery(metric="nps", where={d: (v,), e: (w,)}) for v in values[d] for w in values[e])
    for month in (6, 7):
        yield ReportQuery(metric="nps", since=datetime(2026, month, 1, tzinfo=UTC))
        yield ReportQuery(metric="nps", until=datetime(2026, month, 1, tzinfo=UTC))


async def shown(counts: FakeCounts) -> dict[frozenset[int], ReportQuery]:
    """The sets of answers whose score one gets to see, asking for every cut."""
    seen = {}
    for cut in cuts(counts.given):
        if (await report(cut, counts, RULES)).total.value is not None:
            seen[frozenset(i for i, a in enumerate(counts.given) if within(a, cut))] = cut
    return seen


person = st.tuples(
    st.sampled_from(["a1", "a2", "b1", "c1", "c2"]), st.sampled_from(list(WEIGHTS)[:3]), st.sampled_from([5, 6, 7])
)


@pytest.mark.slow
@given(st.lists(person, min_size=5, max_size=60))
@settings(max_examples=60)
async def test_no_two_reports_tell_of_fewer_people_by_subtraction(people: list[tuple[str, str, int]]) -> None:
    counts = FakeCounts(
        [
            Given(
                person=str(i),
                scale="nps",
                score=i % 11,
                role=role,
                at=datetime(2026, month, 3, tzinfo=UTC),
                of={"project": project, "account": project[0].upper()},
            )
            for i, (project, role, month) in enumerate(people)
        ]
    )
    seen = await shown(counts)
    for wide, narrow in permutations(seen, 2):
        assert not (narrow < wide and len(wide - narrow) < RULES.min_group), (seen[wide], seen[narrow])


@given(st.lists(person, min_size=5, max_size=60), st.sampled_from(DIMENSIONS))
@settings(max_examples=60)
async def test_what_a_breakdown_leaves_of_its_total_is_never_too_few(
    people: list[tuple[str, str, int]], by: str
) -> None:
    counts = FakeCounts(
        [
            Given(
                person=str(i),
                scale="nps",
                score=9,
                role=role,
                at=datetime(2026, month, 3, tzinfo=UTC),
                of={"project": project, "account": project[0].upper()},
            )
            for i, (project, role, month) in enumerate(people)
        ]
    )
    found = await ask(counts, by=by)
    people_hidden = sum(group.figure.n for group in found.groups if group.figure.suppressed)
    assert found.total.suppressed or not 0 < people_hidden < RULES.min_group
    assert len(hidden(found)) != 1


async def test_a_scale_few_people_answered_on_hides_what_it_is_counted_in() -> None:
    for metric, scales in (("ces", ("ces_5", "ces_7")), ("csat", ("csat_5", "csat_10"))):
        few = joined(answers(scales[0], {5: 9}, stage="a"), answers(scales[1], {5: 2}, stage="a"))
        assert (await ask(few, metric=metric)).total == Figure(n=9 if metric == "ces" else 11, suppressed=True)
        enough = joined(few.given, answers(scales[1], {5: 5}, stage="b"), answers(scales[0], {5: 9}, stage="b"))
        found = await ask(enough, metric=metric, by="stage")
        assert (found.total.suppressed, hidden(found)) == (False, {"a", "b"})


async def test_no_answers_are_no_data_and_not_a_secret() -> None:
    found = await ask(FakeCounts(), by="role")
    assert found.total.suppressed is False
    assert found.notes == (Note.NO_DATA,)


async def test_scales_of_another_metric_do_not_count() -> None:
    counts = joined(answers("nps", {9: 4}), answers("csat_5", {5: 20}))
    assert (await ask(counts)).total.suppressed
    assert scales_of("nps") == ("nps",)
