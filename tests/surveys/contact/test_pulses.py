"""What becomes of events, and of the questions that come of them."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from surveys.contact import Ask, PulseRule
from surveys.interview import Disposition, Phase
from tests.surveys.contact.bench import ANNA, BORIS, STAFF, Bench, row
from tests.surveys.contact.cases import NOW, OFFICE, event, later, policy

HOUR = timedelta(hours=1)


def reopened(number: int, at: datetime, **changes: Any) -> Any:
    data = {"ticket": f"T-{number}"}
    return event(900 + number, type="ticket.reopened", occurred_at=at, data=data, **changes)


async def test_a_resolved_request_is_asked_about_after_the_delay_with_its_number_and_touchpoint(bench: Bench) -> None:
    assert await bench.taken(event(data={"touchpoint": "support_ticket", "phone": "1"})) == ["asked"]
    bench.later(hours=2, seconds=-1)
    assert await bench.ask() == []
    bench.later(seconds=1)
    (asked,) = await bench.ask()
    about, interview = asked.opened.about, asked.opened.interview
    assert about.extra == {"ticket": "T-1"}
    assert about.touchpoint == "support_ticket"
    assert (interview.phase, interview.current, interview.consented_at) == (Phase.ASKING, "recommend", None)
    assert (asked.opened.card.chat_id, asked.opened.card.shown_turn) == (ANNA, -1)
    assert await bench.ask() == []
    assert [(one.rule, one.state, one.settled_at) for one in await bench.told()] == [("asked", "asked", bench.now)]


async def test_a_pulse_that_was_committed_but_not_drawn_is_drawn_after_a_start(bench: Bench) -> None:
    await bench.take(event())
    bench.later(hours=2)
    (asked,) = await bench.ask()
    async with bench.work() as work:
        assert await work.uow.interviews.unshown() == [asked.opened]


async def test_the_first_answer_to_a_pulse_is_the_consent(bench: Bench) -> None:
    await bench.take(event())
    bench.later(hours=2)
    (asked,) = await bench.ask()
    bench.later(minutes=5)
    answered = await bench.press(asked, "score", 8)
    assert answered.opened.interview.consented_at == bench.now
    assert answered.opened.interview.consent
    assert (await bench.finish(answered)).opened.interview.disposition is Disposition.COMPLETE


async def test_an_event_counts_once_for_its_source(bench: Bench) -> None:
    assert (await bench.take(event())).fresh
    again = await bench.take(event())
    assert not again.fresh
    assert again.decided == ()
    assert (await bench.take(event(source="other"))).fresh
    assert await bench.rules() == ["merged", "asked"]


@pytest.mark.parametrize("managing", ["account_manager", "project_manager"])
async def test_whoever_the_directory_names_as_the_manager_is_staff_as_well(bench: Bench, managing: str) -> None:
    await bench.prepare({"p-1": ANNA, "p-2": BORIS}, row("p-1", **{managing: BORIS}), row("p-2", **{managing: BORIS}))
    assert await bench.taken(event(data={"participants": ["p-2"]})) == ["asked", "staff"]


async def test_everybody_concerned_is_decided_about_alone_and_staff_never(bench: Bench) -> None:
    people = {"p-1": ANNA, "p-4": STAFF}
    await bench.prepare(people, *[row(name) for name in people])
    named = event(person="p-1", data={"participants": ["p-1", "p-2", "p-3", "p-4", "p-9", 7]})
    assert await bench.taken(named) == ["asked", "asked", "not_linked", "staff", "unknown_person"]
    assert [await bench.rules(name) for name in ("p-3", "p-9")] == [["not_linked"], ["unknown_person"]]


async def test_a_crowd_that_one_event_concerns_is_asked_in_a_drip_and_a_single_person_to_the_second(
    bench: Bench,
) -> None:
    bench.policy = policy(drip=timedelta(minutes=1))
    crowd = {f"q-{number}": 9000 + number for number in range(200)}
    await bench.prepare(crowd, *[row(name) for name in crowd])
    concerned = event(2, person=None, data={"participants": list(crowd)})
    taken = await bench.take(concerned)
    due = [one.verdict.at - later(hours=2) for one in taken.decided if isinstance(one.verdict, Ask)]
    assert len(due) == 200
    assert timedelta(0) <= min(due) < max(due) < timedelta(minutes=1)
    assert len({at // timedelta(seconds=10) for at in due}) == 6
    (alone,) = (await bench.take(event(3))).decided
    assert isinstance(alone.verdict, Ask)
    assert alone.verdict.at == later(hours=2)


async def test_words_that_name_nothing_are_kept_with_the_event_and_hinder_nothing(bench: Bench) -> None:
    """An index of PostgreSQL holds no words of this length, and the data of an event of one's own are free."""
    visit = PulseRule(questionnaire="support_pulse", touchpoint="visit")
    bench.policy = policy(pulses={"crm.visit": visit})
    words = random.Random(1).randbytes(4000).hex()
    said = {"ticket": words, "touchpoint": words, "participants": ["p-2", words]}
    assert await bench.taken(event(type="crm.visit", data=said)) == ["asked", "asked"]
    asked, _ = await bench.ask()
    assert (asked.opened.about.touchpoint, asked.opened.about.extra) == ("visit", {})
    await bench.finish(await bench.press(asked, "score", 8))
    while await bench.database.fold():
        pass
    async with bench.database.reading() as reading:
        (kept,) = [row async for row in reading.decisions.events()]
    assert kept["data"] == said


