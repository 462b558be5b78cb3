"""What every handler works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers.attachments import Albums
from handlers.cards import show
from handlers.notices import sentence
from handlers.replies import Replies, ShowCard
from handlers.taps import Account
from surveys import answering
from surveys.answering import Responded
from surveys.cases.work import LoopWork
from surveys.contact import Policy
from surveys.invitations import Caller
from surveys.ports import Library, UnitOfWork
from surveys.questionnaire import Language
from surveys.rights import may_enter
from surveys.rules import Rules
from surveys.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The transaction of this update, the vendor's rules, and the moment (aware, UTC).

    `token_of`: the token of what is called so, the same again and again, and never to be guessed.
    """

    uow: UnitOfWork
    library: Library
    rules: Rules
    now: datetime
    new_id: Callable[[], str]
    cases: LoopWork
    albums: Albums = field(default_factory=Albums)
    policy: Policy
    token_of: Callable[[str], str]

    @property
    def work(self) -> Work:
        """The same for use cases of contact."""
        return Work(uow=self.uow, library=self.library, rules=self.rules, policy=self.policy, now=self.now)

    async def admits(self, user: Account, entrance: str) -> bool:
        """Whether a command, or a kind of button, exists for this account."""
        return await may_enter(self.uow, self.rules.access, user.id, entrance)

    async def hear(self, user: Account) -> Replies:
        """Whoever says something can be reached; one of the vendor's people is called as they call themselves.

        The cards of what ended while they could not be.
        """
        person = await self.uow.people.by_telegram(user.id)
        if person is None:
            await self._meet(user)
        elif person.unreachable_at is not None:
            await self.uow.people.set_unreachable(user.id, None)
            return await self.catch_up(user)
        return ()

    async def catch_up(self, user: Account) -> Replies:
        """The cards of what ended while this account could not be reached: they say so where they are."""
        ended = await answering.ended_unseen(self.uow, self.library, user.id)
        return [replace(self.card(one), in_place=True) for one in ended]

    async def _meet(self, user: Account) -> None:
        key, name = f"staff:{user.id}", user.full_name[:60]
        ours = self.rules.access.is_staff(user.id) or await self.uow.cases.concerns(user.id)
        if ours and await self.uow.settings.get(key) != name:
            await self.uow.settings.set(key, name)

    async def language(self, user: Account) -> Language:
        """The language to speak with this account: as they chose, else as their application is set."""
        person = await self.uow.people.by_telegram(user.id)
        chosen = person.language if person else await self._of_staff(user)
        return self.rules.speaks(chosen, user.language_code)

    async def choose_language(self, user: Account, language: Language) -> None:
        """Remembers it for a member of staff; the directory does so for clients, and nobody for strangers."""
        if self.rules.access.is_staff(user.id):
            await self.uow.settings.set(f"language:{user.id}", language)

    def caller(self, user: Account) -> Caller:
        """Who knocks."""
        return Caller(telegram_id=user.id, mark=self.token_of(f"guesses:{user.id}"), language=user.language_code)

    async def _of_staff(self, user: Account) -> Language | None:
        staff = self.rules.access.is_staff(user.id)
        return await self.uow.settings.get(f"language:{user.id}") if staff else None

    async def sentence(self, user: Account, code: str) -> str:
        """A sentence of `handlers.notices` in this account's language."""
        return sentence(code, await self.language(user))

    async def say(
        self,
        user: Account,
        code: str,
        values: Mapping[str, object] | None = None,
        *,
        buttons: str | None = None,
        at: int | None = None,
        language: Language | None = None,
    ) -> None:
        """Sends a sentence of `handlers.notices` right after the commit, `at` in the place of a message.

        `language`: where it is no longer known whose this account is.
        """
        language = language or await self.language(user)
        known = {"vendor": self.rules.calls_itself(language), **(values or {})}
        payload = {"say": code, "language": language, "values": known, "buttons": buttons, "message_id": at}
        await self.uow.deliveries.add(user.id, "notice", payload, at=self.now)

    def card(self, responded: Responded, *, at: int | None = None, below: bool = False) -> ShowCard:
        """The card of the interview as it stands now, in the message `at` or below it; a copy loses its buttons."""
        shown = show(responded.opened, responded.questionnaire, self.rules, at=at, below=below)
        return replace(shown, stale=responded.copy)
