"""`otklik play`: a questionnaire in the terminal, answers from standard input."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.console import DONE, WITH_PROBLEMS, Trouble, say
from bot.playing import Play, example, plain, questionnaire_named, rows_of
from bot.settings import Settings
from handlers.buttons import CardButton
from handlers.notices import sentence
from surveys.events import AnswerRejected, ButtonStale, Event
from surveys.interview import Answer, Phase
from surveys.locales import translations
from surveys.mentions import mentioned
from surveys.questionnaire import Language
from surveys.signals import Action

COMMANDS: Final[Mapping[Action, str]] = {
    "begin": "/start",
    "postpone": "/later",
    "hour": "/hour",
    "tomorrow": "/tomorrow",
    "morning": "/morning",
    "week": "/week",
    "resume": "/resume",
    "refuse": "/stop",
    "inapplicable": "/na",
    "next": "/next",
    "done": "/done",
    "skip": "/skip",
    "send": "/send",
    "more": "/more",
    "keep": "/keep",
    "comment": "/comment",
    "discard": "/no",
    "back": "/back",
}
ONWARD: Final[tuple[Action, ...]] = ("begin", "next", "done", "keep", "skip", "send", "resume", "back")
"""What an empty line stands for: the first of these that the card has."""


def play(
    settings: Settings,
    key: str,
    roles: Sequence[str],
    lang: str | None,
    stage: str | None,
    data: Sequence[str],
) -> int:
    """Plays to the end of the questionnaire; an input that ends before is a problem."""
    language = _known("--lang", lang or settings.vendor.language, settings.vendor.languages)
    asked = [_known("--role", role, tuple(settings.roles)) for role in roles]
    at = _known("--stage", stage, tuple(settings.journey)) if stage else None
    questionnaire = questionnaire_named(settings, key)
    event = dict(map(_pair, data))
    about = example(translations("bot", language).gettext("Example"), at, event)
    part = Play(questionnaire, settings.rules(), about, asked, language)
    if part.asks_nothing():
        raise Trouble(f"{key} has no question for {', '.join(asked)}")
    for name in sorted(event.keys() - mentioned(questionnaire)):
        say(f"--data: no text or condition of {key} speaks of {name!r}.\n")
    return DONE if _through(part) else WITH_PROBLEMS


def _through(part: Play) -> bool:
    """From the introduction, which is agreed to, to the last words; whether it came to them."""
    say(plain(part.card()) + "\n")
    part.press(_buttons(part)["begin"])
    _show(part)
    for line in _lines():
        before = part.opened.interview
        for words in _heard(part, line):
            say(words + "\n")
        if part.opened.interview.phase is Phase.CLOSED:
            break
        if part.opened.interview is not before:
            _show(part)
    else:
        say("The input has ended before the questionnaire.")
    _recorded(part)
    return part.opened.interview.phase is Phase.CLOSED


def _lines() -> Iterator[str]:
    """What is typed; from a pipe it is shown as well, for nobody has seen it yet."""
    while True:
        sys.stdout.write("> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            say()
            return
        if not sys.stdin.isatty():
            say(line.strip())
        say()
        yield line.strip()


def _heard(part: Play, line: str) -> Iterator[str]:
    """Takes in one line; gives what there is to say to it besides the next card."""
    buttons = _buttons(part)
    action = next((one for one, word in COMMANDS.items() if word == line), None)
    if not line:
        action = next(one for one in ONWARD if one in buttons)
    if line.startswith("/") and action not in buttons:
        yield f"There is no {line} here; allowed: {', '.join(COMMANDS[one] for one in buttons)}"
        return
    pressed = buttons[action] if action else _option(part, line)
    events = part.press(pressed) if pressed else part.say(line)
    yield from _sentences(events, part.opened.interview.language)
    if part.opened.interview.phase is Phase.CLOSED:
        yield plain(part.card())


def _sentences(events: Sequence[Event], language: Language) -> Iterator[str]:
    for event in events:
        match event:
            case AnswerRejected(reason, values):
                yield sentence(reason, language, values)
            case ButtonStale():
                yield sentence("button_unknown", language)


def _show(part: Play) -> None:
    say(plain(part.card()) + "\n")
    numbered = _numbered(part)
    for row in rows_of(part.card()):
        say("   ".join(_label(text, button, numbered) for text, button in row))


def _label(text: str, button: CardButton, numbered: Sequence[CardButton]) -> str:
    """A button and what to type for it."""
    if button in numbered:
        return f"{numbered.index(button) + 1} [{text}]"
    return f"[{text}]" if button.action == "score" else f"{COMMANDS[button.action]} [{text}]"


def _numbered(part: Play) -> Sequence[CardButton]:
    """Options, or answers to change, that are chosen by their number on the card."""
    buttons = (button for row in rows_of(part.card()) for _, button in row)
    return [button for button in buttons if button.action in {"pick", "change"}]


def _buttons(part: Play) -> Mapping[Action, CardButton]:
    """The moves of the card; scores and options are typed as numbers."""
    buttons = (button for row in rows_of(part.card()) for _, button in row)
    return {button.action: button for button in buttons if button.action in COMMANDS}


def _option(part: Play, line: str) -> CardButton | None:
    """The option of this number."""
    return next((button for place, button in enumerate(_numbered(part), 1) if line == str(place)), None)


def _recorded(part: Play) -> None:
    """What would have been stored."""
    answers = part.opened.interview.answers
    say(f"Answers: {len(answers)}")
    for key, answer in answers.items():
        say(f"  {key}: {_value(answer)}")


def _value(answer: Answer) -> str:
    parts = [", ".join(answer.choice), answer.text or "", "" if answer.score is None else str(answer.score)]
    return " – ".join(part for part in parts if part)


def _known(option: str, word: str, allowed: Sequence[str]) -> str:
    if word not in allowed:
        raise Trouble(f"{option}: there is no {word!r}; allowed: {', '.join(allowed)}")
    return word


def _pair(told: str) -> tuple[str, str]:
    name, equals, value = told.partition("=")
    if not name or not equals:
        raise Trouble(f"--data: {told!r} says nothing of an event; allowed: NAME=VALUE, for example priority=high")
    return name, value
