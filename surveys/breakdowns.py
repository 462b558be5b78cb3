"""The groups of a breakdown: which of them are hidden, looking at no more of them than it takes to know."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from surveys.audience import Answers, Audience
from surveys.crowds import EMPTY, Crowd, union

Judge = Callable[[str | None], bool]
Group = tuple[str | None, Answers]
Rank = tuple[int, str]
"""How many people a group has, and its name: the first in this order is hidden with others."""


@dataclass(slots=True)
class Breakdown:
    """Of hidden groups too few people are left when the shown ones are taken from the total, so the smallest one shown
    is hidden as well, unless the others are enough together.

    `judge`: whether a group of enough people must be hidden nevertheless.
    """

    audience: Audience
    least: int
    groups: Iterator[Group]
    judge: Judge
    hidden: dict[str | None, int] = field(default_factory=dict)
    waiting: list[tuple[Rank, Group]] = field(default_factory=list)
    shown: Rank | None = None
    partner: str | None = None
    together: Crowd = EMPTY
    enough: bool = False

    def every(self) -> set[str | None]:
        """All that is hidden."""
        while self._look(None):
            pass
        alone = {self.partner} if self.hidden and not self.enough and self.shown else set()
        return {*self.hidden, *alone}

    def hides(self, key: str, size: int) -> bool:
        """Whether a group, which need not be hidden itself, is hidden with others."""
        mine = (size, key)
        while not self._spares(mine) and self._look(mine):
            pass
        return bool(self.hidden) and not self._spares(mine)

    def _spares(self, mine: Rank) -> bool:
        return self.enough or (self.shown is not None and self.shown < mine)

    def _look(self, mine: Rank | None) -> bool:
        """One group more. A smaller one than mine, if it is shown, settles it; the larger ones can wait."""
        if found := next(self.groups, None):
            key, answers = found
            rank = (self.audience.number(answers), key or "")
            if rank[0] < self.least:
                self._hide(found, rank)
            elif mine and rank < mine:
                self._judge(found, rank)
            else:
                heappush(self.waiting, (rank, found))
            return True
        if self.waiting:
            rank, found = heappop(self.waiting)
            self._judge(found, rank)
            return True
        return False

    def _judge(self, group: Group, rank: Rank) -> None:
        if self.judge(group[0]):
            self._hide(group, rank)
        elif self.shown is None or rank < self.shown:
            self.shown, self.partner = rank, group[0]

    def _hide(self, group: Group, rank: Rank) -> None:
        key, answers = group
        self.hidden[key] = rank[0]
        if key is not None:
            self.together = union([self.together, answers.who])
        self.enough = len(self.hidden) > 1 and self._people_together() >= self.least

    def _people_together(self) -> int:
        """At least: one person may be in several, and those without a name are not told apart."""
        named = self.audience.number(Answers(self.together, 0))
        return max(self.hidden.get(None, 0), named)
