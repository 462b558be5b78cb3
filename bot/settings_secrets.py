"""Secrets stand in the environment, or in files of their own: never in `config.yaml`."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from bot.settings_types import has_password
from surveys.authoring.problems import Fault, Place

PREFIX: Final = "OTKLIK_"
SECRETS: Final[tuple[Place, ...]] = (
    ("telegram", "token"),
    ("telegram", "webhook", "secret"),
    ("database", "url"),
    ("http", "metrics_token"),
    ("privacy", "keys"),
    ("intake", "sources", "*", "secret"),
    ("intake", "sources", "*", "previous_secret"),
    ("webhooks", "*", "secret"),
    ("webhooks", "*", "previous_secret"),
    ("jira", "token"),
)
SIZE_LIMIT: Final = 64 * 1024

Tree = dict[str, Any]


def is_secret(place: Place) -> bool:
    """Whether the value there must never be shown."""
    return any(
        len(place) == len(secret) and all(part in ("*", given) for part, given in zip(secret, place, strict=True))
        for secret in SECRETS
    )


def variable(place: Place) -> str:
    """Name of the environment variable that sets the key.

    >>> variable(("telegram", "token"))
    'OTKLIK_TELEGRAM__TOKEN'
    """
    return PREFIX + "__".join(str(part).upper() for part in place)


def file_key(place: Place) -> Place:
    """The key beside a secret that names the file it stands in."""
    return (*place[:-1], f"{place[-1]}_file")


def take_out_secrets(tree: Tree) -> Iterator[Fault]:
    """Takes secrets written into the file out of its tree, and says so."""
    for place, holder in _holders(tree):
        key = str(place[-1])
        value = holder.get(key)
        if value is None or (place == ("database", "url") and not has_password(str(value))):
            continue
        del holder[key]
        what = "holds a password" if key == "url" else "is a secret"
        yield place, f"{what} and must not stand in this file; set {variable(place)}, or name a file in {key}_file"


def read_secret_files(tree: Tree, variables: Collection[Place]) -> Iterator[tuple[Place, str | None]]:
    """Puts into the tree what stands in the `*_file`s; a secret of the environment goes first.

    Yields each place it filled with None, each it could not fill with what was wrong.
    """
    for place, holder in _holders(tree):
        key = str(place[-1])
        named = holder.get(f"{key}_file")
        from_environment = any(place[:end] in variables for end in range(1, len(place) + 1))
        if not isinstance(named, str) or (from_environment and holder.get(key) is not None):
            continue
        try:
            holder[key] = _read(named)
        except ValueError as error:
            yield place, str(error)
        else:
            yield place, None


def _holders(tree: Tree) -> Iterator[tuple[Place, Tree]]:
    """Every place of a secret, with the mapping it would stand in."""
    for *above, key in SECRETS:
        for place, holder in _walk(tree, tuple(above)):
            yield (*place, key), holder


def _walk(node: object, parts: Place) -> Iterator[tuple[Place, Tree]]:
    if not isinstance(node, dict):
        return
    if not parts:
        yield (), node
        return
    for key in list(node) if parts[0] == "*" else [parts[0]]:
        for place, holder in _walk(node.get(key), parts[1:]):
            yield (key, *place), holder


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            text = stream.read(SIZE_LIMIT + 1).decode().strip()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError("the file is not text in UTF-8") from error
    if not text:
        raise ValueError("the file is empty")
    if len(text) > SIZE_LIMIT:
        raise ValueError(f"the file is too large; at most {SIZE_LIMIT} bytes are allowed")
    return text
