"""Words after which nobody waits: beginnings of words with *, whole words without. A vendor's own list replaces it."""

from collections.abc import Mapping
from typing import Final

ALERT_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ru": (
        *("расторг*", "расторж*", "претензи*", "рекламаци*", "неустойк*", "штраф*", "пени", "убыт*", "ущерб*"),
        *("суд", "суда", "суде", "суду", "судом", "судиться", "судебн*", "арбитраж*", "юрист*", "адвокат*"),
        *("иск", "иска", "иске", "иску", "иском", "иски", "исков*", "конкурент*"),
    ),
    "en": (
        *("terminat*", "penalt*", "lawsuit*", "lawyer*", "attorney*", "litigat*", "court", "courts", "sue", "sued"),
        *("suing", "breach*", "refund*", "compensation", "damages", "competitor*"),
    ),
    "uk": (
        *("розірв*", "розірван*", "розрив", "розриву", "претензі*", "рекламаці*", "неустойк*", "неустойок", "штраф*"),
        *("пеня", "пені", "збитк*", "збиток", "суд", "суду", "суді", "судом", "судов*", "позов*", "арбітраж*"),
        *("юрист*", "адвокат*", "конкурент*"),
    ),
}