async def test_a_request_closed_by_a_clock_that_is_wrong_is_taken_back_when_it_is_opened_again(bench: Bench) -> None:
    assert await bench.taken(event(1, occurred_at=later(days=400))) == ["asked"]
    bench.later(minutes=10)
    assert await bench.taken(reopened(1, bench.now)) == ["reopened"]


async def test_a_request_opened_again_by_a_clock_that_is_wrong_is_asked_about_once_it_is_closed(bench: Bench) -> None:
    assert await bench.taken(reopened(1, later(days=400))) == []
    bench.later(minutes=10)
    assert await bench.taken(event(1, occurred_at=bench.now)) == ["asked"]
    bench.later(hours=2)
    assert len(await bench.ask()) == 1


async def test_an_event_about_nobody_is_told_of_too(bench: Bench) -> None:
    assert await bench.taken(event(person=None)) == ["nobody"]


async def test_an_old_event_from_a_file_is_kept_and_nobody_is_asked_about_it(bench: Bench) -> None:
    old = event(1, occurred_at=later(days=-15), imported=True, data={"participants": ["p-2"]})
    assert await bench.taken(old) == ["too_old", "too_old"]
    assert not (await bench.take(old)).fresh
    bench.later(days=1)
    assert await bench.ask() == []


async def test_a_question_about_an_imported_event_may_wait_longer_than_the_event_might_be_old(bench: Bench) -> None:
    bench.policy = policy(pulses={"ticket.resolved": PulseRule(questionnaire="support_pulse", delay=15 * 24 * HOUR)})
    assert await bench.taken(event(occurred_at=later(days=-13), imported=True)) == ["asked"]
    bench.later(days=2)
    assert len(await bench.ask()) == 1


async def test_a_project_that_came_on_long_ago_by_a_file_waits_for_a_wave(bench: Bench) -> None:
    await bench.prepare({}, row(adoption=0.1), row("p-2", adoption=0.1))
    grew = event(type="project.adoption", data={"adoption": 0.9}, occurred_at=later(days=-15), imported=True)
    assert await bench.taken(grew) == ["too_old", "too_old", "not_linked"]


async def test_an_event_nobody_is_asked_about_is_kept_without_a_decision(bench: Bench) -> None:
    assert await bench.taken(event(type="ticket.created")) == []


