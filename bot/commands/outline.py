"""`otklik outline`: a questionnaire as readable Markdown."""

from bot.console import DONE, Trouble, say
from bot.outline import outline as as_markdown
from bot.outline_conditions import Reader
from bot.playing import questionnaire_named
from bot.settings import Settings


def outline(settings: Settings, key: str, role: str | None, lang: str | None) -> int:
    """Prints it in one language, or in all of them one after another."""
    questionnaire = questionnaire_named(settings, key)
    languages = settings.vendor.languages
    if lang and lang not in languages:
        raise Trouble(f"--lang: there is no {lang!r}; allowed: {', '.join(languages)}")
    if role and role not in settings.roles:
        raise Trouble(f"--role: there is no {role!r}; allowed: {', '.join(settings.roles)}")
    readers = [Reader(questionnaire, settings, one) for one in ([lang] if lang else languages)]
    say("\n---\n\n".join(as_markdown(reader, role) for reader in readers).rstrip("\n"))
    return DONE
