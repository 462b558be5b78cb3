"""What must hold of the ways through a file: conditions look back, routes lead on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from surveys.authoring.blockers import leading_past, never_holds
from surveys.authoring.conditions import Known, condition_faults
from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.authoring.raw import Entry, items, mapping, sequence, word
from surveys.authoring.reach import never_reached
from surveys.authoring.subjects import item_keys, scored_keys, subjects
from surveys.questionnaire import END, Questionnaire, Role


def route_faults(data: Entry, roles: Sequence[Role], stages: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with conditions and routes of any shape."""
    everything = Known(
        subjects(data), len(sequence(data.get("items"))), roles, stages, list(mapping(data.get("title")))
    )
    for position, (place, item) in enumerate(items(data)):
        yield from condition_faults((*place, "when"), item.get("when"), replace(everything, before=position))
        after = replace(everything, before=position + 1)
        for index, route in enumerate(sequence(item.get("routes"))):
            inside = (*place, "routes", index)
            yield from condition_faults((*inside, "when"), mapping(route).get("when"), after)
            yield from _target_faults((*inside, "go_to"), data, position, word(mapping(route), "go_to"))
        yield from _idle_routes((*place, "routes"), sequence(item.get("routes")))
    for index, closing in enumerate(sequence(data.get("closings"))):
        yield from condition_faults(("closings", index, "when"), mapping(closing).get("when"), everything)


def reach_faults(
    data: Entry, questionnaire: Questionnaire, roles: Sequence[Role], line: Callable[[Place], int]
) -> Iterator[Fault]:
    """What nobody can come to in a questionnaire that is in order otherwise. `line`: on which a place stands."""
    missed, untold = never_reached(questionnaire, roles)
    for place, item in items(data):
        rows = [key for key in item_keys(data, item) if key in missed]
        if rows and rows[0] == scored_keys(item)[0]:
            yield place, f"is never asked: {_blocked(data, questionnaire, roles, rows[0], line)}"
        elif rows:
            yield (*place, "why"), f"{rows[0]} is never asked: no answers, roles or events lead there"
    for index in sorted(untold):
        yield ("closings", index), f"is never said: {_silenced(questionnaire, roles, index, line)}"


def _blocked(
    data: Entry, questionnaire: Questionnaire, roles: Sequence[Role], key: str, line: Callable[[Place], int]
) -> str:
    """What keeps everybody from the item of this key, with its line."""
    places = {one: place for place, item in items(data) for one in scored_keys(item)}
    if never_holds(questionnaire, roles, key):
        return f"its condition on line {line((*places[key], 'when'))} never holds"
    lines = [line((*places[one], "routes", at)) for one, at in leading_past(questionnaire, roles, key)]
    match lines:
        case []:
            return "no answers, roles or events lead here"
        case [one]:
            return f"the route on line {one} leads everybody past it"
        case _:
            return f"the routes on lines {', '.join(map(str, lines))} lead everybody past it"


def _silenced(questionnaire: Questionnaire, roles: Sequence[Role], index: int, line: Callable[[Place], int]) -> str:
    """What keeps the closing of this number from being said."""
    alone = replace(questionnaire, closings=(questionnaire.closings[index],))
    if never_reached(alone, roles)[1]:
        return f"its condition on line {line(('closings', index, 'when'))} never holds"
    return "an earlier closing is said instead; it should stand above that one"


def _target_faults(place: Place, data: Entry, position: int, target: str) -> Iterator[Fault]:
    keys = [word(item, "key") for _, item in items(data)]
    later = [*(key for key in keys[position + 1 :] if key), END]
    if not target or target in later:
        return
    if target in keys:
        yield place, f"{shown(target)} is not after this item: that is a loop; allowed: {', '.join(later)}"
    else:
        yield place, unknown("item", target, later)


def _idle_routes(place: Place, routes: list[object]) -> Iterator[Fault]:
    """Routes behind one that is always taken."""
    always = next((at for at, route in enumerate(routes) if isinstance(route, dict) and "when" not in route), None)
    if always is not None and always < len(routes) - 1:
        yield (*place, always + 1), "is never taken: the route before it has no condition"
