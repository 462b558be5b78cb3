"""People, groups, and what the bot hears of them."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.people import Person
from sandbox.server import Sandbox

SCORES = InlineKeyboardMarkup([[InlineKeyboardButton(str(score), callback_data=f"s{score}") for score in (9, 10)]])


async def heard(bot: Bot) -> dict[str, Any]:
    return (await bot.get_updates())[-1].to_dict()


async def test_a_start_link_arrives_as_a_command_with_its_token(bot: Bot, ann: Person) -> None:
    await ann.send("/start abc123")
    message = (await bot.get_updates())[0].message
    assert (message.text, message.from_user.language_code, message.chat.type) == ("/start abc123", "ru", "private")
    assert message.parse_entities() == {message.entities[0]: "/start"}


async def test_an_update_has_no_false_service_flags(call: Any, ann: Person) -> None:
    await ann.send("привет")
    _, answer = await call("getUpdates")
    assert set(answer["result"][0]["message"]) == {"message_id", "date", "chat", "from", "text"}


async def test_every_kind_of_message_reaches_the_bot(bot: Bot, ann: Person, png: bytes) -> None:
    await ann.send_document("акт.pdf", b"%PDF", caption="Акт")
    await ann.send_photo(png)
    await ann.send_voice(b"OggS", seconds=4)
    await ann.send_sticker("🔥")
    document, photo, voice, sticker = [update.message for update in await bot.get_updates()]
    assert (document.document.file_name, document.caption) == ("акт.pdf", "Акт")
    assert (photo.photo[-1].width, voice.voice.mime_type, sticker.sticker.emoji) == (640, "audio/ogg", "🔥")
    file = await bot.get_file(photo.photo[-1].file_id)
    assert await file.download_as_bytearray() == png


async def test_only_ones_own_message_can_be_edited(bot: Bot, ann: Person) -> None:
    mine = ann.messages[-1].message_id
    sent = await bot.send_message(1001, "Вопрос")
    await ann.edit(mine, "/help")
    assert (await heard(bot))["edited_message"]["text"] == "/help"
    with pytest.raises(KeyError):
        await ann.edit(sent.message_id, "подделка")


async def test_the_newest_keyboard_is_pressed_unless_told_otherwise(bot: Bot, ann: Person) -> None:
    old = await bot.send_message(1001, "Раз", reply_markup=SCORES)
    new = await bot.send_message(1001, "Два", reply_markup=SCORES)
    await ann.press("10")
    await ann.press("s9", old.message_id)
    first, second = [update.callback_query for update in await bot.get_updates()]
    assert (first.message.message_id, first.data) == (new.message_id, "s10")
    assert (second.message.message_id, second.data) == (old.message_id, "s9")


async def test_what_is_not_on_the_screen_can_only_be_forged(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(1001, "Раз", reply_markup=SCORES)
    await sent.edit_text("Спасибо")
    with pytest.raises(LookupError, match="no button '10' on the screen of 1001"):
        await ann.press("10")
    await ann.press_forged("s10", sent.message_id)
    assert (await heard(bot))["callback_query"]["data"] == "s10"


async def test_blocking_and_coming_back_is_told(bot: Bot, ann: Person) -> None:
    await ann.block()
    await ann.send("/start")
    kinds = [update.to_dict() for update in await bot.get_updates()]
    statuses = [item["my_chat_member"]["new_chat_member"]["status"] for item in kinds[:2]]
    assert (statuses, kinds[2]["message"]["text"]) == (["kicked", "member"], "/start")


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    group = sandbox.group(-5, "Проект")
    await group.add_bot(ann)
    said = await bot.send_message(-5, "Здравствуйте", reply_markup=SCORES)
    await ann.send("между собой", group=group)
    await ann.send("/report", group=group)
    await ann.send("эй, @otklik_sandbox_bot", group=group)
    await ann.send("ответ", group=group, reply_to=said.message_id)
    await ann.press("10", group=group)
    joined, added, *rest = [update.to_dict() for update in await bot.get_updates()]
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert added["message"]["new_chat_members"][0]["id"] == 4242
    texts = [item["message"]["text"] for item in rest[:-1]]
    assert texts == ["/report", "эй, @otklik_sandbox_bot", "ответ"]
    assert rest[-1]["callback_query"]["message"]["chat"] == {"id": -5, "title": "Проект", "type": "group"}


async def test_waiting_ends_when_the_person_sees_it(bot: Bot, ann: Person) -> None:
    waiting = asyncio.create_task(ann.wait_for(lambda me: me.last and me.last.text == "Спасибо" and me.last))
    sent = await bot.send_message(1001, "Вопрос")
    await sent.edit_text("Спасибо")
    assert (await waiting).message_id == sent.message_id


async def test_waiting_in_vain_tells_what_is_on_the_screen(ann: Person) -> None:
    with pytest.raises(TimeoutError, match=r"person 1001 waited 0 s in vain; sees \['/start'\]"):
        await ann.wait_for(lambda me: me.last, 0)


async def test_calls_are_recorded_in_order(sandbox: Sandbox, call: Any, ann: Person) -> None:
    await call("sendMessage", chat_id=1001, text="Один")
    await call("sendMessage", chat_id=5, text="Два")
    await call("getUpdates")
    assert [(record.method, record.chat_id, record.args["text"], record.error) for record in sandbox.calls] == [
        ("sendMessage", 1001, "Один", None),
        ("sendMessage", 5, "Два", "Bad Request: chat not found"),
    ]
    assert [message.text for message in sandbox.chat(1001).messages] == ["/start", "Один"]


async def test_messages_carry_the_time_of_the_clock(bot: Bot, clock: Any, ann: Person) -> None:
    clock.move(days=7)
    sent = await bot.send_message(1001, "Через неделю")
    assert sent.date == clock()
