"""What the committee looks at, read from one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.committee_papers import Papers
from bot.report_rules import report_rules
from bot.settings import Settings
from storage.cases import StoredCases
from storage.improvements import StoredImprovements
from storage.reading import Reading
from surveys.cases.rules import Names
from surveys.changes import Comparison
from surveys.improvements.causes import Repeated
from surveys.improvements.committee import gather
from surveys.improvements.effect import effect
from surveys.improvements.improvement import Improvement
from surveys.improvements.ports import Told
from surveys.improvements.telling import Draft, drafts
from surveys.questionnaire import Language
from surveys.rules import Rules


@dataclass(frozen=True)
class Sight:
    """A snapshot, and what it is read by."""

    reading: Reading
    settings: Settings
    rules: Rules
    names: Names
    now: datetime

    @cached_property
    def improvements(self) -> StoredImprovements:
        return StoredImprovements(self.reading.connection)

    async def causes(self, since: datetime | None, until: datetime | None = None) -> Sequence[Repeated]:
        """Those that repeat in the period, the weightiest first."""
        return await gather(self.improvements, self.names, self.rules.weights, since, until)

    async def effect(self, one: Improvement) -> Comparison | None:
        """Before and after, by the same rules as reports."""
        rules = report_rules(self.settings, confidential=await self.reading.counts.confidential())
        return await effect(one, self.reading.counts, rules, self.now)

    async def drafts(self, one: Improvement) -> Sequence[Draft]:
        """What clients would be told."""
        return await drafts(StoredCases(self.reading.connection), self.improvements, self.rules, one)

    async def known(self, improvements: Sequence[Improvement], steps: Sequence[Told]) -> Mapping[int, str]:
        """How owners and those who took steps are called."""
        given = (step.happened.detail.get("to") for step in steps)
        actors = (step.happened.actor for step in steps)
        people = {*(one.owner for one in improvements), *actors, *(each for each in given if isinstance(each, int))}
        return await self.improvements.names([each for each in people if each is not None])

    async def papers(self, since: datetime | None, until: datetime | None, language: Language) -> Papers:
        """Everything for an agenda and minutes of the period."""
        improvements = await self.improvements.listed()
        steps = await self.improvements.history(since, until)
        effects = {one.id: found for one in improvements if (found := await self.effect(one)) is not None}
        return Papers(
            since=since,
            now=until or self.now,
            causes=await self.causes(since, until),
            improvements=improvements,
            effects=effects,
            steps=steps,
            people=await self.known(improvements, steps),
            names=self.names,
            zone=ZoneInfo(self.settings.vendor.timezone),
            language=language,
        )
