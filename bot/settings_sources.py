"""Where a configuration comes from: a YAML file, environment variables over it, and the place of every value."""

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.settings_secrets import PREFIX, Tree, is_secret
from surveys.authoring.problems import Fault, Place, shown
from surveys.authoring.source import Source, Unreadable, parse

LARGEST: Final = 1 << 20  # bytes of a configuration


class ConfigurationError(Exception):
    """The configuration cannot be used. `problems`: one line each, without secrets."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each value comes from: a line of the file, a variable, or a file of its own named by another key."""

    file: str
    source: Source
    variables: dict[Place, str] = field(default_factory=dict)
    renamed: dict[Place, Place] = field(default_factory=dict)

    def problems(self, of_file: Iterable[Fault], of_all: Iterable[Fault]) -> tuple[str, ...]:
        """The faults as lines, in the order of the file; those of the environment come last."""
        located = {self._in_file(*fault) for fault in of_file} | {self._located(*fault) for fault in of_all}
        return tuple(line for _, line in sorted(located))

    def _located(self, place: Place, sentence: str) -> tuple[float, str]:
        at = self.renamed.get(place, place)
        name = self._variable(at)
        if name is None:
            return self._in_file(at, sentence)
        rest = _dotted(at[len(_path(name)) :])
        return float("inf"), ": ".join(filter(None, ("environment", _printable(name), rest, sentence)))

    def _in_file(self, place: Place, sentence: str) -> tuple[float, str]:
        line = self.source.line(place)
        return line, ": ".join(filter(None, (f"{self.file}:{line}", _dotted(place), sentence)))

    def _variable(self, place: Place) -> str | None:
        """The variable that set this place, all around it, or something inside it where the file has nothing."""
        around = (self.variables.get(place[:end]) for end in range(len(place), 0, -1))
        inside = (name for path, name in self.variables.items() if path[: len(place)] == place)
        return next(filter(None, around), None) or next(inside, None)


def read_file(path: Path) -> Source:
    """The data of a configuration file with its lines. Raises ConfigurationError."""
    text = _text(path)
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return Source({}, {(): 1}, [])
    try:
        return parse(text)
    except Unreadable as error:
        # The reader was made for questionnaires, and names their keys where there is no mapping at all.
        message = error.message.replace("key, kind, minutes …", "vendor, telegram, database …")
        raise ConfigurationError([f"{path}:{error.line}: {message}"]) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            whole = stream.read(LARGEST + 1)
        if len(whole) > LARGEST:
            raise ConfigurationError([f"{path}: has more than {LARGEST >> 20} MiB, which no configuration needs"])
        return whole.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError([f"{path}: there is no such file; --config names another"]) from error
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError([f"{path}:{line}: is not UTF-8; save the file as UTF-8"]) from error


def overlay(tree: Tree, environ: Mapping[str, str]) -> tuple[Tree, dict[Place, str]]:
    """The tree with what the environment says in it, and the variable behind every place that it set.

    A variable replaces what stands at its place, a whole list or section too; an empty one says nothing.
    """
    merged = copy.deepcopy(tree)
    variables: dict[Place, str] = {
        _path(name): name for name, value in sorted(environ.items()) if name.startswith(PREFIX) and value
    }
    for place in sorted(variables, key=len):
        _put(merged, place, _decoded(place, environ[variables[place]]))
    return merged, variables


def _path(name: str) -> tuple[str, ...]:
    return tuple(name[len(PREFIX) :].lower().split("__"))


def _put(tree: Tree, place: Place, value: Any) -> None:
    *above, key = place
    for part in above:
        if not isinstance(tree.get(str(part)), dict):
            tree[str(part)] = {}
        tree = tree[str(part)]
    tree[str(key)] = value


def _decoded(place: Place, text: str) -> Any:
    """Lists and mappings are JSON, `null` is nothing; what is no JSON stays text, for the model to complain of."""
    if is_secret(place):
        return text
    if text == "null":
        return None
    try:
        return json.loads(text) if text.startswith(("[", "{")) else text
    except (ValueError, RecursionError):
        return text


def _dotted(place: Place) -> str:
    """The place as it is written in a problem; members of a list count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else _printable(part) for part in place)


def _printable(word: str) -> str:
    return word if word.isprintable() and len(word) <= 80 else shown(word)
