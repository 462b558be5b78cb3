"""Events brought to other systems: signed, once or again under the same name, never to where they must not go."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.outward.mail import Again, Arrived, session
from bot.outward.postman import BACKOFF, JITTER
from bot.outward.webhooks import WebhookMailbox
from storage.database import Database, open_database
from surveys.outward.envelope import Discretion
from surveys.outward.events import Event
from surveys.outward.ports import Parcel
from tests.bot.outward.office import CRM, Office
from tests.bot.outward.receiver import OLD_SECRET, SECRET, Receiver
from tests.storage.test_cases import kept


async def test_an_event_arrives_signed_with_both_secrets_while_one_takes_the_place_of_the_other(
    office: Office, receiver: Receiver
) -> None:
    await office.happens()
    await office.round()
    [call] = receiver.calls
    assert call.read(SECRET) == call.read(OLD_SECRET)
    assert (call.read()["type"], call.read()["version"]) == ("case.taken", 1)
    assert (call.path, call.headers["Content-Type"]) == ("/hook?of=otklik", "application/json")
    await office.round(days=2)
    assert len(receiver.calls) == 1


async def test_a_retry_has_the_name_of_the_first_attempt_and_a_signature_of_its_own_time(
    office: Office, receiver: Receiver
) -> None:
    receiver.will(500, 404, 302)
    await office.happens()
    for pause in (0.0, *BACKOFF[:3]):
        await office.round(seconds=pause * (1 + JITTER))
    assert len(receiver.calls) == 4
    assert set(receiver.names) == {receiver.names[0]}
    assert [call.read()["type"] for call in receiver.calls] == ["case.taken"] * 4
    await office.round(days=2)
    assert len(receiver.calls) == 4


async def test_pauses_grow_until_after_a_day_the_event_is_set_aside_and_can_be_sent_again(
    office: Office, receiver: Receiver
) -> None:
    receiver.will(*[500] * (len(BACKOFF) + 1))
    await office.happens()
    await office.round()
    for pause in BACKOFF:
        waits = await office.waits()
        assert timedelta(0) < waits <= timedelta(seconds=pause * (1 + JITTER))
        seen = len(receiver.calls)
        await office.round(seconds=pause - 2)
        assert len(receiver.calls) == seen
        await office.round(seconds=2 + pause * JITTER)
        assert len(receiver.calls) == seen + 1
    assert timedelta(days=1) < timedelta(seconds=sum(BACKOFF)) < timedelta(days=1.5)
    assert await office.letters() == [(1, CRM, "answered 500", len(BACKOFF) + 1)]
    await office.round(days=3)
    assert len(receiver.calls) == len(BACKOFF) + 1


async def test_whoever_says_when_to_come_again_is_left_alone_until_then(office: Office, receiver: Receiver) -> None:
    receiver.will(429, Retry_After="3600")
    moment = datetime.now(UTC) + timedelta(hours=9)
    receiver.will(503, Retry_After=format_datetime(moment, usegmt=True))
    await office.happens()
    await office.round()
    await office.round(minutes=59)
    assert len(receiver.calls) == 1
    await office.round(minutes=14)
    assert len(receiver.calls) == 2
    await office.round(hours=8)
    assert len(receiver.calls) == 2
    await office.round(hours=3)
    assert len(receiver.calls) == 3


async def test_an_endpoint_that_is_gone_is_told_nothing_more_until_somebody_sends_again(
    office: Office, receiver: Receiver
) -> None:
    receiver.will(410)
    await office.happens(1)
    await office.round()
    await office.happens(2)
    await office.round()
    assert len(receiver.calls) == 1
    assert await office.letters() == [
        (1, CRM, "answered 410", 1),
        (2, CRM, "the endpoint said that it is gone", 1),
    ]


@pytest.mark.parametrize("address", ["http://localhost:{}/", "http://127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/"])
async def test_an_address_inside_a_network_is_never_connected_to(
    database: Database, receiver: Receiver, address: str
) -> None:
    port = receiver.address.split(":")[2].partition("/")[0]
    event = Event(type="case.taken", subject="case", subject_id=7, version=2, at=datetime.now(UTC), facts={})
    parcel = Parcel(id=1, name="msg_1", endpoint=CRM, event=event, attempts=1)
    async with session(internal=False) as public, session(internal=True) as internal:
        box = WebhookMailbox(
            url=address.format(port), secrets=(SECRET,), discretion=Discretion(), session=public, database=database
        )
        assert await box.deliver(parcel) == Again("its address is inside a network")
        assert receiver.calls == []
        assert await replace(box, session=internal).deliver(parcel) == Arrived()


async def test_a_redirect_is_not_followed(office: Office, receiver: Receiver) -> None:
    receiver.script.append(web.Response(status=307, headers={"Location": receiver.address}))
    await office.happens()
    await office.round()
    assert len(receiver.calls) == 1


async def test_an_endpoint_that_does_not_answer_holds_up_no_other_event(office: Office, receiver: Receiver) -> None:
    receiver.held = asyncio.Event()
    await office.happens(1)
    assert office.postman is not None
    await office.postman.sweep()
    await receiver.came.get()
    await office.happens(2)
    await office.postman.sweep()
    assert (await receiver.came.get()).name != receiver.names[0]
    receiver.held.set()
    await office.postman.idle()
    assert office.postman.under_way == 0


async def test_two_postmen_send_an_event_once(database: Database, receiver: Receiver, tmp_path: Path) -> None:
    async with (
        open_database(database_url(tmp_path), worker="another") as other,
        Office(database, receiver.address, tmp_path).open() as here,
        Office(other, receiver.address, tmp_path).open() as there,
    ):
        await here.happens(*range(30))
        for _ in range(5):
            await asyncio.gather(here.round(), there.round())
    assert len(receiver.names) == len(set(receiver.names)) == 30


def database_url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'otklik.db'}"


async def test_what_is_sent_names_nobody_and_has_their_words_only_where_that_was_asked_for(
    database: Database, receiver: Receiver, tmp_path: Path
) -> None:
    case = await kept(database)
    for extra, privacy in (({}, "named"), ({"words": True}, "named"), ({"words": True}, "confidential")):
        async with Office(database, receiver.address, tmp_path, extra, privacy).open() as office:
            await office.happens(case.id)
            await office.round()
    plain, worded, secret = (call.read()["data"] for call in receiver.calls)
    assert (plain["account"], plain["project"], plain["person"]) == (
        "Комбинат-Пример",
        "Учёт проката",
        {"external_id": "p-1"},
    )
    assert [(one["item"], one["score"], one["component"]) for one in plain["said"]] == [
        ("usability", 2, "usability"),
        ("why", None, "usability"),
    ]
    assert [one["words"] for one in worded["said"]] == [None, "Slow <b>"]
    assert (secret["person"], secret["said"]) == (None, plain["said"])
    assert not any("Белова".encode() in call.body for call in receiver.calls)
    assert [b"Slow" in call.body for call in receiver.calls] == [False, True, False]
