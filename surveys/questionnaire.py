"""A questionnaire as data: immutable, versioned, every language side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from metrics.scales import Scale
from surveys.conditions import Condition

Language = str
Role = str
Text = Mapping[Language, str]

EVERY_ROLE: Role = "*"
TEXT_LIMIT = 4096

Kind = Literal["relationship", "pulse"]
Mode = Literal["named", "confidential"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

END: Final = "end"
"""Where a route leads that leads to no item."""

OTHER: Final = "other"
NONE: Final = "none"
NOT_APPLICABLE: Final = "not_applicable"
COMMENT: Final = ".comment"
"""What the key ends with under which a comment on an item is kept; no item is called so."""


@dataclass(frozen=True, slots=True)
class Route:
    """What comes after an item, if `when` holds: a later item, or `END`."""

    to: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every item has that is worded for people.

    `wording` is by role, or under `EVERY_ROLE`, and so is `aloud`: the question as it is read out, where it differs. Of
    `routes` the first whose condition holds is taken; with none the next item follows. `not_applicable`: the person may
    say that they cannot judge, which is no skipping. `short`: what it is called where answers are listed.
    """

    key: str
    wording: Mapping[Role, Text]
    aloud: Mapping[Role, Text] = field(default_factory=dict)
    component: str | None = None
    block: str | None = None
    when: Condition | None = None
    routes: tuple[Route, ...] = ()
    not_applicable: bool = False
    short: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleItem(Asked):
    """A question answered by one score. `anchors`: words for points between the ends."""

    scale: Scale
    low: Text
    high: Text
    anchors: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceItem(Asked):
    """A question answered by one option, or by several where `at_most` is more than 1.

    `other`: the label of an option that is put into words. `none`: the label of "none of these", which stands alone.
    """

    options: Mapping[str, Text]
    other: Text | None = None
    none: Text | None = None
    at_least: int = 1
    at_most: int = 1

    @property
    def several(self) -> bool:
        return self.at_most > 1

    @property
    def offered(self) -> Mapping[str, Text]:
        """Everything that may be chosen, by key, in the order of the buttons."""
        extra = {OTHER: self.other, NONE: self.none}
        return {**self.options, **{key: label for key, label in extra.items() if label is not None}}

    def option(self, place: int | None) -> str | None:
        """Key of what is offered at this place, from 0."""
        return next((key for at, key in enumerate(self.offered) if at == place), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberItem(Asked):
    """A question answered by a whole number from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateItem(Asked):
    """A question answered by a day from `since` to `until`, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem(Asked):
    """A question answered in the person's own words, `at_least` to `limit` characters."""

    limit: int = TEXT_LIMIT
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementItem(Asked):
    """Something to read; it takes no answer."""


@dataclass(frozen=True, slots=True)
class Band:
    """The open question that follows these scores."""

    scores: frozenset[int]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyItem:
    """The open question after a score of the item `about`: its words are the reason for that score.

    Without `bands` it is never asked: it stands for what is said unasked about an item of any kind.
    """

    key: str
    about: str
    bands: tuple[Band, ...]
    component: str | None = None
    block: str | None = None
    limit: int = TEXT_LIMIT


AskedItem = ScaleItem | ChoiceItem | NumberItem | DateItem | TextItem | StatementItem
Item = AskedItem | WhyItem


@dataclass(frozen=True, slots=True)
class Closing:
    """The last words for those of whom `when` holds."""

    when: Condition
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One version of one questionnaire. Items are in the order of asking; a `WhyItem` stands right after its item.

    `consent`: what the person agrees to, by mode. `mode` None: as the vendor usually asks. `validity`: days within
    which a begun interview may be finished. `closings`: the first whose condition holds is said instead of `closing`.
    `script`: how an interviewer begins a talk; None: as usual. `review`: whether answers are shown again before they
    are sent, `amend`: hours to change them after.
    """

    key: str
    version: int
    kind: Kind
    minutes: int
    title: Text
    introduction: Text
    consent: Mapping[Mode, Text]
    closing: Text
    items: tuple[Item, ...]
    mode: Mode | None = None
    validity: int | None = None
    closings: tuple[Closing, ...] = ()
    script: Text | None = None
    review: bool = False
    amend: int = 0
    _index: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({item.key: position for position, item in enumerate(self.items)})

    def item(self, key: str) -> Item:
        """The item of this key, or what stands for comments on one. Raises KeyError."""
        about = key.removesuffix(COMMENT)
        item = self.items[self._index[about]]
        if about == key or isinstance(item, WhyItem):
            return item
        return WhyItem(key=key, about=about, bands=(), component=item.component, block=item.block)

    def reason(self, key: str) -> WhyItem:
        """The open question about the item of this key, else what stands for comments on it. Raises KeyError."""
        place = self._index[key.removesuffix(COMMENT)] + 1
        follows = self.items[place] if place < len(self.items) else None
        if isinstance(follows, WhyItem) and follows.about == key:
            return follows
        unasked = self.item(key + COMMENT)
        return unasked if isinstance(unasked, WhyItem) else WhyItem(key=key, about=key, bands=())

    def position(self, key: str) -> int:
        """Where the item stands in `items`, from 0. Raises KeyError."""
        return self._index[key]


def addressed_role(item: Asked, roles: tuple[Role, ...]) -> Role | None:
    """The role of this person under which the item is asked; None when it is not for them.

    `roles` come with the greatest weight first, so an answer of a person of two roles counts under that one.
    """
    if EVERY_ROLE in item.wording:
        return roles[0]
    return next((role for role in roles if role in item.wording), None)
