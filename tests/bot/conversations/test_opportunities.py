"""Whoever praises us is asked for a favour once, and a yes goes to the account's manager."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.clock import Clock
from storage.database import open_database
from surveys.calendar import ContactHours, QuietHours
from surveys.cases.opportunities import still_wanted
from surveys.delivery_ports import Later
from tests.bot.house import FIRST, Guest, House, labels, person_row

MANAGER = 2001
ASKED = "Would you be ready to help others"


class LaterClock(Clock):
    """The wall clock, ahead."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def settled(house: House) -> Guest:
    row = replace(person_row(0), account_manager=MANAGER)
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([row])
        await uow.commit()
    tokens = await house.invite("p0")
    manager = house.sandbox.person(MANAGER, "Olga", "en")
    await manager.send("/help")
    return Guest(house.sandbox.person(FIRST, "Sample 0", "en"), "p0", tokens["p0"])


async def praises(guest: Guest, recommend: str = "9", usable: str = "5") -> None:
    await guest.begin()
    await guest.press("Agree and start", "recommend")
    await guest.press(recommend, "What should be better?")
    await guest.press("Skip", "usable")
    await guest.press(usable, "Thank you!")


def asked(guest: Guest) -> list[str]:
    return [seen.text for seen in guest.person.messages if seen.from_bot and ASKED in seen.text]


async def test_a_promoter_is_asked_an_hour_later_and_the_manager_gets_the_yes(house: House) -> None:
    guest, clock = await settled(house), LaterClock()
    async with house.serving(clock):
        await praises(guest)
        await guest.after("/help", "Here Sample Vendor asks")
        assert asked(guest) == []
        clock.ahead = timedelta(hours=1, seconds=1)
        card = await guest.sees(ASKED)
        assert [button.text for button in card.buttons][-1] == "No, thank you"
        assert not any(sign.isdigit() for sign in labels(card))
        data = guest.data(card, "I could speak at an event")
        await guest.person.press("I could speak at an event", card.message_id)
        await guest.sees("Your manager will be told")
        await guest.person.press_forged(data, card.message_id)
        await guest.person.wait_for(lambda me: me.answers and me.answers[-1].text.startswith("This has been settled"))
        manager = house.sandbox.people[MANAGER]
        told = await manager.wait_for(
            lambda me: [seen.text for seen in me.messages if "A client is ready to help" in seen.text]
        )
    assert told == ["A client is ready to help:\nSample 0 · Sample · Sample project\nI could speak at an event"]
    assert len(asked(guest)) == 0, "the thanks stand in the place of the question"
    assert [call.error for call in house.sandbox.calls if call.error] == []


@pytest.mark.parametrize(("recommend", "usable"), [("8", "5"), ("9", "1")])
async def test_who_is_not_delighted_or_complains_of_anything_is_not_asked(
    house: House, recommend: str, usable: str
) -> None:
    guest, clock = await settled(house), LaterClock()
    async with house.serving(clock) as service:
        await praises(guest, recommend, usable)
        async with service.database.unit_of_work() as uow:
            assert await uow.opportunities.get(1) is None


async def test_whoever_asks_not_to_be_written_to_before_the_question_leaves_is_not_asked(house: House) -> None:
    guest = await settled(house)
    async with house.serving() as service:
        await praises(guest)
        await guest.after("/stop", "we will not ask you any more")
        async with service.loop.transaction() as work:
            assert await still_wanted(work, 1) is None
            assert await work.uow.opportunities.get(1) is None


async def test_an_account_put_on_hold_meanwhile_is_left_alone(house: House) -> None:
    guest = await settled(house)
    async with house.serving() as service:
        await praises(guest)
        async with service.database.unit_of_work() as uow:
            await uow.directory.upsert([replace(person_row(0), on_hold=True)])
            await uow.commit()
        async with service.loop.transaction() as work:
            assert await still_wanted(work, 1) is None
            assert await work.uow.opportunities.get(1) is None


async def test_a_question_whose_hour_has_passed_waits_for_the_morning(house: House) -> None:
    guest = await settled(house)
    night = ContactHours(quiet=QuietHours(time(20), time(9)), weekends=True)
    async with house.serving() as service:
        await praises(guest)
        async with service.loop.transaction() as usual:
            late = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
            work = replace(usual, loop=replace(usual.loop, hours=night), now=late)
            with pytest.raises(Later) as put_off:
                await still_wanted(work, 1)
            assert put_off.value.until == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
            waiting = await work.uow.opportunities.get(1)
            assert waiting is not None
            assert waiting.asked_at is None
            person = await still_wanted(replace(work, now=late + timedelta(hours=11)), 1)
            assert person is not None


async def test_nobody_is_asked_twice_within_the_rest(house: House) -> None:
    guest = await settled(house)
    async with house.serving() as service:
        await praises(guest)
        again = (await house.invite("p0"))["p0"]
        await guest.begin(again)
        await guest.press("Agree and start", "recommend")
        card = await guest.press("10", "What should be better?")
        await guest.person.press("Skip", card.message_id)
        await guest.person.wait_for(lambda me: "usable" in me.messages[-1].text)
        await guest.person.press("5", me_last(guest))
        await guest.person.wait_for(lambda me: "Thank you!" in me.messages[-1].text)
        async with service.database.unit_of_work() as uow:
            assert await uow.opportunities.get(1) is not None
            assert await uow.opportunities.get(2) is None


def me_last(guest: Guest) -> int:
    return guest.person.messages[-1].message_id
