"""People who go through a questionnaire by a fixed rule, and what they see and press on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.playing import Play, example, plain, rows_of
from bot.settings import Settings
from handlers.buttons import CardButton
from handlers.replies import ShowCard
from surveys.authoring.building import build
from surveys.authoring.catalogue import read_directory
from surveys.conditions import Chose
from surveys.flow import at_first_question
from surveys.interview import Phase
from surveys.questionnaire import (
    END,
    OTHER,
    Asked,
    ChoiceItem,
    DateItem,
    Item,
    NumberItem,
    Questionnaire,
    Role,
    ScaleItem,
    TextItem,
    WhyItem,
    addressed_role,
)

SETTINGS = Settings()
VENDOR = {"ru": "Пример-Софт (образец)", "en": "Sample-Soft (sample)", "uk": "Приклад-Софт (зразок)"}
RULES = replace(SETTINGS.rules(), vendor=VENDOR["ru"], vendor_in=VENDOR)
LANGUAGES = ("ru", "en", "uk")
EVENT = {"ticket": "T-1042", "release": "4.2", "milestone": "M3", "manager": "А. Пример"}
PROJECT = {"ru": "Учёт проката (образец)", "en": "Steel ledger (sample)", "uk": "Облік прокату (зразок)"}
WORDS = {
    "ru": "Ответ своими словами, в два предложения. Второе – вот оно.",
    "en": "An answer in words of my own, two sentences of it. This is the second.",
    "uk": "Відповідь своїми словами, на два речення. Друге – ось воно.",
}
MOST_STEPS = 60


def _catalogue() -> dict[str, Questionnaire]:
    documents, problems = read_directory(
        SETTINGS.catalogue_directory,
        offer=SETTINGS.components,
        roles=tuple(SETTINGS.roles),
        languages=LANGUAGES,
        stages=tuple(SETTINGS.journey),
    )
    assert problems == ()
    return {key: build(document, 1) for key, document in documents.items()}


CATALOGUE = _catalogue()
SHORT_CUTS = {key for key, one in CATALOGUE.items() if any(getattr(item, "routes", ()) for item in one.items)}
CASES: Sequence[tuple[str, Role]] = [
    (key, role)
    for key, questionnaire in CATALOGUE.items()
    for role in SETTINGS.roles
    if any(addressed_role(item, (role,)) for item in questionnaire.items if isinstance(item, Asked))
]


@dataclass(frozen=True, slots=True)
class Step:
    """A card, and what the person did with it: a button, or words."""

    card: ShowCard
    pressed: str | None = None
    said: str | None = None

    @property
    def words(self) -> int:
        """Words of the card, without its buttons."""
        return len(plain(self.card).split())

    @property
    def words_on_screen(self) -> int:
        return self.words + sum(len(text.split()) for row in rows_of(self.card) for text, _ in row)


@dataclass(slots=True)
class Person:
    """Somebody of one role who answers in one language.

    `content`: gives the best answers and explains nothing. `unsure`: says so wherever they may. `brief`: takes every
    short cut to the end. `wavering`: in the review makes the first answer worse, and explains it. `remarks`: so many
    times they write words first where a button is expected, keep them, answer, and come back to see what is kept.
    """

    key: str
    role: Role
    language: str
    content: bool = True
    unsure: bool = False
    brief: bool = False
    wavering: bool = False
    after_event: bool = False
    remarks: int = 0
    remarked: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def play(self) -> Sequence[Step]:
        """Every card from the first to the last."""
        part = self._part()
        for _ in range(MOST_STEPS):
            if part.opened.interview.phase is Phase.CLOSED:
                self.steps.append(Step(part.card()))
                return self.steps
            self._step(part)
        raise AssertionError("no end in sight")

    def _part(self) -> Play:
        project = PROJECT[self.language]
        part = Play(CATALOGUE[self.key], RULES, example(project, "operation", EVENT), [self.role], self.language)
        if self.after_event:
            begun = at_first_question(part.questionnaire, part.opened.interview)
            part.opened = replace(part.opened, interview=begun)
        return part

    def _step(self, part: Play) -> None:
        card = part.card()
        words = self._words(part)
        if words is not None:
            self.steps.append(Step(card, said=words))
            part.say(words)
            return
        label, button = self._button(part, card)
        self.steps.append(Step(card, pressed=label))
        assert part.press(button) is not None

    def _words(self, part: Play) -> str | None:
        """What they write, where they write."""
        item = self._item(part)
        draft = part.opened.interview.draft
        if item is not None and self._remarks_on(item, part):
            self.remarked.append(item.key)
            return f"{WORDS[self.language]} {WORDS[self.language]}"
        if item is None or (self.content and part.opened.interview.changing is None):
            return None
        if isinstance(item, ChoiceItem):
            return WORDS[self.language] if draft and OTHER in draft.choice and not draft.text else None
        if isinstance(item, NumberItem):
            return str(item.high)
        if isinstance(item, DateItem):
            return item.until.isoformat()
        return WORDS[self.language] if isinstance(item, TextItem | WhyItem) else None

    def _button(self, part: Play, card: ShowCard) -> tuple[str, CardButton]:
        buttons = [button for row in rows_of(card) for button in row]
        wanted = list(self._wanted(self._item(part), part))
        for action, number in wanted:
            for label, button in buttons:
                if button.action == action and number in (None, button.score, button.option):
                    return label, button
        raise AssertionError(f"none of {wanted} on {buttons}")

    def _wanted(self, item: Item | None, part: Play) -> Iterator[tuple[str, int | None]]:
        """Buttons they would press, the dearest first."""
        if self.unsure:
            yield "inapplicable", None
        interview = part.opened.interview
        yield "comment", None
        if self.remarked and interview.trail[-2:-1] == (self.remarked[-1],):
            self.remarked.append("")
            yield "back", None
        if self.remarked and item is not None and item.key in interview.answers:
            yield "keep", None
        content = self.content and interview.changing is None
        if self.wavering and interview.phase is Phase.REVIEW:
            self.wavering = False
            yield "change", None
        if isinstance(item, ScaleItem):
            best = item.scale.high if item.scale.higher_is_better == content else item.scale.low
            yield "score", best
        if isinstance(item, ChoiceItem):
            yield from self._choice(item, part)
        for action in ("begin", "next", "done", "keep", "skip", "send"):
            yield action, None

    def _remarks_on(self, item: Item, part: Play) -> bool:
        """Unless they go back to the last one first."""
        interview = part.opened.interview
        ahead = not self.remarked or interview.trail[-2:-1] != (self.remarked[-1],)
        pressed = isinstance(item, ScaleItem | NumberItem | DateItem) or (
            isinstance(item, ChoiceItem) and item.other is None
        )
        made = len(self.remarked) - self.remarked.count("")
        return pressed and ahead and made < self.remarks and item.key not in (*self.remarked, *interview.answers)

    def _choice(self, item: ChoiceItem, part: Play) -> Iterator[tuple[str, int | None]]:
        """The content choose the first option; others as many as they can, their own words last."""
        if self.brief:
            yield from (("pick", at) for at, key in enumerate(item.offered) if _leads_out(item, key))
        chosen = set(part.opened.interview.draft.choice if part.opened.interview.draft else ())
        offered = list(item.offered)
        if self.content:
            wanted = [] if chosen else [0]
        elif item.several:
            places = [at for at, key in enumerate(offered) if key in item.options or key == OTHER][::-1]
            wanted = [at for at in places if offered[at] not in chosen] if len(chosen) < min(2, item.at_most) else []
        else:
            wanted = list(range(len(offered)))[::-1]
        yield from (("pick", at) for at in wanted if not _leads_out(item, offered[at]))

    def _item(self, part: Play) -> Item | None:
        current = part.opened.interview.current
        return None if current is None else part.questionnaire.item(current)


def _leads_out(item: ChoiceItem, option: str) -> bool:
    """Whether nothing more is asked after this option."""
    return any(
        route.to == END and isinstance(route.when, Chose) and option in route.when.options for route in item.routes
    )


def transcript(steps: Sequence[Step]) -> str:
    """The conversation as it looks, buttons in brackets, what the person does behind an arrow."""
    return "\n\n".join(line for step in steps for line in _lines(step))


def _lines(step: Step) -> Iterator[str]:
    yield plain(step.card)
    rows = ["   ".join(f"[{text}]" for text, _ in row) for row in rows_of(step.card)]
    if rows:
        yield "\n".join(rows)
    if step.pressed is not None:
        yield f"→ [{step.pressed}]"
    if step.said is not None:
        yield f"→ {step.said}"
