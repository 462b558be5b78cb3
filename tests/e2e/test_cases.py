"""From a low score to the client's own word, past every process and port there is."""

import json

from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from tests.e2e.crowd import directory
from tests.e2e.otklik import CONFIG, PATIENCE, Otklik
from tests.limits import within

PROJECT, ACCOUNT, CLIENT = 3001, 2001, 70_000
SECONDS = 10.0  # in which the manager has the card


async def sees(person: Person, *expected: str) -> Bubble:
    """The newest message of the bot with all of these words on it or on its buttons."""

    def look(person: Person) -> Bubble | None:
        shown = (one for one in reversed(person.messages) if one.from_bot)
        return next((one for one in shown if all(words in whole(one) for words in expected)), None)

    return await person.wait_for(look, PATIENCE)


def whole(seen: Bubble) -> str:
    return " ".join([seen.text, *(button.text for button in seen.buttons)])


async def press(person: Person, seen: Bubble, *labels: str) -> None:
    """The buttons of one card, one after the other, each once it is there."""
    for label in labels:
        before = await sees(person, label)
        assert before.message_id == seen.message_id
        await person.press(label, seen.message_id)
        await person.wait_for(lambda person, before=before: before not in person.messages, PATIENCE)


async def test_an_unhappy_client_is_helped_says_no_and_the_case_is_open_again_and_passed_on(
    otklik: Otklik, sandbox: Sandbox
) -> None:
    otklik.prepare(CONFIG)
    (row,) = directory(1)
    managers = {"account_manager": str(ACCOUNT), "project_manager": str(PROJECT)}
    await otklik.import_directory([row | managers | {"external_id": "p0", "roles": "key_user", "language": "en"}])
    tokens = await otklik.tokens()
    client = sandbox.person(CLIENT, "Sample", "en")
    account, project = sandbox.person(ACCOUNT, "Olga", "en"), sandbox.person(PROJECT, "Pavel", "ru")
    for manager in (account, project):
        await manager.send("/language")
    async with otklik.running():
        for manager in (account, project):
            await sees(manager, "Русский")
        await client.send(f"/start {tokens['p0']}")
        await press(client, await sees(client, "Agree and start"), "Agree and start")
        question = await sees(client, "How likely")
        await client.press("2", question.message_id)
        card = await within(SECONDS, sees(project, "NPS: 2", "Взять в работу"))
        await sees(account, "NPS: 2")
        await client.send("Reports take an hour")
        await sees(project, "Reports take an hour")
        while (asking := client.last) and asking.keyboard and "Thank you" not in asking.text:
            label = next((one.text for one in asking.buttons if one.text in {"5", "Skip", "Send"}), None)
            assert label is not None, whole(asking)
            await client.press(label, asking.message_id)
            await client.wait_for(lambda seen, before=asking: seen.last if seen.last != before else None, PATIENCE)
        await press(project, card, "Взять в работу", "Связаться с клиентом", "Связь состоялась", "Готово")
        check = await sees(client, "Has the problem you contacted us about been solved?")
        await client.press("No", check.message_id)
        await sees(client, "What remains to be solved?")
        await client.send("Still an hour")
        await sees(project, "клиент: не решено", "Still an hour")
        await sees(account, "Still an hour")
    listed = await otklik.cli("cases", "--format", "json")
    (case,) = json.loads(listed.stdout)
    assert (case["status"], case["reopened"], case["responsible"]) == ("taken", 1, PROJECT)
    figures = {row["measure"]: row for row in await otklik.rows("cases", "--summary", "--format", "csv")}
    assert (figures["opened"]["value"], figures["reopened"]["value"]) == ("1", "1")
    assert figures["first_contact_hours"]["n"] == "1"
