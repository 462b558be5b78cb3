"""A vendor's own questionnaire, as the page for authors has it: from one YAML file to the answers in an export."""

import re
import signal
from pathlib import Path

from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from tests.e2e.crowd import directory
from tests.e2e.otklik import CONFIG, Otklik

PAGE = (Path(__file__).parents[2] / "docs" / "questionnaires.md").read_text("utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)[0]
OWN = "catalogue: mine\nrelationship: {questionnaire: go_live_pulse}\npulses: {}\n"
PATIENCE = 60.0


async def tap(person: Person, label: str, expected: str) -> Bubble:
    """Presses a button of the last card, and waits for one that says this."""
    before = person.last
    assert before is not None
    await person.press(label, before.message_id)
    return await seen(person, expected)


async def seen(person: Person, expected: str) -> Bubble:
    """The bot's last message once it, or a button of it, says this."""

    def look(person: Person) -> Bubble | None:
        last = person.last
        if last is None or not last.from_bot:
            return None
        return last if any(expected in text for text in (last.text, *(one.text for one in last.buttons))) else None

    return await person.wait_for(look, PATIENCE)


async def invited(sandbox: Sandbox, otklik: Otklik) -> tuple[Person, str]:
    """A key user, and the token of their invitation to the vendor's own questionnaire."""
    (otklik.home / "mine").mkdir()
    (otklik.home / "mine" / "go_live_pulse.yaml").write_text(EXAMPLE, encoding="utf-8")
    otklik.prepare(CONFIG + OWN)
    assert (await otklik.cli("check")).returncode == 0
    (row,) = directory(1)
    await otklik.import_directory([row | {"roles": "key_user", "language": "en"}])
    (link,) = await otklik.rows("invite", "--questionnaire", "go_live_pulse")
    return sandbox.person(77_001, "Sample Person", "en"), link["link"].partition("?start=")[2]


async def test_one_file_is_enough_to_ask_and_the_answers_come_out_whatever_happens_on_the_way(
    sandbox: Sandbox, otklik: Otklik
) -> None:
    person, token = await invited(sandbox, otklik)
    async with otklik.running():
        await person.send(f"/start {token}")
        await seen(person, "After go-live")
        await tap(person, "Agree and start", "Do you use the system yet?")
        await tap(person, "Yes", "How difficult or easy is it for you to work?")
        await tap(person, "2", "What gets in the way most?")
        await tap(person, "Too little training", "✓ Too little training")
        assert await otklik.end(signal.SIGKILL) == -signal.SIGKILL
        await otklik.start()
        await person.send("The night shift")
        await seen(person, "Your answer: Too little training; The night shift")
        await tap(person, "Done", "What should be taught?")
        await tap(person, "Back", "What gets in the way most?")
        await tap(person, "Keep it", "What should be taught?")
        await person.send("Reports")
        await seen(person, "Thank you for your answers.")
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    assert {row["item"]: (row["scale"], row["score"], row["choice"], row["text"]) for row in rows} == {
        "started": ("", "", "works", ""),
        "ease": ("ces_5", "2", "", ""),
        "obstacles": ("", "", "training|other", "The night shift"),
        "topic": ("", "", "", "Reports"),
    }


async def test_an_answer_that_leads_out_ends_with_other_words_and_can_be_changed_before_it_is_given(
    sandbox: Sandbox, otklik: Otklik
) -> None:
    person, token = await invited(sandbox, otklik)
    async with otklik.running():
        await person.send(f"/start {token}")
        await seen(person, "After go-live")
        await tap(person, "Agree and start", "Do you use the system yet?")
        await person.send("perhaps")
        await seen(person, "Keep these words as a comment?")
        await person.send("not yet")
        await seen(person, "Thank you. We will ask later.")
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    assert [(row["item"], row["choice"]) for row in rows] == [("started", "not_yet")]
    (response,) = await otklik.rows("export", "responses", "-o", str(otklik.home / "responses.csv"))
    assert response["disposition"] == "complete"
