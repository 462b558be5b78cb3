"""How much a person is given to read at once."""

from collections.abc import Iterator
from typing import Any, Final

from surveys.authoring.problems import Fault, Place
from surveys.authoring.raw import Entry, items, mapping, sequence, word
from surveys.authoring.texts import BRACED

CARD: Final = 60
QUESTION: Final = 40
"""What is left on a card for a question with the words of its scale, beside how to answer and how far one is."""

FIRST: Final = 50
"""What the first card of a pulse has for the introduction, the consent and the question with its scale."""
CHOOSING: Final = 11
"""Words it takes to say how to choose several options."""

Told = tuple[Place, int, list[Any]]
"""Where the words of a card stand, how many there may be, and the texts that share it."""


def card_faults(data: Entry) -> Iterator[Fault]:
    """Cards with more words than are read on a phone, in any language."""
    for place, limit, texts in _cards(data):
        for language in mapping(texts[0]):
            number = sum(_count(mapping(text).get(language)) for text in texts)
            if number > limit:
                yield (
                    (*place, language),
                    f"makes a card of {number} words{_with(limit, place)}; at most {limit} are allowed",
                )


def _cards(data: Entry) -> Iterator[Told]:
    consents = [data.get("consent"), *mapping(data.get("consent_for")).values()]
    for consent in consents:
        yield ("introduction",), CARD, [data.get("introduction"), data.get("title"), consent]
        yield from _first_cards(data, consent)
    yield ("closing",), CARD, [data.get("closing")]
    for index, closing in enumerate(sequence(data.get("closings"))):
        yield ("closings", index, "text"), CARD, [mapping(closing).get("text")]
    for place, item in items(data):
        yield from _questions(place, item, _ends(data, item))
    for name, bands in mapping(data.get("why")).items():
        yield from ((("why", name, band), QUESTION, [text]) for band, text in mapping(bands).items())


def _first_cards(data: Entry, consent: object) -> Iterator[Told]:
    """An event's pulse begins with its first question, and whatever may be the first is measured."""
    for place, item in items(data) if data.get("kind") == "pulse" else ():
        limit = FIRST - CHOOSING if "choices" in item else FIRST
        for inside, _, texts in _questions(place, item, _ends(data, item)):
            if "why" not in inside:
                yield ("introduction",), limit, [data.get("introduction"), consent, *texts]
        if "text" in item and "when" not in item:
            return


def _questions(place: Place, item: Entry, ends: list[Any]) -> Iterator[Told]:
    wordings: dict[Place, Any] = {("text",): item.get("text")}
    wordings |= {("text_for", role): text for role, text in mapping(item.get("text_for")).items()}
    rows = [mapping(row).get("text") for row in mapping(item.get("grid")).values()]
    for inside, text in wordings.items():
        for row in rows or [None]:
            yield (*place, *inside), QUESTION if "statement" not in item else CARD, [text, row, *ends]
    for band, text in mapping(item.get("why")).items():
        yield (*place, "why", band), QUESTION, [text]


def _ends(data: Entry, item: Entry) -> list[Any]:
    scale = mapping(mapping(data.get("scales")).get(word(item, "scale")))
    return [scale.get("low"), scale.get("high"), *mapping(scale.get("anchors")).values()]


def _count(words: object) -> int:
    return len(BRACED.sub("x", words).split()) if isinstance(words, str) else 0


def _with(limit: int, place: Place) -> str:
    """What else stands on the card."""
    if place != ("introduction",):
        return ""
    return " with title and consent" if limit == CARD else " with consent and the first question"
