"""The committee: two clients are unhappy about the same thing, it is decided, and each is told, in their own words."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.commands.committee import causes, written
from sandbox.people import Person
from sandbox.rooms import Bubble
from storage.database import open_database
from surveys.calendar import ContactHours, QuietHours
from surveys.cases.case import Happened
from surveys.cases.work import LoopWork
from surveys.delivery_ports import Later
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement
from surveys.improvements.telling import about_to_leave
from tests.bot.house import ADMIN, CATALOGUE, FIRST, Guest, House, labels, person_row

STILL = "Still slow on Mondays"
WORDS = ("The <b>export</b> is slow", "Exports take an hour")
MANAGER = 3001
SAID = "We made the export ten times faster."
CONFIG: Mapping[str, str] = {"OTKLIK_CATALOGUE": str(CATALOGUE.with_name("catalogue_with_closure"))}


@pytest.fixture
async def house(house: House) -> House:
    house.extra = CONFIG
    return house


async def settled(house: House) -> list[Guest]:
    """Two clients of different accounts, each with an invitation."""
    rows = [
        replace(row, account=f"Sample {at}", project=f"Project {at}", revenue=50.0, project_manager=MANAGER)
        for at, row in enumerate((person_row(0), person_row(1)))
    ]
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert(rows)
        await uow.commit()
    tokens = await house.invite("p0", "p1")
    return [
        Guest(house.sandbox.person(FIRST + at, row.person, "en"), row.external_id, tokens[row.external_id])
        for at, row in enumerate(rows)
    ]


async def unhappy(guest: Guest, words: str) -> None:
    await guest.begin()
    await guest.press("Agree and start", "recommend")
    await guest.press("3", "What should be better?")
    await guest.person.send(words)
    await guest.sees("usable")
    await guest.press("5", "Thank you!")


async def everybody_unhappy(guests: Sequence[Guest]) -> None:
    for guest, words in zip(guests, WORDS, strict=True):
        await unhappy(guest, words)


async def sees(admin: Person, *expected: str) -> Bubble:
    """What stands in the admin's newest message that shows all of this."""
    return await admin.wait_for(
        lambda me: next(
            (one for one in reversed(me.messages) if all(each in f"{one.text} {labels(one)}" for each in expected)),
            None,
        ),
        20.0,
    )


async def presses(admin: Person, button: str, *expected: str) -> Bubble:
    found = await sees(admin, button)
    await admin.press(button, found.message_id)
    return await sees(admin, *expected)


async def writes(admin: Person, words: str, *expected: str) -> Bubble:
    await admin.send(words)
    return await sees(admin, *expected)


async def decided(house: House, admin: Person) -> None:
    """From the cause to a finished improvement with words for clients."""
    await admin.send("/committee")
    home = await sees(admin, "Causes that repeat", "accounts: 2, projects: 2, cases: 2")
    cause = next(button.text for button in home.buttons if "Operation" in button.text)
    shown = await presses(admin, cause, "Open an improvement", "The <b>export</b> is slow")
    assert shown.message_id == home.message_id, "one card, edited in place"
    assert "Share of revenue: 100 %" in shown.text
    await presses(admin, "Open an improvement", "waits for a decision")
    await presses(admin, "What to do", "Write in a message what is to be done.")
    await writes(admin, "Rewrite the <i>export</i>", "What: Rewrite the <i>export</i>")
    await presses(admin, "Expected effect", "Which metric is to change?")
    await presses(admin, "Recommendation (NPS)", "by how much")
    await writes(admin, "Ten points up", "Expected, Recommendation (NPS): Ten points up")
    await presses(admin, "Until when", "In half a year")
    await presses(admin, "In half a year", "Until ")
    await presses(admin, "Do it", "Write in a message why this is to be done.")
    await writes(admin, "Two of our largest clients", "Decision: do. Two of our largest clients", "decided, not begun")
    await presses(admin, "Work has begun", "under way")
    await presses(admin, "Work is finished", "finished", "not enough answers to compare")
    await presses(admin, "Tell the clients", "1 of 2", "is not written yet")
    await presses(admin, "Text: English", "as the clients will read it")
    await writes(admin, SAID, SAID, "Ready. It leaves", "Send to all who are ready: 2")


async def ready(house: House) -> tuple[list[Guest], Person]:
    guests = await settled(house)
    admin = house.sandbox.person(ADMIN, "Ada", "en")
    for one in (admin, house.sandbox.person(MANAGER, "Olga", "en")):
        await one.send("/help")
    return guests, admin


def letters(guest: Guest) -> list[str]:
    return [seen.text for seen in guest.person.messages if SAID in seen.text]


async def helped(house: House, guest: Guest) -> None:
    """The manager reports it done, the client says no, then yes."""
    manager = house.sandbox.people[MANAGER]
    card = await sees(manager, "Case 1", "Take")
    await manager.press("Take", card.message_id)
    await sees(manager, "Case 1", "took the case")
    await manager.press("Done", card.message_id)
    await guest.sees("Has the problem been solved?")
    await guest.press("No", "What remains")
    await guest.person.send(STILL)
    again = await sees(manager, "Case 1", STILL, "overdue", "Done")
    await manager.press("Done", again.message_id)
    asked = await guest.person.wait_for(
        lambda me: me.messages[-1] if "Has the problem" in me.messages[-1].text else None
    )
    await guest.person.press("Yes", asked.message_id)
    await sees(manager, "Case 1", "closed, the client confirmed")


