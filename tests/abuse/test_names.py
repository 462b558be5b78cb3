"""Names and words that look like markup, formulas, SQL or patterns are names and words, on every screen."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.clock import Clock
from bot.service import build
from bot.telegram import Result
from handlers.replies import Call, afresh
from sandbox.server import Sandbox
from storage.database import open_database
from surveys.cases.words import alarming, alert_words
from surveys.days import day_in
from surveys.errors import BadQuery
from surveys.numerals import number_in
from surveys.query import parse_report, split_words
from surveys.typed import clean
from tests.bot.house import ADMIN, FIRST, TOKEN, House, person_row
from tests.handlers.hall import Hall, cards_of, data_of, pressed, said
from tests.surveys.test_query import TODAY

MARKUP: Final = '<a href="tg://user?id=1">x</a>&amp;*_`[y](http://z.example){0}%s'
SQL: Final = "x'; DROP TABLE answer; --"
NAMES: Final = {"account": f"Mill {MARKUP}", "project": f"Line {SQL}", "person": f"Vera {MARKUP}"}
HIDDEN: Final = {"text_link", "text_mention", "custom_emoji", "spoiler"}
"""What leads elsewhere than it says, or does not say what it is."""
COMMANDS: Final = (
    "/report nps by account",
    "/report nps by project",
    f'/report nps account="{NAMES["account"]}"',
    f'/report nps project="{NAMES["project"]}"',
    f"/report nps by role where account={SQL}",
    f"/report {SQL}",
    "/report loop by account",
    "/verbatims",
    "/fieldwork",
    "/cases all",
    "/committee",
    "/interview",
    "/why r0",
    f"/why {NAMES['person']}",
    f"/why {SQL}",
    "/why %",
)
PATTERNS: Final = (
    *("a" * 4096 + "!", " " * 4096, "1 " * 2048, "1" * 4096, "a " * 2048 + "!", "- " * 2048, "–-" * 2048),
    *("(" * 4096, "[" * 4096, "\\" * 4096, ".*" * 2048, "(a+)+$" * 600, "{a|" * 1300, "5 / " * 1000, "из " * 1300),
    *("1 of " * 800, "«" * 4096, '"' * 4095, "'\\" * 2048, "a=" * 2048, "a, " * 1300, "de" * 2000 + "=", "1.2." * 1000),
)


@pytest.fixture
async def house(tmp_path: Path, postgres_url: str) -> AsyncIterator[House]:
    """A client of such a name, and an admin."""
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        for one in (ADMIN, FIRST):
            await sandbox.person(one, "Sample", "en").send("/help")
        async with open_database(postgres_url) as database, database.unit_of_work() as uow:
            await uow.directory.upsert([replace(person_row(0), external_id="r0", **NAMES)])
            await uow.commit()
        yield House(tmp_path, sandbox, address, postgres_url)


@pytest.fixture
async def hall(house: House) -> AsyncIterator[Hall]:
    async with open_database(house.database_url) as database:
        service = await build(house.settings, database, Clock())
        yield Hall(service)
        await service.telegram.close()


async def shown(hall: Hall, calls: list[Call]) -> list[str]:
    """What people see of these calls: nothing in it leads elsewhere than it says."""
    found = []
    for call in calls:
        outcome = await hall.service.telegram.call(afresh(call) or call)
        assert outcome.result is Result.DONE, (call, outcome.description)
        message = outcome.value if isinstance(outcome.value, dict) else {}
        entities = [*message.get("entities", ()), *message.get("caption_entities", ())]
        assert not {one["type"] for one in entities} & HIDDEN, call
        found.append(str(message.get("text") or message.get("caption") or ""))
    return found


async def unhappy(hall: Hall, token: str) -> list[str]:
    calls: list[Call] = []
    replies, _ = await hall.tell(said(FIRST, text=f"/start {token}"), commit=True)
    for action in ("begin", "score3"):
        [card] = cards_of(FIRST, replies)
        replies, _ = await hall.tell(pressed(FIRST, data_of(card, action)), commit=True)
    calls += await hall.calls(said(FIRST, text=MARKUP + SQL), commit=True)
    return await shown(hall, calls)


async def test_such_names_and_words_are_shown_as_they_stand_and_link_nowhere(hall: Hall, house: House) -> None:
    screens = await unhappy(hall, (await house.invite("r0"))["r0"])
    for command in COMMANDS:
        screens += await shown(hall, await hall.calls(said(ADMIN, text=command), commit=True))
    for data in (
        "cs.all.0",
        "c.1.1.card",
        "f.unheard.days.0",
        "f.all.days.0",
        "t.people.1.0",
        "r.all.",
        "r.nps.account",
    ):
        screens += await shown(hall, await hall.calls(pressed(ADMIN, data), commit=True))
    everything = "\n".join(screens)
    for name in (*NAMES.values(), MARKUP + SQL):
        assert name in everything
    assert "&lt;" not in everything
    async with hall.service.database.reading() as reading:
        assert [row["text"] async for row in reading.exports.answers() if row["text"]] == [MARKUP + SQL]


@pytest.mark.parametrize("words", PATTERNS, ids=lambda words: f"{words[:6]!a}x{len(words)}")
def test_no_words_keep_the_service_busy(words: str) -> None:
    """Where a pattern went astray, this would not end in a lifetime."""
    number_in(words)
    day_in(words)
    clean(words)
    alarming(words, alert_words(["word*", "(a+)+", "late"]))
    for asked in (words, f"nps {words}", f"nps account={words}", f"nps since {words}"):
        with suppress(BadQuery):
            parse_report(split_words(asked), TODAY)
