import json
from pathlib import Path

from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from tests.e2e.crowd import FIRST_ID, directory
from tests.e2e.otklik import ADMIN, CONFIG, Otklik

CATALOGUE = Path(__file__).parents[2] / "surveys" / "catalogue"
LONG = "я" * 10_000


async def refused(otklik: Otklik, *arguments: str, code: int = 2) -> str:
    """The one line a wrong call prints on standard error."""
    done = await otklik.cli(*arguments)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


async def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one(otklik: Otklik) -> None:
    otklik.prepare("vendor: {name: Sample Vendor}\ntelegramm: {}\n")
    line = await refused(otklik, "check")
    assert line.startswith("config.yaml:2: telegramm:")
    assert "telegram" in line.removeprefix("config.yaml:2: telegramm:")


async def test_a_missing_translation_is_named_with_its_file_and_line(otklik: Otklik) -> None:
    broken = (CATALOGUE / "support_pulse.yaml").read_text(encoding="utf-8").replace("  uk: ", "  ua: ", 1)
    (otklik.home / "own").mkdir()
    (otklik.home / "own" / "support_pulse.yaml").write_text(broken, encoding="utf-8")
    otklik.extra = {"OTKLIK_CATALOGUE": "own"}
    done = await otklik.cli("check")
    assert done.returncode == 1
    assert "own/support_pulse.yaml:" in done.stderr
    assert "uk" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_bad_row_of_the_directory_is_named_and_stops_no_other(otklik: Otklik) -> None:
    good, bad, last = directory(3)
    header = ",".join(good)
    rows = [good, {**bad, "roles": "wizard"}, last]
    text = "\n".join([header, *(",".join(row.values()) for row in rows)])
    (otklik.home / "people.csv").write_text(text, encoding="utf-8")
    line = await refused(otklik, "import", "people.csv", code=1)
    assert line.startswith("people.csv:3: roles: unknown role 'wizard'; allowed: senior_it")
    assert {row["person"] for row in await otklik.rows("invite", "--questionnaire", "relationship")} == {"p0", "p2"}


async def test_a_metric_a_dimension_and_a_date_that_do_not_exist_get_one_line_each(otklik: Otklik) -> None:
    assert "nps" in await refused(otklik, "report", "npss")
    assert "role" in await refused(otklik, "report", "nps", "--by", "rolle")
    assert "2026-13-45" in await refused(otklik, "report", "nps", "--since", "2026-13-45")
    assert "'role'" in await refused(otklik, "report", "nps", "--where", "role")
    assert "account “Nobody”" in await refused(otklik, "report", "nps", "--where", "account=Nobody")
    thrice = ("--by", "role", "--by", "stage", "--by", "account")
    assert "--by: given 3 times" in await refused(otklik, "report", "nps", *thrice)


async def test_wrong_usage_is_one_line(otklik: Otklik) -> None:
    otklik.fresh = True
    assert "frobnicate" in await refused(otklik, "frobnicate")
    assert "nosuch.yaml" in await refused(otklik, "check", "--config", "nosuch.yaml")
    assert "--questionnaire" in await refused(otklik, "invite", "--questionnaire", "nosuch")


async def test_links_that_are_expired_foreign_or_made_up_get_a_polite_sentence(
    sandbox: Sandbox, otklik: Otklik
) -> None:
    await otklik.import_directory(directory(3))
    otklik.prepare(CONFIG.replace("weekends: true", "weekends: true, expire_after: 0s"))
    expired = await otklik.tokens()
    otklik.prepare()
    tokens = await otklik.tokens()
    admin = sandbox.person(ADMIN, "Admin", "en")
    owner, other = (sandbox.person(FIRST_ID + n, f"Sample {n}", "en") for n in (0, 2))
    async with otklik.running():
        await admin.send("/start")
        await says(owner, f"/start {'x' * 32}", "does not work")
        await says(owner, "/start ../../etc/passwd", "does not work")
        await says(owner, f"/start {expired['p0']}", "expired")
        await owner.send(f"/start {tokens['p0']}")
        await owner.wait_for(lambda person: person.last and person.last.keyboard)
        await says(other, f"/start {tokens['p0']}", "somebody else")
        told = await admin.wait_for(lambda person: [seen for seen in person.messages if "Sample Person 0" in seen.text])
        assert "refused" in told[-1].text or "отказали" in told[-1].text


async def test_a_report_asked_for_by_a_stranger_is_an_unknown_command(sandbox: Sandbox, otklik: Otklik) -> None:
    stranger = sandbox.person(FIRST_ID, "Stranger", "en")
    async with otklik.running():
        unknown = await says(stranger, "/frobnicate", "/help")
        for command in ("/report", "/report nps by account", "/REPORT"):
            assert (await says(stranger, command, "/help")).text == unknown.text


async def test_words_too_long_or_unprintable_lose_nothing(sandbox: Sandbox, otklik: Otklik) -> None:
    await otklik.import_directory([{**directory(1)[0], "language": "en"}])
    tokens = await otklik.tokens()
    person = sandbox.person(FIRST_ID, "Sample", "en")
    async with otklik.running():
        await person.send(f"/start {tokens['p0']}")
        await pressed(person, "Agree and start")
        await pressed(person, "3")
        await says(person, LONG, "10000 characters")
        sandbox.world.inbox.put("message", FIRST_ID, raw_message("too\0 slow \ud800"))
        await person.wait_for(lambda one: one.last and one.last.text.startswith("Question 2"))
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    assert [(row["score"], row["text"]) for row in rows] == [("3", ""), ("", "too slow \ufffd")]
    log = (otklik.home / "run.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "slow" not in log


async def test_a_garbled_update_is_set_aside_and_the_next_one_is_served(sandbox: Sandbox, otklik: Otklik) -> None:
    person = sandbox.person(FIRST_ID, "Sample", "en")
    async with otklik.running():
        sandbox.world.inbox.put("message", FIRST_ID, {"message_id": "not a number", "from": {"id": FIRST_ID}})
        await says(person, "/help", "/language")
    log = (otklik.home / "run.log").read_text(encoding="utf-8")
    assert "update set aside" in [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")]


def raw_message(text: str) -> dict[str, object]:
    """What no client of Telegram sends, but JSON can hold."""
    sender = {"id": FIRST_ID, "is_bot": False, "first_name": "\udfff"}
    chat = {"id": FIRST_ID, "type": "private", "first_name": "\udfff"}
    return {"message_id": 10**6, "date": 1_800_000_000, "from": sender, "chat": chat, "text": text}


async def says(person: Person, text: str, answer: str) -> Bubble:
    """The bot's new message after `text`, which has `answer` in it."""
    before = person.last.message_id if person.last else 0
    await person.send(text)

    def answered(one: Person) -> Bubble | None:
        return next((seen for seen in one.messages if seen.message_id > before and answer in seen.text), None)

    found = await person.wait_for(answered)
    assert found is not None
    return found


async def pressed(person: Person, text: str) -> None:
    """Waits for a button and presses it; returns when its card has changed."""
    card = await person.wait_for(
        lambda one: one.last if one.last and text in {button.text for button in one.last.buttons} else None
    )
    await person.press(text, card.message_id)
    await person.wait_for(lambda one: one.last and one.last.text != card.text)
