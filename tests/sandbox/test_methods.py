"""Every method the sandbox answers, called by a client of another library."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyParameters,
)

from sandbox.methods import METHODS
from sandbox.people import Person
from sandbox.profile import commands_for
from sandbox.server import Sandbox

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Да", callback_data="y"), InlineKeyboardButton("Нет", url="https://example.org")]]
)


async def test_the_bot_learns_its_own_name(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot, me.can_join_groups) == (4242, "otklik_sandbox_bot", True, True)


async def test_a_message_reaches_the_person_with_its_entities_and_buttons(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(
        1001, "<b>Привет</b>, 😀 <i>Анна</i> &amp; все", parse_mode="HTML", reply_markup=YES_NO
    )
    assert sent.text == "Привет, 😀 Анна & все"
    assert sent.parse_entities() == {sent.entities[0]: "Привет", sent.entities[1]: "Анна"}
    seen = ann.messages[-1]
    assert seen.html == "<b>Привет</b>, 😀 <i>Анна</i> &amp; все"
    assert [button.text for button in seen.buttons] == ["Да", "Нет"]
    assert seen.from_bot


async def test_a_reply_names_the_message_it_answers(bot: Bot, ann: Person) -> None:
    question = ann.messages[-1].message_id
    sent = await bot.send_message(1001, "Ответ", reply_parameters=ReplyParameters(question))
    assert sent.reply_to_message.message_id == question
    assert ann.messages[-1].reply_to == question


async def test_a_message_is_edited_in_place(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(1001, "Один", reply_markup=YES_NO)
    await sent.edit_text("Два")
    seen = ann.messages[-1]
    assert (seen.message_id, seen.text, seen.keyboard) == (sent.message_id, "Два", ())
    assert seen.edited_at is not None


async def test_only_the_keyboard_of_a_message_can_change(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(1001, "Один")
    await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=YES_NO)
    assert (ann.messages[-1].text, len(ann.messages[-1].buttons)) == ("Один", 2)


async def test_messages_are_deleted_one_by_one_and_in_bulk(bot: Bot, ann: Person) -> None:
    sent = [await bot.send_message(1001, text) for text in ("Один", "Два", "Три")]
    await bot.delete_message(1001, sent[0].message_id)
    await bot.delete_messages(1001, [sent[1].message_id, 999])
    assert [seen.text for seen in ann.messages] == ["/start", "Три"]


async def test_a_press_is_answered_with_a_toast_or_an_alert(bot: Bot, ann: Person) -> None:
    await bot.send_message(1001, "Вопрос", reply_markup=YES_NO)
    await ann.press("Да")
    await ann.press("y")
    first, second = await bot.get_updates()
    assert first.callback_query.data == "y"
    assert first.callback_query.message.text == "Вопрос"
    await first.callback_query.answer("Записано")
    await second.callback_query.answer("Точно?", show_alert=True)
    assert [(answer.text, answer.alert) for answer in ann.answers] == [("Записано", False), ("Точно?", True)]


async def test_a_photo_arrives_as_a_photo(bot: Bot, ann: Person, png: bytes) -> None:
    sent = await bot.send_photo(1001, png, caption="<b>График</b>", parse_mode="HTML")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (640, 400, "График")
    assert ann.messages[-1].file.data == png


async def test_a_document_keeps_its_name_and_bytes(bot: Bot, ann: Person) -> None:
    sent = await bot.send_document(1001, b"a,b\n1,2\n", filename="Отчёт.csv", caption="Данные")
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == ("Отчёт.csv", "text/csv", 8)
    file = await bot.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b"a,b\n1,2\n"
    again = await bot.send_document(1001, sent.document.file_id)
    assert again.document == sent.document
    assert ann.messages[-1].file.name == "Отчёт.csv"


async def test_a_voice_message_arrives(bot: Bot, ann: Person) -> None:
    sent = await bot.send_voice(1001, b"OggS", duration=3)
    assert sent.voice.to_dict()["duration"] == 3
    assert ann.messages[-1].file.kind == "voice"


async def test_media_and_captions_are_edited_in_place(bot: Bot, ann: Person, png: bytes) -> None:
    sent = await bot.send_document(1001, b"1", filename="a.txt")
    edited = await bot.edit_message_media(InputMediaPhoto(png, caption="Картинка"), 1001, sent.message_id)
    assert (edited.document, edited.photo[-1].width, edited.caption) == (None, 640, "Картинка")
    await bot.edit_message_media(InputMediaDocument(b"2", filename="b.txt"), 1001, sent.message_id)
    await bot.edit_message_caption(1001, sent.message_id, caption="Подпись")
    seen = ann.messages[-1]
    assert (seen.file.name, seen.text) == ("b.txt", "Подпись")


async def test_a_text_message_can_become_a_picture(bot: Bot, ann: Person, png: bytes) -> None:
    sent = await bot.send_message(1001, "Считаем…")
    await bot.edit_message_media(InputMediaPhoto(png), 1001, sent.message_id)
    assert (ann.messages[-1].text, ann.messages[-1].file.kind) == ("", "photo")


async def test_typing_is_shown(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    with sandbox.world.feed.listening() as events:
        await bot.send_chat_action(1001, "typing")
        assert await events.get() == {"kind": "typing", "chat_id": 1001, "seconds": 5}


async def test_the_narrowest_command_menu_wins(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    bob = sandbox.person(1002, "Bob", "en")
    await bot.set_my_commands([("start", "Start")])
    await bot.set_my_commands([("start", "Начать")], language_code="ru")
    await bot.set_my_commands([("help", "Help")], scope=BotCommandScopeAllPrivateChats(), language_code="en")
    await bot.set_my_commands([("report", "Отчёт")], scope=BotCommandScopeChat(1001))
    assert commands_for(sandbox.world, ann.room, ann.user) == (BotCommand("report", "Отчёт"),)
    assert commands_for(sandbox.world, bob.room, bob.user) == (BotCommand("help", "Help"),)
    await bot.delete_my_commands(scope=BotCommandScopeChat(1001))
    assert commands_for(sandbox.world, ann.room, ann.user) == (BotCommand("start", "Начать"),)
    assert await bot.get_my_commands(language_code="ru") == (BotCommand("start", "Начать"),)
    assert await bot.get_my_commands() == (BotCommand("start", "Start"),)


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Опросы клиентов", language_code="ru")
    await bot.set_my_short_description("Опросы")
    assert (await bot.get_my_description("ru")).description == "Опросы клиентов"
    assert (await bot.get_my_description("en")).description == ""
    assert (await bot.get_my_short_description()).short_description == "Опросы"


async def test_the_menu_button_is_set_for_a_chat(bot: Bot, ann: Person) -> None:
    await bot.set_chat_menu_button(1001, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(1001)).type == "commands"


async def test_chats_and_members_are_described(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    chat = await bot.get_chat(1001)
    assert (chat.type, chat.first_name, chat.username) == ("private", "Анна", "ann")
    assert (await bot.get_chat_member(1001, 1001)).user == ann.user
    group = sandbox.group(-5, "Проект")
    await group.add_bot(ann)
    assert (await bot.get_chat_member(-5, 4242)).status == "member"
    await bot.leave_chat(-5)
    assert (await bot.get_chat_member(-5, 4242)).status == "left"


@pytest.mark.parametrize("name", sorted(METHODS))
async def test_no_parameter_is_known_to_the_sandbox_alone(name: str) -> None:
    """The names of the table are those a second library uses."""
    import inspect
    import re

    theirs = set(inspect.signature(getattr(Bot, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())).parameters)
    assert {*METHODS[name].required, *METHODS[name].optional} <= theirs
