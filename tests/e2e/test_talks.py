"""A talk, through a kill in the middle, to its end; and whoever is not the right person, to the successor's answers."""

import random
import signal

from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from tests.e2e.crowd import crowd, directory
from tests.e2e.otklik import ADMIN, Otklik
from tests.e2e.respondents import Respondent

WORDS = "“Reports” & <b>dates</b>, she said"
SUCCESSOR = "Вера <b> Образцова, директор"
OVER = "The talk is complete"
PATIENCE = 60.0


def labels(seen: Bubble) -> list[str]:
    return [button.text for button in seen.buttons]


async def sees(person: Person, *words: str, instead_of: str = "") -> Bubble:
    """The newest message with any of these words, or a button called so, once it is not the one before."""

    def newest(one: Person) -> Bubble | None:
        shown = ((each, "\n".join([each.text, *labels(each)])) for each in reversed(one.messages) if each.from_bot)
        seen = next((each for each, text in shown if any(word in text for word in words)), None)
        return seen if seen is not None and seen.text != instead_of else None

    return await person.wait_for(newest, PATIENCE)


async def ask_all(ada: Person, otklik: Otklik) -> int:
    """Reads out what the card says and writes down the answers, to the end; the number of words written down."""
    card, written = await sees(ada, "They agree, begin"), 0
    while OVER not in card.text:
        label = next((one for one in ("They agree, begin", "9", "5", "Send") if one in labels(card)), None)
        if label is None:
            await (ada.send(WORDS) if written else killed_at(otklik, ada))
            written += 1
        else:
            await ada.press(label, card.message_id)
        card = await sees(ada, "Stop the talk", OVER, instead_of=card.text)
    return written


async def killed_at(otklik: Otklik, ada: Person) -> None:
    """The words come while nobody is there to take them."""
    assert await otklik.end(signal.SIGKILL) == -signal.SIGKILL
    await ada.send(WORDS)
    await otklik.start()


async def test_a_talk_survives_a_kill_and_a_successor_agreed_to_by_an_admin_answers(
    sandbox: Sandbox, otklik: Otklik, rng: random.Random
) -> None:
    rows = directory(2)
    await otklik.import_directory(rows)
    stranger, spoken = crowd(sandbox, rows, rng).values()
    ada = sandbox.person(ADMIN, "Admin", "en")
    tokens = await otklik.tokens()
    await otklik.start()
    await ada.send("/interview person 1")
    await ada.press(labels(await sees(ada, "Sample Person 1 ·"))[0])
    assert "Promise no dates" in (await sees(ada, "Begin the talk")).text
    await ada.press("Begin the talk")
    written = await ask_all(ada, otklik)
    await stranger.person.send(f"/start {tokens['p0']}")
    await sees(stranger.person, "Это не ко мне")
    await stranger.person.press("Это не ко мне")
    await sees(stranger.person, "Кого нам спросить")
    await stranger.person.send(SUCCESSOR)
    assert SUCCESSOR in (await sees(ada, "Пригласить")).text
    await ada.press("Пригласить")
    token = (await sees(ada, "?start=")).text.rpartition("?start=")[2]
    vera = Respondent(person=sandbox.person(777, "Vera", "ru"), role=stranger.role, rng=rng)
    await vera.answer(token)
    assert [seen for seen in spoken.person.messages if seen.from_bot] == []
    responses = await otklik.rows("export", "responses", "-o", str(otklik.home / "responses.csv"))
    told = sorted((row["channel"], row["disposition"], row["person"].partition("-")[0]) for row in responses)
    assert told == [
        ("interview", "complete", "p1"),
        ("telegram", "complete", "proposed"),
        ("telegram", "refused", "p0"),
    ]
    answers = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    assert [row["text"] for row in answers if row["person"] == "p1" and row["text"]] == [WORDS] * written
    assert written > 0
    assert [call.error for call in sandbox.calls if call.error and "not modified" not in call.error] == []
