"""The library of the bot itself, as a second independent client."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.people import Person


@pytest.fixture
async def aiobot(base: str) -> AsyncIterator[Bot]:
    bot = Bot("4242:abcDEF-_1", session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    yield bot
    await bot.session.close()


async def test_aiogram_talks_to_the_sandbox(aiobot: Bot, ann: Person, png: bytes) -> None:
    assert (await aiobot.get_me()).username == "otklik_sandbox_bot"
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="10", callback_data="s10")]])
    sent = await aiobot.send_message(1001, "<b>Оценка?</b>", parse_mode="HTML", reply_markup=keyboard)
    await ann.press("10")
    update = (await aiobot.get_updates(timeout=5))[0]
    assert (update.callback_query.data, update.callback_query.message.text) == ("s10", "Оценка?")
    await aiobot.answer_callback_query(update.callback_query.id, "Записано")
    await aiobot.edit_message_text("Спасибо", chat_id=1001, message_id=sent.message_id)
    photo = await aiobot.send_photo(1001, BufferedInputFile(png, "nps.png"), caption="NPS")
    document = await aiobot.send_document(1001, BufferedInputFile("а;б\n".encode(), "Отчёт.csv"))
    assert photo.photo[-1].width == 640
    assert [seen.text for seen in ann.messages] == ["/start", "Спасибо", "NPS", ""]
    assert ann.messages[-1].file.name == document.document.file_name == "Отчёт.csv"
    assert (await aiobot.download(document.document)).read() == "а;б\n".encode()
    assert ann.answers[0].text == "Записано"


async def test_aiogram_understands_the_refusals(aiobot: Bot, ann: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await aiobot.send_message(1001, "")
