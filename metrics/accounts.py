"""NPS of a vendor with few clients: three rules of who counts how much, side by side."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from metrics.estimates import Estimate
from metrics.histogram import Histogram
from metrics.intervals import clipped
from metrics.nps import band, nps
from metrics.student import t_quantile

Roles = Mapping[str, Histogram]


@dataclass(frozen=True, slots=True)
class AccountNps:
    """`everyone`: all answers alike. The n of the others are accounts: `alike`, one value each; `by_revenue`, the
    same weighed by revenue, None where none is known; `senior`, the most senior role heard speaks for each.
    """

    everyone: Estimate
    alike: Estimate
    by_revenue: Estimate | None
    senior: Estimate

    @property
    def values(self) -> tuple[float, ...]:
        """Of the rules that have one."""
        rules = (self.everyone, self.alike, self.by_revenue, self.senior)
        return tuple(rule.value for rule in rules if rule is not None and rule.value is not None)

    @property
    def spread(self) -> float:
        """How many points lie between the highest and the lowest; 0 without data."""
        return max(self.values, default=0.0) - min(self.values, default=0.0)

    @property
    def disagree(self) -> bool:
        """Whether it depends on the rule which word stands for the figure: alarming, good, excellent."""
        return len({band(value) for value in self.values}) > 1


def account_nps(
    accounts: Mapping[str, Roles], weights: Mapping[str, float], revenue: Mapping[str, float] | None = None
) -> AccountNps:
    """NPS of `accounts` (account -> role -> scores) by the three rules.

    An account's value is the mean of its roles' NPS by `weights`; the most senior role is the heaviest one heard.
    Answers of roles without a weight count in `everyone` alone. By revenue only accounts whose revenue is known count.
    Intervals of the account rules are Student's over the accounts, which are what varies; none with fewer than two.

    >>> big = {"sponsor": Histogram({3: 1}), "operator": Histogram({10: 20})}
    >>> small = {"sponsor": Histogram({9: 1})}
    >>> found = account_nps({"big": big, "small": small}, {"sponsor": 0.75, "operator": 0.25})
    >>> round(found.everyone.value), found.alike.value, found.senior.value, found.disagree
    (91, 25.0, 0.0, True)
    """
    everyone = Histogram()
    for roles in accounts.values():
        for counts in roles.values():
            everyone += counts
    values = {key: value for key, roles in accounts.items() if (value := _mean(roles, weights)) is not None}
    spoken = {key: value for key, roles in accounts.items() if (value := _senior(roles, weights)) is not None}
    known = {key: share for key, share in (revenue or {}).items() if key in values and share > 0}
    paid = _weighed([values[key] for key in known], list(known.values())) if known else None
    return AccountNps(nps(everyone), _alike(values.values()), paid, _alike(spoken.values()))


def _mean(roles: Roles, weights: Mapping[str, float]) -> float | None:
    heard = [
        (weights.get(role, 0.0), value) for role, counts in roles.items() if (value := nps(counts).value) is not None
    ]
    total = math.fsum(weight for weight, _ in heard)
    return math.fsum(weight * value for weight, value in heard) / total if total else None


def _senior(roles: Roles, weights: Mapping[str, float]) -> float | None:
    heard = [role for role, counts in roles.items() if counts.n and weights.get(role)]
    return nps(roles[max(heard, key=lambda role: (weights[role], role))]).value if heard else None


def _alike(values: Collection[float]) -> Estimate:
    return _weighed(list(values), [1.0] * len(values))


def _weighed(values: Sequence[float], weights: Sequence[float]) -> Estimate:
    """The weighed mean with the interval of a ratio estimate; with equal weights it is Student's."""
    n = len(values)
    if not n:
        return Estimate(None, None, 0)
    total = math.fsum(weights)
    parts = [weight / total for weight in weights]
    mean = math.fsum(part * value for part, value in zip(parts, values, strict=True))
    if n < 2:
        return Estimate(mean, None, n)
    squares = math.fsum((part * (value - mean)) ** 2 for part, value in zip(parts, values, strict=True))
    return Estimate(mean, clipped(mean, t_quantile(n - 1) * math.sqrt(squares * n / (n - 1)), -100, 100), n)
