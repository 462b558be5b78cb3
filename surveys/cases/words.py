"""Alert words in any of their inflected forms, found in one pass over a text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"\w+")
STEM: Final = "*"


@dataclass(frozen=True, slots=True)
class AlertWords:
    """`whole`: words as they are; `stems`: beginnings of words, whatever follows."""

    whole: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


def alert_words(entries: Iterable[str]) -> AlertWords:
    """The list as written in the settings: `penalt*` is a stem, `sue` a whole word."""
    folded = [_folded(entry.strip()) for entry in entries]
    return AlertWords(
        whole=frozenset(entry for entry in folded if not entry.endswith(STEM)),
        stems=frozenset(entry.removesuffix(STEM) for entry in folded if entry.endswith(STEM)),
    )


def alarming(text: str, words: AlertWords) -> tuple[str, ...]:
    """The alert words in a text, each once, in the form they have there.

    The time it takes grows with the length of the text alone: a word is looked up by each of its beginnings that is
    no longer than the longest stem.

    >>> alarming("Мы расторгнем договор и подадим в суд, а не в судно.", alert_words(["расторг*", "суд"]))
    ('расторгнем', 'суд')
    """
    longest = max(map(len, words.stems), default=0)
    found = dict.fromkeys(word for word in WORD.findall(_folded(text)) if _alarms(word, words, longest))
    return tuple(found)


def _alarms(word: str, words: AlertWords, longest: int) -> bool:
    if word in words.whole:
        return True
    return any(word[:length] in words.stems for length in range(1, min(len(word), longest) + 1))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
