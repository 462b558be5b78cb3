"""What the configuration says about contact, as the policy has it."""

from collections.abc import Callable
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.contact_policy import contact_policy
from bot.settings import ConfigurationError, Settings
from surveys.calendar import ContactHours, QuietHours
from surveys.contact import PulseRule

Load = Callable[..., Settings]


def test_the_defaults_are_those_of_the_domain() -> None:
    policy = contact_policy(Settings())
    assert policy.hours == ContactHours(quiet=QuietHours(time(20), time(9)), weekends=False)
    assert policy.rest == {"relationship": timedelta(days=90), "pulse": timedelta(days=14)}
    assert (policy.reminder_after, policy.expire_after) == (timedelta(hours=24), timedelta(days=7))
    assert policy.event_max_age == timedelta(days=14)
    assert policy.pulses["ticket.resolved"] == PulseRule(questionnaire="support_pulse", delay=timedelta(hours=2))
    assert policy.relationship.stages == ("rollout", "operation", "expansion", "renewal")
    assert policy.relationship.adoption == 0.7
    assert policy.zone == ZoneInfo("Europe/Moscow")
    assert "expansion" in policy.stages
    assert policy.waves == {}


@pytest.mark.parametrize(
    ("when", "stages"),
    [
        ("{since: renewal}", ("renewal",)),
        ("{stages: [operation]}", ("operation",)),
        ("{since: evaluation, stages: [operation, renewal]}", ("operation", "renewal")),
    ],
)
def test_the_stages_that_are_judged_are_named_or_begin_somewhere(
    load: Load, when: str, stages: tuple[str, ...]
) -> None:
    assert contact_policy(load(f"relationship: {{when: {when}}}")).relationship.stages == stages


def test_everything_may_be_switched_off(load: Load) -> None:
    policy = contact_policy(
        load(
            "contact: {quiet_hours: null, weekends: true, relationship_rest: 0s, pulse_rest: 0s, reminder_after: null,"
            " expire_after: 0s, merge_window: 0s, drip: 0s, yearly_minutes_per_person: null, automatic_resolutions: [],"
            " event_max_age: null}"
        )
    )
    assert policy.hours == ContactHours(weekends=True)
    assert policy.rest == {"relationship": timedelta(0), "pulse": timedelta(0)}
    assert (policy.reminder_after, policy.event_max_age) == (None, None)
    assert (policy.merge_window, policy.drip, policy.minutes_per_person) == (timedelta(0), timedelta(0), None)


def test_holidays_budgets_resolutions_and_touchpoints_are_understood(load: Load) -> None:
    policy = contact_policy(
        load(
            "contact: {holidays: [2027-01-01, '2027-01-07'], yearly_minutes_per_account: 90,"
            " automatic_resolutions: [Done]}\npulses: {release.delivered: {questionnaire: q, touchpoint: release}}\n"
            "relationship: {automatic: false}"
        )
    )
    assert policy.hours.holidays == {date(2027, 1, 1), date(2027, 1, 7)}
    assert policy.minutes_per_account == 90
    assert policy.automatic == {"done"}
    assert policy.pulses == {"release.delivered": PulseRule(questionnaire="q", touchpoint="release")}
    assert not policy.relationship.automatic


def test_a_wave_goes_by_its_own_zone_or_by_the_vendor_s(load: Load) -> None:
    waves = contact_policy(
        load(
            'waves: [{key: a, questionnaire: q, cron: "0 10 * * mon", where: {role: key_user}},'
            ' {key: b, questionnaire: q, cron: "0 10 1 * *", timezone: Asia/Tokyo}]'
        )
    ).waves
    assert (waves["a"].zone.key, waves["b"].zone.key) == ("Europe/Moscow", "Asia/Tokyo")
    assert waves["a"].where == {"role": ("key_user",)}
    assert waves["a"].cron.weekdays == {1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact: {holidays: [2027-02-30]}", "contact.holidays.1: '2027-02-30' is not a day; write it as 2026-01-01"),
        ("contact: {holidays: [20270101]}", "20270101 is not a day"),
        ("contact: {yearly_minutes_per_person: -1}", "contact.yearly_minutes_per_person"),
        ("contact: {drip: soon}", "'soon' is not a duration"),
        ("retention: {events: 1y}", "'1y' is not a duration"),
        ('waves: [{key: w, questionnaire: q, cron: "0 10 31 2 *"}]', "there is no such day in any year"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_place(load: Load, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(text)
    assert said in "\n".join(refused.value.problems)
