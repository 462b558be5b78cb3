"""The service's time. The sandbox moves it; nothing else does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Clock:
    """Now, plus what it was moved by."""

    moved: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return datetime.now(UTC) + self.moved

    def move(self, by: timedelta) -> None:
        """Moves the clock."""
        self.moved += by
