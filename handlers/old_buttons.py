"""Buttons whose time is over: each answers in a line, and the card of what is open comes back down."""

from dataclasses import replace

from handlers.buttons import CardButton
from handlers.cards import ran_out
from handlers.desk import Desk
from handlers.replies import Replies, ShowCard, Toast
from handlers.taps import Query
from surveys import answering
from surveys.answering import Responded
from surveys.interview import Disposition, Interview, Phase
from surveys.ports import OpenInterview


async def bring_down(desk: Desk, opened: OpenInterview, pressed_on: int | None = None) -> ShowCard:
    """The card as a new message. `pressed_on`: a message that loses its buttons."""
    responded = await answering.recall(desk.uow, desk.library, opened, desk.now)
    return replace(desk.card(responded, at=opened.card.message_id, below=True), stale=pressed_on)


async def unknown(desk: Desk, query: Query) -> Replies:
    """What nobody knows any more, or not in this chat."""
    note = await desk.sentence(query.from_user, "button_unknown")
    return [Toast(query.id, note), *await beside(desk, query)]


async def stale(desk: Desk, query: Query, button: CardButton, responded: Responded) -> Replies:
    """A button of an earlier card. A double tap says nothing; any other brings down the card that counts."""
    opened = responded.opened
    if opened.interview.phase is Phase.CLOSED:
        note = await desk.sentence(query.from_user, _farewell(opened.interview))
        tapped_twice = button.turn == opened.interview.turn - 1
        others = () if tapped_twice else await beside(desk, query)
        return [Toast(query.id, note), replace(desk.card(responded), stale=place_of(query)), *others]
    if opened.card.message_id in (None, place_of(query)):
        return [Toast(query.id), desk.card(responded)]
    note = await desk.sentence(query.from_user, "card_moved")
    return [Toast(query.id, note), await bring_down(desk, opened, place_of(query))]


async def beside(desk: Desk, query: Query) -> Replies:
    """The card of what is open, after a button that is none of it. What was put off goes on sleeping."""
    opened = await desk.uow.interviews.open_of(query.from_user.id)
    if opened is None or opened.interview.put_off:
        return ()
    if opened.card.message_id in (None, place_of(query)):
        return [desk.card(await answering.as_it_is(desk.library, opened))]
    return [await bring_down(desk, opened)]


def place_of(query: Query) -> int | None:
    """The message whose button was pressed."""
    return query.message.message_id if query.message else None


def _farewell(interview: Interview) -> str:
    """Which sentence says why nothing more is asked."""
    if interview.cause == "wrong_person":
        return "redirected"
    if interview.cause == "overtaken":
        return "overtaken"
    if interview.disposition is Disposition.COMPLETE:
        return "invitation_used"
    return "ran_out" if ran_out(interview) else "stopped"
