"""A card that stands in two messages, because the first was sent by a process that died before it could say so."""

import pytest

from bot.clock import Clock
from bot.service import build
from handlers.replies import ShowCard
from storage.database import open_database
from surveys.ports import Card
from tests.bot.house import House
from tests.handlers.hall import Hall, pressed, said

KNOWN = 12


@pytest.mark.parametrize(
    ("place", "goes_on", "loses_its_buttons"), [(KNOWN, KNOWN, None), (20, 20, KNOWN), (5, KNOWN, 5)]
)
async def test_the_lower_of_two_cards_goes_on_whoever_draws_next_and_the_other_loses_its_buttons(
    house: House, place: int, goes_on: int, loses_its_buttons: int | None
) -> None:
    [guest] = await house.settle(1)
    async with open_database(house.database_url) as database:
        hall = Hall(await build(house.settings, database, Clock()))
        [first] = await cards(hall, said(guest.id, text=f"/start {guest.token}"))
        async with database.unit_of_work() as uow:
            drawn = Card(chat_id=guest.id, message_id=KNOWN, shown_turn=first.turn)
            await uow.interviews.shown({first.interview_id: drawn})
            await uow.commit()
        begin = first.keyboard[0][0]["callback_data"]
        [card] = await cards(hall, pressed(guest.id, begin, **said(guest.id, message_id=place)))
        assert (card.message_id, card.stale) == (goes_on, loses_its_buttons)
        async with database.unit_of_work() as uow:
            opened = await uow.interviews.get(first.interview_id)
        assert opened is not None
        assert (opened.card.message_id, opened.card.shown_turn < opened.interview.turn) == (goes_on, True)
        await hall.service.telegram.close()


async def cards(hall: Hall, update: dict[str, object]) -> list[ShowCard]:
    replies, _ = await hall.tell(update, commit=True)
    return [reply for reply in replies if isinstance(reply, ShowCard)]
