"""What the vendor's people did about the sample cases, and how far each has come. Nothing of it is real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from surveys.cases.case import Kind, Verdict
from surveys.questionnaire import Language

Words = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Move:
    """A step, so long after the last one."""

    kind: Kind
    after: timedelta
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """The steps of a case until it is reported done, then what the client says to it, each time they are asked.

    No verdict: the client does not answer. `asked` False: it has not come so far.
    """

    moves: tuple[Move, ...]
    verdicts: tuple[Verdict, ...] = ()
    asked: bool = True


TALKED: Final[Words] = {
    "ru": "Созвонились, договорились показать решение на следующей неделе.",
    "en": "We talked on the phone and will show the solution next week.",
    "uk": "Зідзвонилися, домовилися показати рішення наступного тижня.",
}
FIXED: Final[Words] = {
    "ru": "Исправить в ближайшем выпуске и проверить вместе с клиентом",
    "en": "Fix it in the next release and check it together with the client",
    "uk": "Виправити в найближчому випуску й перевірити разом із клієнтом",
}
TAUGHT: Final[Words] = {
    "ru": "Провести занятие для каждой смены",
    "en": "Train every shift",
    "uk": "Провести заняття для кожної зміни",
}


def _worked(first: int, hours: int, words: Words) -> tuple[Move, ...]:
    """Taken after so many hours, contacted after so many more, then planned."""
    return (
        Move("take", timedelta(hours=first)),
        Move("contacted", timedelta(hours=hours)),
        Move("note", timedelta(minutes=20), TALKED),
        Move("cause", timedelta(minutes=2)),
        Move("action", timedelta(minutes=3), words),
    )


DONE: Final = Move("done", timedelta(days=6))

PAST: Final = (
    Life((*_worked(2, 20, FIXED), DONE), ("solved",)),
    Life((*_worked(5, 30, TAUGHT), DONE), ()),
    Life((*_worked(1, 9, FIXED), DONE), ("unsolved", "solved")),
    Life((*_worked(3, 40, TAUGHT), DONE), ("solved",)),
)
"""In turn, for the cases of past waves."""

RECENT: Final = (
    Life((), asked=False),
    Life(_worked(2, 4, FIXED), asked=False),
    Life((Move("take", timedelta(hours=3)), Move("contacted", timedelta(hours=6)), Move("done", timedelta(hours=4)))),
    Life((Move("reminded", timedelta(hours=48)),), asked=False),
)
"""For those of the last days: new, under way, waiting for the client's word, overdue."""

PLAN: Final[Words] = {
    "ru": "Разбирать повторные обращения каждую неделю и рассказывать клиентам, что сделано",
    "en": "Review repeated requests every week and tell clients what has been done",
    "uk": "Щотижня розбирати повторні звернення й розповідати клієнтам, що зроблено",
}
REASON: Final[Words] = {
    "ru": "Об этом говорят люди из нескольких проектов",
    "en": "People of several projects speak of it",
    "uk": "Про це говорять люди з кількох проєктів",
}
EFFECT: Final[Words] = {
    "ru": "Плюс десять пунктов за полгода",
    "en": "Plus ten points in half a year",
    "uk": "Плюс десять пунктів за пів року",
}
