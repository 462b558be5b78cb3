"""What the settings say about reports."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile
from textwrap import shorten
from typing import Final

from bot.settings import Settings
from reports.labels import Labels
from reports.speech import language_names
from storage.database import Database
from storage.reading import Reading
from surveys.authoring.building import build
from surveys.channels import TALK
from surveys.questionnaire import Asked, Questionnaire, ScaleItem, StatementItem, Text
from surveys.reporting import ReportRules
from surveys.rules import Rules
from surveys.verbatims import Explained, explained

CHANNELS: Final[Mapping[str, Text]] = {
    "telegram": {"ru": "Телеграм", "en": "Telegram", "uk": "Телеграм"},
    TALK: {"ru": "Беседа", "en": "Talk", "uk": "Бесіда"},
}
PLACE: Final = re.compile(r"\{[a-z_.]+\}")
SHORT: Final = 60
"""Characters of a question that stand for it."""


def report_rules(settings: Settings, *, confidential: bool) -> ReportRules:
    """The vendor's decisions about reports.

    `confidential`: somebody was promised confidentiality, so every report keeps it: taken from one that does not, one
    that does would tell of single people.
    """
    return ReportRules(
        weights=settings.csi_weights,
        csi_basis=settings.csi.basis,
        mode="confidential" if confidential else settings.privacy.mode,
        min_group=settings.privacy.min_group,
        min_group_verbatims=settings.privacy.min_group_verbatims,
        order={
            "stage": tuple(settings.journey),
            "role": tuple(settings.weights),
            "block": tuple(settings.offer),
            "component": tuple(key for keys in settings.components.values() for key in keys),
        },
    )


async def current_labels(settings: Settings, database: Database) -> Labels:
    """What everything in a report is called: by the settings, and by the newest published questionnaires."""
    async with database.reading() as reading:
        newest = {one.key: one for one in await reading.questionnaires.all()}
    return report_labels(settings, [build(one.document, one.version) for one in newest.values()])


async def why_questions(reading: Reading) -> Explained:
    """Which score each open question of every version asks the reason for."""
    return explained([build(one.document, one.version) for one in await reading.questionnaires.all()])


def report_labels(settings: Settings, questionnaires: Sequence[Questionnaire] = ()) -> Labels:
    """What the vendor's things are called."""
    blocks, stages = settings.offer, settings.journey
    components: dict[str, Text] = {key: title for block in blocks.values() for key, title in block.components.items()}
    touchpoints: dict[str, Text] = {key: title for one in stages.values() for key, title in one.touchpoints.items()}
    return {
        "role": {key: role.title for key, role in settings.roles.items()},
        "stage": {key: stage.title for key, stage in stages.items()},
        "block": {key: block.title for key, block in blocks.items()},
        "component": components,
        "touchpoint": touchpoints,
        "questionnaire": {one.key: one.title for one in questionnaires},
        "item": _items(questionnaires, components, settings.rules()),
        "channel": CHANNELS,
        "language": language_names(settings.vendor.languages),
    }


def _items(questionnaires: Sequence[Questionnaire], components: Mapping[str, Text], rules: Rules) -> dict[str, Text]:
    """Every score by its component, the first one of it, or else by how it begins; other questions as in a list.

    Relationship surveys come first: they ask about the components by themselves.
    """
    ordered = sorted(questionnaires, key=lambda one: (one.kind != "relationship", one.key))
    asked: defaultdict[str, list[Asked]] = defaultdict(list)
    for item in (item for one in ordered for item in one.items if isinstance(item, Asked)):
        if not isinstance(item, StatementItem):
            asked[item.key].append(item)
    scored = {key: items[0].component for key, items in asked.items() if isinstance(items[0], ScaleItem)}
    first = {component: key for key, component in reversed(scored.items())}
    listed = {key: items[0].short for key, items in asked.items() if key not in scored}
    titles = {key: components[component] for component, key in first.items() if component and component in components}
    return {key: titles.get(key) or listed.get(key) or _beginning(items, rules) for key, items in asked.items()}


def _beginning(items: Sequence[Asked], rules: Rules) -> Text:
    """What is common to all wordings of a question, shortened; nothing where they begin differently."""
    wordings = [text for item in items for text in item.wording.values()]
    languages = set.intersection(*(set(text) for text in wordings))
    common = {one: _common([_readable(text[one], rules.calls_itself(one)) for text in wordings]) for one in languages}
    return {language: common[language] for language in sorted(languages) if common[language]}


def _readable(wording: str, vendor: str) -> str:
    return PLACE.sub("…", wording.replace("{vendor}", vendor))


def _common(texts: Sequence[str]) -> str:
    """The words that all texts begin with.

    >>> _common(["How was it?"]), _common(["How was the talk?", "How was the training?"])
    ('How was it?', 'How was the…')
    """
    letters = takewhile(lambda each: len(set(each)) == 1, zip(*texts, strict=False))
    shared = "".join(each[0] for each in letters)
    whole = shared if all(text == shared for text in texts) else shared.rpartition(" ")[0] + "…"
    return "" if whole == "…" else shorten(whole, SHORT, placeholder="…")
