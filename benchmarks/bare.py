"""The baseline: aiogram alone, with its own polling. It keeps nothing and answers every tap with the same two calls."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message

from benchmarks.botapi import TOKEN

TEXT = (
    "Вопрос 4 из 11\n▰▰▰▱▱▱▱▱▱▱\n\n<b>Насколько вы довольны стабильностью системы в течение рабочего дня?</b>\n\n"
    "1 — очень недовольны\n5 — очень довольны"
)
QUIET = LinkPreviewOptions(is_disabled=True)


def keyboard() -> InlineKeyboardMarkup:
    """As many buttons as under a question, made anew for every card as any bot has to."""
    rows = [[str(score) for score in range(1, 6)], ["Пропустить", "Назад"]]
    return InlineKeyboardMarkup(inline_keyboard=[[_button(text) for text in row] for row in rows])


def _button(text: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=f"i.Zx3kq9LwTb4_.12.{text}")


async def on_message(message: Message) -> None:
    """The first card."""
    await message.answer(TEXT, parse_mode="HTML", link_preview_options=QUIET, reply_markup=keyboard())


async def on_tap(query: CallbackQuery) -> None:
    """The button stops waiting; the card is drawn again in its place."""
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(TEXT, parse_mode="HTML", link_preview_options=QUIET, reply_markup=keyboard())


async def main() -> None:
    """Polls until it is killed."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BENCH_API_BASE"]))
    dispatcher = Dispatcher()
    dispatcher.message.register(on_message)
    dispatcher.callback_query.register(on_tap)
    await dispatcher.start_polling(Bot(TOKEN, session=session))


if __name__ == "__main__":
    asyncio.run(main())
