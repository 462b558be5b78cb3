"""Changing what was sent, and leaving in the middle of it: over real HTTP, on either database, with a moved clock."""

from datetime import timedelta

from bot.clock import Clock
from storage.database import Database
from surveys.reporting import ReportQuery
from tests.bot.house import Guest, House, labels


async def sent(guest: Guest) -> None:
    await guest.begin()
    await guest.press("Agree and start", "Would you recommend us?")
    await guest.press("9", "What should be better?")
    await guest.press("Skip", "Is it usable?")
    await guest.press("4", "Change my answers")


async def counted(database: Database) -> dict[str, int]:
    """Scores as reports count them: scale and score -> how many."""
    async with database.reading() as reading:
        found = await reading.counts.scores(ReportQuery(metric="nps"), ("nps", "csat_5"))
        completed = await reading.counts.outreach(ReportQuery(metric="response"))
    assert [(one.completed, one.partial) for one in completed] == [(1, 0)]
    return {f"{one.scale} {one.score}": one.n for one in found if one.n}


async def disposition(database: Database) -> str:
    async with database.reading() as reading:
        [response] = [row async for row in reading.exports.responses()]
    return str(response["disposition"])


async def test_a_change_that_was_opened_and_left_closes_by_itself_and_the_last_answers_count(house: House) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock) as service:
        await sent(guest)
        review = await guest.press("Change my answers", "Check your answers")
        await guest.press("Would you recommend us", "Your mark: 9", review.message_id)
        await guest.press("3", "recommend us: 3")
        await guest.press("Is it usable", "Your mark: 4")
        assert (await disposition(service.database), await counted(service.database)) == (
            "complete",
            {"nps 3": 1, "csat_5 4": 1},
        )
        clock.move(timedelta(hours=2))
        closed = await guest.person.wait_for(
            lambda one: next((seen for seen in one.messages if "Change my answers" in labels(seen)), None)
        )
        assert closed.text == "Thank you!"
        assert (await disposition(service.database), await counted(service.database)) == (
            "complete",
            {"nps 3": 1, "csat_5 4": 1},
        )
        async with service.database.unit_of_work() as uow:
            assert await uow.interviews.open_of(guest.id) is None
        clock.move(timedelta(hours=23))
        await guest.person.press("Change my answers")
        await guest.person.wait_for(lambda one: any("time for changes is over" in (a.text or "") for a in one.answers))
    assert await house.answers() == [("p0", "recommend", 3), ("p0", "usable", 4)]
    assert [call.error for call in house.sandbox.calls if call.error] == []
