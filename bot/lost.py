"""Cards that a crash elsewhere, or a commit whose end was not learnt, left undrawn."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)


class Lost(Generic[T]):
    """Those that are behind in the same turn as at the look before. Each turn is picked once."""

    def __init__(self) -> None:
        self._picked: dict[Hashable, bool] = {}

    def pick(self, behind: Mapping[Key, T]) -> Sequence[T]:
        """Of those whose card is behind, by name and turn, the ones to be drawn now."""
        lost = [one for key, one in behind.items() if self._picked.get(key) is False]
        self._picked = {key: key in self._picked for key in behind}
        return lost
