"""A call of the Bot API on its way through the sandbox, and how one is recorded."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.files import Upload
from sandbox.params import Kind
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments are checked for type already; a missing optional one is absent."""

    args: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        return int(self.args["chat_id"])


@dataclass(frozen=True, slots=True)
class Method:
    """`sends`: makes a new message, so flood control counts it."""

    run: Callable[[World, Call], object]
    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)
    sends: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What the bot called and what it got. `error` is None for a success; `fault` names an injected failure.

    `args` are typed: JSON is read, numbers are numbers. Of a call that was refused for them, they are as sent.
    """

    at: datetime
    method: str
    args: Mapping[str, Any]
    result: object = None
    error: str | None = None
    fault: str | None = None

    @property
    def chat_id(self) -> int | None:
        value = str(self.args.get("chat_id"))
        return int(value) if re.fullmatch(r"-?\d+", value) else None