async def test_from_a_low_score_over_a_no_and_a_decision_to_a_letter_with_the_clients_own_words(house: House) -> None:
    guests, admin = await ready(house)
    async with house.serving() as service:
        await everybody_unhappy(guests)
        await helped(house, guests[0])
        await decided(house, admin)
        draft = await sees(admin, "Send to all who are ready: 2")
        data = next(one.callback_data for one in draft.buttons if one.text.startswith("Send to all"))
        await admin.press("Send to all who are ready: 2", draft.message_id)
        await admin.press_forged(str(data), draft.message_id)
        for guest, own, foreign in zip(guests, WORDS, reversed(WORDS), strict=True):
            told = await guest.sees(SAID)
            assert own in told.text
            assert foreign not in told.text
            assert "What was done:" in told.text
        await presses(admin, "→", "2 of 2", "Sent on ")
        await presses(admin, "Back", "History")
        await presses(admin, "History", "Admin · opened", "Admin · clients told: 2", "Admin · work finished")
        assert [len(letters(guest)) for guest in guests] == [1, 1]
        assert [STILL in letters(guest)[0] for guest in guests] == [True, False]
        await admin.send("/report loop")
        await sees(admin, "How the loop works", "Closed, the client confirmed: 1", "Opened again by the client: 1")
        errors = [call.error for call in house.sandbox.calls if call.error]
        assert [error for error in errors if "not modified" not in error] == []
        async with service.database.reading() as reading:
            looks = [row async for row in reading.audit.audit() if row["entrance"] == "/committee"]
        assert {row["looked_at"]["screen"] for row in looks} == {"cause", "drafts"}


async def test_agenda_and_minutes_come_as_documents_and_on_the_command_line(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    guests, admin = await ready(house)
    async with house.serving():
        await everybody_unhappy(guests)
        await admin.send("/committee")
        await presses(admin, "Agenda", "Causes that repeat")
        await admin.wait_for(lambda me: any(seen.file for seen in me.messages))
        agenda = await printed(house, capfd, "agenda")
        await decided(house, admin)
        minutes = await printed(house, capfd, "minutes")
        [row] = json.loads(await printed(house, capfd, None))
    assert r"> The \<b\>export\</b\> is slow" in agenda
    assert "## Causes without an improvement\n\n### Operation" in agenda
    assert "decision: do. Two of our largest clients" in minutes
    assert r"What: Rewrite the \<i\>export\</i\>" in minutes
    assert (row["accounts"], row["cases"], row["revenue_share"], row["improvement"]) == (2, 2, 1.0, "finished")
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def printed(house: House, capfd: pytest.CaptureFixture[str], paper: str | None) -> str:
    capfd.readouterr()
    if paper is None:
        await asyncio.to_thread(causes, house.settings, None, None, None, "json", None)
    else:
        await asyncio.to_thread(written, house.settings, paper, None, None, None, None)
    return capfd.readouterr().out


async def test_who_left_is_not_counted_as_ready_and_who_is_left_out_is_not_told(house: House) -> None:
    guests, admin = await ready(house)
    async with house.serving() as service:
        await everybody_unhappy(guests)
        await decided(house, admin)
        await presses(admin, "Leave this person out", "Left out by you.", "Send to all who are ready: 1")
        await guests[1].after("/stop", "we will not ask you any more")
        await presses(admin, "→", "asked not to be written to")
        async with service.database.unit_of_work() as uow:
            assert [note.state for note in (await uow.improvements.notes(1)).values()] == ["left_out"]


async def test_the_message_waits_for_the_morning_and_for_the_rest_after_the_last_one(house: House) -> None:
    guests, _ = await ready(house)
    night = ContactHours(quiet=QuietHours(time(20), time(9)), weekends=True)
    async with house.serving() as service:
        await everybody_unhappy(guests)
        policy = service.loop.policy
        async with service.loop.transaction() as work:
            first, second = [await note_of(work, component) for component in ("usability", "stability")]
            late = replace(work, now=datetime(2027, 11, 24, 20, 0, tzinfo=UTC))
            with pytest.raises(Later) as put_off:
                await about_to_leave(late, replace(policy, hours=night), first)
            assert put_off.value.until == datetime(2027, 11, 25, 6, 0, tzinfo=UTC)
            assert await about_to_leave(work, policy, first) is not None
            with pytest.raises(Later) as rested:
                await about_to_leave(work, policy, second)
            assert rested.value.until == work.now + policy.rest["pulse"]
            await work.uow.improvements.settle_note(second, "left_out", work.now)
            assert await about_to_leave(work, policy, second) is None


async def note_of(work: LoopWork, component: str) -> int:
    """What the first client is to be told about an improvement."""
    new = Improvement(cause=Cause(component), opened_at=work.now, decision="later", reason="-", told={"en": SAID})
    number = await work.uow.improvements.open(new, Happened(kind="opened", at=work.now), [1])
    assert number is not None
    return (await work.uow.improvements.write_notes(number, [1], "waiting", work.now))[1]
