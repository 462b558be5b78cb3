"""The state machine of a case: whatever people, clients and time do, in whatever order."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendar import ContactHours, QuietHours
from surveys.cases.case import OPEN, Action, Case, Kind, NotNow, first_due, step
from surveys.cases.rules import Colleague, LoopRules, Managers
from surveys.cases.signals import GRADES, Severity, SignalRules
from surveys.cases.words import AlertWords

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
HOURS: Final = ContactHours(quiet=QuietHours(time(20), time(9)))
DAYS: Final[dict[Severity, timedelta]] = {
    "critical": timedelta(hours=24),
    "normal": timedelta(hours=48),
    "low": timedelta(hours=96),
}
DETAILS: Final[dict[str, list[dict[str, object]]]] = {
    "signal": [{"severity": grade, "rules": ["nps"]} for grade in GRADES],
    "due": [{"until": (NOW + timedelta(days=days)).isoformat()} for days in (1, 30)],
    "snooze": [{"until": (NOW + timedelta(days=3)).isoformat(), "reason": "away"}],
    "reassign": [{"to": 7}],
    "merge": [{"into": 2}],
    "absorbed": [{"case": 3}],
    "asked": [{"interview": "i1"}],
    "answer": [{"verdict": verdict} for verdict in ("solved", "partly", "unsolved")],
    "unanswered": [{"why": "silence"}],
    "action": [{"text": "call"}],
}


def rules(**changes: object) -> LoopRules:
    usual: dict[str, object] = {
        "signals": SignalRules(limits={"nps": 6, "csat": 2, "ces": 2}, drop=3, remark=True, words=AlertWords()),
        "first_contact": DAYS,
        "zone": ZoneInfo("Europe/Moscow"),
        "hours": HOURS,
        "admins": (1001,),
    }
    return LoopRules(**usual | changes)  # type: ignore[arg-type]


def fresh(severity: Severity = "normal") -> Case:
    due = first_due(severity, 7, NOW, rules())
    return Case(
        id=1,
        person_id=1,
        project_id=1,
        account_id=1,
        opened_at=NOW,
        responsible=7,
        severity=severity,
        due_at=due,
    )


@st.composite
def actions(draw: st.DrawFn) -> list[Action]:
    """Anything anybody may do, with time going on between one thing and the next."""
    made, at = [], NOW
    for _ in range(draw(st.integers(1, 25))):
        at += timedelta(hours=draw(st.integers(0, 60)))
        kind: Kind = draw(st.sampled_from(get_args(Kind)))
        detail = draw(st.sampled_from(DETAILS.get(kind, [{}])))
        made.append(Action(kind=kind, at=at, actor=draw(st.sampled_from([7, 8, None])), detail=detail))
    return made


def done(case: Case, *kinds: Kind, **detail: object) -> Case:
    """The case after these actions, one an hour; the detail is the last one's."""
    for number, kind in enumerate(kinds):
        own = detail if detail and number == len(kinds) - 1 else DETAILS.get(kind, [{}])[0]
        case, _ = step(case, Action(kind=kind, at=NOW + timedelta(hours=number), actor=7, detail=own), rules())
    return case


@given(actions(), st.sampled_from(GRADES))
def test_no_path_loses_a_case_closes_it_without_a_reason_or_disturbs_people_at_night(
    path: list[Action], severity: Severity
) -> None:
    case, said = fresh(severity), None
    for action in path:
        try:
            after, happened = step(case, action, rules())
        except NotNow:
            continue
        assert after.version == case.version + 1
        assert happened.kind == action.kind
        if action.kind in {"answer", "unanswered", "merge"}:
            said = action
        if after.status == "closed":
            assert said is not None
            assert after.outcome is not None
            assert after.closed_at == said.at
            assert (after.outcome == "confirmed") == (said.kind == "answer")
        else:
            assert after.due_at is not None, "nobody would ever look at it again"
            assert after.outcome is None
        if after.status in OPEN and after.severity != "critical" and after.due_at != case.due_at:
            assert after.due_at is not None
            assert HOURS.allow(after.due_at.astimezone(ZoneInfo("Europe/Moscow")))
        case = after


def test_only_the_client_closes_a_case_as_solved() -> None:
    waiting = done(fresh(), "take", "contacted", "done", "asked")
    assert waiting.status == "checking"
    assert done(waiting, "answer", verdict="solved").outcome == "confirmed"
    assert done(waiting, "unanswered", why="silence").outcome == "unconfirmed"


