"""A questionnaire as data: immutable, versioned, every language side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from metrics.scales import Scale

Language = str
Role = str
Text = Mapping[Language, str]

EVERY_ROLE: Role = "*"
TEXT_LIMIT = 4096

Kind = Literal["relationship", "pulse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleItem:
    """A question answered by one score. `wording` is by role, or under `EVERY_ROLE`."""

    key: str
    wording: Mapping[Role, Text]
    scale: Scale
    low: Text
    high: Text
    component: str | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem:
    """A question answered in the person's own words, `limit` characters at most."""

    key: str
    wording: Mapping[Role, Text]
    component: str | None = None
    block: str | None = None
    limit: int = TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class Band:
    """The open question that follows these scores."""

    scores: frozenset[int]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyItem:
    """The open question after a score of the item `about`: its words are the reason for that score."""

    key: str
    about: str
    bands: tuple[Band, ...]
    component: str | None = None
    block: str | None = None
    limit: int = TEXT_LIMIT


Item = ScaleItem | TextItem | WhyItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One version of one questionnaire. Items are in the order of asking; a `WhyItem` stands right after its item."""

    key: str
    version: int
    kind: Kind
    minutes: int
    title: Text
    introduction: Text
    consent: Text
    closing: Text
    items: tuple[Item, ...]
    _index: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({item.key: position for position, item in enumerate(self.items)})

    def item(self, key: str) -> Item:
        """The item of this key. Raises KeyError."""
        return self.items[self._index[key]]

    def position(self, key: str) -> int:
        """Where the item stands in `items`, from 0. Raises KeyError."""
        return self._index[key]


def addressed_role(item: ScaleItem | TextItem, roles: tuple[Role, ...]) -> Role | None:
    """The role of this person under which the item is asked; None when it is not for them.

    `roles` come with the greatest weight first, so an answer of a person of two roles counts under that one.
    """
    if EVERY_ROLE in item.wording:
        return roles[0]
    return next((role for role in roles if role in item.wording), None)
