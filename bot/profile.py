"""How the bot presents itself in Telegram: its commands, in every language."""

import structlog

from bot.telegram import Result, Telegram
from bot.updates import insist
from handlers.replies import Call
from surveys.locales import N_, translations
from surveys.questionnaire import Language
from surveys.rights import admits
from surveys.rules import Access, Rules

log = structlog.get_logger()


COMMANDS = {
    "start": N_("Back to the question"),
    "language": N_("Change the language"),
    "stop": N_("Stop asking me"),
    "privacy": N_("Who sees the answers"),
    "mydata": N_("What is stored about me"),
    "forget": N_("Delete my data"),
    "help": N_("What I can do"),
}


STAFF_COMMANDS = {
    "interview": N_("Hold a talk and write down the answers"),
    "report": N_("The figures"),
    "verbatims": N_("What clients write"),
    "fieldwork": N_("Who answered and who did not"),
    "cases": N_("Cases to work on"),
    "committee": N_("Causes that repeat, and improvements"),
    "why": N_("Why somebody was or was not asked"),
    "language": COMMANDS["language"],
    "help": COMMANDS["help"],
}


async def introduce(telegram: Telegram, rules: Rules) -> None:
    """Tells Telegram the commands. A refusal is no reason not to serve."""
    calls = [_commands(rules.language, default=True), *(_commands(language) for language in rules.languages)]
    for call in calls:
        outcome = await insist(telegram, call)
        if outcome.result is not Result.DONE:
            log.warning("commands not set", reason=outcome.reason)


def staff_commands(chat_id: int, language: Language, access: Access) -> Call:
    """The menu in a chat with one of the vendor's people: what they may do."""
    t = translations("bot", language).gettext
    commands = [
        {"command": name, "description": t(words)}
        for name, words in STAFF_COMMANDS.items()
        if admits(access, chat_id, f"/{name}")
    ]
    return Call("setMyCommands", {"commands": commands, "scope": {"type": "chat", "chat_id": chat_id}})


def _commands(language: Language, *, default: bool = False) -> Call:
    t = translations("bot", language).gettext
    commands = [{"command": name, "description": t(words)} for name, words in COMMANDS.items()]
    return Call("setMyCommands", {"commands": commands, **({} if default else {"language_code": language})})
