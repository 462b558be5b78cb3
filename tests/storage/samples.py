"""Invented clients for the tests of storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.unit import StoredUnitOfWork
from surveys.directory import DirectoryRow
from surveys.events import AnswerGiven
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.ports import Card, Circumstances, NewInvitation, OpenInterview
from surveys.questionnaire import Mode

EITHER_WAY = pytest.mark.parametrize("keys", [(), (bytes(64),)], ids=["as it is", "sealed"])
"""For modules whose tests all use `database`, and say the same whether names in it are sealed or not."""

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
ANNA, BORIS = 501, 502
DOCUMENT = {"key": "relationship", "kind": "relationship", "title": {"ru": "Как вам с нами работается"}}
GIVEN = {
    "nps": AnswerGiven(Answer("nps", score=9), "senior_it", "nps"),
    "usability": AnswerGiven(Answer("usability", score=4), "senior_it", "csat_5", "usability", "product"),
    "nps_why": AnswerGiven(Answer("nps_why", text="Всё в срок"), "senior_it"),
}


def later(**by: float) -> datetime:
    return NOW + timedelta(**by)


def row(**changes: Any) -> DirectoryRow:
    usual: dict[str, Any] = {
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "person": "Анна Белова",
        "external_id": "p-1",
        "roles": ("senior_it",),
        "industry": "металлургия",
        "division": "Восток",
        "product": "MES",
        "stage": "rollout",
        "adoption": 0.8,
        "account_manager": 7001,
    }
    return DirectoryRow(**usual | changes)


ANNA_ROW = row(roles=("senior_it", "key_user"))
BORIS_ROW = row(
    external_id="p-2",
    person="Борис Ёлкин",
    account="Верфь-Пример",
    project="Склад",
    division="Запад",
    product="WMS",
    stage="operation",
    roles=("key_user",),
)


def token(number: int) -> bytes:
    return number.to_bytes(32, "big")


async def publish(uow: StoredUnitOfWork, **changes: str) -> int:
    return await uow.questionnaires.publish({**DOCUMENT, **changes}, "digest", NOW)


async def invite(
    uow: StoredUnitOfWork, person: DirectoryRow | None = None, *, number: int = 1, **changes: Any
) -> NewInvitation:
    """An invitation of somebody who is put into the directory for it."""
    person = person or row()
    await uow.directory.upsert([person])
    found = (await uow.people.find(person.external_id))[0]
    held = await uow.directory.stakeholders(account=person.account, project=person.project)
    usual: dict[str, Any] = {
        "token_hash": token(number),
        "person_id": found.id,
        "project_id": held[0].project.id,
        "questionnaire": "relationship",
        "roles": person.roles,
        "created_at": NOW,
        "expires_at": later(days=7),
    }
    new = NewInvitation(**usual | changes)
    await uow.invitations.add([new])
    return new


async def begin(
    uow: StoredUnitOfWork,
    telegram_id: int = ANNA,
    person: DirectoryRow | None = None,
    *,
    number: int = 1,
    at: datetime = NOW,
    mode: Mode = "named",
    **changes: Any,
) -> OpenInterview:
    """An open interview, on its introduction, of somebody who is put into the directory for it."""
    person = person or row()
    await publish(uow)
    new = await invite(uow, person, number=number, **changes)
    if (await uow.people.get(new.person_id)).telegram_id is None:
        await uow.people.bind(new.person_id, telegram_id)
    found = await uow.invitations.by_token(new.token_hash)
    held = await uow.directory.stakeholder(new.person_id, new.project_id)
    assert found is not None
    assert held is not None
    opened = OpenInterview(
        interview=Interview(
            id=f"i{number}",
            questionnaire="relationship",
            version=1,
            roles=found.roles,
            language="ru",
            stage=held.project.stage,
            mode=mode,
        ),
        about=Circumstances(
            person_id=new.person_id,
            person=held.person.name,
            invitation_id=found.id,
            account_id=held.account.id,
            account=held.account.name,
            project_id=held.project.id,
            project=held.project.name,
            division=held.project.division,
            product=held.project.product,
            stage=held.project.stage,
            wave=found.wave,
            touchpoint=found.touchpoint,
        ),
        card=Card(chat_id=telegram_id),
    )
    await uow.interviews.add([opened], at)
    await uow.invitations.mark_opened(found.id, at)
    return opened


async def respond(
    uow: StoredUnitOfWork, number: int, person: DirectoryRow, *given: AnswerGiven, at: datetime = NOW, **changes: Any
) -> None:
    """An interview of which these answers were given, all at once."""
    changes = {"created_at": at, **changes}
    opened = asked(await begin(uow, 1000 + number, person, number=number, at=at, **changes), at)
    await uow.interviews.save(opened, answered(opened, *given), given, at)


def asked(opened: OpenInterview, at: datetime = NOW) -> OpenInterview:
    """The interview with its first question on the screen."""
    return moved(opened, phase=Phase.ASKING, trail=("nps",), consented_at=at)


def answered(opened: OpenInterview, *given: AnswerGiven) -> OpenInterview:
    """The interview after these answers."""
    answers = {**opened.interview.answers, **{each.answer.item: each.answer for each in given}}
    return moved(opened, answers=answers)


def moved(opened: OpenInterview, **changes: Any) -> OpenInterview:
    """The interview one turn on."""
    return replace(opened, interview=replace(opened.interview, turn=opened.interview.turn + 1, **changes))


async def close(uow: StoredUnitOfWork, key: str, how: Disposition, at: datetime) -> None:
    opened = await uow.interviews.get(key)
    assert opened is not None
    closed = moved(opened, phase=Phase.CLOSED, disposition=how, closed_at=at)
    await uow.interviews.save(opened, closed, (), at)
