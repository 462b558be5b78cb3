"""Numbers as people write them to a question that asks for one: in digits, in words, out of so many."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from surveys.questionnaire import Language

NAMES: Final[Mapping[Language, str]] = {
    "ru": "ноль|нуль один|одна два|две три четыре пять|пяти шесть семь|семи восемь девять десять|десяти одиннадцать "
    "двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "en": "zero|nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
    "uk": "нуль один|одна два|дві три чотири п'ять|п'яти шість сім|семи вісім дев'ять десять|десяти одинадцять "
    "дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять",
}
"""Words from nought on; behind a bar others for the same number, among them what scales end with after "out of"."""

TENS: Final[Mapping[Language, str]] = {
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "uk": "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто сто",
}
"""From twenty on; another word may follow them."""

POINTS: Final[Mapping[Language, str]] = {
    "ru": "балл|балла|баллов",
    "en": "point|points",
    "uk": "бал|бали|балів",
}

BEFORE: Final[Mapping[Language, str]] = {"ru": "на", "en": "a|an", "uk": "на"}
OUT_OF: Final[Mapping[Language, str]] = {"ru": "из", "en": "out of|of", "uk": "з|із|зі"}

VALUES: Final[Mapping[str, int]] = {
    word: number for names in NAMES.values() for number, alike in enumerate(names.split()) for word in alike.split("|")
}
ROUND: Final[Mapping[str, int]] = {
    word: number * 10 for names in TENS.values() for number, word in enumerate(names.split(), 2)
}
UNIT: Final = "|".join(VALUES)
ONE: Final = rf"-?[0-9]{{1,9}}|(?:{'|'.join(ROUND)})(?:[\s-]+(?:{UNIT}))?|{UNIT}"
SPOKEN: Final = re.compile(
    rf"(?:(?:{'|'.join(BEFORE.values())})\s+)?({ONE})(?:\s+(?:{'|'.join(POINTS.values())}))?"
    rf"(?:(?:\s*/\s*|\s+(?:{'|'.join(OUT_OF.values())})\s+)({ONE}))?"
)
APOSTROPHES: Final = str.maketrans(dict.fromkeys("’ʼ`´", "'") | {"\u2212": "-"})


def digits(words: str) -> str:
    """Digits of any width, and those in a keycap, as plain ones."""
    return unicodedata.normalize("NFKC", words).replace("\ufe0f", "").replace("\u20e3", "")


def number_in(words: str) -> tuple[int, int | None] | None:
    """The number that these words are, and out of how many, if they say so; None for any other words.

    >>> number_in("9"), number_in("Девять!"), number_in("дев’ять із десяти")
    ((9, None), (9, None), (9, 10))
    >>> number_in("nine out of ten"), number_in("9/10"), number_in("на 9."), number_in("nearly nine")
    ((9, 10), (9, 10), (9, None), None)
    >>> number_in("9 баллов из 10"), number_in("twenty-five"), number_in("двадцять п’ять"), number_in("на 9 points")
    ((9, 10), (25, None), (25, None), (9, None))
    """
    said = SPOKEN.fullmatch(digits(words).translate(APOSTROPHES).casefold().strip().rstrip(" .,!;"))
    if said is None:
        return None
    number, whole = said.groups()
    return _value(number), None if whole is None else _value(whole)


def _value(word: str) -> int:
    if word.lstrip("-").isdecimal():
        return int(word)
    return sum(VALUES.get(part, 0) + ROUND.get(part, 0) for part in re.split(r"[\s-]+", word))
