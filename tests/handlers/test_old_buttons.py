"""Every kind of old button in every phase of an interview: one line, nothing changed, and what is open comes down."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest

from bot.clock import Clock
from bot.ids import new_token
from bot.service import build
from handlers.buttons import (
    NUMBERED,
    Button,
    CardButton,
    FieldworkButton,
    ForgetButton,
    LanguageButton,
    OpportunityButton,
    RemarkButton,
    ReportButton,
    ResumeButton,
    SuccessorButton,
    TalkButton,
    write,
)
from handlers.case_buttons import CaseButton, CasesButton
from handlers.committee_buttons import CommitteeButton
from handlers.replies import Reply, ShowCard, Toast
from storage.database import open_database
from storage.unit import StoredUnitOfWork
from surveys.interview import Phase
from surveys.invitations import issue
from surveys.ports import Card, OpenInterview
from surveys.signals import Action
from tests.bot.house import QUESTIONNAIRE, House
from tests.handlers.hall import Hall, pressed, said

ANSWERED = ("begin", "score9", "pick1", "done", "skip")
# What the person did more than a week ago, and what since – a link opened, a button, or words after a colon –
# and where that leaves their interviews.
PHASES: Mapping[str, tuple[Sequence[str], Sequence[str], str]] = {
    "nothing open": ((), (), ""),
    "introduced": ((), ("first link",), "introduction"),
    "asked when": ((), ("first link", "postpone"), "postponing"),
    "put off": ((), ("first link", "postpone", "hour"), "asleep"),
    "asked for a name": ((), ("first link", "redirect"), "naming"),
    "question": ((), ("first link", "begin"), "asking"),
    "comment offered": ((), ("first link", "begin", ":it depends"), "commented"),
    "choosing": ((), ("first link", "begin", "score9", "pick0"), "asking"),
    "gone back": ((), ("first link", "begin", "score9", "pick1", "done", "back", "back"), "asking"),
    "words wanted": ((), ("first link", "begin", "score9", "skip"), "asking"),
    "review": ((), ("first link", *ANSWERED), "review"),
    "changing": ((), ("first link", *ANSWERED, "change0"), "asking"),
    "sent": ((), ("first link", *ANSWERED, "send"), "complete"),
    "amending": ((), ("first link", *ANSWERED, "send", "amend"), "complete"),
    "sent long ago": (("first link", *ANSWERED, "send"), (), "complete"),
    "refused": ((), ("first link", "refuse"), "refused"),
    "broken off": ((), ("first link", "begin", "score9", "back", "back", "refuse"), "break-off"),
    "somebody else": ((), ("first link", "redirect", "unnamed"), "refused"),
    "expired": (("first link", "begin", "score9"), (), "partial"),
    "another open after sending": ((), ("first link", *ANSWERED, "send", "second link", "begin"), "complete asking"),
    "another open after expiry": (("first link", "begin"), ("second link", "begin", "score3"), "break-off asking"),
    "two open": ((), ("first link", "begin", "second link"), "asking introduction"),
    "one put off, one open": ((), ("first link", "postpone", "hour", "second link"), "asleep introduction"),
}
OF_OTHERS: Mapping[type, Sequence[Button]] = {
    TalkButton: (TalkButton("accounts", ("0",)), TalkButton("close"), TalkButton("stop", ("Zz9",))),
    ReportButton: (ReportButton(), ReportButton("nps", "role")),
    FieldworkButton: (FieldworkButton(),),
    SuccessorButton: (SuccessorButton(1, "invite"), SuccessorButton(1, "dismiss")),
    LanguageButton: (LanguageButton("uk"), LanguageButton("en"), LanguageButton("de")),
    RemarkButton: (RemarkButton(999, True), RemarkButton(999, False), RemarkButton(999, True, 1)),
    OpportunityButton: (OpportunityButton(999, "reference"), OpportunityButton(999, "none")),
    CommitteeButton: (CommitteeButton("plan", (1, 1, 30)),),
    ForgetButton: (ForgetButton("no"),),
    ResumeButton: (ResumeButton(),),
    CaseButton: (CaseButton(1, 1, "cause", (0,)),),
    CasesButton: (CasesButton("mine", 1),),
}
OLD = 3
"""A message above all cards."""


class Walker:
    """A person who does what a phase takes. Every card they are sent has been drawn, each in a message of its own."""

    def __init__(self, hall: Hall, telegram_id: int, links: Mapping[str, str]) -> None:
        self.hall, self.id, self.links = hall, telegram_id, links
        self.cards: dict[str, ShowCard] = {}
        self.last = ""
        self.messages = 10

    async def walk(self, steps: Sequence[str]) -> None:
        for step in steps:
            update = self._link(step) or self._words(step) or pressed(self.id, self._data(step))
            replies, _ = await self.hall.tell(update, commit=True)
            for card in replies:
                if isinstance(card, ShowCard):
                    await self._draw(card)

    def _link(self, step: str) -> dict[str, object] | None:
        return said(self.id, text=f"/start {self.links[step]}") if step in self.links else None

    def _words(self, step: str) -> dict[str, object] | None:
        return said(self.id, text=step[1:]) if step.startswith(":") else None

    def _data(self, action: str) -> str:
        [data] = [data for data in live(self.cards[self.last]) if data.endswith(f".{action}")]
        return data

    async def _draw(self, card: ShowCard) -> None:
        self.messages += 1
        self.cards[card.interview_id], self.last = card, card.interview_id
        async with self.hall.service.database.unit_of_work() as uow:
            drawn = Card(chat_id=self.id, message_id=self.messages, shown_turn=card.turn)
            await uow.interviews.shown({card.interview_id: drawn})
            await uow.commit()

    def buttons(self) -> Iterator[Button]:
        """Every button of an earlier card, what can be changed after the end, and all that stands in no card."""
        for card in self.cards.values():
            yield from earlier(card)
            if ended(card) and card.keyboard:
                yield CardButton(card.interview_id, card.turn, "amend")
        yield CardButton("Zz9", 0, "skip")
        yield from chain.from_iterable(OF_OTHERS.values())

    def taps_twice(self, button: Button) -> bool:
        """Whether it has just ended its interview, or goes on with it from the card that stands."""
        card = self.cards.get(button.interview_id) if isinstance(button, CardButton) else None
        return card is not None and ended(card) and isinstance(button, CardButton) and button.turn >= card.turn - 1


def earlier(card: ShowCard) -> Iterator[CardButton]:
    """Every action, of the turn before and of the first."""
    for turn in {0, card.turn - 1} & {*range(card.turn)}:
        for action in get_args(Action):
            number = 9 if action in NUMBERED else None
            score, option = (number, None) if action == "score" else (None, number)
            yield CardButton(card.interview_id, turn, action, score, option)


def live(card: ShowCard) -> list[str]:
    return [str(one["callback_data"]) for row in card.keyboard for one in row]


def ended(card: ShowCard) -> bool:
    """Whether it asks nothing: all that may be done is to change what was said."""
    return all(data.endswith(".amend") for data in live(card))


@pytest.fixture
async def walkers(house: House) -> AsyncIterator[Mapping[str, Walker]]:
    """Somebody in every phase."""
    house.extra = {"OTKLIK_CATALOGUE": str(Path(__file__).with_name("catalogue"))}
    guests, clock = await house.settle(len(PHASES)), Clock()
    async with open_database(house.database_url) as database:
        hall = Hall(await build(house.settings, database, clock))
        found = {
            phase: Walker(hall, guest.id, {"first link": guest.token})
            for phase, guest in zip(PHASES, guests, strict=True)
        }
        for phase, walker in found.items():
            await walker.walk(PHASES[phase][0])
        clock.move(timedelta(days=8))
        await hall.service.outreach.sweep()
        first, second = await invite(hall, clock), await invite(hall, clock)
        for (phase, walker), guest in zip(found.items(), guests, strict=True):
            walker.links = {"first link": first[guest.external_id], "second link": second[guest.external_id]}
            await walker.walk(PHASES[phase][1])
        yield found
        await hall.service.telegram.close()


async def invite(hall: Hall, clock: Clock) -> Mapping[str, str]:
    """The token of a fresh invitation for each in the directory."""
    async with hall.service.database.unit_of_work() as uow:
        everybody = await uow.directory.stakeholders()
        asked = hall.service.library.current(QUESTIONNAIRE)
        issued = await issue(uow, asked, everybody, hall.service.rules, clock.now(), new_token)
        await uow.commit()
    return {each.stakeholder.person.external_id: each.token for each in issued}


def test_every_kind_of_button_is_pressed() -> None:
    assert {CardButton, *OF_OTHERS} == set(get_args(Button))


async def test_an_old_button_says_one_line_changes_nothing_and_brings_down_what_is_open(
    walkers: Mapping[str, Walker],
) -> None:
    for phase, walker in walkers.items():
        async with walker.hall.service.database.unit_of_work() as uow:
            assert " ".join(map(stands, await interviews(uow, walker))) == PHASES[phase][2], phase
        for button in walker.buttons():
            async with walker.hall.service.database.unit_of_work() as uow:
                await look(f"{button} in the phase “{phase}”", walker, button, uow)


async def look(where: str, walker: Walker, button: Button, uow: StoredUnitOfWork) -> None:
    before = await interviews(uow, walker)
    open_ = await uow.interviews.open_of(walker.id)
    update = pressed(walker.id, write(button), **said(walker.id, message_id=OLD))
    replies = await walker.hall.service.handle(uow, {"update_id": next(walker.hall.numbers), **update})
    messages, after = await uow.queue.flush(), await interviews(uow, walker)
    assert [heard_of(one) for one in after] == [heard_of(one) for one in before], where
    lines = [one.text for one in replies if isinstance(one, Toast)]
    assert len(lines) == 1, where
    assert lines[0] or messages or len(replies) > 1, f"{where}: silence"
    assert lines[0] is None or (len(lines[0]) <= 200 and "\n" not in lines[0]), where
    drawn = {reply.message_id for reply in replies if isinstance(reply, ShowCard)}
    assert OLD not in drawn or walker.taps_twice(button), f"{where}: a second card in the old message"
    if open_ is not None and not open_.interview.put_off and not walker.taps_twice(button):
        assert any(comes_down(reply, after) for reply in replies), f"{where}: the card stays above"


async def interviews(uow: StoredUnitOfWork, walker: Walker) -> list[OpenInterview]:
    return [one for key in walker.cards if (one := await uow.interviews.get(key)) is not None]


def stands(one: OpenInterview) -> str:
    return "commented" if one.interview.comment else str(one.interview.disposition or one.interview.phase)


def heard_of(one: OpenInterview) -> object:
    return one.interview.answers, one.interview.draft, one.interview.amended


def comes_down(reply: Reply, after: Sequence[OpenInterview]) -> bool:
    """Whether it is the card of an open interview, as a new message."""
    still = {one.interview.id for one in after if one.interview.phase is not Phase.CLOSED}
    return isinstance(reply, ShowCard) and reply.below and reply.interview_id in still
