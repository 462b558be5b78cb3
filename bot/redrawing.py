"""Cards that are behind: of replicas that are no more, and those that a commit left whose end was not learnt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import structlog

from bot.library import PublishedLibrary
from bot.lost import Lost
from bot.sender import Sender
from handlers.cards import show
from storage.database import Database
from surveys.errors import SurveyError
from surveys.interview import Phase
from surveys.ports import OpenInterview
from surveys.rules import Rules

log = structlog.get_logger()

AT_ONCE = 1000


@dataclass(slots=True, kw_only=True)
class Redrawing:
    """Draws what the database says is to be seen. `caught_up`: what had been waiting at the start is taken in."""

    database: Database
    library: PublishedLibrary
    sender: Sender
    rules: Rules
    caught_up: bool = False
    lost: Lost[OpenInterview] = field(default_factory=Lost)

    async def start(self) -> None:
        """To be called once what had been waiting is taken in: a question already answered is not asked again."""
        self.caught_up = True
        await self.take_over()

    async def take_over(self) -> None:
        """Draws the cards that nobody alive is drawing."""
        if self.caught_up:
            async with self.database.unit_of_work() as uow:
                taken = await uow.take_over(AT_ONCE)
                await uow.commit()
            for opened in taken:
                if not self.sender.drew(opened.interview.id, opened.interview.turn):
                    self.sender.unlearn(opened.interview.id)
                    await self._draw(opened)

    async def redraw_lost(self) -> None:
        """Draws the cards that are this process's to draw, and that it does not draw."""
        async with self.database.unit_of_work() as uow:
            behind = await uow.interviews.unshown()
        unknown = {(opened.interview.id, opened.interview.turn): opened for opened in self._unknown(behind)}
        for opened in self.lost.pick(unknown):
            await self._draw(opened)

    async def go_on(self, overtaken: Sequence[OpenInterview]) -> None:
        """Draws what became of interviews elsewhere while their cards were drawn here."""
        for opened in self._unknown(overtaken):
            await self._draw(opened)

    def _unknown(self, behind: Sequence[OpenInterview]) -> Sequence[OpenInterview]:
        return [opened for opened in behind if not self.sender.has(opened.interview.id, opened.interview.turn)]

    async def _draw(self, opened: OpenInterview) -> None:
        try:
            questionnaire = await self.library.version(opened.interview.questionnaire, opened.interview.version)
            card = show(opened, questionnaire, self.rules)
            over = opened.interview.phase is Phase.CLOSED
            self.sender.card(replace(card, in_place=over and card.message_id is not None))
        except SurveyError as error:
            log.error("card cannot be drawn", interview=opened.interview.id, error=error.code)
