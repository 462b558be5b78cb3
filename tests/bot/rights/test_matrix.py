"""Who gets what at every entrance: rows for every command and every kind of button there is, columns for everybody."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, get_args

import pytest

from bot.clock import Clock
from bot.service import build
from handlers.buttons import Button
from handlers.notices import sentence
from handlers.router import COMMANDS
from sandbox.server import Sandbox
from storage.database import open_database
from surveys.cases.case import Happened
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement
from surveys.interactions import Interaction
from surveys.rights import GATES, admits
from surveys.rules import Access
from tests.bot.house import ADMIN, FIRST, TOKEN, House, person_row
from tests.handlers.hall import STRANGER, Hall, cards_of, data_of, pressed, said

Outcome = Literal["names", "figures", "nothing", "answered", "unknown"]
VIEWER, OWN, OTHER = 1002, 1003, 1004
ACCOUNT, PERSON, WORDS = "Rolling Mill Sample", "Vera Sample", "Everything is late"
FIGURES = ACCOUNT, "Invited  "
PEOPLE: Final = {
    "admin": ADMIN,
    "viewer": VIEWER,
    "manager of it": OWN,
    "manager elsewhere": OTHER,
    "respondent": FIRST,
    "stranger": STRANGER,
}
EVERYBODY: Final = ("answered",) * 6
MATRIX: Final[Mapping[str, tuple[Outcome, ...]]] = {
    "/start": EVERYBODY,
    "/help": EVERYBODY,
    "/language": EVERYBODY,
    "/stop": EVERYBODY,
    "/privacy": EVERYBODY,
    "/mydata": EVERYBODY,
    "/forget": EVERYBODY,
    "/report": ("figures", "figures", "figures", "nothing", "unknown", "unknown"),
    "/verbatims": ("names", "names", "names", "nothing", "unknown", "unknown"),
    "/fieldwork": ("figures", "figures", "figures", "nothing", "unknown", "unknown"),
    "/why": ("names", "unknown", "names", "nothing", "unknown", "unknown"),
    "/interview": ("figures", "unknown", "figures", "nothing", "unknown", "unknown"),
    "/cases": ("names", "nothing", "names", "nothing", "unknown", "unknown"),
    "/committee": ("nothing", "unknown", "unknown", "unknown", "unknown", "unknown"),
    "report": ("figures", "figures", "figures", "nothing", "unknown", "unknown"),
    "fieldwork": ("names", "figures", "names", "nothing", "unknown", "unknown"),
    "talk": ("names", "unknown", "names", "nothing", "unknown", "unknown"),
    "case": ("names", "unknown", "names", "unknown", "unknown", "unknown"),
    "cases": ("names", "nothing", "names", "nothing", "unknown", "unknown"),
    "committee": ("names", "unknown", "unknown", "unknown", "unknown", "unknown"),
    "successor": ("names", "unknown", "unknown", "unknown", "unknown", "unknown"),
    "card": ("unknown", "unknown", "unknown", "unknown", "answered", "unknown"),
    "language": EVERYBODY,
    "resume": EVERYBODY,
    "forget": EVERYBODY,
    "remark": ("unknown", "unknown", "unknown", "unknown", "answered", "unknown"),
    "opportunity": ("unknown", "unknown", "unknown", "unknown", "answered", "unknown"),
}
"""What each of PEOPLE gets. "nothing": an answer in which nothing of the client stands; "figures": all but names."""

TYPED: Final = {
    "/report": "/report nps by account",
    "/why": "/why r0",
    "/cases": "/cases all",
}
PRESSED: Final = {
    "report": "r.nps.account",
    "fieldwork": "f.unheard.days.0",
    "talk": "t.people.1.0",
    "case": "c.1.1.card",
    "cases": "cs.all.0",
    "committee": "k.drafts.1.0",
    "successor": "s.1.dismiss",
    "language": "l.en",
    "resume": "resume",
    "forget": "x.no",
    "remark": "m.1.no",
    "opportunity": "o.1.none",
}
"""What is pressed of every kind; of cards the one the respondent has."""


@pytest.fixture
async def hall(tmp_path: Path, sqlite_url: str) -> AsyncIterator[tuple[Hall, str]]:
    """A client with whom everything has happened that any entrance tells of, and the data of their card's button."""
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        extra = {
            "OTKLIK_PULSES": '{"ticket.resolved": {"questionnaire": "short", "delay": "2h"}}',
            "OTKLIK_ACCESS__VIEWERS": f"[{VIEWER}]",
            "OTKLIK_ACCESS__MANAGERS": json.dumps({OWN: {"accounts": [ACCOUNT]}, OTHER: {"accounts": ["Else"]}}),
        }
        house = House(tmp_path, sandbox, address, sqlite_url, extra=extra)
        async with open_database(sqlite_url) as database:
            await _settle(house)
            service = await build(house.settings, database, Clock())
            hall = Hall(service)
            yield hall, await _happen(hall, await house.invite("r0", "r1"))
            await service.telegram.close()


