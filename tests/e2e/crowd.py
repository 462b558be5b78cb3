"""A crowd of sample stakeholders of all roles and languages, and the figures their answers must come to."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sandbox.server import Sandbox
from tests.e2e.respondents import Respondent

ROLES = ("senior_it", "business_owner", "key_user", "project_office")
WEIGHTS = {"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20, "project_office": 0.15}
LANGUAGES = ("ru", "en", "uk")
FIRST_ID = 50_000


def directory(number: int) -> list[dict[str, str]]:
    """`number` people; every tenth holds two roles, and all of those are at one account of their own."""
    return [_row(index) for index in range(number)]


def _row(index: int) -> dict[str, str]:
    two = index % 10 == 9
    account = "Sample Duo" if two else f"Sample {index % 3}"
    role = ROLES[index % 4]
    return {
        "account": account,
        "project": f"{account} project",
        "division": f"Division {index % 2}" if two else f"Division {index % 3}",
        "stage": "operation",
        "person": f"Sample Person {index}",
        "external_id": f"p{index}",
        "roles": f"{role}|{ROLES[(index + 1) % 4]}" if two else role,
        "language": LANGUAGES[index % 3],
    }


def crowd(sandbox: Sandbox, rows: Sequence[Mapping[str, str]], rng: random.Random) -> dict[str, Respondent]:
    return {
        row["external_id"]: Respondent(
            person=sandbox.person(FIRST_ID + index, row["person"], row["language"]),
            role=row["roles"],
            rng=random.Random(rng.random()),
        )
        for index, row in enumerate(rows)
    }


async def answer_all(crowd: Mapping[str, Respondent], tokens: Mapping[str, str]) -> None:
    await asyncio.gather(*(respondent.answer(tokens[key]) for key, respondent in crowd.items()))


def tapped(crowd: Iterable[Respondent], scale: str) -> list[int]:
    return [score for one in crowd for (_, on), score in one.scores.items() if on == scale]


def histogram(scores: Iterable[int]) -> dict[str, int]:
    return {str(score): n for score, n in sorted(Counter(scores).items())}


def net_promoters(scores: Sequence[int]) -> float:
    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    return 100 * (promoters - detractors) / len(scores)


def share(scores: Sequence[int], at_least: int) -> float:
    return 100 * sum(score >= at_least for score in scores) / len(scores)


def satisfaction_index(crowd: Iterable[Respondent]) -> float:
    by_role: dict[str, list[int]] = defaultdict(list)
    for one in crowd:
        by_role[one.role] += tapped([one], "csat_5")
    weight = sum(WEIGHTS[role] for role in by_role)
    return sum(WEIGHTS[role] * share(scores, 4) for role, scores in by_role.items()) / weight
