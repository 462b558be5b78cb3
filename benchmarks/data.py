"""Years of answers, made up and written straight into SQLite: the same rows for the same number of answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert

from bot.library import load_library
from bot.settings import Settings
from metrics.scales import Scale
from storage import tables
from storage.database import open_database
from surveys.questionnaire import Questionnaire, ScaleItem, addressed_role

POSTS = ("senior_it", "business_owner", "key_user", "key_user", "key_user", "project_office")
LEANING = {"senior_it": 0.03, "business_owner": 0.06, "key_user": -0.08, "project_office": 0.0}
INDUSTRIES = ("metals", "mining", "chemistry", "energy")
PROJECTS_PER_ACCOUNT = 2
ANSWERS_PER_ACCOUNT = 500  # of two projects asked twice a year for about three years
FIRST_WAVE = datetime(2023, 9, 12, 9, tzinfo=UTC)
HALF_A_YEAR = timedelta(days=182)
AT_ONCE = 5_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """A person in their project. `level`: how content they are, 0-1."""

    person: int
    project: int
    account: int
    role: str
    level: float


async def lay_answers(settings: Settings, answers: int) -> None:
    """A database with at least so many scores, and not a whole interview more."""
    async with open_database(settings.database_url) as database:
        await database.migrate()
        library = await load_library(settings, database, FIRST_WAVE)
    questionnaire = library.current(settings.relationship.questionnaire)
    file = Path(settings.database_url.partition(":///")[2])
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        _write(connection, questionnaire, answers)
    engine.dispose()


def _write(connection: Connection, questionnaire: Questionnaire, answers: int) -> None:
    rng = Random(answers)
    posts = list(_directory(connection, max(1, answers // ANSWERS_PER_ACCOUNT), rng))
    left, number = answers, 0
    buffers: dict[Table, list[Row]] = {tables.invitation: [], tables.interview: [], tables.answer: []}
    while left > 0:
        post, wave = posts[number % len(posts)], number // len(posts)
        number += 1
        given = list(_answers(questionnaire, post, number, _moment(wave, rng), rng))
        left -= len(given)
        buffers[tables.invitation].append(_invitation(questionnaire, post, number, wave, given[0]["answered_at"]))
        buffers[tables.interview].append(_interview(questionnaire, post, number, wave, given))
        buffers[tables.answer] += given
    for table, rows in buffers.items():
        _insert(connection, table, rows)


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    waiting = iter(rows)
    while portion := list(islice(waiting, AT_ONCE)):
        connection.execute(insert(table), portion)


def _directory(connection: Connection, accounts: int, rng: Random) -> Iterator[Post]:
    projects: list[Row] = []
    people: list[Row] = []
    posts: list[Post] = []
    for project in range(1, accounts * PROJECTS_PER_ACCOUNT + 1):
        account = 1 + (project - 1) // PROJECTS_PER_ACCOUNT
        level = rng.gauss(0.76, 0.1)
        place = {"division": f"Division {project % 4}", "product": f"Product {project % 6}", "stage": "operation"}
        projects.append({"id": project, "account_id": account, "name": f"Sample project {project}", **place})
        for role in POSTS:
            person = len(people) + 1
            name = f"Sample Person {person}"
            people.append({"id": person, "external_id": f"p{person}", "name": name, "name_folded": name.casefold()})
            posts.append(Post(person, project, account, role, level + LEANING[role]))
    owners = [
        {"id": one, "name": f"Sample {one}", "industry": INDUSTRIES[one % len(INDUSTRIES)]}
        for one in range(1, accounts + 1)
    ]
    held = [{"person_id": post.person, "project_id": post.project, "role": post.role} for post in posts]
    for table, rows in (
        (tables.account, owners),
        (tables.project, projects),
        (tables.person, people),
        (tables.stakeholder, held),
    ):
        _insert(connection, table, rows)
    yield from posts


def _moment(wave: int, rng: Random) -> datetime:
    """Within two weeks of the start of a wave."""
    return FIRST_WAVE + wave * HALF_A_YEAR + timedelta(seconds=rng.randrange(14 * 86_400))


def _answers(questionnaire: Questionnaire, post: Post, number: int, at: datetime, rng: Random) -> Iterator[Row]:
    for item in questionnaire.items:
        if isinstance(item, ScaleItem) and addressed_role(item, (post.role,)):
            at += timedelta(seconds=rng.randrange(5, 40))
            yield {
                "interview_id": f"bench-{number}",
                "item": item.key,
                "component": item.component,
                "block": item.block,
                "scale": item.scale.key,
                "score": _score(item.scale, rng.gauss(post.level, 0.18)),
                "role": post.role,
                "answered_at": at,
            }


def _score(scale: Scale, level: float) -> int:
    return round(scale.low + min(1.0, max(0.0, level)) * (scale.high - scale.low))


def _invitation(questionnaire: Questionnaire, post: Post, number: int, wave: int, at: datetime) -> Row:
    return {
        "id": number,
        "token_hash": number.to_bytes(32, "big"),
        "person_id": post.person,
        "project_id": post.project,
        "questionnaire": questionnaire.key,
        "roles": (post.role,),
        "channel": "telegram",
        "wave": f"wave-{wave}",
        "created_at": at - timedelta(hours=3),
        "expires_at": at + timedelta(days=7),
        "opened_at": at,
        "state": "delivered",
    }


def _interview(questionnaire: Questionnaire, post: Post, number: int, wave: int, given: Sequence[Row]) -> Row:
    begun, closed = given[0]["answered_at"], given[-1]["answered_at"]
    turn = len(given) + 1
    return {
        "id": f"bench-{number}",
        "invitation_id": number,
        "person_id": post.person,
        "account_id": post.account,
        "project_id": post.project,
        "division": f"Division {post.project % 4}",
        "product": f"Product {post.project % 6}",
        "stage": "operation",
        "questionnaire": questionnaire.key,
        "version": questionnaire.version,
        "roles": (post.role,),
        "language": "ru",
        "channel": "telegram",
        "wave": f"wave-{wave}",
        "phase": "closed",
        "turn": turn,
        "state": {"trail": [one["item"] for one in given], "answers": {one["item"]: one["score"] for one in given}},
        "disposition": "complete",
        "created_at": begun,
        "consented_at": begun,
        "closed_at": closed,
        "touched_at": closed,
        "chat_id": post.person,
        "message_id": number,
        "shown_turn": turn,
    }
