"""Counts of invitations by brute force."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any

from surveys.reporting import Cell, Dimension, OutreachCount, ReportQuery
from tests.surveys.counted import FakeCounts

ACCOUNTS = ("Northern Wharf", "Southern Mill", None)
STAGES = ("rollout", "operation", "renewal")
ENDS = ("completed", "completed", "partial", "refused", "unreached", "undeliverable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An invitation. `end`: the count of `OutreachCount` that it is in."""

    roles: tuple[str, ...] = ("key_user",)
    end: str = "completed"
    of: Mapping[Dimension, str | None] = field(default_factory=dict)


@dataclass
class Invitations(FakeCounts):
    invitations: Sequence[Sent] = ()

    async def outreach(self, query: ReportQuery, *, timed: bool = True) -> Sequence[OutreachCount]:
        found = self._by(query, (query.by,) if query.by else ())
        return [replace(count, group=key[0] if key else None) for key, count in found.items()]

    async def outreach_cells(self, query: ReportQuery, across: Dimension) -> Mapping[Cell, OutreachCount]:
        return self._by(query, (query.by or across, across))

    def _by(self, query: ReportQuery, dimensions: Sequence[Dimension]) -> dict[Any, OutreachCount]:
        found: defaultdict[tuple[str | None, ...], list[Sent]] = defaultdict(list)
        for one in self.invitations:
            roles = [role for role in one.roles if role in query.where.get("role", (role,))]
            meant = all(one.of.get(name) in values for name, values in query.where.items() if name != "role")
            values = [roles if each == "role" else [one.of.get(each)] for each in dimensions]
            for key in product(*values) if roles and meant else ():
                found[key].append(one)
        return {key: _count(every) for key, every in found.items()}


def _count(every: Sequence[Sent]) -> OutreachCount:
    ends = Counter(one.end for one in every)
    names = ("completed", "partial", "refused", "undeliverable", "unreached")
    return OutreachCount(
        group=None,
        invited=len(every),
        delivered=len(every) - ends["undeliverable"],
        started=ends["completed"] + ends["partial"],
        **{name: ends[name] for name in names},
    )


def at_random(seed: int, n: int, accounts: Sequence[str | None] = ACCOUNTS) -> Invitations:
    """Of accounts and stages, some of them to people of two roles."""
    source = Random(seed)
    return Invitations(
        invitations=[
            Sent(
                roles=source.choice([("key_user",), ("senior_it",), ("senior_it", "key_user")]),
                end=source.choice(ENDS),
                of={"account": source.choice(accounts), "stage": source.choice(STAGES)},
            )
            for _ in range(n)
        ]
    )
