"""When a question that is put off may come back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calendar import ContactHours, QuietHours, next_allowed
from surveys.later import Offer, offer

MOSCOW = ZoneInfo("Europe/Moscow")
WEEK = timedelta(days=7)
OFFICE = ContactHours(quiet=QuietHours(time(20), time(9)))
ALWAYS = ContactHours(weekends=True)
WEDNESDAY = datetime(2026, 11, 18, 12, 0, tzinfo=MOSCOW)


def offered(now: datetime, hours: ContactHours = OFFICE, expire_after: timedelta = WEEK) -> dict[str, str]:
    found = offer(now.astimezone(UTC), MOSCOW, hours, expire_after)
    return {key: f"{at:%a %d %H:%M}" for key, at in found.moments.items()}


def test_on_a_working_day_an_hour_the_next_morning_and_a_week_are_offered() -> None:
    assert offered(WEDNESDAY) == {"hour": "Wed 18 13:00", "tomorrow": "Thu 19 09:00", "week": "Wed 25 09:00"}


def test_an_hour_that_would_end_in_the_night_is_not_offered() -> None:
    assert "hour" not in offered(WEDNESDAY.replace(hour=19, minute=30))


def test_before_a_weekend_the_morning_is_that_of_monday() -> None:
    assert offered(WEDNESDAY.replace(day=20)) == {
        "hour": "Fri 20 13:00",
        "morning": "Mon 23 09:00",
        "week": "Fri 27 09:00",
    }


def test_holidays_are_left_out() -> None:
    hours = ContactHours(quiet=OFFICE.quiet, holidays=frozenset({date(2026, 11, 19), date(2026, 11, 20)}))
    assert offered(WEDNESDAY, hours)["morning"] == "Mon 23 09:00"
    away = frozenset(date(2026, 11, 19) + timedelta(days=day) for day in range(12))
    assert offered(WEDNESDAY, ContactHours(holidays=away), timedelta(days=30)) == {
        "hour": "Wed 18 13:00",
        "week": "Tue 01 09:00",
    }


def test_without_quiet_hours_the_morning_begins_at_nine() -> None:
    assert offered(WEDNESDAY, ALWAYS)["tomorrow"] == "Thu 19 09:00"
    rest_at_noon = ContactHours(quiet=QuietHours(time(13), time(14)))
    assert offered(WEDNESDAY, rest_at_noon)["tomorrow"] == "Thu 19 09:00"


@pytest.mark.parametrize(
    ("expire_after", "left"),
    [
        (timedelta(days=6), {"hour", "tomorrow"}),
        (timedelta(hours=2), {"hour"}),
        (timedelta(hours=1), set()),
        (timedelta(0), set()),
    ],
)
def test_what_would_come_after_the_end_is_not_offered(expire_after: timedelta, left: set[str]) -> None:
    assert set(offered(WEDNESDAY, OFFICE, expire_after)) == left


def test_a_question_that_ends_earlier_shortens_the_offer() -> None:
    whole = offer(WEDNESDAY.astimezone(UTC), MOSCOW, OFFICE, WEEK)
    end = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)
    assert whole.before(None) is whole
    assert whole.before(end) == Offer(moments={"hour": whole.moments["hour"]}, until=end)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: WEDNESDAY + timedelta(minutes=minutes)),
    st.sampled_from(["Europe/Moscow", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
    st.sampled_from([OFFICE, ALWAYS, ContactHours(quiet=QuietHours(time(22), time(6, 30)), weekends=True)]),
    st.integers(0, 10),
)
def test_whatever_is_offered_is_kept_to_the_letter(now: datetime, zone: str, hours: ContactHours, days: int) -> None:
    at, where = now.astimezone(UTC), ZoneInfo(zone)
    found = offer(at, where, hours, timedelta(days=days))
    for key, moment in found.moments.items():
        assert at < moment < at + timedelta(days=days)
        assert next_allowed(moment.astimezone(UTC), where, hours) == moment
        assert (key == "hour") == (moment == at + timedelta(hours=1))
        away = (moment.date() - at.astimezone(where).date()).days
        assert key == "hour" or {"tomorrow": away == 1, "morning": 1 < away < 7, "week": away >= 7}[key]
