"""Cards of cases for everybody who has them, after the steps of a transaction."""

from collections.abc import Collection, Sequence

from handlers.cards import show
from handlers.case_cards import face
from handlers.case_menus import of_view
from handlers.replies import Keyboard, ShowCard
from surveys.cases.ports import CaseCard, CaseView, card_name
from surveys.cases.work import LoopWork


async def drawn(work: LoopWork, already: Collection[str] = ()) -> Sequence[ShowCard]:
    """The cards of what was touched. `already`: names of those that are shown otherwise."""
    if not work.touched:
        return ()
    wanted = await work.uow.cases.cards(work.touched)
    if wanted:
        await work.uow.interviews.write_answers()
    ended = [show(one.opened, one.questionnaire, work.rules) for one in work.ended]
    return [*ended, *await cards(work, wanted, already)]


async def cards(work: LoopWork, wanted: Sequence[CaseCard], already: Collection[str] = ()) -> Sequence[ShowCard]:
    """These cards as they are now."""
    if not wanted:
        return ()
    views = await work.uow.cases.views({card.case_id for card in wanted})
    return [
        shown(work, views[card.case_id], card)
        for card in wanted
        if card.case_id in views and card_name(card.case_id, card.chat_id) not in already
    ]


def shown(
    work: LoopWork,
    view: CaseView,
    card: CaseCard,
    text: str | None = None,
    keyboard: Keyboard | None = None,
    *,
    below: bool = False,
) -> ShowCard:
    """The card, or a menu in its place. Outside working hours it arrives without a sound, but for what is critical."""
    language = work.rules.speaks(card.language)
    late = work.loop.working(work.now, card.chat_id, view.case.severity) > work.now
    return ShowCard(
        interview_id=card_name(card.case_id, card.chat_id),
        turn=view.case.version,
        chat_id=card.chat_id,
        message_id=card.message_id,
        text=face(view, work.loop, language, work.now) if text is None else text,
        keyboard=of_view(view, language) if keyboard is None else keyboard,
        below=below or (card.case_id, card.chat_id) in work.loud,
        silent=late,
    )
