"""A favour asked of somebody who praised us, and their answer."""

from collections.abc import Mapping
from typing import Final, get_args

from aiogram.types import CallbackQuery

from handlers.buttons import OpportunityButton, write
from handlers.desk import Desk
from handlers.notices import sentence
from handlers.old_buttons import beside, place_of, unknown
from handlers.replies import Call, Replies, Toast, button, message
from surveys.cases.opportunities import Favour, answer
from surveys.directory import Stakeholder
from surveys.locales import N_, translations
from surveys.questionnaire import Language

ANSWERS: Final[Mapping[Favour, str]] = {
    "reference": N_("I could give a reference"),
    "study": N_("I could help with a case study"),
    "talk": N_("I could speak at an event"),
    "introduction": N_("I could introduce you to somebody"),
    "none": N_("No, thank you"),
}
SAID: Final = "opportunity_said"


def card(chat_id: int, opportunity_id: int, language: Language) -> Call:
    """The question, with a button for each favour."""
    t = translations("bot", language).gettext
    keyboard = [[button(t(label), write(OpportunityButton(opportunity_id, key)))] for key, label in ANSWERS.items()]
    return message(chat_id, sentence("opportunity", language), keyboard)


async def press(desk: Desk, query: CallbackQuery, pressed: OpportunityButton) -> Replies:
    """An answer: the first one counts."""
    user = query.from_user
    person = await desk.uow.people.by_telegram(user.id)
    favour = next((known for known in get_args(Favour) if known == pressed.favour), None)
    if person is None or favour is None:
        return await unknown(desk, query)
    if not await answer(desk.uow, desk.cases, desk.rules, person, pressed.opportunity_id, favour):
        return [Toast(query.id, await desk.sentence(user, "remark_gone")), *await beside(desk, query)]
    code = "opportunity_declined" if favour == "none" else "opportunity_taken"
    payload = {"say": code, "language": await desk.language(user), "message_id": place_of(query)}
    await desk.uow.deliveries.add(user.id, SAID, payload, at=desk.now)
    return [Toast(query.id), *await beside(desk, query)]


def thanks(chat_id: int, payload: Mapping[str, object]) -> Call:
    """In the place of the question."""
    place = payload["message_id"]
    words = sentence(str(payload["say"]), str(payload["language"]))
    return message(chat_id, words, edit=place if isinstance(place, int) else None)


def letter(chat_id: int, held: Stakeholder, favour: Favour, language: Language) -> Call:
    """What the account's manager is told."""
    t = translations("bot", language).gettext
    who = f"{held.person.name} · {held.account.name} · {held.project.name}"
    return message(chat_id, "\n".join([t("A client is ready to help:"), who, t(ANSWERS[favour])]))
