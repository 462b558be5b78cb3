"""Words nobody asked for, through a kill in the middle, to the manager and into the exports."""

import csv
import random
import signal

from sandbox.people import Person
from sandbox.server import Sandbox
from tests.e2e.crowd import crowd, directory
from tests.e2e.otklik import Otklik

MANAGER, PROJECT_MANAGER = 7001, 7002
QUESTION = "Передать это вашему менеджеру?"
LETTER = "Клиент просит передать"
WORDS = "<b>Отчёты</b> & {графики} нужны к утру"


def mentions(person: Person, words: str) -> list[str]:
    return [seen.text for seen in person.messages if seen.from_bot and words in seen.text]


def letters(person: Person) -> list[str]:
    """The words passed on, apart from the card of the case that they open."""
    return [text for text in mentions(person, WORDS) if LETTER in text]


async def test_killed_before_the_yes_the_words_and_the_file_still_reach_both_managers_once(
    sandbox: Sandbox, otklik: Otklik, rng: random.Random
) -> None:
    managers = [sandbox.person(one, "Manager", "ru") for one in (MANAGER, PROJECT_MANAGER)]
    for one in managers:
        await one.send("/help")
    rows = directory(1)
    known = {**rows[0], "account_manager": str(MANAGER), "project_manager": str(PROJECT_MANAGER)}
    await otklik.import_directory([known])
    [(key, respondent)] = crowd(sandbox, rows, rng).items()
    person = respondent.person
    await otklik.start()
    await respondent.answer((await otklik.tokens())[key])
    await person.send(WORDS)
    question = await person.wait_for(lambda one: mentions(one, QUESTION) and one.messages[-1])
    assert [button.text for button in question.buttons] == ["Передать", "Нет"]
    await person.send_document("../акт.pdf", b"%PDF-1.4")
    await person.wait_for(lambda one: len(mentions(one, QUESTION)) == 2)
    assert await otklik.end(signal.SIGKILL) == -signal.SIGKILL
    async with otklik.running():
        await person.press("Передать", question.message_id)
        await person.wait_for(lambda one: mentions(one, "Передали. Спасибо"))
        for one in managers:
            await one.wait_for(lambda me: letters(me) and any(seen.file for seen in me.messages))
    assert [len(letters(one)) for one in managers] == [1, 1]
    [letter] = letters(managers[0])
    for known_of in (known["person"], known["account"], known["project"]):
        assert known_of in letter
    await exported(otklik, key)
    assert [call.error for call in sandbox.calls if call.error and "not modified" not in call.error] == []


async def exported(otklik: Otklik, key: str) -> None:
    [remark] = await otklik.rows("export", "remarks", "-o", str(otklik.home / "remarks.csv"))
    assert (remark["person"], remark["text"], remark["language"]) == (key, WORDS, "ru")
    for expected in ("1 files", "1 files"):
        done = await otklik.cli("export", "attachments", "-o", "attachments.csv", "--files", "files")
        assert (done.returncode, expected in done.stdout, done.stderr) == (0, True, "")
    [row] = csv.DictReader((otklik.home / "attachments.csv").read_text("utf-8-sig").splitlines())
    assert (row["remark_id"], row["file"]) == (remark["remark_id"], f"{row['attachment_id']}-акт.pdf")
    assert [(file.name, file.read_bytes()) for file in (otklik.home / "files").iterdir()] == [
        (row["file"], b"%PDF-1.4")
    ]
