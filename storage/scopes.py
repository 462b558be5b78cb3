"""What a limited reader may see."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from storage.tables import account, project
from surveys.rules import Scope

OF = " / "
"""Between an account and its project, where both are named."""


def seen(scope: Scope | None, division: ColumnElement[Any] = project.c.division) -> list[ColumnElement[bool]]:
    """What holds for rows, joined with account and project, of any of the accounts, projects or divisions in scope."""
    if scope is None:
        return []
    mine = account.c.name.in_(scope.accounts), _named(scope.projects), division.in_(scope.divisions)
    return [or_(*mine)]


def _named(names: Collection[str]) -> ColumnElement[bool]:
    """Named with their accounts, or by a name that no other project has."""
    other = project.alias()
    alone = select(func.min(other.c.id)).where(other.c.name.in_(names)).group_by(other.c.name).having(func.count() == 1)
    return or_((account.c.name + OF + project.c.name).in_(names), project.c.id.in_(alone))
