"""How figures, days and names are said in a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from metrics.intervals import Interval
from metrics.scales import EVERY_SCALE
from reports.labels import Labels, label
from reports.layout import tidy
from surveys.locales import N_, translations
from surveys.questionnaire import Language, Text
from surveys.reporting import Dimension, Unit

CALENDAR: dict[str, str] = {"month": "yMMMM", "quarter": "yQQQ"}
MANY = 100
"""From so many answers on a percentage has a decimal that means something."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A language, and what the vendor's things are called in it."""

    language: Language
    labels: Labels

    def __call__(self, words: str, **values: object) -> str:
        return translations("reports", self.language).gettext(words).format(**values)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The form of the sentence for `n`, with {n} filled in."""
        return translations("reports", self.language).ngettext(one, many, n).format(n=self.count(n))

    def count(self, n: int) -> str:
        """A whole number, thousands apart."""
        return self._decimal(n, 0)

    def number(self, value: float, unit: Unit, n: int) -> str:
        """The value rounded as its base allows, without its unit; points with their sign."""
        if unit == "points":
            return _signed(value)
        return self._decimal(value, 1 if unit == "mark" or n >= MANY else 0)

    def difference(self, value: float, unit: Unit) -> str:
        """A difference with its sign; of shares, in points."""
        if unit != "mark":
            return _signed(value)
        said = self._decimal(abs(value), 1)
        sign = "" if not any(digit in said for digit in "123456789") else "+" if value > 0 else "−"
        return sign + said

    def value(self, value: float, unit: Unit, n: int) -> str:
        """The value with its unit."""
        number = self.number(value, unit, n)
        return self.percent(number) if unit == "percent" else number

    def percent(self, number: str) -> str:
        return translations("reports", self.language).gettext("{number}%").format(number=number)

    def weight(self, weight: float) -> str:
        """A role's weight."""
        return format_decimal(weight, "0.00#", locale=_locale(self.language))

    def interval(self, interval: Interval, unit: Unit, n: int) -> str:
        """Both ends, without their unit."""
        return "…".join(self.number(bound, unit, n) for bound in interval)

    def name(self, dimension: Dimension, key: str | None) -> str:
        """What a group is called, on one line."""
        if key is None:
            sentence = N_("outside waves") if dimension == "wave" else N_("not stated")
            return translations("reports", self.language).gettext(sentence)
        known = label(self.labels, dimension, key, self.language)
        if known != key or dimension not in CALENDAR:
            return tidy(known) or "?"
        return self._calendar(dimension, key)

    def names(self, dimension: Dimension, keys: Sequence[str]) -> str:
        return ", ".join(self.name(dimension, key) for key in keys)

    def scales(self, keys: Sequence[str]) -> str:
        """The points of the scales, as a phrase: "1–5 and 1–10"."""
        return format_list([scale_points(key) for key in keys], locale=_locale(self.language))

    def day(self, day: date) -> str:
        return format_skeleton("yMMMd", day, locale=_locale(self.language))

    def month(self, day: date) -> str:
        return format_skeleton("yMMMM", day, locale=_locale(self.language))

    def _calendar(self, dimension: Dimension, key: str) -> str:
        day = first_day(key)
        return format_skeleton(CALENDAR[dimension], day, locale=_locale(self.language)) if day else tidy(key)

    def _decimal(self, value: float, decimals: int) -> str:
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return format_decimal(value, pattern, locale=_locale(self.language))


def language_names(languages: Sequence[Language]) -> Mapping[Language, Text]:
    """What each language is called in each of them.

    >>> language_names(["ru", "en"])["ru"]
    {'ru': 'Русский', 'en': 'Russian'}
    """
    return {
        key: {reader: str(_locale(reader).languages.get(key, key)).capitalize() for reader in languages}
        for key in languages
    }


def scale_points(key: str) -> str:
    """The ends of a scale.

    >>> scale_points("ces_7")
    '1–7'
    """
    return f"{EVERY_SCALE[key].low}–{EVERY_SCALE[key].high}"


def _signed(value: float) -> str:
    rounded = round(value)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"


def first_day(key: str) -> date | None:
    """The first day of "2026-07" or "2026-Q3".

    >>> first_day("2026-Q3")
    datetime.date(2026, 7, 1)
    """
    year, _, part = key.partition("-")
    try:
        return date(int(year), int(part[1:]) * 3 - 2 if part.startswith("Q") else int(part), 1)
    except ValueError:
        return None


def whole_month(since: datetime, until: datetime) -> bool:
    """Whether the period is one month of the calendar."""
    months = 12 * (until.year - since.year) + until.month - since.month
    return months == 1 and since.day == 1 and until.replace(year=since.year, month=since.month) == since


@cache
def _locale(language: Language) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
