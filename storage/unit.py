"""The unit of work: one transaction and everything that may be done in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.asks import StoredAsks
from storage.audit import AuditLog
from storage.cases import StoredCases
from storage.contacts import StoredContacts
from storage.decisions import StoredDecisions
from storage.deliveries import StoredDeliveries
from storage.directory import StoredDirectory
from storage.engines import transaction
from storage.erasures import StoredErasures
from storage.fieldwork import Fieldwork
from storage.guesses import StoredGuesses
from storage.improvements import StoredImprovements
from storage.inbox import Inbox
from storage.interactions import StoredInteractions
from storage.interviews import StoredInterviews
from storage.invitations import StoredInvitations
from storage.issues import StoredIssues
from storage.opportunities import StoredOpportunities
from storage.outgoing import StoredOutgoing
from storage.people import StoredPeople
from storage.questionnaires import Questionnaires
from storage.recurring import RecurringReports
from storage.remarks import StoredRemarks
from storage.report_places import ReportPlaces
from storage.retention import Retention
from storage.rulings import Rulings
from storage.settings import Settings
from storage.successors import StoredSuccessors
from storage.wave_starts import WaveStarts
from surveys import contact_ports, directory_ports, ports, remark_ports
from surveys.audit import Audit
from surveys.cases import opportunities as opportunity_ports
from surveys.cases import ports as case_ports
from surveys.delivery_ports import Deliveries
from surveys.erasure import Erasures
from surveys.guesses import Guesses
from surveys.improvements import ports as improvement_ports
from surveys.outward.ports import Outgoing
from surveys.outward.tracker import Issues
from surveys.ports import Card, Delivery, OpenInterview


class Outcomes(Protocol):
    """Cards drawn, by interview; deliveries sent, failed (why) and put off (until when, why), by id.

    `unreachable`: Telegram ids of those who cannot be written to.
    """

    @property
    def shown(self) -> Mapping[str, Card]: ...
    @property
    def sent(self) -> Collection[int]: ...
    @property
    def failed(self) -> Mapping[int, str]: ...
    @property
    def put_off(self) -> Mapping[int, tuple[datetime, str, bool]]: ...
    @property
    def unreachable(self) -> Collection[int]: ...


class StoredUnitOfWork:
    """Rolls back unless committed; over after the commit. What is saved is written by `commit`, all together."""

    people: directory_ports.People
    directory: directory_ports.Directory
    invitations: ports.Invitations
    interviews: ports.Interviews
    successors: contact_ports.Successors
    deliveries: Deliveries
    interactions: contact_ports.Interactions
    contacts: contact_ports.Contacts
    asks: contact_ports.Asks
    decisions: contact_ports.Decisions
    wave_starts: contact_ports.WaveStarts
    remarks: remark_ports.Remarks
    cases: case_ports.Cases
    opportunities: opportunity_ports.Opportunities
    improvements: improvement_ports.Improvements
    erasures: Erasures
    guesses: Guesses
    outgoing: Outgoing
    parcels: StoredOutgoing
    issues: Issues
    queue: StoredDeliveries
    fieldwork: contact_ports.Fieldwork
    inbox: Inbox
    questionnaires: Questionnaires
    rulings: Rulings
    settings: Settings
    audit: Audit
    recurring: RecurringReports
    report_places: ReportPlaces
    retention: Retention

    def __init__(self, engine: AsyncEngine, address: str, worker: str, lease: timedelta) -> None:
        self._transaction = transaction(engine, address)
        self._worker = worker
        self._lease = lease
        self.handed_over: Sequence[Delivery] = ()
        self.overtaken: Sequence[OpenInterview] = ()
        self.astray: Sequence[Card] = ()

    async def __aenter__(self) -> Self:
        self._connection = await self._transaction.__aenter__()
        self._equip(self._connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transaction.__aexit__(kind, error, trace)

    async def prefetch(self, telegram_ids: Collection[int], shown: Collection[str] = ()) -> None:
        """Reads and locks these persons and their open interviews in two queries, for whatever comes after.

        The persons of the interviews `shown` are locked in the same order, so that nothing is waited for later.
        """
        others = await self._interviews.persons_of(shown)
        await self._interviews.load(await self._people.load(telegram_ids, others))

    async def take_over(self, at_most: int) -> Sequence[OpenInterview]:
        """Interviews whose card nobody alive is drawing: from the commit on it is this worker's to draw."""
        return await self._interviews.take_over(at_most)

    async def remember(self, outcomes: Outcomes, at: datetime) -> None:
        """Takes down what sending brought about since the last commit."""
        cases = {name: card for key, card in outcomes.shown.items() if (name := case_ports.case_of(key))}
        await self.cases.shown(cases)
        await self._interviews.shown({key: card for key, card in outcomes.shown.items() if not case_ports.case_of(key)})
        await self.queue.sent(outcomes.sent, at)
        for delivery_id, reason in outcomes.failed.items():
            await self.queue.failed(delivery_id, reason)
        for delivery_id, (until, reason, in_doubt) in outcomes.put_off.items():
            await self.queue.put_off(delivery_id, until, reason, in_doubt=in_doubt)
        for telegram_id in outcomes.unreachable:
            await self._people.set_unreachable(telegram_id, at)

    async def commit(self) -> None:
        """Makes everything last. `handed_over` then lists the messages to be sent at once.

        `overtaken`: the interviews whose cards were shown, and which went on at another replica meanwhile.
        `astray`: messages that were shown although by then the card stood elsewhere: they are to lose their buttons.
        """
        await self._interviews.flush()
        overtaken, astray = await self._interviews.elsewhere()
        handed_over = await self.queue.flush()
        await self.inbox.flush()
        await self._audit.flush()
        await self._connection.commit()
        await self._connection.close()
        self.handed_over, self.overtaken, self.astray = handed_over, overtaken, astray

    def _equip(self, connection: AsyncConnection) -> None:
        self._people = self.people = StoredPeople(connection)
        self._interviews = self.interviews = StoredInterviews(connection, self._people, self._worker)
        self.directory = StoredDirectory(connection)
        self.invitations = StoredInvitations(connection)
        self.successors = StoredSuccessors(connection)
        self.deliveries = self.queue = StoredDeliveries(connection, self._worker, self._lease)
        self.interactions = StoredInteractions(connection)
        self.contacts = StoredContacts(connection)
        self.asks = StoredAsks(connection)
        self.decisions = StoredDecisions(connection)
        self.wave_starts = WaveStarts(connection)
        self.remarks = StoredRemarks(connection)
        self.fieldwork = Fieldwork(connection)
        self.cases = StoredCases(connection)
        self.opportunities = StoredOpportunities(connection)
        self.improvements = StoredImprovements(connection)
        self.erasures = StoredErasures(connection, self._people, self._interviews)
        self.guesses = StoredGuesses(connection)
        self.outgoing = self.parcels = StoredOutgoing(connection)
        self.issues = StoredIssues(connection)
        self.inbox = Inbox(connection)
        self.questionnaires = Questionnaires(connection)
        self.rulings = Rulings(connection)
        self.settings = Settings(connection)
        self._audit = self.audit = AuditLog(connection)
        self.recurring = RecurringReports(connection)
        self.report_places = ReportPlaces(connection)
        self.retention = Retention(connection)
