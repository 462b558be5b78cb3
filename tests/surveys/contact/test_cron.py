"""Schedules over local dates."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendar import instants
from surveys.cron import next_fire, parse_cron
from tests.surveys.contact.zones import clocks

UTC_ZONE, BERLIN, NUUK = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Nuuk")
DAY = timedelta(days=1)


def fires(line: str, zone: ZoneInfo, after: datetime, number: int) -> list[datetime]:
    found = []
    for _ in range(number):
        fired = next_fire(parse_cron(line), zone, after)
        assert fired is not None
        assert fired > after
        found.append(fired)
        after = fired
    return found


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("0 10 15 3,9 *", ["2026-03-15", "2026-09-15", "2027-03-15"]),
        ("0 10 * * mon-wed", ["2026-01-05", "2026-01-06", "2026-01-07"]),
        ("0 10 1-7/3 * *", ["2026-01-04", "2026-01-07", "2026-02-01"]),
        ("0 10 13 * fri", ["2026-01-02", "2026-01-09", "2026-01-13"]),
        ("0 10 */10 * fri", ["2026-05-01", "2026-07-31", "2026-08-21"]),
        ("0 10 29 feb *", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("0 10 * * 7", ["2026-01-04", "2026-01-11", "2026-01-18"]),
        ("0 10 * * 0", ["2026-01-04", "2026-01-11", "2026-01-18"]),
        ("0 10 31 * *", ["2026-01-31", "2026-03-31", "2026-05-31"]),
    ],
)
def test_a_schedule_fires_on_the_days_its_line_names(line: str, days: list[str]) -> None:
    found = fires(line, UTC_ZONE, datetime(2026, 1, 1, 12, tzinfo=UTC), 3)
    assert [fired.date().isoformat() for fired in found] == days
    assert {fired.time() for fired in found} == {time(10)}


def test_within_a_day_it_fires_at_every_time_its_line_names() -> None:
    found = fires("*/20 8-9 * * *", UTC_ZONE, datetime(2026, 1, 1, 8, 20, tzinfo=UTC), 6)
    assert [fired.strftime("%d %H:%M") for fired in found] == [
        "01 08:40",
        "01 09:00",
        "01 09:20",
        "01 09:40",
        "02 08:00",
        "02 08:20",
    ]


def test_a_time_that_the_clock_skips_fires_right_after_the_gap() -> None:
    (fired,) = fires("30 2 29 3 *", BERLIN, datetime(2026, 3, 1, tzinfo=UTC), 1)
    assert fired == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_times_that_the_clock_skips_together_fire_once() -> None:
    first, second = fires("0,15,30 2 29 3 *", BERLIN, datetime(2026, 3, 1, tzinfo=UTC), 2)
    assert first == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert second.year == 2027


def test_a_time_that_comes_twice_fires_the_first_time() -> None:
    found = fires("30 2 * * *", BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert found == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


def test_a_gap_at_midnight_takes_no_date_away() -> None:
    found = fires("30 23 * * *", NUUK, datetime(2026, 3, 27, 12, tzinfo=UTC), 3)
    assert [fired.astimezone(NUUK).strftime("%d %H:%M") for fired in found] == ["27 23:30", "29 00:00", "29 23:30"]


@given(st.deferred(lambda: st.sampled_from(sorted(clocks()))), st.times().map(lambda at: at.replace(microsecond=0)))
def test_a_daily_schedule_fires_once_for_every_local_date_around_a_change_of_the_clock(name: str, at: time) -> None:
    zone, line = ZoneInfo(name), f"{at.minute} {at.hour} * * *"
    for change in clocks()[name][-2:]:
        first = change.astimezone(zone).date() - 2 * DAY
        before = instants(first, time(at.hour, at.minute), zone)[0] - timedelta(seconds=1)
        wanted = [instants(first + number * DAY, time(at.hour, at.minute), zone)[0] for number in range(5)]
        assert fires(line, zone, before, 5) == wanted


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 10 * *", "there are 4"),
        ("60 * * * *", "minute: '60' is not one of 0 to 59"),
        ("* 24 * * *", "hour: '24' is not one of 0 to 23"),
        ("* * 0 * *", "day: '0' is not one of 1 to 31"),
        ("* * * jann *", "month: 'jann' is not one of 1 to 12"),
        ("* * * * 8", "weekday: '8' is not one of 0 to 7"),
        ("* * 9-3 * *", "day: '9-3' goes backwards"),
        ("*/0 * * * *", "minute: '*/0' has no step"),
        ("5/ * * * *", "minute: '5/' has no step"),
        ("a,1 * * * *", "minute: 'a' is not one of"),
        ("0 10 31 2,4 *", "there is no such day in any year"),
        ("٣ * * * *", "minute: '٣' is not one of"),
    ],
)
def test_a_line_that_is_no_schedule_is_refused_with_a_sentence(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("*", r"\*").replace("/", r"\/")):
        parse_cron(line)


@given(st.text(alphabet="0123456789*/,- janmofeb", max_size=20))
def test_any_words_are_a_schedule_or_a_sentence(line: str) -> None:
    with suppress(ValueError):
        assert next_fire(parse_cron(line), UTC_ZONE, datetime(2026, 1, 1, tzinfo=UTC)) is not None


def test_the_day_that_comes_every_fourth_year_is_waited_for_past_the_century() -> None:
    assert next_fire(parse_cron("0 0 29 2 *"), UTC_ZONE, datetime(2096, 3, 1, tzinfo=UTC)) == datetime(
        2104, 2, 29, tzinfo=UTC
    )
    assert date(2100, 3, 1) - date(2100, 2, 28) == DAY