@pytest.mark.parametrize(
    ("named", "rule"),
    [
        ({}, "asked"),
        ({"account": None}, "asked"),
        ({"project": None}, "unknown_project"),
        ({"project": "Сбыт"}, "asked"),
        ({"project": "Нет такого"}, "unknown_project"),
        ({"account": "Нет такого"}, "unknown_project"),
    ],
)
async def test_the_event_says_which_of_a_person_s_projects_it_is_about(
    bench: Bench, named: dict[str, str | None], rule: str
) -> None:
    await bench.prepare({}, row(), row(project="Сбыт"))
    assert await bench.taken(event(**named)) == [rule]


async def test_requests_resolved_close_together_are_asked_about_in_one_pulse(bench: Bench) -> None:
    assert await bench.taken(event(1)) == ["asked"]
    bench.later(hours=1)
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["merged"]
    bench.later(hours=1)
    assert await bench.ask() == []
    bench.later(hours=1)
    (asked,) = await bench.ask()
    assert asked.opened.about.extra["ticket"] == "T-1, T-2"


async def test_of_very_many_requests_the_first_are_named_and_the_others_counted(bench: Bench) -> None:
    for number in range(1, 41):
        await bench.take(event(number, data={"ticket": f"{number:02}-{'x' * 150}"}))
    bench.later(hours=2)
    (asked,) = await bench.ask()
    named = asked.opened.about.extra["ticket"]
    assert named.startswith("01-xxx")
    assert named.endswith("… +30")
    assert len(named) < 1100
    merged = next(one for one in await bench.told() if one.rule == "merged")
    assert str(merged.detail["tickets"]).endswith("… +30")


async def test_a_request_opened_again_is_not_asked_about_and_closed_again_it_is_once(bench: Bench) -> None:
    await bench.take(event(1))
    bench.later(hours=1)
    assert await bench.taken(reopened(1, bench.now)) == ["reopened"]
    bench.later(hours=2)
    assert await bench.ask() == []
    assert await bench.taken(event(2, occurred_at=bench.now, data={"ticket": "T-1"})) == ["asked"]
    bench.later(hours=2)
    (asked,) = await bench.ask()
    assert asked.opened.about.extra["ticket"] == "T-1"
    assert await bench.rules() == ["asked", "reopened", "asked"]
    assert [one.state for one in await bench.told()] == ["asked", "dropped", "dropped"]


async def test_of_two_requests_the_one_not_opened_again_is_asked_about(bench: Bench) -> None:
    await bench.take(event(1))
    await bench.take(event(2))
    assert await bench.taken(reopened(1, later(minutes=5))) == ["reopened"]
    bench.later(hours=2)
    (asked,) = await bench.ask()
    assert asked.opened.about.extra["ticket"] == "T-2"


async def test_events_that_come_in_the_wrong_order_are_taken_in_the_order_in_which_they_happened(bench: Bench) -> None:
    assert await bench.taken(reopened(1, later(minutes=5))) == []
    assert await bench.taken(event(1)) == ["reopened"]
    assert await bench.taken(event(2, occurred_at=later(minutes=9), data={"ticket": "T-1"})) == ["asked"]
    assert await bench.taken(reopened(1, later(minutes=7), id="late")) == []


async def test_another_source_s_ticket_of_the_same_number_is_another_ticket(bench: Bench) -> None:
    await bench.take(event(1))
    assert await bench.taken(reopened(1, later(minutes=5), source="other")) == []


async def test_a_pulse_is_dropped_while_another_is_open_and_then_while_the_person_rests(bench: Bench) -> None:
    await bench.take(event(1))
    bench.later(hours=2)
    (asked,) = await bench.ask()
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["open"]
    await bench.finish(asked)
    assert await bench.taken(event(3, occurred_at=bench.now)) == ["resting"]
    bench.later(days=14)
    assert await bench.taken(event(4, occurred_at=bench.now)) == ["asked"]


