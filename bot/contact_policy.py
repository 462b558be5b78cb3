"""What the settings say about contact."""

from zoneinfo import ZoneInfo

from bot.settings import Settings
from bot.settings_sections import Contact, Wave
from surveys.calendar import ContactHours
from surveys.contact import Policy, PulseRule, Relationship, WaveRule
from surveys.cron import parse_cron
from surveys.recurring import Recurring, RecurringReport


def contact_policy(settings: Settings) -> Policy:
    """The vendor's decisions about contact."""
    contact, zone = settings.contact, ZoneInfo(settings.vendor.timezone)
    return Policy(
        zone=zone,
        hours=contact_hours(contact),
        rest={"relationship": contact.relationship_rest, "pulse": contact.pulse_rest},
        relationship=_relationship(settings),
        stages=tuple(settings.journey),
        pulses={event: PulseRule(**pulse.model_dump()) for event, pulse in settings.pulses.items()},
        waves={wave.key: _wave(wave, zone) for wave in settings.waves},
        reminder_after=contact.reminder_after,
        expire_after=contact.expire_after,
        merge_window=contact.merge_window,
        drip=contact.drip,
        minutes_per_person=contact.yearly_minutes_per_person,
        minutes_per_account=contact.yearly_minutes_per_account,
        event_max_age=contact.event_max_age,
        automatic=frozenset(resolution.lower() for resolution in contact.automatic_resolutions),
    )


def contact_hours(contact: Contact) -> ContactHours:
    """When people may be written to."""
    return ContactHours(quiet=contact.quiet_hours, weekends=contact.weekends, holidays=frozenset(contact.holidays))


def recurring(settings: Settings) -> Recurring:
    """The reports that are sent again and again, and when their readers may be written to."""
    zone, colleagues = ZoneInfo(settings.vendor.timezone), settings.loop.colleagues
    return Recurring(
        reports={
            one.key: RecurringReport(
                key=one.key,
                line=one.cron,
                cron=parse_cron(one.cron),
                zone=ZoneInfo(one.timezone) if one.timezone else zone,
                to=one.to,
            )
            for one in settings.reports
        },
        hours=contact_hours(settings.contact),
        zone=zone,
        zones={key: ZoneInfo(one.timezone) for key, one in colleagues.items() if one.timezone},
    )


def _relationship(settings: Settings) -> Relationship:
    asked = settings.relationship
    return Relationship(
        questionnaire=asked.questionnaire,
        stages=settings.judged_stages,
        adoption=asked.when.adoption_at_least,
        automatic=asked.automatic,
    )


def _wave(wave: Wave, zone: ZoneInfo) -> WaveRule:
    return WaveRule(
        key=wave.key,
        questionnaire=wave.questionnaire,
        line=wave.cron,
        cron=parse_cron(wave.cron),
        zone=ZoneInfo(wave.timezone) if wave.timezone else zone,
        where={str(dimension): values for dimension, values in wave.where.items()},
    )
