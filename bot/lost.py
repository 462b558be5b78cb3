"""Cards that a crash elsewhere, or a commit whose end was not learnt, left undrawn."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)


class Lost(Generic[T]):
    """Those that are behind in the same turn as at the look before, picked again at ever longer intervals."""

    def __init__(self) -> None:
        self._looks: dict[Hashable, int] = {}

    def pick(self, behind: Mapping[Key, T]) -> Sequence[T]:
        """Of those whose card is behind, by name and turn, the ones to be drawn now: at the 2nd, 4th, 8th look."""
        self._looks = {key: self._looks.get(key, 0) + 1 for key in behind}
        return [one for key, one in behind.items() if (seen := self._looks[key]) > 1 and not seen & (seen - 1)]