async def test_what_a_year_takes_of_a_person_and_of_an_account_has_its_limits(bench: Bench) -> None:
    bench.policy = replace(bench.policy, rest={"pulse": 0 * HOUR, "relationship": 0 * HOUR}, minutes_per_person=1)
    await bench.take(event(1))
    bench.later(hours=2)
    await bench.finish((await bench.ask())[0])
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["person_budget"]
    assert await bench.taken(event(3, occurred_at=bench.now, person="p-2")) == ["asked"]
    bench.policy = replace(bench.policy, minutes_per_account=1)
    bench.later(hours=2)
    assert await bench.ask() == []
    assert await bench.rules("p-2") == ["account_budget", "asked"]
    bench.later(days=365)
    assert await bench.taken(event(4, occurred_at=bench.now)) == ["asked"]


async def test_what_was_refused_took_no_time(bench: Bench) -> None:
    bench.policy = replace(bench.policy, rest={"pulse": 0 * HOUR, "relationship": 0 * HOUR}, minutes_per_person=1)
    await bench.take(event(1))
    bench.later(hours=2)
    await bench.press((await bench.ask())[0], "refuse")
    async with bench.work() as work:
        (anna,) = await work.uow.people.find("p-1")
        await work.uow.people.set_opted_out(anna.id, None)
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["asked"]


async def test_at_the_due_time_everything_is_checked_once_more(bench: Bench) -> None:
    await bench.take(event(1, data={"participants": ["p-1", "p-2"]}))
    await bench.stop(ANNA)
    async with bench.work() as work:
        await work.uow.people.set_unreachable(BORIS, bench.now)
    bench.later(hours=2)
    assert await bench.ask() == []
    assert await bench.rules("p-1") == ["opted_out", "asked"]
    assert await bench.rules("p-2") == ["unreachable", "asked"]
    bench.later(days=1)
    assert await bench.ask() == []
    assert await bench.rules("p-1") == ["opted_out", "asked"]


async def test_an_account_put_on_hold_meanwhile_is_not_asked(bench: Bench) -> None:
    await bench.take(event(1))
    await bench.prepare({}, row(on_hold=True))
    bench.later(hours=2)
    assert await bench.ask() == []
    assert await bench.rules() == ["on_hold", "asked"]


async def test_a_directory_file_without_the_column_takes_no_account_off_hold(bench: Bench) -> None:
    await bench.prepare({}, row(on_hold=True))
    await bench.prepare({}, row(industry="steel"))
    assert await bench.taken(event(1)) == ["on_hold"]
    await bench.prepare({}, row(on_hold=False))
    assert await bench.taken(event(2)) == ["asked"]


async def test_after_a_night_without_the_service_nobody_is_asked_before_the_morning(bench: Bench) -> None:
    bench.policy = policy(hours=OFFICE)
    await bench.take(event(1))
    bench.later(hours=14)
    assert await bench.ask() == []
    assert await bench.rules() == ["asked"]
    assert [one.due_at.astimezone(ZoneInfo("Europe/Moscow")).hour for one in await bench.told() if one.due_at] == [9]
    bench.later(hours=7)
    assert len(await bench.ask()) == 1


async def test_a_questionnaire_that_does_not_exist_is_told_of(bench: Bench) -> None:
    bench.policy = policy(pulses={"ticket.resolved": PulseRule(questionnaire="gone")})
    assert await bench.taken(event()) == ["unknown_questionnaire"]


async def test_an_event_from_the_future_waits_no_longer_than_the_delay(bench: Bench) -> None:
    (decided,) = (await bench.take(event(occurred_at=later(days=30)))).decided
    assert decided.verdict.values == {"at": later(hours=2).isoformat()}


async def test_the_longest_due_are_asked_first_and_the_rest_next_time(bench: Bench) -> None:
    await bench.take(event(1, person="p-2", occurred_at=later(hours=-1)))
    await bench.take(event(2, person="p-1"))
    bench.later(hours=2)
    assert [asked.opened.card.chat_id for asked in await bench.ask(1)] == [BORIS]
    assert [asked.opened.card.chat_id for asked in await bench.ask(1)] == [ANNA]
    assert bench.now > NOW
