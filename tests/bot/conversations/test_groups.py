"""In groups and channels the bot says once that it is for private chats, and then keeps silent."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.service import Service
from sandbox.people import Group
from tests.bot.house import ADMIN, FIRST, TOKEN, House

GROUP, SUPERGROUP, OTHER = -500, -1_000_000_000_500, -501
BOT = int(TOKEN.partition(":")[0])
WORDS = "I only talk to people in private chats"


def said(*groups: Group) -> list[str]:
    """What the bot said in these groups."""
    every = (message for group in groups for message in group.room.messages)
    return [message.text or "" for message in every if message.from_user and message.from_user.id == BOT]


async def settled(house: House, service: Service) -> None:
    """Everything that came in has been handled, and nothing waits to leave."""
    waiting = True
    async with asyncio.timeout(60):
        while waiting:
            await asyncio.sleep(0.05)
            due = await service.database.outbox.next_due(datetime.now(UTC))
            waiting = bool(house.sandbox.world.inbox.pending) or due is not None or service.sender.busy > 0


async def added(house: House, chat_id: int = GROUP) -> Group:
    group = house.sandbox.group(chat_id, "Sample group")
    await group.add_bot(house.sandbox.people[ADMIN])
    return group


async def test_added_to_a_group_the_bot_says_once_what_it_is_for(house: House) -> None:
    async with house.serving() as service:
        group, other = await added(house), await added(house, OTHER)
        await settled(house, service)
        assert [words.startswith(WORDS) for words in said(group)] == [True]
        assert [words.startswith(WORDS) for words in said(other)] == [True]


async def test_added_again_the_bot_does_not_repeat_itself_even_after_a_restart(house: House) -> None:
    async with house.serving() as service:
        group = await added(house)
        await settled(house, service)
        await group.remove_bot(house.sandbox.people[ADMIN])
    async with house.serving() as service:
        await group.add_bot(house.sandbox.people[ADMIN])
        await settled(house, service)
        assert len(said(group)) == 1


async def test_nothing_that_is_said_or_pressed_in_a_group_is_answered(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        card = await guest.begin()
        group = await added(house)
        for words in ("/start", f"/start {guest.token}", "/report", "/stop", "/help", "@otklik_sandbox_bot 9"):
            await guest.person.send(words, group=group)
            await house.sandbox.people[ADMIN].send(words, group=group)
        message = house.sandbox.world.post(group.room, house.sandbox.world.bot, text="forwarded")
        for data in (guest.data(card, "Agree and start"), "r.nps.", "resume", "l.ru", "made up"):
            house.sandbox.world.ask(group.room, guest.person.user, message, data)
        await settled(house, service)
        assert [answer.text for answer in guest.person.answers] == [""] * 5
        assert len(said(group)) == 2
        assert guest.cards == [card]


@pytest.mark.parametrize("members_first", [False, True])
async def test_a_group_that_becomes_a_supergroup_is_not_told_twice(house: House, members_first: bool) -> None:
    async with house.serving() as service:
        group = await added(house)
        await settled(house, service)
        grown = group.migrate(house.sandbox.people[ADMIN], SUPERGROUP, members_first=members_first)
        await settled(house, service)
        assert len(said(group, grown)) == 1


async def test_a_group_that_moves_before_the_words_leave_is_followed(house: House) -> None:
    group = await added(house)
    grown = group.migrate(house.sandbox.people[ADMIN], SUPERGROUP)
    async with house.serving() as service:
        await settled(house, service)
        assert [len(said(one)) for one in (group, grown)] == [0, 1]


async def test_a_supergroup_is_told_as_well(house: House) -> None:
    group = house.sandbox.group(OTHER, "Sample group")
    async with house.serving() as service:
        grown = group.migrate(house.sandbox.person(FIRST, "Sample", "en"), SUPERGROUP)
        await settled(house, service)
        assert [words.startswith(WORDS) for words in said(grown)] == [True]


async def test_of_a_group_nothing_is_kept_but_its_id(house: House) -> None:
    async with house.serving() as service:
        await added(house)
        await house.sandbox.people[ADMIN].send("@otklik_sandbox_bot secret words", group=house.sandbox.group(GROUP, ""))
        await settled(house, service)
    kept = (house.home / "otklik.db").read_bytes()
    assert str(GROUP).encode() in kept
    assert b"Sample group" not in kept
    assert b"secret words" not in kept
