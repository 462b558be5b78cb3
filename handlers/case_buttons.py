"""What the buttons of cases carry: `c.CASE.VERSION.VERB.ARGUMENTS`, and `cs.LIST.PAGE` for lists."""

import re
from dataclasses import dataclass

CASE = re.compile(r"c\.([0-9]{1,12})\.([0-9]{1,7})\.([a-z]{1,12})((?:\.[0-9]{1,12}){0,4})")
CASES = re.compile(r"cs\.([a-z]{1,12})\.([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button of a case's card. `version`: of the case when it was drawn; `arguments`: what was chosen so far."""

    case_id: int
    version: int
    verb: str
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesButton:
    """A list of cases, and its page from 0."""

    which: str
    page: int


def write_case(button: CaseButton | CasesButton) -> str:
    """The button's data.

    >>> write_case(CaseButton(7, 3, "cause", (0, 2))), write_case(CasesButton("mine", 1))
    ('c.7.3.cause.0.2', 'cs.mine.1')
    """
    match button:
        case CaseButton(case_id, version, verb, arguments):
            return ".".join(["c", str(case_id), str(version), verb, *map(str, arguments)])
        case CasesButton(which, page):
            return f"cs.{which}.{page}"


def read_case(data: str) -> CaseButton | CasesButton | None:
    """The button behind the data.

    >>> read_case("c.7.3.cause.0.2"), read_case("c.7")
    (CaseButton(case_id=7, version=3, verb='cause', arguments=(0, 2)), None)
    """
    if found := CASE.fullmatch(data):
        arguments = tuple(int(each) for each in found[4].split(".") if each)
        return CaseButton(int(found[1]), int(found[2]), found[3], arguments)
    if found := CASES.fullmatch(data):
        return CasesButton(found[1], int(found[2]))
    return None
