"""Causes are ranked by whom they reach, and a loud voice weighs as much as a quiet one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.directory import Account, Project
from surveys.improvements.causes import Cause, Complaint, Repeated, repeated

AT = datetime(2026, 7, 1, tzinfo=UTC)
CAUSES = st.builds(Cause, st.sampled_from(["usability", "stability"]), st.sampled_from(["rollout", None]))
ACCOUNTS = st.integers(1, 4)


def at(number: int, division: str | None = None) -> Project:
    return Project(id=number, account_id=number, name="P", division=division)


@st.composite
def complaints(draw: st.DrawFn) -> list[Complaint]:
    """Cases of a few accounts, each of which has one project or two."""
    return [
        Complaint(
            case_id=number,
            cause=draw(CAUSES),
            named=draw(st.booleans()),
            partner=draw(st.booleans()),
            person_id=draw(st.integers(1, 9)),
            account=Account(id=(of := draw(ACCOUNTS)), name=f"A{of}", revenue=100.0 * of),
            projects=(at(10 * of + draw(st.integers(0, 1))),),
            weight=draw(st.sampled_from([0.15, 0.2, 0.3, 0.35])),
            at=AT + timedelta(days=draw(st.integers(0, 90))),
        )
        for number in range(1, draw(st.integers(1, 12)) + 1)
    ]


def weights(found: tuple[Repeated, ...]) -> dict[Cause, float]:
    return {one.cause: one.weight for one in found}


@given(complaints(), st.data())
def test_whoever_complains_again_does_not_move_the_cause_up(said: list[Complaint], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(said), max_size=9))
    louder = [*said, *(replace(one, case_id=100 + place) for place, one in enumerate(again))]
    before, after = repeated(said, 1000.0), repeated(louder, 1000.0)
    assert weights(before) == weights(after)
    assert [one.cause for one in before] == [one.cause for one in after]


@given(complaints())
def test_only_what_two_projects_say_repeats_and_all_of_it_is_there(said: list[Complaint]) -> None:
    for one in repeated(said, 1000.0):
        same = [each for each in said if each.cause == one.cause]
        assert sorted(each.case_id for each in one.complaints) == [each.case_id for each in same]
        assert len({each.projects[0].id for each in same}) >= 2
        assert (one.first, one.last) == (min(each.at for each in same), max(each.at for each in same))
        assert one.revenue_share == sum({each.account.id: 100.0 * each.account.id for each in same}.values()) / 1000
    reported = {one.cause for one in repeated(said, None)}
    projects = {
        cause: {each.projects[0].id for each in said if each.cause == cause} for cause in {s.cause for s in said}
    }
    assert reported == {cause for cause, where in projects.items() if len(where) >= 2}


def test_an_account_counts_once_by_its_most_senior_voice_and_unknown_revenue_is_not_guessed() -> None:
    def said(number: int, account: int, weight: float, revenue: float | None) -> Complaint:
        return Complaint(
            case_id=number,
            cause=Cause("usability"),
            named=False,
            partner=False,
            person_id=number,
            account=Account(id=account, name=f"A{account}", revenue=revenue),
            projects=(at(account, "East"),),
            weight=weight,
            at=AT,
        )

    [one] = repeated([said(1, 1, 0.2, 50.0), said(2, 1, 0.35, 50.0), said(3, 2, 0.15, None)], 100.0)
    assert round(one.weight, 9) == 0.5
    assert one.revenue_share is None
    assert (one.accounts, one.divisions) == (("A1", "A2"), ("East",))
