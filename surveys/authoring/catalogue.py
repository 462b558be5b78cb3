"""Reads questionnaire files: good ones become documents, bad ones a list of everything that is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from surveys.authoring.building import build
from surveys.authoring.card_checks import card_faults
from surveys.authoring.checks import repeated_keys, structure_faults
from surveys.authoring.document import Document, document_of
from surveys.authoring.problems import SHOWN, Fault, Place, Problem, shown
from surveys.authoring.routes import reach_faults, route_faults
from surveys.authoring.shape_faults import shape_of
from surveys.authoring.source import SIZE_LIMIT, TOO_LARGE, Source, Unreadable, parse
from surveys.authoring.texts import text_faults
from surveys.questionnaire import Language, Role

PATTERNS = ("*.yaml", "*.yml")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: its document, or None and the problems; `key_line` is where its key stands, from 1."""

    document: Document | None
    problems: tuple[Problem, ...] = ()
    key_line: int = 1


def read(
    text: str,
    *,
    name: str,
    offer: Mapping[str, Sequence[str]],
    roles: Sequence[Role],
    languages: Sequence[Language],
    stages: Sequence[str] = (),
) -> Reading:
    """The questionnaire written in `text`; `name` stands for the file in problems.

    `offer` is block -> components, `languages` those every text must have, `stages` the vendor's, any where there are
    none. Bad text gives problems, never an exception.
    """
    try:
        source = parse(text)
    except Unreadable as error:
        return Reading(None, (Problem(name, error.line, "", error.message),))
    data, shape = source.data, shape_of(source.data, languages)
    repeated = list(_repeated(source))
    faults = [
        *source.faults,
        *(shape if isinstance(shape, list) else []),
        *text_faults(data, languages),
        *structure_faults(data, offer, roles),
        *(repeated or route_faults(data, roles, stages)),
        *card_faults(data),
    ]
    if faults or isinstance(shape, list):
        return Reading(None, _problems(name, source, faults))
    document = document_of(data, shape, offer)
    missed = _problems(name, source, list(reach_faults(data, build(document, 1), roles, source.line)))
    return Reading(None if missed else document, missed, source.line(("key",)))


def _repeated(source: Source) -> Iterator[Fault]:
    """Keys that two items have. Which of them a condition or a route means cannot be said, so those come later."""
    for place, key, first in repeated_keys(source.data):
        yield place, f"{key!r} is the key of the item on line {source.line(first)} too; each key is allowed once"


def read_directory(
    path: Path,
    *,
    offer: Mapping[str, Sequence[str]],
    roles: Sequence[Role],
    languages: Sequence[Language],
    stages: Sequence[str] = (),
) -> tuple[dict[str, Document], tuple[Problem, ...]]:
    """The documents of every YAML file in a directory by key of questionnaire, and the problems of all files."""
    files = sorted(file for pattern in PATTERNS for file in path.glob(pattern)) if path.is_dir() else []
    reading = partial(read, offer=offer, roles=roles, languages=languages, stages=stages)
    readings = {str(file): _read_file(file, reading) for file in files}
    problems = [problem for one in readings.values() for problem in one.problems]
    if not files:
        problems.append(Problem(str(path), 1, "", _nothing_there(path)))
    documents, repeated = _by_key(readings)
    return documents, tuple(problems + repeated)


def _read_file(file: Path, reading: Callable[..., Reading]) -> Reading:
    try:
        text = _text(file)
    except Unreadable as error:
        return Reading(None, (Problem(str(file), error.line, "", error.message),))
    return reading(text, name=str(file))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Unreadable(1, f"cannot be read: {error.strerror}") from error
    if len(raw) > SIZE_LIMIT:
        raise Unreadable(1, TOO_LARGE)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(raw.count(b"\n", 0, error.start) + 1, "is not UTF-8; save the file as UTF-8") from error


def _by_key(readings: Mapping[str, Reading]) -> tuple[dict[str, Document], list[Problem]]:
    documents: dict[str, Document] = {}
    owner: dict[str, str] = {}
    repeated = []
    for file, reading in readings.items():
        if reading.document is None:
            continue
        key = reading.document["key"]
        if key in documents:
            message = f"{shown(key)} is the key of {owner[key]} too; each questionnaire has its own"
            repeated.append(Problem(file, reading.key_line, "key", message))
        else:
            documents[key], owner[key] = reading.document, f"{file}:{reading.key_line}"
    return documents, repeated


def _nothing_there(path: Path) -> str:
    if path.is_dir():
        return f"holds no questionnaire; their files are named {' or '.join(PATTERNS)}"
    return "is not a directory; it should be one with questionnaires" if path.exists() else "there is no such directory"


def _problems(name: str, source: Source, faults: Sequence[Fault]) -> tuple[Problem, ...]:
    problems = {Problem(name, source.line(place), _dotted(place, source.data), _line(words)) for place, words in faults}
    return tuple(sorted(problems))


def _line(words: str) -> str:
    """On one line, whatever is repeated in it.

    >>> _line("allowed: a\\nb")
    'allowed: a\\\\nb'
    """
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in words)


def _dotted(place: Place, data: dict[str, Any]) -> str:
    """The place as it is written in a problem: an item goes by its key, or by its number where it has none.

    Numbers count from 1.

    >>> _dotted(("items", 0, "text", "ru"), {"items": [{"key": "recommend"}]})
    'items.recommend.text.ru'
    >>> _dotted(("items", 0, "key"), {"items": [{}]})
    'items.1.key'
    """
    words = [_word(part) for part in place]
    if place[:1] == ("items",) and len(place) > 1:
        words[1] = _item_name(data["items"], place[1])
    return ".".join(words)


def _item_name(items: Any, index: str | int) -> str:
    item = items[index] if isinstance(items, list) and isinstance(index, int) else None
    key = item.get("key") if isinstance(item, dict) else None
    if isinstance(key, str) and key:
        return _word(key)
    return str(index + 1) if isinstance(index, int) else _word(index)


def _word(part: str | int) -> str:
    word = str(part + 1) if isinstance(part, int) else part
    return word if word.isprintable() and len(word) <= SHOWN else shown(word)
