"""What every use case about contact works with."""

from dataclasses import dataclass
from datetime import datetime

from surveys.contact import Policy
from surveys.errors import UnknownQuestionnaire
from surveys.ports import Library, UnitOfWork
from surveys.questionnaire import Questionnaire
from surveys.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One transaction, what it goes by, and the moment (aware, UTC)."""

    uow: UnitOfWork
    library: Library
    rules: Rules
    policy: Policy
    now: datetime

    def questionnaire(self, key: str) -> Questionnaire | None:
        """The newest version, if there is such a questionnaire."""
        try:
            return self.library.current(key)
        except UnknownQuestionnaire:
            return None
