"""Every rule of the contact policy, one by one and together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendar import ContactHours, fraction
from surveys.contact import Ask, Drop, History, Policy
from surveys.policy import RULES, decide
from tests.surveys.contact.cases import (
    NOW,
    OFFICE,
    account,
    busy,
    candidate,
    event,
    held,
    later,
    person,
    policy,
    project,
    pulse,
    scheduled,
    survey,
)
from tests.surveys.contact.test_calendar import HOURS, ZONES

NOBODY = {"name": None, "person": None, "held": None}
UNKNOWN = {"name": "p-9", "person": None, "held": None}
EARLY = held(project=project(stage="implementation"))
UNUSED = held(project=project(adoption=0.5))

OBJECTIONS: Sequence[tuple[str, Mapping[str, Any], Mapping[str, object]]] = (
    ("unknown_questionnaire", {"occasion": pulse(known=False)}, {"questionnaire": "support_pulse"}),
    ("nobody", {"candidate": candidate(**NOBODY)}, {}),
    ("unknown_person", {"candidate": candidate(**UNKNOWN)}, {}),
    ("staff", {"candidate": candidate(staff=True)}, {}),
    ("unknown_project", {"candidate": candidate(held=None)}, {"project": "Комбинат-Пример, Учёт проката"}),
    (
        "opted_out",
        {"candidate": candidate(held=held(person=person(opted_out_at=NOW)))},
        {"at": NOW.isoformat()},
    ),
    ("not_linked", {"candidate": candidate(held=held(person=person(telegram_id=None)))}, {}),
    (
        "unreachable",
        {"candidate": candidate(held=held(person=person(unreachable_at=NOW)))},
        {"at": NOW.isoformat()},
    ),
    ("on_hold", {"candidate": candidate(held=held(account=account(on_hold=True)))}, {"account": "Комбинат-Пример"}),
    (
        "foreign_messenger",
        {"candidate": candidate(held=held(account=account(no_foreign_messenger=True)))},
        {"account": "Комбинат-Пример"},
    ),
    (
        "not_eligible",
        {"occasion": survey(), "candidate": candidate(held=EARLY)},
        {"stage": "implementation", "adoption": 80, "needed": 70},
    ),
    (
        "not_eligible",
        {"occasion": survey(), "candidate": candidate(held=UNUSED)},
        {"stage": "operation", "adoption": 50, "needed": 70},
    ),
    (
        "too_old",
        {"occasion": pulse(event(occurred_at=later(days=-14, seconds=-1), imported=True))},
        {"at": later(days=-14, seconds=-1).isoformat(), "since": later(days=-14).isoformat()},
    ),
    (
        "too_old",
        {"occasion": survey(events=(event(occurred_at=later(days=-15), imported=True),))},
        {"at": later(days=-15).isoformat(), "since": later(days=-14).isoformat()},
    ),
    (
        "closed_automatically",
        {"occasion": pulse(event(data={"closed_automatically": True}))},
        {"resolution": "closed_automatically"},
    ),
    (
        "closed_automatically",
        {"occasion": pulse(event(data={"resolution": "Auto_closed"}))},
        {"resolution": "auto_closed"},
    ),
    ("duplicate_ticket", {"occasion": pulse(event(data={"duplicate_of": "T-0"}))}, {"of": "T-0"}),
    (
        "reopened",
        {"history": History(reopened={("helpdesk", "T-1"): NOW})},
        {"tickets": "T-1"},
    ),
    ("not_addressed", {"candidate": candidate(addressed=False)}, {"roles": "key_user"}),
    ("not_sampled", {"occasion": pulse(sample=0.0)}, {"sample": 0.0}),
    (
        "scheduled",
        {"history": History(scheduled=(scheduled(questionnaire="release_pulse"),))},
        {"questionnaire": "release_pulse", "at": later(hours=1).isoformat()},
    ),
    (
        "open",
        {"history": History(open=(busy(questionnaire="relationship", kind="relationship"),))},
        {"questionnaire": "relationship", "at": later(hours=-1).isoformat()},
    ),
    (
        "open",
        {"occasion": survey(), "history": History(open=(busy(kind="relationship"),))},
        {"questionnaire": "support_pulse", "at": later(hours=-1).isoformat()},
    ),
    (
        "resting",
        {"history": History(last={"pulse": later(days=-13)})},
        {"at": later(days=-13).isoformat(), "until": later(days=1).isoformat()},
    ),
    (
        "person_budget",
        {"history": History(minutes=10), "policy": policy(minutes_per_person=10)},
        {"spent": 10, "minutes": 1, "allowed": 10},
    ),
    (
        "account_budget",
        {"history": History(account_minutes=100), "policy": policy(minutes_per_account=100)},
        {"spent": 100, "minutes": 1, "allowed": 100},
    ),
)


def verdict(**given: Any) -> Ask | Drop:
    usual = {"occasion": pulse(), "candidate": candidate(), "history": History(), "policy": policy()}
    case = usual | given
    return decide(case["occasion"], case["candidate"], case["history"], case["policy"], NOW)


@pytest.mark.parametrize(("rule", "given", "values"), OBJECTIONS)
def test_a_rule_objects_and_tells_what_it_saw(
    rule: str, given: Mapping[str, Any], values: Mapping[str, object]
) -> None:
    assert verdict(**given) == Drop(rule, values)


def test_every_rule_is_in_the_table() -> None:
    assert {rule for rule, _, _ in OBJECTIONS} == set(RULES)


def test_where_no_rule_objects_the_person_is_asked_after_the_delay() -> None:
    assert verdict() == Ask(later(hours=2), "asked", {"at": later(hours=2).isoformat()})


@pytest.mark.parametrize(
    "given",
    [
        {"history": History(last={"pulse": later(days=-13, hours=-22)})},
        {"history": History(last={"relationship": NOW})},
        {"history": History(minutes=9), "policy": policy(minutes_per_person=10)},
        {"history": History(minutes=10**6, account_minutes=10**6)},
        {"history": History(reopened={("helpdesk", "T-1"): later(seconds=-1)})},
        {"history": History(reopened={("helpdesk", "T-2"): NOW, ("other", "T-1"): NOW})},
        {"occasion": pulse(event(data={"resolution": "fixed", "closed_automatically": False, "duplicate_of": ""}))},
        {"occasion": survey(), "history": History(last={"pulse": NOW})},
        {"occasion": survey(), "candidate": candidate(held=held(project=project(stage="rollout", adoption=0.7)))},
        {"candidate": candidate(held=held(account=account(on_hold=False, no_foreign_messenger=False)))},
        {"candidate": candidate(held=EARLY)},
        {"occasion": pulse(event(occurred_at=later(days=-14), imported=True))},
        {"occasion": pulse(event(occurred_at=later(days=400), imported=True))},
        {"occasion": pulse(event(occurred_at=later(days=-400)))},
        {"occasion": pulse(event(occurred_at=later(days=-400), imported=True)), "policy": policy(event_max_age=None)},
    ],
)
def test_what_is_within_the_rules_is_asked(given: Mapping[str, Any]) -> None:
    assert isinstance(verdict(**given), Ask)


def test_a_delay_that_is_over_already_asks_now() -> None:
    assert verdict(occasion=pulse(not_before=later(days=-3))) == Ask(NOW, "asked", {"at": NOW.isoformat()})


def test_what_becomes_due_at_night_where_the_person_is_waits_for_their_morning() -> None:
    far_east = candidate(held=held(person=person(timezone="Asia/Vladivostok")))
    found = verdict(candidate=far_east, policy=policy(hours=OFFICE))
    assert isinstance(found, Ask)
    assert found.at.astimezone(ZoneInfo("Asia/Vladivostok")).strftime("%a %H:%M") == "Wed 09:00"
    assert verdict(policy=policy(hours=OFFICE)) == verdict()


def test_the_sample_is_the_event_s_own_and_comes_to_its_share() -> None:
    events = [event(number) for number in range(2000)]
    asked = [one.id for one in events if isinstance(verdict(occasion=pulse(one, sample=0.3)), Ask)]
    assert asked == [one.id for one in events if isinstance(verdict(occasion=pulse(one, sample=0.3)), Ask)]
    assert 540 < len(asked) < 660
    assert set(asked) < {one.id for one in events if isinstance(verdict(occasion=pulse(one, sample=0.5)), Ask)}


def test_everybody_concerned_by_one_event_is_in_the_sample_or_nobody_is() -> None:
    for number in range(20):
        people = [candidate(held=held(person=person(id=each, external_id=f"p-{each}"))) for each in range(5)]
        found = {type(verdict(occasion=pulse(event(number), sample=0.5), candidate=one)) for one in people}
        assert len(found) == 1


def test_tickets_closed_close_together_become_one_pulse_at_the_later_time() -> None:
    to_come = scheduled(event(1, occurred_at=later(hours=-3)))
    found = verdict(occasion=pulse(event(2)), history=History(scheduled=(to_come,)))
    at = later(hours=2)
    assert found == Ask(at, "merged", {"at": at.isoformat(), "tickets": "T-1, T-2"}, into=7)


@pytest.mark.parametrize(
    ("to_come", "rules"),
    [
        (scheduled(event(1, occurred_at=later(hours=-24))), policy()),
        (scheduled(event(1), questionnaire="release_pulse"), policy()),
        (scheduled(event(1), project_id=11), policy()),
        (scheduled(), policy()),
        (scheduled(event(1)), policy(merge_window=timedelta(0))),
    ],
    ids=["too far apart", "another questionnaire", "another project", "no event", "switched off"],
)
def test_a_pulse_that_cannot_be_joined_to_the_one_to_come_is_dropped(to_come: Any, rules: Policy) -> None:
    found = verdict(occasion=pulse(event(2)), history=History(scheduled=(to_come,)), policy=rules)
    assert isinstance(found, Drop)
    assert found.rule == "scheduled"


def test_a_relationship_survey_waits_until_a_pulse_is_over() -> None:
    waiting = verdict(occasion=survey(), history=History(open=(busy(),)))
    assert isinstance(waiting, Ask)
    assert waiting.at == later(days=7)
    to_come = verdict(occasion=survey(), history=History(scheduled=(scheduled(event(1)),)))
    assert isinstance(to_come, Ask)
    assert to_come.at == later(hours=1) + policy().expire_after


def test_of_several_tickets_one_is_left_when_another_was_opened_again() -> None:
    both = pulse(event(1), event(2))
    assert isinstance(verdict(occasion=both, history=History(reopened={("helpdesk", "T-1"): NOW})), Ask)
    neither = {("helpdesk", "T-1"): NOW, ("helpdesk", "T-2"): NOW}
    assert verdict(occasion=both, history=History(reopened=neither)) == Drop("reopened", {"tickets": "T-1, T-2"})


def test_the_decision_is_the_same_every_time() -> None:
    for _, case, _ in OBJECTIONS:
        assert verdict(**case) == verdict(**case)


events = st.lists(st.timedeltas(timedelta(0), timedelta(days=60)), min_size=1, max_size=25).map(sorted)


@given(events, ZONES, HOURS, st.timedeltas(timedelta(0), timedelta(days=2)), st.timedeltas(timedelta(0), timedelta(30)))
def test_any_events_ask_nobody_at_night_nor_early_nor_twice_within_the_rest(
    happened: list[timedelta], zone: ZoneInfo, hours: ContactHours, delay: timedelta, rest: timedelta
) -> None:
    """Plays a person's time: events are decided as they come, what is due is decided once more and asked."""
    rules = policy(zone=zone, hours=hours, rest={"pulse": rest, "relationship": rest}, drip=timedelta(hours=1))
    history, asked, waiting = History(), list[datetime](), dict[datetime, datetime]()
    for number, after in enumerate(happened):
        occurred = NOW + after
        history, asked = _ask_what_is_due(history, asked, waiting, rules, occurred)
        occasion = pulse(event(number, occurred_at=occurred), not_before=occurred + delay)
        found = decide(occasion, candidate(), history, rules, occurred)
        if isinstance(found, Ask):
            joined = history.scheduled[0].events if found.into else ()
            waiting.clear()
            waiting[found.at] = occurred + delay
            history = replace(history, scheduled=(scheduled(*joined, *occasion.events, due_at=found.at),))
    history, asked = _ask_what_is_due(history, asked, waiting, rules, datetime(2040, 1, 1, tzinfo=UTC))
    assert asked
    assert all(hours.allow(at.astimezone(zone)) for at in asked)
    assert all(second - first >= rest for first, second in pairwise(asked))


