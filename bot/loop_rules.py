"""What the settings say about the closed loop."""

from zoneinfo import ZoneInfo

from bot.contact_policy import contact_hours
from bot.settings import Settings
from bot.settings_outward import JIRA, WEBHOOK
from surveys.cases.rules import Colleague, LoopRules, Names, Praise
from surveys.cases.signals import SignalRules
from surveys.cases.words import alert_words
from surveys.outward.names import EVENTS, meant


def loop_rules(settings: Settings) -> LoopRules:
    """The vendor's decisions about cases. The vendor's people work when clients may be written to."""
    loop, signals = settings.loop, settings.loop.signals
    words = [entry for entries in loop.alert_words.values() for entry in entries]
    return LoopRules(
        signals=SignalRules(
            limits={"nps": signals.nps, "csat": signals.csat, "ces": signals.ces},
            drop=signals.drop,
            remark=signals.remark,
            words=alert_words(words),
        ),
        first_contact={
            "critical": loop.first_contact.critical,
            "normal": loop.first_contact.normal,
            "low": loop.first_contact.low,
        },
        zone=ZoneInfo(settings.vendor.timezone),
        hours=contact_hours(settings.contact),
        admins=settings.access.admins,
        silent_waves=signals.silent_waves,
        key_roles=signals.key_roles,
        act_within=loop.act_within,
        escalate_after=loop.escalate_after,
        ladder=loop.escalation,
        colleagues=_colleagues(settings),
        closure=loop.closure,
        answer_within=settings.contact.expire_after,
        names=_names(settings),
        praise=_praise(settings),
        told=_told(settings),
    )


def _colleagues(settings: Settings) -> dict[int, Colleague]:
    return {
        telegram_id: Colleague(
            zone=ZoneInfo(one.timezone) if one.timezone else None,
            deputy=one.deputy,
            since=one.since,
            until=one.until,
        )
        for telegram_id, one in settings.loop.colleagues.items()
    }


def _praise(settings: Settings) -> Praise | None:
    wanted = settings.loop.opportunities
    return None if wanted is None else Praise(scores=frozenset(wanted.scores), rest=wanted.rest)


def _told(settings: Settings) -> dict[str, frozenset[str]]:
    listeners = {
        f"{WEBHOOK}{key}": frozenset(type_ for pattern in endpoint.events for type_ in meant(pattern))
        for key, endpoint in settings.webhooks.items()
    }
    return listeners | ({JIRA: frozenset(EVENTS)} if settings.jira.url else {})


def _names(settings: Settings) -> Names:
    stages = settings.journey
    return Names(
        components={key: title for block in settings.offer.values() for key, title in block.components.items()},
        stages={key: stage.title for key, stage in stages.items()},
        roles={key: role.title for key, role in settings.roles.items()},
        departments={key: stage.department for key, stage in stages.items() if stage.department},
        stage_of={touchpoint: key for key, stage in stages.items() for touchpoint in stage.touchpoints},
    )
