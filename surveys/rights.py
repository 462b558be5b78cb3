"""Who may come in where: one gate for every command and every button, in front of every handler.

What lies behind a gate is limited once more by `Access.scope` and `Access.names`, wherever rows are read.
"""

from collections.abc import Mapping
from typing import Final, Literal, assert_never

from surveys.ports import UnitOfWork
from surveys.rules import Access

Who = Literal["anybody", "staff", "those who see names", "interviewers", "those with cases", "admins", "nobody"]

GATES: Final[Mapping[str, Who]] = {
    "/start": "anybody",
    "/help": "anybody",
    "/language": "anybody",
    "/stop": "anybody",
    "/privacy": "anybody",
    "/mydata": "anybody",
    "/forget": "anybody",
    "/report": "staff",
    "/verbatims": "staff",
    "/fieldwork": "staff",
    "/why": "those who see names",
    "/interview": "interviewers",
    "/cases": "those with cases",
    "/committee": "admins",
    "card": "anybody",
    "language": "anybody",
    "resume": "anybody",
    "forget": "anybody",
    "remark": "anybody",
    "opportunity": "anybody",
    "report": "staff",
    "fieldwork": "staff",
    "talk": "interviewers",
    "case": "those with cases",
    "cases": "those with cases",
    "committee": "admins",
    "successor": "admins",
}
"""Commands, and kinds of buttons by their names. What is not here is closed to everybody."""


def admits(access: Access, who: int, entrance: str) -> bool:
    """Whether the settings open this entrance to them. Those with cases may be more: the directory names managers."""
    match GATES.get(entrance, "nobody"):
        case "anybody":
            return True
        case "staff" | "those with cases":
            return access.is_staff(who)
        case "those who see names":
            return access.names(who)
        case "interviewers":
            return access.may_interview(who)
        case "admins":
            return who in access.admins
        case "nobody":
            return False
        case never:
            assert_never(never)


async def may_enter(uow: UnitOfWork, access: Access, who: int, entrance: str) -> bool:
    """Whether this entrance exists for them; to everybody else it is to answer as something unknown does."""
    if admits(access, who, entrance):
        return True
    return GATES.get(entrance) == "those with cases" and await uow.cases.concerns(who)
