"""Kinds of value a configuration is made of, each with one sentence for what does not fit."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from surveys.authoring.problems import shown
from surveys.calendar import QuietHours
from surveys.cron import parse_cron
from surveys.questionnaire import Language

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=3650)
DURATION = re.compile(r"([0-9]{1,9})\s*([smhd])")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHARE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,12})?)\s*(%?)")


def duration(value: object) -> timedelta:
    """The length of time written as `90s`, `5m`, `2h` or `14d`.

    >>> duration("14d"), duration("0s")
    (datetime.timedelta(days=14), datetime.timedelta(0))
    """
    if isinstance(value, timedelta):
        return value
    match = DURATION.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f"{shown(value)} is not a duration; write it as 90s, 5m, 2h or 14d")
    length = timedelta(**{UNITS[match[2]]: int(match[1])})
    if length > LONGEST:
        raise ValueError(f"{shown(value)} is too long; at most {LONGEST.days}d is allowed")
    return length


def quiet_hours(value: object) -> QuietHours:
    """The two ends of a night written as `20:00-09:00`."""
    if isinstance(value, QuietHours):
        return value
    match = CLOCK.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f'{shown(value)} is not a span of hours; write it as "20:00-09:00", or null for none')
    start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if start == end:
        raise ValueError(f'{shown(value)} begins when it ends; write it as "20:00-09:00", or null for none')
    return QuietHours(start, end)


def share(value: object) -> float:
    """A share as 0-1, from a number or from words such as `0.7`, `0,7`, `70%` and `70 %`.

    >>> share("70 %"), share("0,7"), share(1)
    (0.7, 0.7, 1.0)
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    match = SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    number = Decimal(match[1].replace(",", ".")) / (100 if match[2] else 1) if match else Decimal(-1)
    if not 0 <= number <= 1:
        raise ValueError(f"{shown(value)} is not a share between 0 and 1 or 0 % and 100 %")
    return float(number)


@cache
def timezones() -> frozenset[str]:
    """Names of every time zone known here."""
    return frozenset(available_timezones())


def timezone(name: str) -> str:
    """The name, if there is such a time zone."""
    if name in timezones():
        return name
    near = _nearest_zone(name)
    hint = f"did you mean {near}?" if near else "write it as Europe/Moscow"
    raise ValueError(f"{shown(name)} is not a time zone; {hint}")


@lru_cache(maxsize=256)
def _nearest_zone(name: str) -> str | None:
    cities = {zone.rpartition("/")[2]: zone for zone in timezones()}
    near = [*get_close_matches(name, timezones(), n=1), *get_close_matches(name, cities, n=1)]
    return cities.get(near[0], near[0]) if near else None


def cron(expression: str) -> str:
    """The expression, if it is a crontab line of five fields."""
    try:
        parse_cron(expression)
    except ValueError as error:
        raise ValueError(f"{shown(expression)} is not a crontab line such as 0 10 1 3,9 *: {error}") from error
    return expression


def day(value: object) -> date:
    """The day written as 2026-01-01.

    >>> day("2026-01-01")
    datetime.date(2026, 1, 1)
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(written[0] if written else "")
    except ValueError as error:
        raise ValueError(f"{shown(value)} is not a day; write it as 2026-01-01") from error


def word(pattern: str, rule: str) -> AfterValidator:
    """A check that a word matches the pattern as a whole; `rule` says it to people."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{shown(value)} {rule}")
        return value

    return AfterValidator(check)


def secret(pattern: str, rule: str) -> AfterValidator:
    """The same for a secret, which is never shown."""
    compiled = re.compile(pattern)

    def check(value: SecretStr) -> SecretStr:
        if not compiled.fullmatch(value.get_secret_value()):
            raise ValueError(rule)
        return value

    return AfterValidator(check)


def has_password(url: str) -> bool:
    """Whether the address carries a password.

    >>> has_password("postgresql+asyncpg://otklik@db/otklik"), has_password("postgresql+asyncpg://otklik:x@db/otklik")
    (False, True)
    """
    try:
        parts = urlsplit(url)
        return parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:
        return "@" in url


def web_address(address: str) -> str:
    """The address without a slash at its end, if it is one of the web and holds no password, which is not shown."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise ValueError("must be an address such as https://bot.example.org")
    if has_password(address):
        raise ValueError("must not hold a password")
    return address.rstrip("/")


def _whole(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is not a whole number")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
TelegramId = Annotated[Whole, Field(gt=0, lt=2**52)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Duration = Annotated[timedelta, BeforeValidator(duration)]
Day = Annotated[date, BeforeValidator(day)]
Quiet = Annotated[QuietHours, BeforeValidator(quiet_hours)]
Share = Annotated[float, BeforeValidator(share)]
Timezone = Annotated[str, AfterValidator(timezone)]
Cron = Annotated[str, AfterValidator(cron)]
WebAddress = Annotated[str, AfterValidator(web_address)]
Token = Annotated[
    SecretStr, secret(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}", "is not a bot token; it looks like 123456:ABC-def")
]
HeaderSecret = Annotated[
    SecretStr, secret(r"[A-Za-z0-9_-]{1,256}", "must be 1 to 256 characters out of A-Z, a-z, 0-9, _ and -")
]
SealingKeys = Annotated[
    SecretStr,
    secret(
        r"[A-Za-z0-9_-]{86}([\s,]+[A-Za-z0-9_-]{86})*",
        "must be keys as `otklik keys new` prints them, the one that seals first, with a space or a new line between",
    ),
]
DatabaseUrl = Annotated[
    SecretStr,
    secret(
        r"(sqlite\+aiosqlite|postgresql\+asyncpg)://.*", "must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://"
    ),
]
LanguageKey = Annotated[Language, word(r"[a-z]{2,3}", "is not a language; write it as ru, en or uk")]
UrlPath = Annotated[str, word(r"/[A-Za-z0-9_./-]{0,200}", "is not a path; write it as /telegram")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[
    str, word(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", "is not a key; write it in a-z, 0-9 and _, beginning with a letter")
]
OuterKey = Annotated[
    str, word(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "is not a key; write it in A-Z, a-z, 0-9, _, . and -")
]
Titles = Mapping[LanguageKey, Name]


def _untitled(keys: object) -> object:
    """A plain list of keys as keys without titles."""
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return keys
    return {key: {} for key in keys}


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Titled = Annotated[Mapping[OuterKey, Titles], BeforeValidator(_untitled)]
Components = Annotated[Mapping[Key, Titles], BeforeValidator(_untitled), Field(min_length=1)]
Values = Annotated[tuple[Name, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Dimension = Literal["account", "project", "division", "product", "stage", "role"]
