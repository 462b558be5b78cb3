"""Whoever tries out links learns nothing from it, and the admins learn of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.sweeps import forget_drafts
from handlers.replies import Call
from storage.guesses import guess
from surveys.guesses import ALL, EACH, WINDOW
from surveys.invitations import TOKEN, token_hash
from tests.bot.house import ADMIN
from tests.handlers.hall import STRANGER, Hall, said

REFUSED = "This link does not work"


def made_up(number: int) -> str:
    return f"{number:032}"


async def opens(hall: Hall, telegram_id: int, token: str) -> list[Call]:
    return await hall.calls(said(telegram_id, text=f"/start {token}"), commit=True)


def to(telegram_id: int, calls: list[Call]) -> list[str]:
    return [str(call.params["text"]) for call in calls if call.params.get("chat_id") == telegram_id]


async def tries(hall: Hall, telegram_id: int, tokens: range) -> list[Call]:
    return [call for number in tokens for call in await opens(hall, telegram_id, made_up(number))]


async def expire(hall: Hall, token: str) -> None:
    async with hall.service.database.unit_of_work() as uow:
        found = await uow.invitations.by_token(token_hash(token))
        assert found is not None
        hall.service.clock.move(found.expires_at - hall.service.clock.now() + timedelta(seconds=1))


@pytest.fixture
def free(tokens: dict[str, str]) -> str:
    """A link that nobody has opened."""
    return list(tokens.values())[-1]


@pytest.fixture
def taken(tokens: dict[str, str]) -> str:
    """The link of somebody who has opened it."""
    return next(iter(tokens.values()))


async def test_an_unknown_a_foreign_an_expired_and_a_malformed_link_are_refused_in_the_same_words(
    hall: Hall, free: str, taken: str
) -> None:
    assert TOKEN.fullmatch(made_up(1))
    answers = [to(STRANGER, await opens(hall, STRANGER, each)) for each in (made_up(1), taken, "../../etc/passwd", "я")]
    await expire(hall, free)
    answers.append(to(STRANGER, await opens(hall, STRANGER, free)))
    assert answers[0][0].startswith(REFUSED)
    assert answers == [answers[0]] * len(answers)


async def test_staff_learn_of_no_link_whether_it_is_real(hall: Hall, free: str) -> None:
    real, unreal = [to(ADMIN, await opens(hall, ADMIN, each)) for each in (free, made_up(1))]
    assert real == unreal
    assert any("Invitations are for clients" in each for each in real)


async def test_after_ten_different_links_even_a_real_one_is_refused_in_the_same_words_until_an_hour_is_over(
    hall: Hall, free: str
) -> None:
    refused = to(STRANGER, await tries(hall, STRANGER, range(EACH)))
    assert to(STRANGER, await opens(hall, STRANGER, free)) == refused[:1]
    hall.service.clock.move(WINDOW)
    assert "Agree and start" in str(await opens(hall, STRANGER, free))


async def test_the_same_link_again_and_again_is_one(hall: Hall, free: str) -> None:
    for _ in range(2 * EACH):
        await opens(hall, STRANGER, made_up(1))
    assert "Agree and start" in str(await opens(hall, STRANGER, free))


async def test_whoever_has_opened_their_link_before_comes_back_by_it_whatever_else_they_tried(
    hall: Hall, free: str
) -> None:
    await opens(hall, STRANGER, free)
    await tries(hall, STRANGER, range(EACH + 1))
    assert "Agree and start" in str(await opens(hall, STRANGER, free))


async def test_many_accounts_together_are_refused_sooner_and_those_who_never_failed_are_not(
    hall: Hall, free: str
) -> None:
    for number in range(ALL):
        await opens(hall, STRANGER + number, made_up(number))
    assert to(STRANGER, await opens(hall, STRANGER, free))[0].startswith(REFUSED)
    assert "Agree and start" in str(await opens(hall, STRANGER + ALL, free))


async def test_admins_are_told_once_an_hour_and_nobody_is_named(hall: Hall) -> None:
    told = to(ADMIN, await tries(hall, STRANGER, range(2 * EACH)))
    told += to(ADMIN, await tries(hall, STRANGER + 1, range(2 * EACH)))
    assert [str(EACH) in each and "trying out invitation links" in each for each in told] == [True]
    assert str(STRANGER) not in told[0]
    hall.service.clock.move(WINDOW)
    assert len(to(ADMIN, await tries(hall, STRANGER, range(100, 100 + EACH)))) == 1


async def test_a_forwarded_link_is_told_of_once_for_each_who_tries_it(hall: Hall, taken: str) -> None:
    told = [to(ADMIN, await opens(hall, STRANGER, taken)) for _ in range(3)]
    assert ["personal link" in str(each) for each in told] == [True, False, False]


async def test_no_account_stands_in_the_database_and_what_is_old_goes(hall: Hall) -> None:
    await tries(hall, STRANGER, range(3))
    database = hall.service.database
    async with database.reading() as reading:
        kept = (await reading.connection.execute(select(guess.c.who))).scalars().all()
    assert (len(kept), len(set(kept)), str(STRANGER) in str(kept)) == (3, 1, False)
    await forget_drafts(database, Clock(moved=WINDOW))
    async with database.reading() as reading:
        assert (await reading.connection.execute(select(guess))).all() == []
