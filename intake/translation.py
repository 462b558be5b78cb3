"""From a helpdesk's own payload to an event of the public interface."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from intake.mapping import EventMapping, Pick, Rule
from intake.strict_json import Flaw

HEADER: Final = "header:"
EACH: Final = "[]"
STEP: Final = re.compile(r"\[([^=\]]+)=([^\]]*)\]|([^.\[\]]+)")
MILLISECONDS: Final = 10**11  # numbers from here on count milliseconds: as seconds they would be the year 5138
EPOCH: Final = re.compile(r"[0-9]{9,14}")


def to_event(mapping: EventMapping, payload: object, headers: Mapping[str, str]) -> dict[str, object] | None:
    """The event that the payload tells of; None: none that the mapping cares about. Raises Flaw."""
    rule = next((rule for rule in mapping.types if _holds(rule, payload, headers)), None)
    if rule is None:
        return None
    person = _label(pick(mapping.person, payload, headers))
    return {
        "id": _label(_required("id", mapping.id, payload, headers)),
        "type": rule.type,
        "occurred_at": _moment(_required("occurred_at", mapping.occurred_at, payload, headers)),
        "account": _label(pick(mapping.account, payload, headers)),
        "project": _label(pick(mapping.project, payload, headers)),
        "person": None if person is None else {"external_id": person},
        "data": dict(_data(mapping, payload, headers)),
    }


def pick(where: Pick | None, payload: object, headers: Mapping[str, str]) -> object:
    """The value there, or None."""
    if where is None:
        return None
    found = (find(path, payload, headers) for path in where.path)
    value = next((value for value in found if not _is_nothing(value)), where.default)
    return where.values.get(str(_label(value)), value)


def find(path: str, payload: object, headers: Mapping[str, str]) -> object:
    """What stands at the path, or None.

    >>> find("items[field=status].to.0", {"items": [{"field": "status", "to": ["Done"]}]}, {})
    'Done'
    >>> find("people[].id", {"people": [{"id": 7}, {"name": "no id"}, {"id": "p-8"}]}, {})
    ['7', 'p-8']
    """
    if path.startswith(HEADER):
        return headers.get(path.removeprefix(HEADER))
    above, each, below = path.partition(EACH)
    if each:
        members = _walk(payload, above)
        found = (find(below, one, headers) for one in (members if isinstance(members, list) else ()))
        return [_label(one) for one in found if not _is_nothing(one)] or None
    return _walk(payload, path)


def _walk(value: object, path: str) -> object:
    for key, wanted, name in STEP.findall(path):
        value = _inside(value, name) if name else _member(value, key, wanted)
    return value


def _inside(value: object, name: str) -> object:
    match value:
        case dict():
            return value.get(name)
        case list() if name.isdecimal() and int(name) < len(value):
            return value[int(name)]
        case _:
            return None


def _member(value: object, key: str, wanted: str) -> object:
    members = value if isinstance(value, list) else ()
    return next((one for one in members if isinstance(one, dict) and _label(one.get(key)) == wanted), None)


def _holds(rule: Rule, payload: object, headers: Mapping[str, str]) -> bool:
    return all(_is_wanted(find(path, payload, headers), wanted) for path, wanted in rule.when.items())


def _is_wanted(value: object, wanted: bool | tuple[str, ...]) -> bool:
    return _is_nothing(value) is not wanted if isinstance(wanted, bool) else _label(value) in wanted


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value == ""


def _required(name: str, where: Pick, payload: object, headers: Mapping[str, str]) -> object:
    value = pick(where, payload, headers)
    if value is None:
        raise Flaw(name, f"is missing: there is nothing at {' or '.join(where.path) or 'any path'}")
    return value


def _data(mapping: EventMapping, payload: object, headers: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, where in mapping.data.items():
        value = pick(where, payload, headers)
        if value is not None:
            yield name, _moment(value) if name.endswith("_at") else value


def _label(value: object) -> object:
    """Ids often come as numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(value: object) -> object:
    """The moment as ISO 8601 in UTC, from that or from seconds or milliseconds since 1970; else the value as it is.

    >>> _moment(1767225600000), _moment("2026-01-01T03:00:00.000+0300"), _moment("yesterday")
    ('2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 'yesterday')
    """
    text = str(_label(value))
    try:
        return (_of_epoch(int(text)) if EPOCH.fullmatch(text) else _of_text(text)).isoformat()
    except (ValueError, OverflowError):
        return value


def _of_epoch(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)


def _of_text(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment.astimezone(UTC)
