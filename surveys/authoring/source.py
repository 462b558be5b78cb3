"""YAML text as plain data that remembers its lines."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from surveys.authoring.problems import Fault, Place, shown

SIZE_LIMIT = 256 * 1024
TOO_LARGE = f"the file is too large, at most {SIZE_LIMIT // 1024} KiB are allowed"
DEPTH_LIMIT = 16
QUOTES = "put the text in quotes"

TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = frozenset(
    TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "map", "seq")
)
# Longer numbers stay text: int() refuses thousands of digits, and no key here needs them.
WHOLE = re.compile(r"[-+]?[0-9]{1,9}")


class Unreadable(Exception):
    """The text is not YAML of the kind a questionnaire is written in."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Source:
    """Mappings, lists and scalars of a file, with text keys only; `lines` say where each stands, from 1."""

    data: dict[str, Any]
    lines: Mapping[Place, int]
    faults: Sequence[Fault]

    def line(self, place: Place) -> int:
        """Line of the place, or of the nearest thing around it that is in the file."""
        return next(self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines)


def parse(text: str) -> Source:
    """The data of a questionnaire file. Raises Unreadable."""
    if len(text) > SIZE_LIMIT:
        raise Unreadable(1, TOO_LARGE)
    root = _compose(text)
    if root is None or _is_null(root):
        raise Unreadable(1, "the file is empty, it should hold a questionnaire")
    if not isinstance(root, MappingNode):
        kind = "a list" if isinstance(root, SequenceNode) else "a bare text"
        raise Unreadable(_line(root), f"the file holds {kind}, it should be a mapping: key, kind, minutes …")
    lines: dict[Place, int] = {}
    faults: list[Fault] = []
    return Source(_value(root, (), lines, faults), lines, faults)


def walk(data: object) -> Iterator[tuple[Place, Any]]:
    """Everything in the data with its place, from the outside in."""
    queue: deque[tuple[Place, object]] = deque([((), data)])
    while queue:
        place, value = queue.popleft()
        yield place, value
        if isinstance(value, dict):
            queue.extend(((*place, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            queue.extend(((*place, index), inner) for index, inner in enumerate(value))


def _compose(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEPTH_LIMIT
    yaml.composer.warn_double_anchors = False
    try:
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        raise Unreadable(_error_line(error), _sentence(error, text)) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, f"character U+{error.character:04X} is not allowed, write plain text") from error
    except YAMLError as error:
        raise Unreadable(1, f"not YAML: {' '.join(str(error).split())}") from error
    except (KeyError, AssertionError) as error:
        raise Unreadable(1, "not YAML: %YAML names a version that does not exist, leave it out") from error
    except (ValueError, OverflowError) as error:
        raise Unreadable(1, r"not YAML: an escape \U… that stands for no character") from error
    return node


def _error_line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _sentence(error: MarkedYAMLError, text: str) -> str:
    problem = " ".join(str(error.problem or error.context).split())
    if "maximum depth" in problem:
        return f"nested too deeply, at most {DEPTH_LIMIT} levels are allowed"
    if r"'\t'" in problem:
        return "a tab where only spaces are allowed, indent with spaces"
    return _quoting(error, text) or f"not YAML: {problem}"


def _quoting(error: MarkedYAMLError, text: str) -> str:
    """What an author of plain words has run into where YAML reads a sign of its own; empty when it is none of these."""
    mark, problem = error.problem_mark, str(error.problem)
    line = "".join(text.split("\n")[mark.line : mark.line + 1]) if mark else ""
    before = line[: mark.column].lstrip("- ") if mark else ""
    if "mapping values are not allowed" in problem:
        return f"a colon inside the text; {QUOTES}" if ": " in before else "a key does not go here; check the indent"
    opened = error.context_mark
    unclosed = problem.startswith("expected ',' or '}'") and ": " not in before
    if unclosed and mark and opened and opened.line < mark.line:
        return f"the brace on line {opened.line + 1} is not closed before this line"
    if problem.startswith("expected ',' or '}', but got ':'"):
        return f"a colon inside the text; {QUOTES}"
    braces = problem.startswith("expected") and re.search(r"\{[a-z_.]+[|}]", line)
    return f"a brace in the text; {QUOTES}" if braces else ""


def _value(node: Node, place: Place, lines: dict[Place, int], faults: list[Fault]) -> Any:
    _refuse_extras(node)
    lines.setdefault(place, _line(node))
    match node:
        case MappingNode():
            return _mapping(node, place, lines, faults)
        case SequenceNode():
            return [_value(inner, (*place, index), lines, faults) for index, inner in enumerate(node.value)]
        case _:
            return _scalar(node)


def _mapping(node: MappingNode, place: Place, lines: dict[Place, int], faults: list[Fault]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = _key(key_node)
        inner = (*place, key)
        if key in data:
            faults.append((inner, f"written twice, again on line {_line(key_node)}; each key is allowed once"))
            continue
        lines[inner] = _line(key_node)
        data[key] = _value(value_node, inner, lines, faults)
    return data


def _key(node: Node) -> str:
    _refuse_extras(node)
    if not isinstance(node, ScalarNode):
        raise Unreadable(_line(node), "a key should be a word, not a list or a mapping")
    return str(node.value)


def _refuse_extras(node: Node) -> None:
    # A few aliases of aliases expand to gigabytes, and one that holds itself never ends.
    if node.anchor is not None:
        raise Unreadable(_line(node), f"anchor {shown(node.anchor)}: anchors and aliases are not allowed, write it out")
    if str(node.tag) not in PLAIN_TAGS:
        raise Unreadable(_line(node), f"tag {shown(str(node.tag))}: tags are not allowed")


def _scalar(node: Node) -> str | int | float | bool | None:
    value = str(node.value)
    match str(node.tag).removeprefix(TAG):
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int" if WHOLE.fullmatch(value):
            return int(value)
        case "float":
            return _number(value)
        case _:
            return value


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag) == TAG + "null"


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
