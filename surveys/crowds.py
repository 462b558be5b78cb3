"""Sets of numbered places as integers, one bit for each; what lies close together takes little room, wherever it is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

NARROW = 4
"""From how many times the width on it is cheaper to read a part of a set than to move all of it."""


class Crowd(NamedTuple):
    """The lowest bit is the place 8 * `low`. `data`: the same bits as bytes, of sets that are met often."""

    low: int
    bits: int
    data: bytes = b""

    @property
    def end(self) -> int:
        """One more than the highest place."""
        return 8 * self.low + self.bits.bit_length()

    def part(self, low: int, length: int) -> int:
        """Its bits from the byte `low` on, of which `length` bytes are needed; more may come."""
        behind = low - self.low
        if behind < 0:
            return self.bits << -8 * behind
        if NARROW * length < len(self.data):
            return int.from_bytes(self.data[behind : behind + length], "little")
        return self.bits >> 8 * behind

    def meet(self, other: "Crowd") -> "Crowd":
        """What is in both."""
        if other.low > self.low:
            return Crowd(other.low, self.part(other.low, _bytes(other.bits)) & other.bits)
        return Crowd(self.low, self.bits & other.part(self.low, _bytes(self.bits)))

    def without(self, inside: "Crowd") -> "Crowd":
        """What is left when a part of it is taken away."""
        return Crowd(self.low, self.bits ^ inside.part(self.low, 0))

    def equals(self, other: "Crowd") -> bool:
        if self.low == other.low:
            return self.bits == other.bits
        return self.end == other.end and self.bits.bit_count() == other.bits.bit_count() and self.within(other)

    def within(self, other: "Crowd") -> bool:
        return self.meet(other).bits.bit_count() == self.bits.bit_count()


EMPTY = Crowd(0, 0)


def crowd(places: Sequence[int]) -> Crowd:
    if not places:
        return EMPTY
    low, top = min(places) // 8, max(places)
    digits = bytearray(b"0") * (top + 1 - 8 * low)
    for place in places:
        digits[top - place] = 49  # the digit 1
    return _met_often(low, int(digits, 2))


def union(crowds: Iterable[Crowd]) -> Crowd:
    found = [one for one in crowds if one.bits]
    if len(found) < 2:
        return found[0] if found else EMPTY
    low, bits = min(one.low for one in found), 0
    for one in found:
        bits |= one.bits << 8 * (one.low - low)
    return _met_often(low, bits)


def _met_often(low: int, bits: int) -> Crowd:
    return Crowd(low, bits, bits.to_bytes(_bytes(bits), "little"))


def _bytes(bits: int) -> int:
    return (bits.bit_length() + 7) // 8