async def _settle(house: House) -> None:
    first = replace(person_row(0), account=ACCOUNT, person=PERSON, external_id="r0")
    rows = [first, replace(first, person=f"{PERSON} the second", external_id="r1")]
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([*rows, replace(person_row(9), account="Else", project="Else")])
        await uow.commit()


async def _happen(hall: Hall, tokens: Mapping[str, str]) -> str:
    """A low score with words, somebody who should not have been asked, and something said unasked."""
    answering = FIRST
    replies, _ = await hall.tell(said(answering, text=f"/start {tokens['r0']}"), commit=True)
    for action in ("begin", "score3"):
        [card] = cards_of(answering, replies)
        replies, _ = await hall.tell(pressed(answering, data_of(card, action)), commit=True)
    replies, _ = await hall.tell(said(answering, text=WORDS), commit=True)
    [card] = cards_of(answering, replies)
    await _name_another(hall, tokens["r1"])
    at = hall.service.clock.now()
    resolved = Interaction(
        source="helpdesk",
        id="e-1",
        type="ticket.resolved",
        occurred_at=at,
        account=ACCOUNT,
        project="Sample project",
        person="r0",
    )
    await hall.service.outreach.take(resolved)
    await _take_up(hall)
    return data_of(card, "score5")


async def _name_another(hall: Hall, token: str) -> None:
    other = FIRST + 1
    replies, _ = await hall.tell(said(other, text=f"/start {token}"), commit=True)
    [card] = cards_of(other, replies)
    await hall.tell(pressed(other, data_of(card, "redirect")), commit=True)
    await hall.tell(said(other, text="Ask somebody else"), commit=True)


async def _take_up(hall: Hall) -> None:
    """An improvement behind which the case stands."""
    at = hall.service.clock.now()
    async with hall.service.database.unit_of_work() as uow:
        new = Improvement(cause=Cause("usability"), opened_at=at)
        await uow.improvements.open(new, Happened(kind="opened", at=at, actor=ADMIN), [1])
        await uow.commit()


def kinds() -> set[str]:
    return {kind.__name__.removesuffix("Button").lower() for kind in get_args(Button)}


def test_every_command_and_every_kind_of_button_has_a_gate_and_a_row() -> None:
    entrances = {f"/{command}" for command in COMMANDS} | kinds()
    assert set(GATES) == entrances
    assert set(MATRIX) == entrances


def test_what_is_not_in_the_table_is_closed() -> None:
    assert not admits(Access(admins=frozenset({ADMIN})), ADMIN, "/nosuch")


@pytest.mark.parametrize("entrance", MATRIX)
async def test_everybody_gets_what_is_theirs_and_no_more(hall: tuple[Hall, str], entrance: str) -> None:
    reception, card = hall
    data = {**PRESSED, "card": card}
    found = {}
    for who, telegram_id in PEOPLE.items():
        update = (
            said(telegram_id, text=TYPED.get(entrance, entrance))
            if entrance.startswith("/")
            else pressed(telegram_id, data[entrance])
        )
        calls = await reception.calls(update, commit=True)
        own = [str(call.params) for call in calls if call.params.get("chat_id", telegram_id) == telegram_id]
        found[who] = _outcome(own, entrance)
    assert found == dict(zip(PEOPLE, MATRIX[entrance], strict=True))
    assert await _looks(reception) >= {str(PEOPLE[who]) for who, outcome in found.items() if outcome == "names"}


async def _looks(hall: Hall) -> set[str]:
    """Who has seen names since everything was settled, by the log of looking."""
    async with hall.service.database.reading() as reading:
        return {row["who"] async for row in reading.audit.audit() if row["looked_at"].get("verb") != "handed"}


def _outcome(shown: list[str], entrance: str) -> Outcome:
    seen = " ".join(shown)
    if any(sentence(code, "en") in seen for code in ("unknown", "button_unknown")):
        return "unknown"
    if "answered" in MATRIX[entrance]:
        return "answered"
    if PERSON in seen or WORDS in seen:
        return "names"
    return "figures" if any(figure in seen for figure in FIGURES) else "nothing"
