"""What the buttons of the committee carry: `k.SCREEN.NUMBERS`. A step carries the improvement and its version."""

import re
from dataclasses import dataclass
from typing import Final

COMMITTEE: Final = re.compile(r"k\.([a-z]{1,12})((?:\.[0-9]{1,12}){0,4})")


@dataclass(frozen=True, slots=True)
class CommitteeButton:
    """A screen of the committee, or a step with an improvement."""

    screen: str
    numbers: tuple[int, ...] = ()


def write_committee(button: CommitteeButton) -> str:
    """The button's data.

    >>> write_committee(CommitteeButton("plan", (3, 2, 30)))
    'k.plan.3.2.30'
    """
    return ".".join(["k", button.screen, *map(str, button.numbers)])


def read_committee(data: str) -> CommitteeButton | None:
    """The button behind the data.

    >>> read_committee("k.plan.3.2.30"), read_committee("k.3")
    (CommitteeButton(screen='plan', numbers=(3, 2, 30)), None)
    """
    found = COMMITTEE.fullmatch(data)
    return CommitteeButton(found[1], tuple(int(each) for each in found[2].split(".") if each)) if found else None
