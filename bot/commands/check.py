"""`otklik check`."""

from collections.abc import Collection, Iterator

from bot.console import DONE, WITH_PROBLEMS, complain, say
from bot.library import read_catalogue
from bot.settings import Settings


def check(settings: Settings) -> int:
    """Reads every questionnaire in all languages, and looks up what the configuration names."""
    documents, problems = read_catalogue(settings)
    problems = (*problems, *(() if problems else unknown_questionnaires(settings, documents.keys())))
    problems = (*problems, *_shared_names(settings))
    complain(problems)
    if problems:
        return WITH_PROBLEMS
    languages = ", ".join(settings.vendor.languages)
    say(f"The configuration is valid. Questionnaires: {len(documents)}, each in {languages}.")
    return DONE


def unknown_questionnaires(settings: Settings, known: Collection[str]) -> Iterator[str]:
    """Places of the configuration that name a questionnaire the catalogue does not have."""
    named = {
        "relationship.questionnaire": settings.relationship.questionnaire,
        **{f"pulses.{event}.questionnaire": pulse.questionnaire for event, pulse in settings.pulses.items()},
        **{f"waves.{wave.key}.questionnaire": wave.questionnaire for wave in settings.waves},
    }
    for place, key in named.items():
        if key not in known:
            yield f"{place}: there is no questionnaire {key!r} in the catalogue; allowed: {', '.join(sorted(known))}"


def _shared_names(settings: Settings) -> Iterator[str]:
    if any(scope.projects for scope in settings.access.managers.values()):
        from bot.project_names import shared_names  # a check that needs no database loads none

        yield from shared_names(settings)
