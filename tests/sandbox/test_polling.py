"""getUpdates: confirmed by the next offset, given again until then, one poller at a time."""

import asyncio
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from sandbox.people import Person
from sandbox.server import Sandbox


async def told(bot: Bot, **how: Any) -> list[str]:
    return [update.message.text for update in await bot.get_updates(**how)]


async def someone_waits(bot: Bot, person: Person) -> None:
    while not person.world.inbox.polled:
        await bot.get_me()


async def test_updates_come_again_until_the_next_offset_confirms_them(bot: Bot, ann: Person) -> None:
    first = await ann.send("один")
    second = await ann.send("два")
    assert second == first + 1
    assert await told(bot) == ["один", "два"]
    assert await told(bot) == ["один", "два"]
    assert await told(bot, offset=second) == ["два"]
    assert await told(bot, offset=second + 1) == []
    assert await told(bot) == []


async def test_a_limit_takes_the_oldest_and_leaves_the_rest(bot: Bot, ann: Person) -> None:
    for text in ("один", "два", "три"):
        await ann.send(text)
    assert await told(bot, limit=2) == ["один", "два"]


async def test_a_negative_offset_keeps_the_newest_alone(bot: Bot, ann: Person) -> None:
    for text in ("один", "два", "три"):
        await ann.send(text)
    assert await told(bot, offset=-2) == ["два", "три"]
    assert await told(bot) == ["два", "три"]


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, ann: Person) -> None:
    poll = asyncio.create_task(told(bot, timeout=30))
    await someone_waits(bot, ann)
    await ann.send("наконец")
    assert await poll == ["наконец"]


async def test_an_empty_long_poll_ends_by_itself(bot: Bot, ann: Person) -> None:
    assert await told(bot, timeout=1) == []


async def test_a_second_poller_ends_the_first(bot: Bot, ann: Person) -> None:
    poll = asyncio.create_task(told(bot, timeout=30))
    await someone_waits(bot, ann)
    assert await told(bot) == []
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll


async def test_setting_a_webhook_ends_the_poll_and_forbids_the_next(bot: Bot, ann: Person) -> None:
    poll = asyncio.create_task(told(bot, timeout=30))
    await someone_waits(bot, ann)
    await bot.set_webhook("http://127.0.0.1:9/")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await told(bot)
    await bot.delete_webhook()
    assert await told(bot) == []


async def test_kinds_that_were_not_asked_for_are_never_kept(bot: Bot, ann: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await ann.block()
    await ann.unblock()
    await ann.send("я здесь")
    assert await told(bot) == ["я здесь"]
    await bot.get_updates(allowed_updates=[])
    await ann.block()
    assert (await bot.get_updates())[-1].my_chat_member.new_chat_member.status == "kicked"


async def test_a_confirmed_update_can_be_delivered_again(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    update_id = await ann.send("дважды")
    assert await told(bot, offset=update_id) == ["дважды"]
    assert await told(bot, offset=update_id + 1) == []
    sandbox.redeliver(update_id)
    assert [update.update_id for update in await bot.get_updates(offset=update_id + 1)] == [update_id]
    assert await told(bot, offset=update_id + 1) == []


async def test_a_poller_that_hangs_up_loses_nothing(bot: Bot, ann: Person) -> None:
    poll = asyncio.create_task(told(bot, timeout=30))
    await someone_waits(bot, ann)
    poll.cancel()
    await ann.send("после обрыва")
    assert await told(bot, timeout=30) == ["после обрыва"]
