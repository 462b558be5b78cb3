"""What a text must be: there in every language, saying something, with placeholders that can be filled."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.authoring.source import walk
from surveys.questionnaire import Language

PLACEHOLDERS = ("vendor", "account", "project", "minutes", "manager")
PULSE_PLACEHOLDERS = (*PLACEHOLDERS, "ticket")
MISSING = ("manager", "ticket")
"""Values that are not always known; so is whatever an event says."""

# A card holds two texts, the progress and the names, and Telegram takes 4096 characters.
TEXT_LENGTH = 1000
LABEL_LENGTH = 64
BUTTON_LENGTH = 38
"""A phone shows 40 characters of a button, and a tick takes two."""

SHORT_LENGTH = 24
"""What is left of a button for the name of a question, beside the word that says it is about the reason."""

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
BRACED = re.compile(r"\{([^{}|]*)(\|[^{}]*)?\}")
OF_EVENT = re.compile(r"event\.[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a text must have and may have: its languages, characters in each, names of placeholders, digits."""

    languages: Sequence[Language]
    length: int
    placeholders: Sequence[str] = ()
    events: bool = False
    digits: bool = True

    def knows(self, name: str) -> bool:
        return name in self.placeholders or (self.events and OF_EVENT.fullmatch(name) is not None)


def text_faults(data: dict[str, Any], languages: Sequence[Language]) -> Iterator[Fault]:
    """What is wrong with the texts. Every text has the languages of the title, and those are at least `languages`."""
    titled = [word for word in _keys(data.get("title")) if LANGUAGE_CODE.fullmatch(word)]
    spoken = list(dict.fromkeys([*languages, *titled]))
    pulse = data.get("kind") != "relationship"
    text = _Demand(spoken, TEXT_LENGTH, PULSE_PLACEHOLDERS if pulse else PLACEHOLDERS, events=pulse)
    label, button = _Demand(spoken, LABEL_LENGTH), _Demand(spoken, BUTTON_LENGTH, digits=False)
    short = _Demand(spoken, SHORT_LENGTH, digits=False)
    for place, value in walk(data):
        if isinstance(value, dict) and (demand := short if _is_short(place) else _demand(place, text, label, button)):
            yield from _faults(place, value, demand)


def is_words(place: Place) -> bool:
    """Whether a text by language stands at this place."""
    return _is_text(place) or _is_label(place) or _is_button(place) or _is_short(place)


def _demand(place: Place, text: _Demand, label: _Demand, button: _Demand) -> _Demand | None:
    if _is_text(place):
        return text
    return label if _is_label(place) else button if _is_button(place) else None


def _is_label(place: Place) -> bool:
    """Reports show these outside of any interview, where nothing can fill a placeholder."""
    match place:
        case ("title",) | ("scales", _, "low" | "high") | ("scales", _, "anchors", _):
            return True
        case _:
            return False


def _is_button(place: Place) -> bool:
    match place:
        case ("items", int(), "choice" | "choices", "options", _):
            return True
        case ("items", int(), "choice" | "choices", "other" | "none"):
            return True
        case _:
            return False


def _is_short(place: Place) -> bool:
    match place:
        case ("items", int(), "short") | ("items", int(), "grid", _, "short"):
            return True
        case _:
            return False


def _is_text(place: Place) -> bool:
    match place:
        case (
            ("introduction" | "consent" | "closing",) | ("consent_for", _) | ("why", _, _) | ("closings", int(), "text")
        ):
            return True
        case ("script",) | ("items", int(), "aloud") | ("items", int(), "aloud_for", _):
            return True
        case ("items", int(), "text") | ("items", int(), "text_for" | "why", _) | ("items", int(), "grid", _, "text"):
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
    yield from _uneven(place, texts, demand)


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
    if not demand.digits and any(letter.isdigit() for letter in words):
        yield "has a digit; on buttons digits are kept for scores"
    yield from _placeholder_sentences(words, demand)


def _placeholder_sentences(words: str, demand: _Demand) -> Iterator[str]:
    known = [*(f"{{{name}}}" for name in demand.placeholders), *(["{event.…}"] if demand.events else [])]
    for name in sorted(_braced(words)):
        if not demand.knows(name):
            yield unknown("placeholder", f"{{{name}}}", known or ["none here"])
    for name, instead in sorted(BRACED.findall(words)):
        if demand.knows(name) and (name in MISSING or OF_EVENT.fullmatch(name)) and not instead:
            yield f"{{{name}}} may be missing; say what stands in its place, be it nothing: {{{name}|…}}"
    if _is_unpaired(words):
        allowed = ", ".join(known) or "none here"
        yield f"a brace without its pair; braces are for placeholders alone: {allowed}"


def _uneven(place: Place, texts: Mapping[Language, str], demand: _Demand) -> Iterator[Fault]:
    """Languages that leave out a placeholder another one has, unless they have misspelt it."""
    used = {language: {name for name in _braced(words) if demand.knows(name)} for language, words in texts.items()}
    everywhere = set[str]().union(*used.values())
    spoilt = [one for one, words in texts.items() if _is_unpaired(words) or not all(map(demand.knows, _braced(words)))]
    for language, names in used.items():
        if language in spoilt:
            continue
        for name in sorted(everywhere - names):
            others = ", ".join(other for other in used if name in used[other])
            yield (*place, language), f"lacks the placeholder '{{{name}}}' that stands in {shown(others)}"


def _is_unpaired(words: str) -> bool:
    return re.search(r"[{}]", BRACED.sub("", words)) is not None


def _braced(words: str) -> set[str]:
    """Whatever stands in braces where a placeholder has its name."""
    return {name for name, _ in BRACED.findall(words)}


def _keys(value: object) -> list[str]:
    return list(value) if isinstance(value, dict) else []
