"""Interactions: what happened between client and vendor, as helpdesks and project systems report it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from surveys.trace import event_trace

LONGEST_NAME: Final = 200
"""Characters of what a person, a ticket, a touchpoint is called."""

AHEAD: Final = timedelta(days=1)
"""How far the clock of a source may be ahead of ours and still tell what came after what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One event of one source. `id` is the source's own; the same source and id again is the same event.

    `account` and `project` are names, `person` an external id, as in the directory; unknown ones are no error.
    `data` holds JSON values: for `ticket.resolved` those of the public interface. `imported`: only just read from a
    file of past events, where it may be of any age; what is kept already, and what a source reports itself, is not.
    """

    source: str
    id: str
    type: str
    occurred_at: datetime
    account: str | None = None
    project: str | None = None
    person: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    imported: bool = False

    @property
    def trace(self) -> str:
        """Its name in the log."""
        return event_trace(self.source, self.id)


def happened(occurred_at: datetime, received_at: datetime) -> datetime:
    """When it happened, as far as that can be believed of an event received then."""
    return received_at if occurred_at > received_at + AHEAD else occurred_at


def name_in(value: object) -> str | None:
    """The value, if something may be called so; the data of a free type of event hold anything.

    >>> name_in("support_ticket"), name_in(" "), name_in("x" * 201), name_in(["p-1"])
    ('support_ticket', None, None, None)
    """
    return value if isinstance(value, str) and value.strip() and len(value) <= LONGEST_NAME else None
