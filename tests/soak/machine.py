"""People who do anything, in any order; after each step what must always hold is looked at."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handlers.buttons import CardButton, read
from sandbox.rooms import Standing
from surveys.interview import Phase
from tests.soak.street import QUESTIONNAIRES, Guest, Street

whose = st.integers(0, 1)
places = st.integers(0, 400)
near = st.integers(0, 12)
WORDS = [
    "5",
    "10",
    "0",
    "12",
    " 3 ",
    "-1",
    "ё",
    "Хорошо <b>&amp; {project}",
    "*_`[",
    "x" * 4096,
    "/",
    "٣",
    "2021-05-05",
    "девять",
    "дев’ять з десяти",
    "four",
    "Трудно сказать: всё зависит от смены",
]
COMMANDS = ["/start", "/stop", "/language", "/help", "/privacy", "/report", "/why", "/mydata", "/nonsense", "/start no"]
HOURS = [1, 5, 30, 200]
MOST_PRESSES = 80
ONWARD = {"begin", "done", "next", "keep", "skip", "send", "unnamed", "hour", "tomorrow", "morning", "week", "resume"}
PICTURE = Path(__file__).with_name("dot.png")


class Conversations(RuleBasedStateMachine):
    """Two people with invitations to several questionnaires, on a street of their own."""

    settle: ClassVar[Callable[[], Street]]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.street = type(self).settle()

    @initialize()
    def arrive(self) -> None:
        self.guests: Sequence[Guest] = [self.street.arrive(), self.street.arrive()]
        self.held = False

    @rule(who=whose, questionnaire=st.sampled_from(QUESTIONNAIRES))
    def opens_an_invitation(self, who: int, questionnaire: str) -> None:
        guest = self.guests[who]
        self.street.run(guest.person.send(f"/start {guest.tokens[questionnaire]}"))

    @rule(who=whose)
    def opens_the_invitation_of_another(self, who: int) -> None:
        token = self.guests[1 - who].tokens[QUESTIONNAIRES[0]]
        if self.guests[1 - who].person.room.standing is not Standing.UNSEEN:
            self.street.run(self.guests[who].person.send(f"/start {token}"))

    @rule(who=whose, which=near, times=st.sampled_from([1, 1, 1, 2, 3]))
    def presses(self, who: int, which: int, times: int) -> None:
        self._press(self.guests[who], self.guests[who].screen, which, times)

    @rule(who=whose, which=near)
    def presses_on(self, who: int, which: int) -> None:
        """A person who answers: the card that is newest, any of its first buttons."""
        self._press(self.guests[who], self.guests[who].screen[:3], which, 1)

    @rule(who=whose, which=places)
    def presses_what_once_was_there(self, who: int, which: int) -> None:
        self._press(self.guests[who], list(self.guests[who].buttons), which, 1)

    @rule(who=whose, which=places)
    def presses_a_button_of_another(self, who: int, which: int) -> None:
        self._press(self.guests[who], list(self.guests[1 - who].buttons), which, 1)

    @rule(who=whose, words=st.sampled_from(WORDS))
    def writes(self, who: int, words: str) -> None:
        self.street.run(self.guests[who].person.send(words))

    @rule(who=whose, command=st.sampled_from(COMMANDS))
    def commands(self, who: int, command: str) -> None:
        self.street.run(self.guests[who].person.send(command))

    @rule(who=whose, which=near, words=st.sampled_from(WORDS))
    def rewrites(self, who: int, which: int, words: str) -> None:
        guest = self.guests[who]
        if guest.written:
            self.street.run(guest.person.edit(guest.written[-1 - which % len(guest.written)], words))

    @rule(who=whose, kind=st.sampled_from(["voice", "photo", "document", "sticker"]))
    def attaches(self, who: int, kind: str) -> None:
        person = self.guests[who].person
        sends: dict[str, Callable[[], object]] = {
            "voice": lambda: self.street.run(person.send_voice(b"ogg")),
            "photo": lambda: self.street.run(person.send_photo(PICTURE.read_bytes(), "look")),
            "document": lambda: self.street.run(person.send_document("plan.pdf", b"pdf")),
            "sticker": lambda: self.street.run(person.send_sticker()),
        }
        sends[kind]()

    @rule(who=whose)
    def blocks_the_bot(self, who: int) -> None:
        self.street.run(self.guests[who].person.block())
        self.guests[who].has_blocked = True

    @rule(who=whose)
    @precondition(lambda self: any(one.person.room.standing is Standing.BLOCKED for one in self.guests))
    def lets_the_bot_write_again(self, who: int) -> None:
        if self.guests[who].person.room.standing is Standing.BLOCKED:
            self.street.run(self.guests[who].person.unblock())

    @rule(which=near)
    def telegram_repeats_itself(self, which: int) -> None:
        brought = self.street.brought
        if brought:
            self.street.bring([brought[-1 - which % len(brought)]])

    @rule()
    @precondition(lambda self: not self.held)
    def telegram_pauses(self) -> None:
        """What people do from now on reaches the bot later, and perhaps in another order."""
        self.held = True

    @rule(order=st.lists(st.integers(0, 8), max_size=8))
    @precondition(lambda self: self.held)
    def telegram_goes_on(self, order: list[int]) -> None:
        self.held = False
        self.street.deliver(order)

    @rule(hours=st.sampled_from(HOURS))
    @precondition(lambda self: not self.held)
    def time_goes_by(self, hours: int) -> None:
        self.street.wait(timedelta(hours=hours))

    @rule(chance=st.integers(0, 9))
    @precondition(lambda self: not self.held)
    def the_service_is_restarted(self, chance: int) -> None:
        if chance == 0:
            self.street.restart()

    @invariant()
    def holds(self) -> None:
        type(self).steps += 1
        if self.held:
            return
        self.street.deliver()
        for guest in self.guests:
            guest.look()
            self._answered(guest)
            self._stored_once(guest)
        faults = [*self.street.refused(), *self.street.set_aside()]
        assert not faults, faults

    def teardown(self) -> None:
        """Whatever was done, whoever then presses what leads on, and writes where asked, comes to the end."""
        try:
            self.street.deliver()
            for guest in self.guests:
                self._finishes(guest)
        finally:
            self.street.close()

    def _press(self, guest: Guest, buttons: Sequence[tuple[int, str]], which: int, times: int) -> None:
        if not buttons:
            return
        message_id, data = buttons[which % len(buttons)]
        if message_id not in guest.person.room.posts:
            message_id = next(reversed(guest.person.room.posts), 0)
        if guest.person.room.standing is not Standing.OPEN or not message_id:
            return
        for _ in range(times):
            guest.asked.append(self.street.run(guest.person.press_forged(data, message_id)))

    def _answered(self, guest: Guest) -> None:
        """Nobody is left with a button that waits."""
        waiting = [query for query in guest.asked if query not in self.street.sandbox.world.answers]
        guest.asked.clear()
        assert not waiting, f"{len(waiting)} presses were not answered"

    def _stored_once(self, guest: Guest) -> None:
        """The answers that count are those of the interview; its card stands once, as the interview does."""
        for stored in self.street.stored(guest):
            assert stored.said == stored.standing
            assert (stored.disposition is None) <= (stored.phase != Phase.CLOSED)
            closed_unseen = guest.has_blocked and stored.phase == Phase.CLOSED
            if guest.person.room.standing is Standing.OPEN and not closed_unseen:
                assert stored.shown_turn == stored.turn, f"the card is behind: {stored}"
                assert len(self.street.cards(guest, stored)) <= 1, f"two live cards of {stored}"

    def _finishes(self, guest: Guest) -> None:
        person = guest.person
        if person.room.standing is Standing.BLOCKED:
            self.street.run(person.unblock())
        pressed = None
        for _ in range(MOST_PRESSES):
            if not any(stored.phase != Phase.CLOSED for stored in self.street.stored(guest)):
                return
            pressed = self._goes_on(guest, pressed)
            self.street.deliver()
            self._answered(guest)
        raise AssertionError(f"no end in sight: {[seen.text for seen in person.messages[-3:]]}, {guest.screen}")

    def _goes_on(self, guest: Guest, before: tuple[int, str] | None) -> tuple[int, str] | None:
        """What was pressed. A button that was pressed `before` and has not led on asks for words."""
        live = next((one for one in guest.screen if leads_on(one[1])), None)
        if live is None or live == before:
            self.street.run(guest.person.send(WORDS[-1] if live else "/start"))
            return None
        guest.asked.append(self.street.run(guest.person.press_forged(live[1], live[0])))
        return live


def leads_on(data: str) -> bool:
    button = read(data)
    return isinstance(button, CardButton) and button.action in ONWARD
