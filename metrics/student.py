"""The 0.975 quantile of Student's t distribution."""

import math
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, chain
from operator import mul
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
# From here on the expansion errs by less than 1e-12 and the finite series only gets longer.
_MANY: Final = 500
_TERMS: Final = 200


def t_quantile(df: int) -> float:
    """The t that a variable with `df` degrees of freedom stays below with probability 0.975.

    Correct to 1e-12 for every df from 1 up.

    >>> round(t_quantile(1), 6), round(t_quantile(10), 6), round(t_quantile(1000), 6)
    (12.706205, 2.228139, 1.962339)
    """
    if df < 1:
        raise ValueError(f"degrees of freedom must be at least 1, not {df}")
    return _by_series(df) if df < _MANY else _by_expansion(df)


def t_quantile_between(df: float) -> float:
    """The same for degrees of freedom that are no whole number, as Welch's are; at least 1. Correct to 1e-9.

    >>> round(t_quantile_between(10.0), 6), round(t_quantile_between(2.5), 4)
    (2.228139, 3.5747)
    """
    if df >= _MANY:
        return _by_expansion(df)
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _tails(middle, df) > 1 - CONFIDENCE else (low, middle)
    return math.sqrt(df) * math.tan(low)


def _tails(angle: float, df: float) -> float:
    """P(|T| > sqrt(df) * tan(angle)): the regularized incomplete beta function at cos(angle)^2."""
    return _beta(df / 2, 0.5, math.cos(angle) ** 2)


def _beta(a: float, b: float, x: float) -> float:
    """I_x(a, b) by its continued fraction: Abramowitz and Stegun 26.5.8, 26.5.2 where it converges slowly."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    if x <= 0:
        return 0.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    fraction = 1.0
    # From the innermost term outwards: so many are enough for any a below 250.
    for term in range(_TERMS, 0, -1):
        m, odd = divmod(term, 2)
        d = -(a + m) * (a + b + m) if odd else m * (b - m)
        fraction = 1 + d * x / ((a + 2 * m + odd - 1) * (a + 2 * m + odd)) / fraction
    return front / a / fraction


@cache
def _by_series(df: int) -> float:
    low, high = 0.0, math.pi / 2
    # Halving until the two are neighbours: no tolerance to choose.
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _within(middle, df) < CONFIDENCE else (low, middle)
    return math.sqrt(df) * math.tan(low)


def _within(angle: float, df: int) -> float:
    """P(|T| < sqrt(df) * tan(angle)) as a finite sum: Abramowitz and Stegun 26.7.3, 26.7.4."""
    terms = math.sin(angle) * math.fsum(_terms(math.cos(angle), df))
    return terms if df % 2 == 0 else 2 / math.pi * (angle + terms)


def _terms(cosine: float, df: int) -> Iterator[float]:
    """Even df: 1, 1/2 c^2, 1*3/(2*4) c^4 ...; odd df: c, 2/3 c^3, 2*4/(3*5) c^5 ...; the last power is df - 2."""
    odd = df % 2
    if df == 1:
        return iter(())
    ratios = (cosine**2 * (power - 1) / power for power in range(2 + odd, df - 1, 2))
    return accumulate(chain([cosine if odd else 1.0], ratios), mul)


def _by_expansion(df: float) -> float:
    """Fisher and Cornish's expansion about the normal quantile: Abramowitz and Stegun 26.7.5."""
    x = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    numerators = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + math.fsum(numerator / df**power for power, numerator in enumerate(numerators, start=1))
