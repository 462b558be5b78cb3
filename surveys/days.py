"""Dates as people write them: in digits, or with the name of the month in the languages of the interface."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from surveys.numerals import digits
from surveys.questionnaire import Language

MONTHS: Final[Mapping[Language, str]] = {
    "ru": "янв фев мар апр мая|май июн июл авг сен окт ноя дек",
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "uk": "січ лют бер кві тра чер лип сер вер жов лис гру",
}
"""What the names of months begin with: no two of them alike."""

STEMS: Final[Mapping[str, int]] = {
    stem: number
    for names in MONTHS.values()
    for number, alike in enumerate(names.split(), 1)
    for stem in alike.split("|")
}
STEM: Final = 3
ISO_DAY: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
USUAL_DAY: Final = re.compile(r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})")
YEAR: Final = r"(?P<year>[0-9]{4})(?:\s*(?:г|р|года|року)\.?)?"
DAY: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|-го)?"
NAMED_DAY: Final = re.compile(rf"{DAY}\s+(?:of\s+)?(?P<month>[^\W\d_]{{3,10}})\.?,?\s+{YEAR}")
AMERICAN_DAY: Final = re.compile(rf"(?P<month>[a-z]{{3,9}})\.?\s+{DAY},?\s+{YEAR}")


def day_in(words: str) -> date | None:
    """The day that these words are; the day comes before the month unless the year comes first, or the month by name.

    >>> {day_in(one) for one in ("2026-03-01", "1.3.2026", "1 марта 2026 г.", "1 March 2026", "March 1, 2026")}
    {datetime.date(2026, 3, 1)}
    >>> day_in("1 березня 2026"), day_in("31.02.2026"), day_in("1 марта")
    (datetime.date(2026, 3, 1), None, None)
    """
    said = digits(words).casefold()
    for written in (ISO_DAY, USUAL_DAY, NAMED_DAY, AMERICAN_DAY):
        if found := written.fullmatch(said):
            return _day(found["year"], found["month"], found["day"])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else STEMS.get(month[:STEM], 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
