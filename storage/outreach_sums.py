"""Rows of `storage.outreach_counts` added up: where roles are spoken of, each tells those of its invitations."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Row

from storage.count_tables import OUTCOMES
from surveys.reporting import Dimension, OutreachCount, ReportQuery

Group = tuple[str | None, ...]
"""A value of each dimension of a breakdown."""


def by_group(query: ReportQuery, groups: Sequence[Dimension], rows: Iterable[Row[Any]]) -> dict[Group, OutreachCount]:
    """An invitation of somebody of two roles is in the group of each."""
    found: defaultdict[Group, list[Row[Any]]] = defaultdict(list)
    wanted = query.where.get("role")
    if wanted is None and "role" not in groups:
        for row in rows:
            found[tuple(row[: len(groups)])].append(row)
    else:
        for row in rows:
            for group in _groups(groups, row, [role for role in row.roles if wanted is None or role in wanted]):
                found[group].append(row)
    counts = {group: _outreach(members) for group, members in found.items()}
    return {group: count for group, count in counts.items() if count.invited}


def _groups(groups: Sequence[Dimension], row: Row[Any], roles: Sequence[str]) -> Iterator[Group]:
    """Those the row belongs to. Nobody's invitations, whose roles are not asked for, are in none."""
    if "role" in groups:
        at, others = groups.index("role"), len(groups) - 1
        yield from ((*row[:at], role, *row[at:others]) for role in roles)
    elif roles:
        yield tuple(row[: len(groups)])


def _outreach(rows: Sequence[Row[Any]]) -> OutreachCount:
    """Rows end with what became of so many, and with the times it took."""
    *columns, took = zip(*(row[-1 - len(OUTCOMES) :] for row in rows), strict=True)
    added = dict(zip(OUTCOMES, map(sum, columns), strict=True))
    times = [each for each in took if each]
    return OutreachCount(group=None, **added, seconds=_added_up(times) if times else {})


def _added_up(times: Iterable[str]) -> Mapping[float, int]:
    taken: Counter[float] = Counter()
    for each, often in Counter(",".join(times).split(",")).items():
        took, _, n = each.partition(":")
        taken[int(took)] += often * int(n or 1)
    return {took: n for took, n in taken.items() if n}
