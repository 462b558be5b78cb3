"""The panel of the preview that reports support events."""

from types import SimpleNamespace
from typing import cast

from bot.preview_events import event_form
from bot.sample import sample_directory
from bot.service import Service
from bot.settings import Settings
from surveys.directory import Account, Person, Project, Stakeholder

SETTINGS = Settings()
ROW = sample_directory(SETTINGS)[0]


async def test_a_person_is_offered_once_the_account_alone_is_chosen() -> None:
    someone = Stakeholder(
        person=Person(id=1, external_id=ROW.external_id, name=ROW.person),
        project=Project(id=1, account_id=1, name=ROW.project),
        account=Account(id=1, name=ROW.account),
        roles=ROW.roles,
    )
    form = await event_form(cast("Service", SimpleNamespace(settings=SETTINGS)), [someone])
    assert [tuple(each.under) for each in form.people] == [(ROW.account, ROW.project)]
