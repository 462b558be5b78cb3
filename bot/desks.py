"""The desks that answer the vendor's people, behind the renderer of deliveries."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.case_desk import CaseDesk
from bot.clock import Clock
from bot.committee_desk import CommitteeDesk
from bot.contact_policy import contact_policy
from bot.fieldwork import FieldworkDesk
from bot.loop_rules import loop_rules
from bot.people import PeopleDesk
from bot.personal import PersonalDesk
from bot.rendering import Renderer
from bot.reporting import Desk
from bot.settings import Settings
from bot.talks import TalkDesk
from bot.why import WhyDesk
from storage.database import Database
from surveys.ports import Library


def make_renderer(
    settings: Settings, database: Database, library: Library, clock: Clock, token_of: Callable[[str], str]
) -> Renderer:
    """Everything a delivery may need to be put into words."""
    rules, policy = settings.rules(), contact_policy(settings)
    return Renderer(
        database=database,
        rules=rules,
        reports=Desk(database=database, settings=settings, rules=rules),
        why=WhyDesk(database=database, access=rules.access, zone=ZoneInfo(settings.vendor.timezone)),
        talks=TalkDesk(database=database, library=library, rules=rules, usual=settings.relationship.questionnaire),
        people=PeopleDesk(database=database, library=library, settings=settings, rules=rules, token_of=token_of),
        fieldwork=FieldworkDesk(database=database, settings=settings, rules=rules, library=library, policy=policy),
        cases=CaseDesk(database=database, access=rules.access),
        library=library,
        loop=loop_rules(settings),
        policy=policy,
        committee=CommitteeDesk(database=database, settings=settings, rules=rules, names=loop_rules(settings).names),
        personal=PersonalDesk(database=database, settings=settings),
        clock=clock,
    )
