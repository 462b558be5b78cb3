"""Quiet hours, weekends and holidays, in every zone and around every change of the clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendar import ContactHours, QuietHours, due_moment, fraction, instants, next_allowed, place_in
from tests.surveys.contact.zones import SINCE, UNTIL, clocks

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT = ContactHours(quiet=QuietHours(time(20), time(9)), weekends=False)
AROUND_THE_CHANGE = (
    ContactHours(quiet=QuietHours(time(1, 30), time(2, 30)), weekends=True),
    ContactHours(quiet=QuietHours(time(22), time(0, 30)), weekends=True),
    ContactHours(quiet=QuietHours(time(3), time(2)), weekends=False),
    NIGHT,
)
MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def local(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-24T12:00", "2026-11-24T12:00"),
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T08:59", "2026-11-24T09:00"),
        ("2026-11-24T20:00", "2026-11-25T09:00"),
        ("2026-11-27T19:59", "2026-11-27T19:59"),
        ("2026-11-27T21:00", "2026-11-30T09:00"),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
        ("2026-12-31T21:00", "2027-01-04T09:00"),
    ],
)
def test_what_comes_at_night_on_a_weekend_or_a_holiday_waits_for_the_next_working_morning(
    moment: str, allowed: str
) -> None:
    hours = ContactHours(quiet=NIGHT.quiet, weekends=False, holidays=frozenset({date(2027, 1, 1)}))
    assert next_allowed(local(moment), MOSCOW, hours) == local(allowed)


def test_without_quiet_hours_everything_leaves_at_once() -> None:
    assert next_allowed(local("2026-11-28T03:00"), MOSCOW, ContactHours(weekends=True)) == local("2026-11-28T03:00")


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    siesta = ContactHours(quiet=QuietHours(time(13), time(15)), weekends=True)
    assert next_allowed(local("2026-11-28T14:00"), MOSCOW, siesta) == local("2026-11-28T15:00")


def test_the_end_of_the_night_that_the_clock_skips_is_right_after_the_gap() -> None:
    hours = ContactHours(quiet=QuietHours(time(23), time(2, 30)), weekends=True)
    found = next_allowed(local("2026-03-29T01:00", BERLIN), BERLIN, hours)
    assert found.astimezone(BERLIN) == local("2026-03-29T03:00", BERLIN)


def test_quiet_hours_that_come_twice_are_quiet_twice() -> None:
    hours = ContactHours(quiet=QuietHours(time(1), time(2, 30)), weekends=True)
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert second.astimezone(BERLIN).time() == time(2, 10)
    assert next_allowed(second, BERLIN, hours) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def moments_around(changes: tuple[datetime, ...]) -> Iterator[datetime]:
    return (change + hours * HOUR for change in changes for hours in (-13.2, -1.6, -0.9, -0.1, 0, 0.4, 1.1, 5))


def check(moment: datetime, zone: ZoneInfo, hours: ContactHours) -> None:
    found = next_allowed(moment, zone, hours)
    assert found >= moment
    assert hours.allow(found.astimezone(zone))
    assert found == moment or not hours.allow((found - timedelta(microseconds=1)).astimezone(zone))
    between = moment
    while between < found:
        assert not hours.allow(between.astimezone(zone))
        between += 29 * MINUTE


def test_around_every_change_of_every_clock_the_first_allowed_moment_is_found() -> None:
    for name, changes in clocks().items():
        zone = ZoneInfo(name)
        for moment, hours in product(moments_around(changes), AROUND_THE_CHANGE):
            check(moment, zone, hours)


ZONES = st.deferred(lambda: st.sampled_from(sorted(clocks())).map(ZoneInfo))
MOMENTS = st.datetimes(SINCE.replace(tzinfo=None), UNTIL.replace(tzinfo=None), timezones=st.just(UTC))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOURS = st.builds(
    ContactHours,
    quiet=st.none() | st.builds(QuietHours, TIMES, TIMES).filter(lambda quiet: quiet.start != quiet.end),
    weekends=st.booleans(),
    holidays=st.frozensets(st.dates(SINCE.date(), UNTIL.date()), max_size=5),
)


@given(MOMENTS, ZONES, HOURS)
def test_whatever_the_hours_the_zone_and_the_moment_the_first_allowed_one_is_found(
    moment: datetime, zone: ZoneInfo, hours: ContactHours
) -> None:
    check(moment, zone, hours)


@given(MOMENTS, ZONES, HOURS, st.text(), st.timedeltas(timedelta(0), timedelta(days=1)))
def test_the_drip_never_leads_out_of_the_allowed_hours_and_never_too_far(
    moment: datetime, zone: ZoneInfo, hours: ContactHours, key: str, drip: timedelta
) -> None:
    start = next_allowed(moment, zone, hours)
    due = due_moment(moment, zone, hours, key, drip)
    assert start <= due <= start + drip
    assert hours.allow(due.astimezone(zone))
    assert due == start or start > moment


def test_many_who_wait_for_the_morning_are_spread_evenly_and_each_keeps_their_place() -> None:
    evening, window = local("2026-11-24T21:00"), timedelta(minutes=10)
    due = [due_moment(evening, MOSCOW, NIGHT, f"person {number}", window) for number in range(2000)]
    assert due == [due_moment(evening, MOSCOW, NIGHT, f"person {number}", window) for number in range(2000)]
    minutes = [int((at - local("2026-11-25T09:00")) / MINUTE) for at in due]
    assert set(minutes) == set(range(10))
    assert max(map(minutes.count, range(10))) < 260


@given(st.text(), st.text())
def test_a_fraction_is_a_share_of_one(one: str, other: str) -> None:
    assert 0.0 <= fraction(one, other) < 1.0
    assert place_in(timedelta(0), one) == timedelta(0)


def test_every_local_time_has_its_moments_around_every_change_of_every_clock() -> None:
    for name, changes in clocks().items():
        zone = ZoneInfo(name)
        for change, minutes in product(changes, range(-180, 181, 30)):
            shown = (change + minutes * MINUTE).astimezone(zone)
            found = instants(shown.date(), shown.time(), zone)
            assert shown.astimezone(UTC) in found
            assert list(found) == sorted(found)
            assert all(each.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None) for each in found)
