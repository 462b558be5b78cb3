"""What may be read in a snapshot."""

from sqlalchemy.ext.asyncio import AsyncConnection

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
from storage.soundness import Soundness, soundness
from storage.tombstones import StoredTombstones
from storage.voices import StoredVoices
from storage.withdrawn import WithdrawnTalks
from storage.words import StoredWords


class Reading:
    """Everything here sees the database as it was at the first look."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.audit = AuditLog(connection)
        self.cases = CaseLists(connection)
        self.counts = StoredCounts(connection)
        self.decisions = DecisionLog(connection)
        self.directory = StoredDirectory(connection)
        self.due = Due(connection)
        self.handled = HandledTickets(connection)
        self.people = StoredPeople(connection)
        self.roster = Roster(connection)
        self.exports = Exports(connection)
        self.remarks = RemarkLog(connection)
        self.questionnaires = Questionnaires(connection)
        self.queues = Queues(connection)
        self.recurring = RecurringReports(connection)
        self.rulings = Rulings(connection)
        self.settings = Settings(connection)
        self.withdrawn_talks = WithdrawnTalks(connection)
        self.tombstones = StoredTombstones(connection)
        self.voices = StoredVoices(connection)
        self.words = StoredWords(connection)

    async def soundness(self) -> Soundness:
        """Of the database."""
        return await soundness(self.connection)
