"""Clients that do not exist, for years of made-up answers. Every name says that it is a sample."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

ROLES = ("senior_it", "business_owner", "key_user", "key_user", "key_user", "project_office")
LEANING = {"senior_it": 0.03, "business_owner": 0.06, "key_user": -0.08, "project_office": 0.0}
LANGUAGES = ("ru", "ru", "ru", "ru", "en", "uk")
INDUSTRIES = ("metals", "mining", "chemistry", "energy")
DIVISIONS, PRODUCTS = 4, 6
PROJECTS_PER_ACCOUNT = 3
MOST_ACCOUNTS = 200
ANSWERS_PER_ACCOUNT = 500  # of a small client; the clients of a vendor are few, so beyond this each answers more
ANSWERS_PER_PERSON = 120
MONTHS = 60

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """`level`: how content people are, 0-1. `launched`, `moved`: months from which it operates, and is another's."""

    id: int
    account: int
    level: float
    launched: int
    moved: int

    def division(self, month: int) -> str:
        return f"Sample division {(self.id + (month >= self.moved)) % DIVISIONS}"

    @property
    def product(self) -> str:
        return f"Sample product {self.id % PRODUCTS}"

    def stage(self, month: int) -> str:
        return "operation" if month >= self.launched else "rollout"


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """A person in their project. `level`: how content they are, 0-1."""

    person: int
    project: Project
    role: str
    language: str
    level: float


def people(answers: int, rng: Random) -> Sequence[Stakeholder]:
    """Those whom so many answers come from, project by project."""
    accounts = min(MOST_ACCOUNTS, max(1, answers // ANSWERS_PER_ACCOUNT))
    projects = [_project(number, rng) for number in range(accounts * PROJECTS_PER_ACCOUNT)]
    each = max(len(ROLES), answers // ANSWERS_PER_PERSON // len(projects))
    return [
        _stakeholder(1 + index * each + number, project, ROLES[number % len(ROLES)], rng)
        for index, project in enumerate(projects)
        for number in range(each)
    ]


def _project(number: int, rng: Random) -> Project:
    account = 1 + number // PROJECTS_PER_ACCOUNT
    moved = rng.randrange(MONTHS) if rng.random() < 0.1 else MONTHS
    return Project(number + 1, account, rng.gauss(0.76, 0.08), rng.randrange(MONTHS // 2), moved)


def _stakeholder(person: int, project: Project, role: str, rng: Random) -> Stakeholder:
    level = project.level + LEANING[role] + rng.gauss(0, 0.05)
    return Stakeholder(person, project, role, rng.choice(LANGUAGES), level)


def directory(everybody: Sequence[Stakeholder]) -> Iterator[tuple[str, Row]]:
    """Rows of the directory with the names of their tables, as everything is at the end."""
    projects = {one.project.id: one.project for one in everybody}
    for account in dict.fromkeys(project.account for project in projects.values()):
        yield "account", {"id": account, "name": f"Sample {account}", "industry": INDUSTRIES[account % len(INDUSTRIES)]}
    for project in projects.values():
        yield "project", _project_row(project)
    for one in everybody:
        name = f"Sample Person {one.person}"
        yield (
            "person",
            {
                "id": one.person,
                "external_id": f"sample-{one.person}",
                "name": name,
                "name_folded": name.casefold(),
                "language": one.language,
            },
        )
    for one in everybody:
        yield "stakeholder", {"person_id": one.person, "project_id": one.project.id, "role": one.role}


def _project_row(project: Project) -> Row:
    return {
        "id": project.id,
        "account_id": project.account,
        "name": f"Sample project {project.id}",
        "division": project.division(MONTHS),
        "product": project.product,
        "stage": project.stage(MONTHS),
        "adoption": 0.8,
    }
