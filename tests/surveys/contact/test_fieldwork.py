"""Reminders and ends of what nobody finishes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from surveys.answering import Responded
from surveys.fieldwork import undelivered
from surveys.interview import Disposition, Phase
from surveys.ports import Card, NewInvitation
from surveys.reporting import ReportQuery
from surveys.signals import Action
from tests.surveys.contact.bench import ANNA, BORIS, Bench, row
from tests.surveys.contact.cases import NOW, OFFICE, event, later, policy

DAY = timedelta(days=1)


@pytest.fixture
async def asked(bench: Bench) -> Responded:
    """A pulse in front of Anna, drawn."""
    await bench.take(event())
    bench.later(hours=2)
    (responded,) = await bench.ask()
    await bench.look_after()
    await draw(bench, responded, 77)
    return responded


async def draw(bench: Bench, responded: Responded, message_id: int) -> None:
    """The card arrives as the interview stands."""
    async with bench.work() as work:
        live = await work.uow.interviews.get(responded.opened.interview.id)
        assert live is not None
        card = Card(chat_id=live.card.chat_id, message_id=message_id, shown_turn=live.interview.turn)
        await work.uow.interviews.shown({live.interview.id: card})


async def steps(bench: Bench) -> list[str]:
    return [nudged.step for nudged in await bench.look_after()]


async def test_one_reminder_brings_the_card_down_again_and_the_end_comes_a_week_after_the_last_step(
    bench: Bench, asked: Responded
) -> None:
    bench.later(hours=23)
    assert await steps(bench) == []
    bench.later(hours=1)
    (nudged,) = await bench.look_after()
    assert (nudged.step, nudged.responded.opened.card.message_id) == ("remind", 77)
    async with bench.work() as work:
        (behind,) = await work.uow.interviews.unshown()
    assert behind.card == Card(chat_id=ANNA)
    await draw(bench, asked, 78)
    assert await steps(bench) == []
    bench.later(days=6, seconds=-1)
    assert await steps(bench) == []
    bench.later(seconds=1)
    (nudged,) = await bench.look_after()
    over = nudged.responded.opened.interview
    assert (nudged.step, over.phase, over.disposition) == ("expire", Phase.CLOSED, Disposition.UNREACHED)
    bench.later(days=30)
    assert await steps(bench) == []


async def test_a_step_of_the_person_puts_reminder_and_end_off(bench: Bench, asked: Responded) -> None:
    bench.later(hours=20)
    await bench.press(asked, "score", 3)
    bench.later(hours=20)
    assert await steps(bench) == []
    bench.later(hours=4)
    assert await steps(bench) == ["remind"]
    await draw(bench, asked, 78)
    bench.later(days=5)
    assert await steps(bench) == []
    bench.later(days=1)
    (nudged,) = await bench.look_after()
    assert nudged.responded.opened.interview.disposition is Disposition.PARTIAL


async def test_whoever_began_and_answered_nothing_broke_off(bench: Bench, asked: Responded) -> None:
    await bench.press(asked, "skip")
    bench.later(days=8)
    (nudged,) = await bench.look_after()
    assert (nudged.step, nudged.responded.opened.interview.disposition) == ("expire", Disposition.BREAK_OFF)


async def test_what_is_finished_is_left_alone(bench: Bench, asked: Responded) -> None:
    await bench.finish(asked)
    bench.later(days=8)
    assert await steps(bench) == []


async def test_reminders_wait_for_the_morning_and_ends_do_not(bench: Bench, asked: Responded) -> None:
    bench.policy = policy(hours=OFFICE)
    bench.later(hours=8)
    await bench.press(asked, "skip")
    bench.later(days=1)
    assert await steps(bench) == []
    bench.later(hours=11)
    assert await steps(bench) == ["remind"]
    await draw(bench, asked, 78)
    bench.later(days=5, hours=13)
    assert await steps(bench) == ["expire"]


@pytest.mark.parametrize("barred", ["opted out", "unreachable", "on hold", "foreign messenger"])
async def test_whoever_may_not_be_written_to_is_not_reminded(bench: Bench, asked: Responded, barred: str) -> None:
    async with bench.work() as work:
        (anna,) = await work.uow.people.find("p-1")
        if barred == "opted out":
            await work.uow.people.set_opted_out(anna.id, bench.now)
        elif barred == "unreachable":
            await work.uow.people.set_unreachable(ANNA, bench.now)
    if barred == "on hold":
        await bench.prepare({}, row(on_hold=True))
    if barred == "foreign messenger":
        await bench.prepare({}, row(no_foreign_messenger=True))
    bench.later(days=1)
    assert await steps(bench) == []
    bench.later(days=6)
    assert await steps(bench) == ["expire"]


async def put_off(bench: Bench, asked: Responded, when: Action) -> None:
    await bench.press(await bench.press(asked, "postpone"), when)
    await draw(bench, asked, 77)


async def test_what_is_put_off_comes_back_once_at_that_time_and_is_not_reminded_of_besides(
    bench: Bench, asked: Responded
) -> None:
    bench.policy = policy(hours=OFFICE)
    await put_off(bench, asked, "week")
    bench.later(days=2)
    assert await steps(bench) == []
    bench.later(days=4, hours=20)
    (nudged,) = await bench.look_after()
    back = nudged.responded.opened
    assert (nudged.step, back.interview.phase, back.card.message_id) == ("wake", Phase.ASKING, 77)
    await draw(bench, asked, 78)
    bench.later(days=2)
    assert await steps(bench) == []
    bench.later(days=5)
    (nudged,) = await bench.look_after()
    assert nudged.responded.opened.interview.disposition is Disposition.UNREACHED


async def test_a_reminder_before_does_not_keep_what_is_put_off_from_coming_back(bench: Bench, asked: Responded) -> None:
    bench.later(days=1)
    assert await steps(bench) == ["remind"]
    await draw(bench, asked, 78)
    await put_off(bench, asked, "hour")
    assert await steps(bench) == []
    bench.later(hours=1)
    assert await steps(bench) == ["wake"]
    assert await steps(bench) == []


async def test_where_no_time_fits_the_usual_reminder_brings_the_question_back(bench: Bench) -> None:
    bench.policy = policy(expire_after=timedelta(minutes=50), reminder_after=timedelta(minutes=30))
    await bench.take(event())
    bench.later(hours=2)
    (asked,) = await bench.ask()
    await bench.press(asked, "postpone")
    await draw(bench, asked, 77)
    bench.later(minutes=30)
    (nudged,) = await bench.look_after()
    assert (nudged.step, nudged.responded.opened.interview.phase) == ("remind", Phase.ASKING)


async def test_a_card_left_asking_when_is_reminded_of_with_the_question(bench: Bench, asked: Responded) -> None:
    await bench.press(asked, "postpone")
    await draw(bench, asked, 77)
    bench.later(days=1)
    (nudged,) = await bench.look_after()
    assert (nudged.step, nudged.responded.opened.interview.phase) == ("remind", Phase.ASKING)


async def test_whoever_may_not_be_written_to_then_is_not_and_their_question_is_awake(
    bench: Bench, asked: Responded
) -> None:
    await put_off(bench, asked, "hour")
    await bench.prepare({}, row(on_hold=True))
    bench.later(hours=1)
    assert await steps(bench) == []
    async with bench.work() as work:
        live = await work.uow.interviews.open_of(ANNA)
        assert live is not None
        assert live.interview.phase is Phase.ASKING
        assert await work.uow.interviews.unshown() == []
    bench.later(days=7)
    assert await steps(bench) == ["expire"]


async def test_what_is_put_off_does_not_keep_a_survey_away_until_the_hour_before_it_comes_back(
    bench: Bench, asked: Responded
) -> None:
    bench.policy = policy(rest={"pulse": timedelta(0), "relationship": timedelta(0)})
    await put_off(bench, asked, "tomorrow")
    sleeping = await bench.taken(event(2, occurred_at=bench.now))
    bench.later(hours=18, minutes=30)
    soon = await bench.taken(event(3, occurred_at=bench.now))
    assert (sleeping, soon) == (["asked"], ["open"])


async def test_reminders_wait_until_the_person_is_no_longer_at_another_questionnaire(
    bench: Bench, asked: Responded
) -> None:
    bench.policy = policy(rest={"pulse": timedelta(0), "relationship": timedelta(0)})
    await put_off(bench, asked, "tomorrow")
    await bench.take(event(2, occurred_at=bench.now))
    bench.later(hours=2)
    (other,) = await bench.ask()
    await bench.look_after()
    await draw(bench, other, 79)
    bench.later(hours=18, minutes=30)
    other = await bench.press(other, "score", 4)
    bench.later(minutes=45)
    assert await steps(bench) == []
    bench.later(minutes=15)
    assert await steps(bench) == ["wake"]


async def test_two_reminders_never_come_at_once(bench: Bench, asked: Responded) -> None:
    bench.policy = policy(rest={"pulse": timedelta(0), "relationship": timedelta(0)})
    await put_off(bench, asked, "tomorrow")
    await bench.take(event(2, occurred_at=bench.now))
    bench.later(hours=2)
    (other,) = await bench.ask()
    await bench.look_after()
    await draw(bench, other, 79)
    bench.later(days=1)
    assert await steps(bench) == ["wake"]
    await draw(bench, asked, 80)
    assert await steps(bench) == []
    bench.later(hours=1)
    assert await steps(bench) == ["remind"]


async def test_a_vendor_may_do_without_reminders(bench: Bench, asked: Responded) -> None:
    bench.policy = policy(reminder_after=None)
    bench.later(days=6)
    assert await steps(bench) == []
    bench.later(days=1)
    assert await steps(bench) == ["expire"]


async def test_a_reminder_that_would_come_after_the_end_does_not_come(bench: Bench, asked: Responded) -> None:
    bench.policy = policy(reminder_after=DAY, expire_after=DAY)
    bench.later(days=1)
    assert await steps(bench) == ["expire"]


async def test_no_durations_at_all_are_allowed(bench: Bench) -> None:
    none = timedelta(0)
    bench.policy = policy(
        rest={"pulse": none, "relationship": none}, reminder_after=none, expire_after=none, merge_window=none
    )
    await bench.take(event(1))
    bench.later(hours=2)
    assert len(await bench.ask()) == 1
    assert await steps(bench) == []
    async with bench.work() as work:
        assert await work.uow.interviews.open_of(ANNA) is None
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["asked"]


async def test_a_card_nobody_ever_saw_is_not_drawn_at_its_end(bench: Bench) -> None:
    await bench.take(event())
    bench.later(hours=2)
    await bench.ask()
    bench.policy = replace(bench.policy, reminder_after=None)
    bench.later(days=7)
    assert await steps(bench) == []
    async with bench.work() as work:
        assert await work.uow.interviews.open_of(ANNA) is None
        assert await work.uow.interviews.unshown() == []


async def test_what_could_not_be_delivered_is_closed_and_counts_as_undeliverable(bench: Bench) -> None:
    await bench.take(event())
    bench.later(hours=2)
    await bench.ask()
    async with bench.work() as work:
        await work.uow.people.set_unreachable(ANNA, bench.now)
        await undelivered(work.uow, ANNA, bench.now)
    async with bench.work() as work:
        assert await work.uow.interviews.open_of(ANNA) is None
        assert await work.uow.interviews.unshown() == []
    async with bench.database.reading() as reading:
        (counted,) = await reading.counts.outreach(ReportQuery(metric="response"))
    assert (counted.invited, counted.delivered, counted.undeliverable) == (1, 0, 1)
    assert [one.state for one in await bench.told()] == ["undelivered"]
    async with bench.work() as work:
        await work.uow.people.set_unreachable(ANNA, None)
    assert await bench.taken(event(2, occurred_at=bench.now)) == ["asked"]


async def test_what_was_seen_before_stays_open_when_the_person_cannot_be_reached(
    bench: Bench, asked: Responded
) -> None:
    async with bench.work() as work:
        await undelivered(work.uow, ANNA, bench.now)
        assert await work.uow.interviews.open_of(ANNA) is not None


async def test_an_invitation_that_nobody_opens_ends_as_unreached(bench: Bench) -> None:
    async with bench.work() as work:
        (held, *_) = await work.uow.directory.stakeholders()
        new = NewInvitation(
            token_hash=b"t" * 32,
            person_id=held.person.id,
            project_id=held.project.id,
            questionnaire="relationship",
            roles=held.roles,
            created_at=NOW,
            expires_at=later(days=7),
        )
        await work.uow.invitations.add([new])
    async with bench.work() as work:
        assert await work.uow.fieldwork.expire(later(days=7, seconds=-1), 10) == 0
        assert await work.uow.fieldwork.expire(later(days=7), 10) == 1
        assert await work.uow.fieldwork.expire(later(days=7), 10) == 0


async def test_a_pulse_that_was_answered_is_no_unopened_invitation(bench: Bench, asked: Responded) -> None:
    await bench.finish(asked)
    async with bench.work() as work:
        assert await work.uow.fieldwork.expire(later(days=70), 10) == 0
    assert BORIS != ANNA
