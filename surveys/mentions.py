"""What a questionnaire speaks of beside itself: of all that an event says, only that is kept with an interview."""

from collections.abc import Iterator
from itertools import chain

from surveys.conditions import Condition, EventSays, Every, Not, Some
from surveys.piping import OF_EVENT, placeholders
from surveys.questionnaire import Asked, Item, Questionnaire, Text


def mentioned(questionnaire: Questionnaire) -> frozenset[str]:
    """Names of the values of an event that its texts and routes speak of."""
    piped = {name for text in texts(questionnaire) for words in text.values() for name in placeholders(words)}
    asked = {atom.name for atom in atoms(questionnaire) if isinstance(atom, EventSays)}
    return frozenset(asked | {name.removeprefix(OF_EVENT) for name in piped})


def atoms(questionnaire: Questionnaire) -> Iterator[Condition]:
    """What the conditions of the questionnaire are made of."""
    asked = [item for item in questionnaire.items if isinstance(item, Asked)]
    ways = [item.when for item in asked] + [one.when for item in asked for one in item.routes]
    for condition in [*ways, *(one.when for one in questionnaire.closings)]:
        if condition is not None:
            yield from parts(condition)


def texts(questionnaire: Questionnaire) -> Iterator[Text]:
    """Every text that may have placeholders."""
    yield from (questionnaire.introduction, questionnaire.closing, *questionnaire.consent.values())
    yield from (one.text for one in questionnaire.closings)
    if questionnaire.script is not None:
        yield questionnaire.script
    yield from chain.from_iterable(map(_questions, questionnaire.items))


def _questions(item: Item) -> Iterator[Text]:
    return (
        chain(item.wording.values(), item.aloud.values())
        if isinstance(item, Asked)
        else (band.text for band in item.bands)
    )


def parts(condition: Condition) -> Iterator[Condition]:
    """What the condition is made of."""
    match condition:
        case Every(several) | Some(several):
            yield from chain.from_iterable(map(parts, several))
        case Not(other):
            yield from parts(other)
        case _:
            yield condition
