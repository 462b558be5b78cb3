"""Customer Satisfaction Index: CSAT with the weights of roles, so that no crowd outvotes a director."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from metrics.csat import Method, csat
from metrics.estimates import Estimate
from metrics.histogram import Histogram
from metrics.intervals import Interval, Z, clipped, wilson
from metrics.scales import Scale, check_kind, steps

Basis = Literal["top2", "top1", "mean"]
Answers = Mapping[Scale, Histogram]
# Numerator and denominator, so that nothing is lost in a subtraction; not reduced, which would cost more than it saves.
_Exact = tuple[int, int]

ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True)
class RoleCsat:
    """What one role says, 0-100; `value` and `variance` are None for a role without answers.

    `variance` is that of the answers themselves (n below the line), as the definition of the interval has it.
    """

    role: str
    weight: float
    value: float | None
    variance: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Csi(Estimate):
    """The index 0-100 with the roles behind it.

    `roles` has every role that has a weight, in the order of the weights; `covered` is the share 0-1 of the
    weight whose roles answered. Below half of it `value` is None: with n > 0 that is "insufficient signal",
    with n = 0 "no data".
    """

    roles: tuple[RoleCsat, ...]
    covered: float

    @property
    def sufficient(self) -> bool:
        return self.covered >= ENOUGH

    @property
    def missing(self) -> tuple[str, ...]:
        """Roles without a voice."""
        return tuple(role.role for role in self.roles if role.n == 0)

    @property
    def lone(self) -> tuple[str, ...]:
        """Roles heard once: their unknown spread counts as 0, so the interval is narrower than it should be."""
        return tuple(role.role for role in self.roles if role.n == 1 and role.weight)


def role_interval(role: RoleCsat, basis: Basis) -> Interval | None:
    """Of what one role says by itself: Wilson's for a share, normal for a mean; None where it cannot be told.

    >>> found = role_interval(RoleCsat("key_user", 0.2, 70.0, 2100.0, 100), "top2")
    >>> [round(bound, 1) for bound in found]
    [60.4, 78.1]
    """
    if role.value is None or role.variance is None:
        return None
    if basis != "mean":
        bounds = wilson(round(role.value * role.n / 100), role.n)
        return bounds and (100 * bounds[0], 100 * bounds[1])
    return clipped(role.value, Z * math.sqrt(role.variance / role.n), 0, 100) if role.n > 1 else None


def csi(answers: Mapping[str, Answers], weights: Mapping[str, float], *, basis: Basis = "top2") -> Csi:
    """Mean of the roles' CSAT by `weights`, over the roles that have answers.

    `answers` holds, for each role, its answers on every CSAT scale in use; the basis is the share of the
    one or two best points of each scale, or the mean score 0-100. Weights need not sum to 1. ValueError for
    answers of a role without a weight and for weights that are negative, not finite or all 0.

    The interval is clipped to 0-100 and None where no role that counts answered at least twice. It knows only
    the spread that was seen: a role whose answers all agree adds no width.

    >>> from metrics.scales import CSAT_5
    >>> director, crowd = {CSAT_5: Histogram({2: 1})}, {CSAT_5: Histogram({5: 30})}
    >>> index = csi({"business_owner": director, "key_user": crowd}, {"business_owner": 0.35, "key_user": 0.20})
    >>> round(index.value, 1), index.n, index.lone
    (36.4, 31, ('business_owner',))

    >>> index = csi({"key_user": crowd}, {"business_owner": 0.35, "key_user": 0.20})
    >>> index.value, index.sufficient, index.missing, round(index.covered, 2)
    (None, False, ('business_owner',), 0.36)
    """
    parts = _parts(tuple(weights.items()))
    _check_roles(answers, weights)
    heard = {role: voice for role in weights if (voice := _voice(answers.get(role, {}), basis))}
    roles = tuple(_role_csat(role, weight, heard.get(role)) for role, weight in weights.items())
    covered = sum(parts[role] for role in heard) / sum(parts.values())
    n = sum(voice.n for voice in heard.values())
    value, interval = _index(heard, parts) if covered >= ENOUGH else (None, None)
    return Csi(value, interval, n, roles, covered)


@dataclass(frozen=True, slots=True)
class _Voice:
    value: _Exact
    variance: _Exact
    n: int


@lru_cache
def _parts(told: tuple[tuple[str, float], ...]) -> Mapping[str, int]:
    """The weights as whole numbers in the same proportion."""
    weights = dict(told)
    wrong = {role: weight for role, weight in weights.items() if not (math.isfinite(weight) and weight >= 0)}
    if wrong or not any(weights.values()):
        raise ValueError(f"weights of roles must be finite, not negative and not all 0: {wrong or dict(weights)}")
    # A weight is the decimal the vendor wrote: in binary, 0.35 + 0.15 of 1 would fall short of half.
    exact = {role: Fraction(str(weight)) for role, weight in weights.items()}
    unit = math.lcm(*(weight.denominator for weight in exact.values()))
    return {role: int(weight * unit) for role, weight in exact.items()}


def _check_roles(answers: Mapping[str, Answers], weights: Mapping[str, float]) -> None:
    strangers = answers.keys() - weights.keys()
    if strangers:
        raise ValueError(f"roles without a weight: {', '.join(sorted(strangers))}; known: {', '.join(weights)}")


def _voice(answers: Answers, basis: Basis) -> _Voice | None:
    """Of `n` answers whose values, in the `unit`th part of a percent, add up to `total`."""
    n, unit, total, squares = _scored(answers) if basis == "mean" else _boxed(answers, basis)
    if n == 0:
        return None
    return _Voice((total, unit * n), (squares * n - total**2, (unit * n) ** 2), n)


def _boxed(answers: Answers, method: Method) -> tuple[int, int, int, int]:
    inside = csat(answers, method=method)
    return inside.n, 1, 100 * inside.count, 100**2 * inside.count


def _scored(answers: Answers) -> tuple[int, int, int, int]:
    n, total, squares = 0, 0, 0
    unit = math.lcm(*(scale.high - scale.low for scale in answers))
    for scale, counts in answers.items():
        check_kind(scale, "csat")
        step = 100 * unit // (scale.high - scale.low)
        climbed = [(step * steps(score, scale), count) for score, count in counts.items()]
        n += counts.n
        total += sum(value * count for value, count in climbed)
        squares += sum(value**2 * count for value, count in climbed)
    return n, unit, total, squares


def _role_csat(role: str, weight: float, voice: _Voice | None) -> RoleCsat:
    if voice is None:
        return RoleCsat(role, weight, None, None, 0)
    return RoleCsat(role, weight, _rounded(voice.value), _rounded(voice.variance), voice.n)


def _index(heard: Mapping[str, _Voice], parts: Mapping[str, int]) -> tuple[float, Interval | None]:
    total = sum(parts[role] for role in heard)
    value = _sum((parts[role] * voice.value[0], total * voice.value[1]) for role, voice in heard.items())
    if all(voice.n < 2 for role, voice in heard.items() if parts[role]):
        return _rounded(value), None
    variance = _sum(
        (parts[role] ** 2 * voice.variance[0], total**2 * voice.variance[1] * voice.n) for role, voice in heard.items()
    )
    return _rounded(value), clipped(_rounded(value), Z * math.sqrt(_rounded(variance)), 0, 100)


def _sum(fractions: Iterable[_Exact]) -> _Exact:
    above, below = 0, 1
    for numerator, denominator in fractions:
        above, below = above * denominator + numerator * below, below * denominator
    return above, below


def _rounded(fraction: _Exact) -> float:
    """The nearest float: a quotient of whole numbers is rounded once, however long they are."""
    return fraction[0] / fraction[1]
