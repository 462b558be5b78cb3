"""Why nobody comes to an item: what would have to go for somebody to come."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from surveys.authoring.reach import never_reached
from surveys.questionnaire import END, Asked, Item, Questionnaire, Role

Leading = tuple[str, int]
"""A route: the key of its item, and its place among the routes there, from 0."""


def never_holds(questionnaire: Questionnaire, roles: Sequence[Role], key: str) -> bool:
    """Whether it is the item's own condition."""
    return _is_reached(_without_condition(questionnaire, key), roles, key)


def leading_past(questionnaire: Questionnaire, roles: Sequence[Role], key: str) -> Sequence[Leading]:
    """The routes that keep everybody from it, as few as there are; none where it is not routes alone."""
    past = tuple(_past(questionnaire, key))
    for some in [*((one,) for one in past), past]:
        if _is_reached(_without_routes(questionnaire, some), roles, key):
            return some
    return ()


def _is_reached(questionnaire: Questionnaire, roles: Sequence[Role], key: str) -> bool:
    return key not in never_reached(questionnaire, roles)[0]


def _past(questionnaire: Questionnaire, key: str) -> Iterator[Leading]:
    here = questionnaire.position(key)
    for item in questionnaire.items[:here]:
        for at, one in enumerate(item.routes if isinstance(item, Asked) else ()):
            if one.to == END or questionnaire.position(one.to) > here:
                yield item.key, at


def _without_condition(questionnaire: Questionnaire, key: str) -> Questionnaire:
    def free(item: Item) -> Item:
        return replace(item, when=None) if isinstance(item, Asked) and item.key == key else item

    return replace(questionnaire, items=tuple(map(free, questionnaire.items)))


def _without_routes(questionnaire: Questionnaire, routes: Collection[Leading]) -> Questionnaire:
    def free(item: Item) -> Item:
        if not isinstance(item, Asked):
            return item
        return replace(item, routes=tuple(one for at, one in enumerate(item.routes) if (item.key, at) not in routes))

    return replace(questionnaire, items=tuple(map(free, questionnaire.items)))
