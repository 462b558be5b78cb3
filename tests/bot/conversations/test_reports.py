"""Reports in a chat: files that are asked for twice, and a report that comes by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from sandbox.people import Person
from tests.bot.house import ADMIN, Guest, House

WEEK = timedelta(days=7)


@dataclass
class TurnedClock(Clock):
    """The clock of the wall, `by` ahead."""

    by: timedelta = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


def admin_of(house: House) -> Guest:
    return Guest(house.sandbox.person(ADMIN, "Admin", "en"), "", "")


async def answered(house: House, guest: Guest) -> None:
    await guest.begin()
    await guest.press("Agree and start", "Would you recommend us?")
    await guest.press("9", "What should be better?")


def files(person: Person) -> int:
    """How many have come."""
    return sum(bool(message.effective_attachment) for message in person.room.messages)


async def test_a_file_asked_for_twice_in_a_row_comes_once_and_is_announced_at_once(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await answered(house, guest)
        admin = admin_of(house)
        await admin.after("/report nps", "NPS")
        for _ in range(3):
            await admin.person.press("XLSX")
        await admin.person.wait_for(lambda person: files(person) == 1)
        assert [answer.text for answer in admin.person.answers] == ["The file is being made."] * 3
        await admin.person.press("XLSX")
        await admin.person.wait_for(lambda person: files(person) == 2)
    assert files(admin.person) == 2
    actions = [call.args["action"] for call in house.sandbox.calls if call.method == "sendChatAction"]
    assert actions == ["upload_document"] * 4
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_a_report_by_schedule_comes_by_itself_once_and_its_buttons_lead_on(house: House) -> None:
    house.extra = {"OTKLIK_REPORTS": f'[{{"key": "weekly", "cron": "0 10 * * mon", "to": [{ADMIN}]}}]'}
    [guest] = await house.settle(1)
    admin, clock = admin_of(house), TurnedClock()
    async with house.serving(clock):
        await answered(house, guest)
        clock.by = WEEK
        card = await admin.sees("New answers:")
        clock.by = 2 * WEEK
        await admin.person.press("NPS", card.message_id)
        await admin.sees("1 answer")
    async with house.serving(clock):
        await admin.after("/report", "NPS by quarter")
    assert not [one for one in admin.person.messages if "New answers:" in one.text]
