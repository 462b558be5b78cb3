"""Which items of a questionnaire anybody can come to, found by walking it in every way that makes a difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations, product
from typing import Final

from metrics.scales import points
from surveys.conditions import (
    AtStage,
    Between,
    Chose,
    Condition,
    During,
    EventSays,
    OfAnswer,
    Scored,
    Speaks,
)
from surveys.interview import Answer, Interview
from surveys.mentions import atoms, parts
from surveys.questionnaire import (
    NOT_APPLICABLE,
    Asked,
    ChoiceItem,
    DateItem,
    Item,
    NumberItem,
    Questionnaire,
    Role,
    ScaleItem,
    StatementItem,
    WhyItem,
)
from surveys.routing import closing, following, holds, route

MOST_STEPS: Final = 20_000
"""No questionnaire a person could answer takes so many; one that does is let pass."""


def never_reached(questionnaire: Questionnaire, roles: Sequence[Role]) -> tuple[frozenset[str], frozenset[int]]:
    """Keys of the items nobody is ever asked, and numbers of the closings nobody is ever told.

    A "why" whose question is missed is not named besides.
    """
    walk = _Walk(questionnaire, tuple(atoms(questionnaire)), _named(questionnaire))
    if not all(walk.explore(beginning) for beginning in _beginnings(questionnaire, roles, walk.atoms)):
        return frozenset(), frozenset()
    missed = {item.key for item in questionnaire.items} - walk.reached
    consequences = {item.key for item in questionnaire.items if isinstance(item, WhyItem) and item.about in missed}
    return frozenset(missed - consequences), frozenset(range(len(questionnaire.closings))) - walk.told


@dataclass(slots=True)
class _Walk:
    """Where the ways through a questionnaire have led so far.

    `atoms`: what its conditions ask. `named`: by item, the items that conditions from there on speak of.
    """

    questionnaire: Questionnaire
    atoms: tuple[Condition, ...]
    named: Mapping[str, frozenset[str]]
    reached: set[str] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    left: int = MOST_STEPS

    def explore(self, beginning: Interview) -> bool:
        """Walks on from a beginning; false when there are too many ways."""
        first = next(route(self.questionnaire, beginning), None)
        ways = [] if first is None else [replace(beginning, trail=(first.key,))]
        seen: set[object] = set()
        while ways and self.left:
            if self._everywhere():
                return True
            way = ways.pop()
            if (here := self._state(way)) not in seen:
                seen.add(here)
                self.left -= 1
                ways.extend(self._onward(way))
        return not ways

    def _everywhere(self) -> bool:
        asked, told = self.questionnaire.items, self.questionnaire.closings
        return len(self.reached) == len(asked) and len(self.told) == len(told)

    def _state(self, way: Interview) -> object:
        """All that the rest of the way depends on."""
        here = way.trail[-1]
        return here, frozenset((key, way.answers.get(key)) for key in way.trail if key in self.named[here])

    def _onward(self, way: Interview) -> Iterator[Interview]:
        item = self.questionnaire.item(way.trail[-1])
        self.reached.add(item.key)
        for answer in (None, *_telling(self.questionnaire, item, self.atoms)):
            said = way if answer is None else replace(way, answers={**way.answers, item.key: answer})
            then = following(self.questionnaire, said)
            if then is None:
                text = closing(self.questionnaire, said)
                self.told.update(at for at, one in enumerate(self.questionnaire.closings) if one.text is text)
            else:
                yield replace(said, trail=(*said.trail, then.key))


def _named(questionnaire: Questionnaire) -> Mapping[str, frozenset[str]]:
    later = {atom.item for one in questionnaire.closings for atom in parts(one.when) if isinstance(atom, OfAnswer)}
    named = {}
    for item in reversed(questionnaire.items):
        for condition in [item.when, *(one.when for one in item.routes)] if isinstance(item, Asked) else []:
            later |= {atom.item for atom in parts(condition) if isinstance(atom, OfAnswer)} if condition else set()
        named[item.key] = frozenset(later)
    return named


def _beginnings(questionnaire: Questionnaire, roles: Sequence[Role], atoms: Sequence[Condition]) -> Iterator[Interview]:
    """People of one role and of two, at every stage and in every language that is spoken of, after every event."""
    stages = [None, *sorted({one for atom in atoms if isinstance(atom, AtStage) for one in atom.stages})]
    languages = list(questionnaire.title) if any(isinstance(atom, Speaks) for atom in atoms) else ["*"]
    said = {(atom.name, value) for atom in atoms if isinstance(atom, EventSays) for value in atom.values}
    values = {name: [None, *sorted(value for of, value in said if of == name)] for name, _ in said}
    people = [*combinations(roles, 1), *combinations(roles, 2)]
    for some, stage, language, event in product(people, stages, languages, product(*values.values())):
        known = {name: value for name, value in zip(values, event, strict=True) if value is not None}
        yield Interview(id="", questionnaire="", version=0, roles=some, language=language, stage=stage, event=known)


def _telling(questionnaire: Questionnaire, item: Item, atoms: Sequence[Condition]) -> Iterator[Answer]:
    """Of the answers to the item that nothing in the questionnaire tells apart, one each."""
    why = [one for one in questionnaire.items if isinstance(one, WhyItem) and one.about == item.key]
    bands = [Scored(item.key, band.scores) for one in why for band in one.bands]
    own = [atom for atom in atoms if isinstance(atom, OfAnswer) and atom.item == item.key]
    if own or bands:
        yield from {_signature(answer, [*own, *bands]): answer for answer in _possible(item, own)}.values()
    if isinstance(item, Asked) and item.not_applicable:
        yield Answer(item.key, choice=(NOT_APPLICABLE,))


def _signature(answer: Answer, atoms: Sequence[OfAnswer]) -> tuple[bool, ...]:
    said = Interview(id="", questionnaire="", version=0, roles=(), language="", answers={answer.item: answer})
    return tuple(holds(atom, said, {answer.item}) for atom in atoms)


def _possible(item: Item, atoms: Sequence[OfAnswer]) -> Iterator[Answer]:
    """Answers to the item, all that differ to these conditions among them."""
    match item:
        case ScaleItem(scale=scale):
            yield from (Answer(item.key, score=score) for score in points(scale))
        case ChoiceItem():
            yield from (Answer(item.key, choice=chosen) for chosen in _chosen(item, atoms))
        case NumberItem(low=low, high=high):
            ends = [(atom.low, atom.high) for atom in atoms if isinstance(atom, Between)]
            near = {end + step for pair in ends for end in pair if end is not None for step in (-1, 0, 1)}
            yield from (Answer(item.key, choice=(str(one),)) for one in {low, high, *near} if low <= one <= high)
        case DateItem(since=since, until=until):
            days = [(atom.since, atom.until) for atom in atoms if isinstance(atom, During)]
            close = {day + timedelta(step) for pair in days for day in pair if day is not None for step in (-1, 0, 1)}
            yield from (
                Answer(item.key, choice=(day.isoformat(),)) for day in {since, until, *close} if since <= day <= until
            )
        case StatementItem():
            return
        case _:
            yield Answer(item.key, text="…")


def _chosen(item: ChoiceItem, atoms: Sequence[OfAnswer]) -> Iterator[tuple[str, ...]]:
    """Choices of options of which each stands for all that are in the same conditions."""
    alike = {tuple(isinstance(atom, Chose) and key in atom.options for atom in atoms): key for key in item.offered}
    for number in range(1, min(item.at_most, len(alike)) + 1):
        yield from combinations(alike.values(), number)
