"""When an item is asked, a route taken, a closing said: conditions as data. `surveys.routing.holds` tells whether."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Scored:
    """The item was given one of these scores."""

    item: str
    scores: frozenset[int]


@dataclass(frozen=True, slots=True)
class Chose:
    """One of these options of the item was chosen, whatever else was."""

    item: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Between:
    """The number given lies here, ends included; None: no end on this side."""

    item: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class During:
    """The date given lies here, ends included; None: no end on this side."""

    item: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The item was asked and answered; "does not apply" is no answer."""

    item: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The item was asked and has no answer."""

    item: str


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """The person said that the item does not apply to them."""

    item: str


@dataclass(frozen=True, slots=True)
class HasRole:
    """The person has one of these roles."""

    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class AtStage:
    """The project was at one of these stages when the interview began."""

    stages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speaks:
    """The interview is held in one of these languages."""

    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventSays:
    """The event the interview follows has one of these values under `name`."""

    name: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of these holds, or several."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    part: "Condition"


OfAnswer = Scored | Chose | Between | During | Answered | Skipped | Inapplicable
Condition = OfAnswer | HasRole | AtStage | Speaks | EventSays | Every | Some | Not
