"""How much a process grows with what it does."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import linear_regression, mean

PAGE = os.sysconf("SC_PAGE_SIZE")
TWICE = 1.96


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many signals: bytes of memory the system has given, blocks Python holds, objects it follows."""

    signals: int
    resident: int
    blocks: int
    objects: int


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much for every 1,000 signals, and half the width of the interval with 95 % of confidence."""

    value: float
    margin: float


def sample(signals: int) -> Sample:
    """As it is now, without what can be collected."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE
    return Sample(signals, resident, sys.getallocatedblocks(), len(gc.get_objects()))


def slope(samples: Sequence[Sample], of: Callable[[Sample], int]) -> Slope:
    """Over the second half, when what is kept on purpose is there: least squares.

    >>> slope([Sample(n, 5000 + 3 * n, 0, 0) for n in range(0, 8000, 1000)], lambda one: one.resident)
    Slope(value=3000.0, margin=0.0)
    """
    late = samples[len(samples) // 2 :]
    x, y = [one.signals / 1000 for one in late], [float(of(one)) for one in late]
    line = linear_regression(x, y)
    left = sum((b - line.slope * a - line.intercept) ** 2 for a, b in zip(x, y, strict=True))
    spread = sum((a - mean(x)) ** 2 for a in x)
    return Slope(line.slope, TWICE * sqrt(left / max(len(x) - 2, 1) / spread))
