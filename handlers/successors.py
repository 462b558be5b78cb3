"""Somebody to be asked instead: the card on which an admin decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from aiogram.types import CallbackQuery

from handlers.buttons import SuccessorButton, write
from handlers.desk import Desk
from handlers.replies import Keyboard, Replies, Toast, button
from surveys.contact_ports import Proposed
from surveys.directory import Person
from surveys.locales import translations
from surveys.questionnaire import Language
from surveys.successors import Settled, dismiss, invite

LABEL = 40
"""Characters of a button that a phone shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessorCard:
    """What the card tells. `known`: who may be meant. `decision`: in words, of somebody asked in Telegram."""

    proposed: Proposed
    person: str
    account: str
    project: str
    roles: Sequence[str]
    title: str
    known: Sequence[Person] = ()
    successor: str | None = None
    decision: str | None = None


async def decide(desk: Desk, query: CallbackQuery, pressed: SuccessorButton) -> Replies:
    """An admin's decision. Of two the first counts; the other is told whose it was."""
    user = query.from_user
    settled = await _settle(desk, pressed, user.full_name)
    if settled is None:
        return [Toast(query.id, await desk.sentence(user, "button_unknown"))]
    place = query.message.message_id if query.message else None
    payload = {"successor": pressed.successor_id, "message_id": place}
    await desk.uow.deliveries.add(user.id, "successor", payload, at=desk.now)
    if settled.fresh:
        if settled.proposed.link_until is not None:
            await desk.uow.deliveries.add(user.id, "successor_link", {"successor": pressed.successor_id}, at=desk.now)
        return [Toast(query.id)]
    t = translations("bot", await desk.language(user)).gettext
    return [Toast(query.id, t("{name} has already decided this.").format(name=settled.proposed.decided_by))]


async def _settle(desk: Desk, pressed: SuccessorButton, by: str) -> Settled | None:
    if pressed.action == "dismiss":
        return await dismiss(desk.work, pressed.successor_id, by)
    return await invite(desk.work, pressed.successor_id, pressed.person_id, by, desk.new_id, desk.token_of)


def words_of(card: SuccessorCard, language: Language) -> str:
    """The card as HTML; what people said in it is never markup."""
    return "\n\n".join(map(escape, _paragraphs(card, language)))


def _paragraphs(card: SuccessorCard, language: Language) -> Iterator[str]:
    t = translations("bot", language).gettext
    where = ", ".join((card.account, card.project, *card.roles))
    said = t("{person} ({where}) says that somebody else should be asked: “{title}”.")
    yield said.format(person=card.person, where=where, title=card.title)
    if card.proposed.words is None:
        yield t("They do not know whom to ask.")
    else:
        yield t("To be asked instead: “{words}”.").format(words=card.proposed.words)
    yield from _outcome(card, language)


def _outcome(card: SuccessorCard, language: Language) -> Iterator[str]:
    t = translations("bot", language).gettext
    by = {"name": card.proposed.decided_by, "person": card.successor}
    if card.proposed.state == "dismissed":
        yield t("Dismissed by {name}.").format(**by)
    elif card.proposed.link_until is not None:
        yield t("{name} has invited {person}. Whoever invited has the text with the link to pass on.").format(**by)
    elif card.proposed.state == "invited":
        yield t("{name} has chosen {person}, whom the bot can write to: {decision}.").format(
            **by, decision=card.decision
        )


def keyboard_of(card: SuccessorCard, language: Language) -> Keyboard:
    """Whom the directory knows first; nothing once it is decided."""
    t = translations("bot", language).gettext
    proposed = card.proposed
    if proposed.state != "proposed":
        return ()
    known = [
        [_button(t("Ask {name}").format(name=one.name), SuccessorButton(proposed.id, "invite", one.id))]
        for one in card.known
    ]
    new = t("Invite as a new person") if known else t("Invite")
    fresh = [] if proposed.words is None else [[_button(new, SuccessorButton(proposed.id, "invite"))]]
    return [*known, *fresh, [_button(t("Dismiss"), SuccessorButton(proposed.id, "dismiss"))]]


def invitation_words(language: Language, *, vendor: str, project: str, minutes: int, link: str) -> str:
    """The text that is passed on to the successor, in their language: plain text."""
    t = translations("bot", language).gettext
    words = t(
        "Hello. {vendor} would like to hear your opinion on the project “{project}”: a colleague of yours suggested "
        "asking you. It takes about {minutes} min. in Telegram. This link is for you alone:"
    )
    return f"{words.format(vendor=vendor, project=project, minutes=minutes)}\n{link}"


def _button(label: str, behind: SuccessorButton) -> dict[str, object]:
    shown = label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
    return dict(button(shown, write(behind)))
