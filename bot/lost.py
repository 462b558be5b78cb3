"""Cards that a crash elsewhere, or a commit whose end was not learnt, left undrawn."""

from collections.abc import Sequence

from surveys.ports import OpenInterview


class Lost:
    """Those interviews that are behind in the same turn as at the look before. Each turn is picked once."""

    def __init__(self) -> None:
        self._picked: dict[tuple[str, int], bool] = {}

    def pick(self, behind: Sequence[OpenInterview]) -> Sequence[OpenInterview]:
        """Of the interviews whose card is behind, those to be drawn now."""
        now = {(opened.interview.id, opened.interview.turn): opened for opened in behind}
        lost = [opened for key, opened in now.items() if self._picked.get(key) is False]
        self._picked = {key: key in self._picked for key in now}
        return lost