def test_a_client_who_says_no_gets_it_reopened_one_rung_up_and_may_change_their_mind() -> None:
    reopened = done(fresh(), "take", "done", "asked", "answer", verdict="unsolved")
    assert (reopened.status, reopened.reopened, reopened.level) == ("taken", 1, 1)
    assert done(reopened, "answer", verdict="solved").outcome == "confirmed"
    assert done(reopened, "answer", verdict="partly").reopened == 1


def test_a_client_who_was_not_asked_cannot_answer() -> None:
    with pytest.raises(NotNow):
        done(fresh(), "answer", verdict="solved")


def test_a_new_complaint_while_the_client_is_asked_opens_the_case_again() -> None:
    case = done(fresh(), "take", "done", "asked", "signal", severity="normal", rules=["nps"])
    assert (case.status, case.reopened, case.check) == ("taken", 1, None)


def test_a_graver_signal_brings_the_first_contact_forward_and_a_lighter_one_changes_nothing() -> None:
    case = fresh("low")
    graver = done(case, "signal", severity="critical", rules=["word"])
    assert graver.severity == "critical"
    assert graver.due_at == NOW + timedelta(hours=24)
    assert done(graver, "signal", severity="low", rules=["remark"]).due_at == graver.due_at


def test_each_reminder_is_a_rung_up_and_an_action_starts_anew() -> None:
    case = done(fresh(), "reminded", "escalated")
    assert case.level == 2
    assert case.overdue(NOW)
    assert done(case, "action", text="call").level == 2, "a plan is no contact"
    assert done(case, "contacted", "action", text="call").level == 0


def test_a_plan_for_later_does_not_put_off_the_first_contact_and_holds_after_it() -> None:
    later = NOW + timedelta(days=10)
    case = done(fresh(), "due", until=later.isoformat())
    assert case.due_at == fresh().due_at
    assert done(case, "contacted").due_at == case.action_due


def test_a_case_that_is_put_off_is_not_overdue_and_comes_back() -> None:
    case = done(fresh(), "snooze", until=(NOW + timedelta(days=3)).isoformat(), reason="away")
    assert not case.overdue(NOW + timedelta(days=9))
    assert done(case, "woken").overdue(NOW)


def test_first_contact_is_due_in_working_hours_unless_it_is_critical() -> None:
    assert first_due("normal", 7, NOW, rules()) == datetime(2026, 11, 23, 6, tzinfo=UTC)  # Monday, 9 in Moscow
    assert first_due("critical", 7, NOW, rules()) == NOW + timedelta(hours=24)


def test_a_colleague_in_another_zone_works_by_their_own_clock() -> None:
    there = rules(colleagues={7: Colleague(zone=ZoneInfo("Asia/Vladivostok"))})
    assert first_due("normal", 7, NOW, there) == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_deputies_stand_in_on_days_of_absence_also_one_after_the_other() -> None:
    away = {
        7: Colleague(deputy=8, since=date(2026, 11, 20), until=date(2026, 11, 27)),
        8: Colleague(deputy=9, since=date(2026, 11, 1)),
    }
    managers = Managers(project=7)
    there = rules(colleagues=away)
    assert there.informed(managers, NOW) == (9,)
    assert there.informed(managers, NOW + timedelta(days=8)) == (7,)
    circle = rules(colleagues={7: Colleague(deputy=8), 8: Colleague(deputy=7)})
    assert circle.informed(managers, NOW)


def test_without_managers_the_admins_are_told_and_the_ladder_ends() -> None:
    assert rules().informed(Managers(), NOW) == (1001,)
    assert rules().rung(1, Managers(account=5), NOW) == (5,)
    assert rules().rung(2, Managers(account=5), NOW) == (1001,)
    assert rules().rung(3, Managers(account=5), NOW) == ()


def test_a_day_chosen_by_a_button_is_told_as_the_one_that_is_kept_even_when_it_falls_on_a_day_off() -> None:
    loop = rules()
    friday, sunday = (loop.evening(NOW, days, 7, "normal").astimezone(loop.zone) for days in (7, 2))
    assert friday == datetime(2026, 11, 27, 19, tzinfo=loop.zone)
    assert sunday == datetime(2026, 11, 23, 9, tzinfo=loop.zone)
    assert done(fresh(), "due", until=sunday.isoformat()).action_due == sunday
