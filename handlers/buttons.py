"""What a button carries: an opaque word of at most 64 bytes, read back strictly."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from handlers.case_buttons import CaseButton, CasesButton, read_case, write_case
from handlers.committee_buttons import CommitteeButton, read_committee, write_committee
from surveys.signals import Action

OVERVIEW = "all"
FILES = {"png": "upload_photo", "xlsx": "upload_document", "pdf": "upload_document"}
"""Steps from a report that bring a file, and what the bot is at meanwhile."""
NUMBERED = frozenset({"score", "pick", "change"})
CARD = re.compile(r"i\.([A-Za-z0-9_-]{1,24})\.([0-9]{1,6})\.([a-z]+)([0-9]{0,3})")
REPORT = re.compile(r"r\.([a-z]{1,12})\.([a-z_]{0,16})([0-9]{0,3})")
TALK = re.compile(r"t\.([a-z]{1,12})((?:\.[A-Za-z0-9_-]{1,24}){0,4})")
SUCCESSOR = re.compile(r"s\.([0-9]{1,18})\.(invite|dismiss)([0-9]{0,18})")
FIELDWORK = re.compile(r"f\.(all|project|role|unheard|next)\.(wave|days)\.([0-9]{1,3})")
FORGET: Final[tuple[Literal["name", "all", "no"], ...]] = ("name", "all", "no")
LANGUAGE = re.compile(r"l\.([a-z]{2,3})")
OPPORTUNITY = re.compile(r"o\.([0-9]{1,18})\.([a-z]{1,12})")
REMARK = re.compile(r"m\.([0-9]{1,18})\.(yes|no|p([0-9]{1,18}))")


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of an interview's card."""

    interview_id: str
    turn: int
    action: Action
    score: int | None = None
    option: int | None = None


@dataclass(frozen=True, slots=True)
class ReportButton:
    """A step from a report screen: from the one kept under this name, or `OVERVIEW`."""

    screen: str = OVERVIEW
    step: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class FieldworkButton:
    """A page of a view of fieldwork, of the latest wave or of the last days. `page`: from 0."""

    view: str = "all"
    span: str = "wave"
    page: int = 0


@dataclass(frozen=True, slots=True)
class LanguageButton:
    """A choice of language."""

    language: str


@dataclass(frozen=True, slots=True)
class ResumeButton:
    """Somebody who asked not to be asked changed their mind."""


@dataclass(frozen=True, slots=True)
class SuccessorButton:
    """What an admin decides about somebody to be asked instead: `person_id` of whom the directory knows."""

    successor_id: int
    action: Literal["invite", "dismiss"]
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class TalkButton:
    """A way from one screen of the interviewer to another, or the end of a talk. Each of `args` takes 24 bytes."""

    screen: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkButton:
    """Whether what waits is to be passed on, and, where that was asked, about which project."""

    draft_id: int
    yes: bool
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpportunityButton:
    """What somebody answers who was asked for a favour."""

    opportunity_id: int
    favour: str


@dataclass(frozen=True, slots=True)
class ForgetButton:
    """Whether somebody is to be forgotten, and whether what they answered goes as well."""

    choice: Literal["name", "all", "no"]


Button = (
    CardButton
    | TalkButton
    | ReportButton
    | FieldworkButton
    | SuccessorButton
    | LanguageButton
    | RemarkButton
    | OpportunityButton
    | ResumeButton
    | ForgetButton
    | CaseButton
    | CasesButton
    | CommitteeButton
)


def kind_of(button: Button) -> str:
    """What `surveys.rights` calls buttons of this kind.

    >>> kind_of(ReportButton("nps", None))
    'report'
    """
    return type(button).__name__.removesuffix("Button").lower()


def write(button: Button) -> str:
    """The button's data.

    >>> write(CardButton("Zx3", 12, "score", 7)), write(CardButton("Zx3", 12, "pick", option=0))
    ('i.Zx3.12.score7', 'i.Zx3.12.pick0')
    """
    match button:
        case CardButton(interview_id, turn, action, score, option):
            number = option if score is None else score
            return f"i.{interview_id}.{turn}.{action}{'' if number is None else number}"
        case ReportButton(screen, step, number):
            return f"r.{screen}.{step}{min(number, 999) or ''}"
        case TalkButton(screen, args):
            return ".".join(("t", screen, *args))
        case SuccessorButton(successor_id, decision, person_id):
            return f"s.{successor_id}.{decision}{'' if person_id is None else person_id}"
        case FieldworkButton(view, span, page):
            return f"f.{view}.{span}.{min(page, 999)}"
        case LanguageButton(language):
            return f"l.{language}"
        case RemarkButton(draft_id, yes, project_id):
            return f"m.{draft_id}.{('yes' if yes else 'no') if project_id is None else f'p{project_id}'}"
        case OpportunityButton(opportunity_id, favour):
            return f"o.{opportunity_id}.{favour}"
        case ResumeButton():
            return "resume"
        case ForgetButton(choice):
            return f"x.{choice}"
        case CaseButton() | CasesButton():
            return write_case(button)
        case CommitteeButton():
            return write_committee(button)


def read(data: str) -> Button | None:
    """The button behind the data; None for anything this bot never wrote.

    >>> read("i.Zx3.12.score7")
    CardButton(interview_id='Zx3', turn=12, action='score', score=7, option=None)
    >>> read("i.Zx3.12.erase") is None
    True
    """
    if CARD.fullmatch(data):
        return read_card(data)
    if report := REPORT.fullmatch(data):
        return ReportButton(report[1], report[2], int(report[3] or 0))
    if talk := TALK.fullmatch(data):
        return TalkButton(talk[1], tuple(talk[2].split(".")[1:]))
    if proposed := SUCCESSOR.fullmatch(data):
        decision: Literal["invite", "dismiss"] = "invite" if proposed[2] == "invite" else "dismiss"
        return SuccessorButton(int(proposed[1]), decision, int(proposed[3]) if proposed[3] else None)
    if fieldwork := FIELDWORK.fullmatch(data):
        return FieldworkButton(fieldwork[1], fieldwork[2], int(fieldwork[3]))
    if language := LANGUAGE.fullmatch(data):
        return LanguageButton(language[1])
    if remark := REMARK.fullmatch(data):
        return RemarkButton(int(remark[1]), remark[2] != "no", int(remark[3]) if remark[3] else None)
    if asked := OPPORTUNITY.fullmatch(data):
        return OpportunityButton(int(asked[1]), asked[2])
    choice = next((known for known in FORGET if data == f"x.{known}"), None)
    if choice is not None:
        return ForgetButton(choice)
    return ResumeButton() if data == "resume" else read_case(data) or read_committee(data)


def read_card(data: str) -> CardButton | None:
    """The button of an interview's card; None for any other."""
    found = CARD.fullmatch(data)
    if found is None:
        return None
    interview_id, turn, word, digits = found.groups()
    action = next((known for known in get_args(Action) if known == word), None)
    if action is None or (action in NUMBERED) != bool(digits):
        return None
    number = int(digits) if digits else None
    score, option = (number, None) if action == "score" else (None, number)
    return CardButton(interview_id, int(turn), action, score, option)
