"""What a text must be: there in every language, saying something, with placeholders that can be filled."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
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


def text_faults(data: dict[str, Any], languages: Sequence[Language]) -> Iterator[Fault]:
    """What is wrong with the texts. Every text has the languages of the title, and those are at least `languages`."""
    titled = [word for word in _keys(data.get("title")) if LANGUAGE_CODE.fullmatch(word)]
    spoken = list(dict.fromkeys([*languages, *titled]))
    known = PLACEHOLDERS if data.get("kind") == "relationship" else PULSE_PLACEHOLDERS
    for path, value in walk(data):
        if _is_label(path):
            yield from _faults(path, value, spoken, LABEL_LENGTH, ())
        elif _is_text(path):
            yield from _faults(path, value, spoken, TEXT_LENGTH, known)


def _is_label(path: Place) -> bool:
    """Reports show these outside of any interview, where nothing can fill a placeholder."""
    match path:
        case ("title",) | ("scales", _, "low" | "high"):
            return True
        case _:
            return False


def _is_text(path: Place) -> bool:
    match path:
        case ("introduction" | "consent" | "closing",) | ("why", _, _):
            return True
        case ("items", int(), "text") | ("items", int(), "text_for" | "why", _):
            return True
        case _:
            return False


def _faults(
    path: Place, value: object, spoken: Sequence[Language], length: int, known: Sequence[str]
) -> Iterator[Fault]:
    if not isinstance(value, dict):
        return
    for language in spoken:
        if language not in value:
            yield path, f"no text in {shown(language)}; every text needs {', '.join(spoken)}"
    texts = {language: words for language, words in value.items() if isinstance(words, str)}
    for language, words in texts.items():
        for message in _sentences(language, words, spoken, length, known):
            yield (*path, language), message
    yield from _uneven(path, texts, set(known))


def _sentences(
    language: Language, words: str, spoken: Sequence[Language], length: int, known: Sequence[str]
) -> Iterator[str]:
    if not LANGUAGE_CODE.fullmatch(language):
        yield "is no code of a language, such as ru or pt-BR"
    elif language not in spoken:
        yield f"the title has no text in {shown(language)}; languages of this questionnaire: {', '.join(spoken)}"
    if not words.strip():
        yield "is empty"
    if len(words.strip()) > length:
        yield f"has {len(words.strip())} characters, at most {length} are allowed"
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in words):
        yield "holds a control character; only line breaks are allowed"
    yield from _placeholder_sentences(words, known)


def _placeholder_sentences(words: str, known: Sequence[str]) -> Iterator[str]:
    allowed = ", ".join(f"{{{name}}}" for name in known) or "none here"
    for name in sorted(placeholders(words) - set(known)):
        yield f"unknown placeholder {shown('{' + name + '}')}; allowed: {allowed}"
    if re.search(r"[{}]", BRACED.sub("", words)):
        yield f"a brace without its pair; braces are for placeholders alone: {allowed}"


def _uneven(path: Place, texts: Mapping[Language, str], known: set[str]) -> Iterator[Fault]:
    used = {language: placeholders(words) & known for language, words in texts.items()}
    everywhere = set[str]().union(*used.values())
    for language, names in used.items():
        for name in sorted(everywhere - names):
            others = ", ".join(other for other in used if name in used[other])
            yield (*path, language), f"lacks the placeholder {shown('{' + name + '}')} that stands in {shown(others)}"


def placeholders(words: str) -> set[str]:
    """Names of the placeholders in a text.

    >>> sorted(placeholders("{vendor} asks about {project}"))
    ['project', 'vendor']
    """
    return set(BRACED.findall(words))


def _keys(value: object) -> list[str]:
    return list(value) if isinstance(value, dict) else []