def _ask_what_is_due(
    history: History, asked: list[datetime], waiting: dict[datetime, datetime], rules: Policy, until: datetime
) -> tuple[History, list[datetime]]:
    for due in sorted(at for at in waiting if at <= until):
        assert due >= waiting.pop(due)
        again = pulse(*history.scheduled[0].events, not_before=due)
        if isinstance(decide(again, candidate(), replace(history, scheduled=()), rules, due), Ask):
            asked = [*asked, due]
            history = replace(history, last={"pulse": due})
        history = replace(history, scheduled=())
    return history, asked


@given(
    st.timedeltas(-timedelta(days=20000), timedelta(days=20000)),
    st.timedeltas(timedelta(0), timedelta(days=36500)),
    st.booleans(),
)
def test_an_imported_event_is_asked_about_exactly_when_it_is_young_enough_and_any_other_always(
    age: timedelta, limit: timedelta, imported: bool
) -> None:
    found = verdict(occasion=pulse(event(occurred_at=NOW - age, imported=imported)), policy=policy(event_max_age=limit))
    assert found.rule == ("too_old" if imported and age > limit else "asked")


def test_the_share_of_an_event_does_not_depend_on_the_process() -> None:
    assert fraction("helpdesk", "e-1") == pytest.approx(0.2909601, abs=1e-7)
