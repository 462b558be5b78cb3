"""What may be read in a snapshot. Each part is imported when it is first asked for: a report needs few of them."""

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from storage.audiences import Audiences
    from storage.audit import AuditLog
    from storage.case_lists import CaseLists
    from storage.counts import StoredCounts
    from storage.decisions import DecisionLog
    from storage.directory import StoredDirectory
    from storage.due import Due
    from storage.exports import Exports
    from storage.handled import HandledTickets
    from storage.people import StoredPeople
    from storage.questionnaires import Questionnaires
    from storage.queues import Queues
    from storage.recurring import RecurringReports
    from storage.remarks import RemarkLog
    from storage.roster import Roster
    from storage.rulings import Rulings
    from storage.settings import Settings
    from storage.soundness import Soundness
    from storage.tombstones import StoredTombstones
    from storage.voices import StoredVoices
    from storage.withdrawn import WithdrawnTalks
    from storage.words import StoredWords

PARTS: Final = {
    "audit": ("storage.audit", "AuditLog"),
    "cases": ("storage.case_lists", "CaseLists"),
    "decisions": ("storage.decisions", "DecisionLog"),
    "directory": ("storage.directory", "StoredDirectory"),
    "due": ("storage.due", "Due"),
    "handled": ("storage.handled", "HandledTickets"),
    "people": ("storage.people", "StoredPeople"),
    "roster": ("storage.roster", "Roster"),
    "exports": ("storage.exports", "Exports"),
    "remarks": ("storage.remarks", "RemarkLog"),
    "questionnaires": ("storage.questionnaires", "Questionnaires"),
    "queues": ("storage.queues", "Queues"),
    "recurring": ("storage.recurring", "RecurringReports"),
    "rulings": ("storage.rulings", "Rulings"),
    "settings": ("storage.settings", "Settings"),
    "withdrawn_talks": ("storage.withdrawn", "WithdrawnTalks"),
    "tombstones": ("storage.tombstones", "StoredTombstones"),
    "voices": ("storage.voices", "StoredVoices"),
    "words": ("storage.words", "StoredWords"),
}


class Reading:
    """Everything here sees the database as it was at the first look."""

    audit: "AuditLog"
    cases: "CaseLists"
    decisions: "DecisionLog"
    directory: "StoredDirectory"
    due: "Due"
    handled: "HandledTickets"
    people: "StoredPeople"
    roster: "Roster"
    exports: "Exports"
    remarks: "RemarkLog"
    questionnaires: "Questionnaires"
    queues: "Queues"
    recurring: "RecurringReports"
    rulings: "Rulings"
    settings: "Settings"
    withdrawn_talks: "WithdrawnTalks"
    tombstones: "StoredTombstones"
    voices: "StoredVoices"
    words: "StoredWords"

    def __init__(self, connection: AsyncConnection, audiences: Callable[[], "Audiences"]) -> None:
        self.connection = connection
        self._audiences = audiences

    @cached_property
    def counts(self) -> "StoredCounts":
        from storage.counts import StoredCounts

        return StoredCounts(self.connection, self._audiences)

    def __getattr__(self, name: str) -> Any:
        if name not in PARTS:
            raise AttributeError(name)
        module, kind = PARTS[name]
        part = getattr(import_module(module), kind)(self.connection)
        setattr(self, name, part)
        return part

    async def soundness(self) -> "Soundness":
        """Of the database."""
        from storage.soundness import soundness

        return await soundness(self.connection)
