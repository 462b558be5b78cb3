"""`/why`: one message, whatever events call things."""

from zoneinfo import ZoneInfo

import pytest

from bot.why import WhyDesk
from storage.database import Database
from surveys.rules import Access
from tests.surveys.contact.bench import ANNA, STAFF, Bench
from tests.surveys.contact.cases import NOW, event


@pytest.mark.parametrize("name", ["p-1", "Nobody known"])
async def test_the_answer_fits_a_message_however_long_the_names_in_events_are(database: Database, name: str) -> None:
    bench = Bench(database)
    await bench.prepare({"p-1": ANNA})
    for number in range(12):
        await bench.take(event(number, id=f"{number}-{'e' * 5000}", project="<" * 5000, person=name))
    desk = WhyDesk(database=database, access=Access(admins=frozenset({STAFF})), zone=ZoneInfo("UTC"))
    call = await desk.message(STAFF, {"words": name, "language": "ru", "reader": STAFF}, NOW)
    said = str(call.params["text"])
    assert name in said
    assert len(said) <= 4096
    assert said.count("<b>") == said.count("</b>") == 1
