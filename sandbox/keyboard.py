"""Inline keyboards, checked the way the server checks them."""

import re
from collections.abc import Mapping

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, KeyboardButtonStyle

from sandbox.errors import ApiError, bad_request

ACTIONS = ("callback_data", "url", "copy_text")
FIELDS = {"text", "style", *ACTIONS}


def inline_keyboard(data: object) -> InlineKeyboardMarkup | None:
    """The keyboard of a request; an empty one is none."""
    if not isinstance(data, Mapping):
        raise bad_request("object expected as reply markup")
    if set(data) != {"inline_keyboard"}:
        raise bad_request("only inline keyboards are supported here")
    rows = data["inline_keyboard"]
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    _check_size(rows)
    buttons = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(buttons) if buttons else None


def _check_size(rows: list[list[object]]) -> None:
    too_wide = any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows)
    if too_wide or sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad_request("reply markup is too long")


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(data: object) -> InlineKeyboardButton:
    if not isinstance(data, Mapping):
        raise _unparsable("InlineKeyboardButton must be an Object")
    text = data.get("text")
    if not isinstance(text, str):
        raise _unparsable('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if unknown := set(data) - FIELDS:
        raise _unparsable(f'Field "{min(unknown)}" is not supported here')
    if not any(data.get(action) for action in ACTIONS):
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    _check_action(data)
    return InlineKeyboardButton.de_json(dict(data), None)


def _check_action(data: Mapping[str, object]) -> None:
    if sum(bool(data.get(action)) for action in ACTIONS) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    callback_data, url, copy = data.get("callback_data"), data.get("url"), data.get("copy_text")
    if callback_data is not None:
        _check_callback_data(callback_data)
    if url is not None and not (isinstance(url, str) and re.match(r"(https?|tg)://[^\s/]", url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if copy is not None and not _copyable(copy):
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if data.get("style") not in (None, *map(str, KeyboardButtonStyle)):
        raise _unparsable("unsupported style specified")


def _check_callback_data(value: object) -> None:
    if not isinstance(value, str):
        raise _unparsable('Field "callback_data" must be of type String')
    if len(value.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _copyable(value: object) -> bool:
    text = value.get("text") if isinstance(value, Mapping) else None
    return isinstance(text, str) and 0 < len(text) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT
