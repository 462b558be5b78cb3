"""What a text must be: there in every language, saying something, with placeholders that can be filled."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.authoring.problems import Fault, Place, shown
from surveys.authoring.source import walk
from surveys.questionnaire import Language

PLACEHOLDERS = ("vendor", "account", "project", "minutes", "person")
PULSE_PLACEHOLDERS = (*PLACEHOLDERS, "ticket")

# A card holds two texts, the progress and the names, and Telegram takes 4096 characters.
TEXT_LENGTH = 1000
LABEL_LENGTH = 64

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a text must have and may have: its languages, characters in each, names of placeholders."""

    languages: Sequence[Language]
    length: int
    placeholders: Sequence[str]


def text_faults(data: dict[str, Any], languages: Sequence[Language]) -> Iterator[Fault]:
    """What is wrong with the texts. Every text has the languages of the title, and those are at least `languages`."""
    titled = [word for word in _keys(data.get("title")) if LANGUAGE_CODE.fullmatch(word)]
    spoken = list(dict.fromkeys([*languages, *titled]))
    known = PLACEHOLDERS if data.get("kind") == "relationship" else PULSE_PLACEHOLDERS
    label, text = _Demand(spoken, LABEL_LENGTH, ()), _Demand(spoken, TEXT_LENGTH, known)
    for place, value in walk(data):
        if isinstance(value, dict) and _is_label(place):
            yield from _faults(place, value, label)
        elif isinstance(value, dict) and _is_text(place):
            yield from _faults(place, value, text)


def _is_label(place: Place) -> bool:
    """Reports show these outside of any interview, where nothing can fill a placeholder."""
    match place:
        case ("title",) | ("scales", _, "low" | "high"):
            return True
        case _:
            return False


def _is_text(place: Place) -> bool:
    match place:
        case ("introduction" | "consent" | "closing",) | ("why", _, _):
            return True
        case ("items", int(), "text") | ("items", int(), "text_for" | "why", _):
            return True
        case _:
            return False


def _faults(place: Place, value: dict[str, Any], demand: _Demand) -> Iterator[Fault]:
    for language in demand.languages:
        if language not in value:
            yield place, f"no text in {shown(language)}; every text needs {', '.join(demand.languages)}"
    texts = {language: words for language, words in value.items() if isinstance(words, str)}
    for language, words in texts.items():
        for message in _sentences(language, words, demand):
            yield (*place, language), message
    yield from _uneven(place, texts, set(demand.placeholders))


def _sentences(language: Language, words: str, demand: _Demand) -> Iterator[str]:
    length = len(words.strip())
    if not LANGUAGE_CODE.fullmatch(language):
        yield "is no code of a language, such as ru or pt-BR"
    elif language not in demand.languages:
        yield f"the title has no text in {language!r}; languages of this questionnaire: {', '.join(demand.languages)}"
    if length == 0:
        yield "is empty"
    if length > demand.length:
        yield f"has {length} characters, at most {demand.length} are allowed"
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in words):
        yield "holds a control character; only line breaks are allowed"
    yield from _placeholder_sentences(words, demand.placeholders)


def _placeholder_sentences(words: str, known: Sequence[str]) -> Iterator[str]:
    allowed = ", ".join(f"{{{name}}}" for name in known) or "none here"
    for name in sorted(placeholders(words) - set(known)):
        yield f"unknown placeholder {shown('{' + name + '}')}; allowed: {allowed}"
    if re.search(r"[{}]", BRACED.sub("", words)):
        yield f"a brace without its pair; braces are for placeholders alone: {allowed}"


def _uneven(place: Place, texts: Mapping[Language, str], known: set[str]) -> Iterator[Fault]:
    """Languages that leave out a placeholder another one has."""
    used = {language: placeholders(words) & known for language, words in texts.items()}
    everywhere = set[str]().union(*used.values())
    for language, names in used.items():
        for name in sorted(everywhere - names):
            others = ", ".join(other for other in used if name in used[other])
            yield (*place, language), f"lacks the placeholder '{{{name}}}' that stands in {shown(others)}"


def placeholders(words: str) -> set[str]:
    """Names of the placeholders in a text.

    >>> sorted(placeholders("{vendor} asks about {project}"))
    ['project', 'vendor']
    """
    return set(BRACED.findall(words))


def _keys(value: object) -> list[str]:
    return list(value) if isinstance(value, dict) else []
