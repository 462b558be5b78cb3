"""What a cell of a directory file may say."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.directory_sheets import Cell
from bot.settings_types import share, timezone
from surveys.authoring.problems import shown, unknown

Parser = Callable[[str], Any]

LENGTH: Final = 200
YES_OR_NO: Final = {
    **dict.fromkeys(("yes", "true", "1", "1.0", "да", "так"), True),
    **dict.fromkeys(("no", "false", "0", "0.0", "нет", "ні"), False),
}
ID: Final = re.compile(r"([1-9][0-9]{0,14})(\.0)?")
MONEY: Final = re.compile(r"[0-9]{1,3}( [0-9]{3}){1,4}([.,][0-9]{1,2})?|[0-9]{1,15}([.,][0-9]{1,6})?")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
SHEET_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


def clean(cell: Cell) -> str:
    """The words of a cell on one line. Raises ValueError for what no name has in it.

    >>> clean("  ООО \\n Пример  ")
    'ООО Пример'
    """
    if not isinstance(cell, str):
        raise ValueError("is a date or a time to Excel; format the cell as text and write it again")
    if CONTROL.search(cell):
        raise ValueError("holds a control character")
    words = " ".join(unicodedata.normalize("NFC", cell).split())
    if len(words) > LENGTH:
        raise ValueError(f"has {len(words)} characters; at most {LENGTH} are allowed")
    if words in SHEET_ERRORS:
        raise ValueError(f"holds the error {words} of a formula")
    return words


def parsers(roles: Sequence[str], stages: Sequence[str], languages: Sequence[str]) -> Mapping[str, Parser]:
    """What reads each column; a column that is not here is a name and is taken as it stands."""
    return {
        "stage": lambda text: _one_of("stage", text.lower(), stages),
        "adoption": share,
        "account_manager": telegram_id,
        "project_manager": telegram_id,
        "roles": lambda text: _roles(text, roles),
        "language": lambda text: _one_of("language", text.lower(), languages),
        "timezone": timezone,
        "email": _email,
        "revenue": money,
        "on_hold": yes_or_no,
        "no_foreign_messenger": yes_or_no,
    }


def telegram_id(text: str) -> int:
    """A numeric Telegram id.

    >>> telegram_id("1001"), telegram_id("1001.0")
    (1001, 1001)
    """
    match = ID.fullmatch(text)
    if not match:
        raise ValueError(f"{shown(text)} is not a numeric Telegram id")
    return int(match[1])


def money(text: str) -> float:
    """A sum that is not negative; spaces part thousands, a comma or a point the fraction.

    >>> money("1 250 000,5"), money("12.0")
    (1250000.5, 12.0)
    """
    if not MONEY.fullmatch(text):
        raise ValueError(f"{shown(text)} is not a sum of money such as 1250000 or 1 250 000,50")
    return float(text.replace(" ", "").replace(",", "."))


def yes_or_no(text: str) -> bool:
    """A yes or a no, in any language of the product.

    >>> yes_or_no("Да"), yes_or_no("0")
    (True, False)
    """
    if text.lower() not in YES_OR_NO:
        raise ValueError(f"{shown(text)} is neither yes nor no")
    return YES_OR_NO[text.lower()]


def _one_of(what: str, word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise ValueError(unknown(what, word, known))
    return word


def _roles(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Roles in the order of the configuration, so that the order in the file makes no difference."""
    named = {_one_of("role", part.strip().lower(), known) for part in text.split("|") if part.strip()}
    if not named:
        raise ValueError("is missing")
    return tuple(role for role in known if role in named)


def _email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise ValueError("is not an e-mail address")
    return text
