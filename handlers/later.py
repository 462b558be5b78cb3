"""The cards of what is put off: when to come back, and the promise to."""

from datetime import datetime

from handlers.buttons import CardButton, write
from handlers.replies import Keyboard, button
from surveys.interview import Interview
from surveys.later import Later
from surveys.locales import N_, translations
from surveys.signals import Action

WHEN: dict[Later, str] = {"hour": N_("in an hour"), "tomorrow": N_("tomorrow morning"), "week": N_("in a week")}
MORNINGS = (
    N_("on Monday morning"),
    N_("on Tuesday morning"),
    N_("on Wednesday morning"),
    N_("on Thursday morning"),
    N_("on Friday morning"),
    N_("on Saturday morning"),
    N_("on Sunday morning"),
)


def when_to_come(interview: Interview) -> tuple[str, Keyboard]:
    """The question, plain text, and the moments that are offered."""
    t = translations("bot", interview.language).gettext
    offered = interview.offer.moments if interview.offer else {}
    labels = [(_capital(_when(key, at, interview)), key) for key, at in offered.items()]
    return t("When shall I come back?"), [_row(label, interview, key) for label, key in labels] + [
        _row(t("Back"), interview, "back")
    ]


def promise(interview: Interview) -> tuple[str, Keyboard]:
    """When it comes back or, where that cannot be, how long it stays open."""
    t = translations("bot", interview.language).gettext
    return _promise(interview), [_row(t("Answer now"), interview, "resume")]


def _promise(interview: Interview) -> str:
    from babel.dates import format_datetime  # only who speaks to people pays for the import

    t = translations("bot", interview.language).gettext
    if interview.offer is None:
        raise ValueError("what is not put off has no time to come back")
    for key, at in interview.offer.moments.items():
        return t("All right, I will come back {when}.").format(when=_when(key, at, interview))
    date = format_datetime(interview.offer.until, "d MMMM", locale=interview.language)
    return t("This question stays open until {date}.").format(date=date)


def _when(key: Later, at: datetime, interview: Interview) -> str:
    t = translations("bot", interview.language).gettext
    return t(WHEN.get(key) or MORNINGS[at.weekday()])


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _row(label: str, interview: Interview, action: Action) -> list[dict[str, object]]:
    return [dict(button(label, write(CardButton(interview.id, interview.turn, action))))]
