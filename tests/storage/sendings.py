"""What happens to invitations, and counting by hand what became of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, product
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.tables import account, answer, interview, invitation, person, project
from surveys.directory import DirectoryRow
from surveys.reporting import ANSWERS_ALONE, DIMENSIONS, Dimension, OutreachCount, ReportQuery
from surveys.rules import Scope
from tests.storage.histories import BOUNDS, MOMENTS, PEOPLE
from tests.storage.samples import begin, invite, publish

NUMBERS = count(1)
CUTS = tuple(each for each in DIMENSIONS if each not in ANSWERS_ALONE)
SHARED = list(HealthCheck)
SCOPES = (
    None,
    None,
    Scope(divisions=("Восток",)),
    Scope(accounts=("Верфь-Пример",), projects=("Комбинат-Пример / Учёт",)),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. `chosen`: to which of the invitations there are."""

    kind: str
    person: DirectoryRow
    at: datetime
    language: str | None
    wave: str | None
    took: float
    chosen: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(
            [
                *("invite", "begin", "begin", "open", "mark", "expire", "consent", "close", "close", "close"),
                *("speak", "choose", "move", "erase", "remove", "alter", "fold", "fold", "fold all"),
            ]
        ),
        PEOPLE,
        st.sampled_from(MOMENTS),
        st.sampled_from(["ru", "en", None]),
        st.sampled_from([None, "2026-1"]),
        st.sampled_from([0.9, 59.999999, 61, 3599.5, 3661, 86399, 90061]),
        st.integers(0, 7),
    ),
    max_size=14,
)
QUESTIONS = st.lists(
    st.tuples(
        st.none() | st.sampled_from(CUTS),
        st.sampled_from(CUTS),
        BOUNDS,
        BOUNDS,
        st.integers(0, 3),
        st.sampled_from(SCOPES),
    ),
    max_size=10,
)


async def happen(database: Database, step: Step) -> None:
    if step.kind == "fold":
        await database.fold_reach(2)
        return
    if step.kind == "fold all":
        while await database.fold_reach():
            pass
        return
    async with database.unit_of_work() as uow:
        number = next(NUMBERS)
        sent = {"created_at": step.at, "wave": step.wave, "touchpoint": step.wave and "release"}
        row = replace(step.person, language=step.language)
        match step.kind:
            case "invite":
                await invite(uow, row, number=number, **sent)
            case "begin":
                await begin(uow, 1000 + number, row, number=number, **sent)
            case "move":
                await uow.directory.upsert([row])
            case _:
                await publish(uow)
                await _change(uow._connection, step)
        await uow.commit()


async def _change(connection: AsyncConnection, step: Step) -> None:
    """Something happens to an invitation that there is, as statements of the program and of anybody else say it."""
    ids = list(await connection.scalars(select(invitation.c.id).order_by(invitation.c.id)))
    if not ids:
        return
    which = ids[step.chosen % len(ids)]
    about = update(interview).where(interview.c.invitation_id == which)
    sent = update(invitation).where(invitation.c.id == which)
    begun = (await connection.execute(select(interview).where(interview.c.invitation_id == which))).one_or_none()
    ended = step.at + timedelta(seconds=step.took)
    dispositions = ("complete", "complete", "complete", "partial", "refused", "break-off", "unreached", None)
    match step.kind:
        case "open" if begun is None:
            await _open(connection, which, step)
        case "mark":
            states = ("delivered", "undeliverable", "pending")
            await connection.execute(sent.values(state=states[step.chosen % 3]))
        case "expire":
            await connection.execute(sent.values(disposition="unreached" if step.wave else None))
        case "consent":
            await connection.execute(about.values(consented_at=step.at))
        case "close":
            closed = {"consented_at": step.at, "closed_at": ended, "disposition": dispositions[step.chosen]}
            await connection.execute(about.values(**closed))
        case "speak":
            await connection.execute(about.values(language=step.language or "uk"))
        case "choose":
            whose = select(invitation.c.person_id).where(invitation.c.id == which).scalar_subquery()
            await connection.execute(update(person).where(person.c.id == whose).values(chosen_language=step.language))
        case "erase" if begun is not None:
            await _erase(connection, which)
        case "remove":
            await _erase(connection, which)
            await connection.execute(delete(invitation).where(invitation.c.id == which))
        case "alter":
            await connection.execute(sent.values(wave="2027", roles=("key_user",), created_at=step.at))


async def _open(connection: AsyncConnection, which: int, step: Step) -> None:
    it = (await connection.execute(select(invitation).where(invitation.c.id == which))).one()
    of = (await connection.execute(select(project).where(project.c.id == it.project_id))).one()
    values = {
        "id": f"o{next(NUMBERS)}",
        "invitation_id": which,
        "person_id": it.person_id,
        "project_id": of.id,
        "account_id": of.account_id,
        "division": of.division,
        "product": of.product,
        "stage": step.wave,
        "questionnaire": it.questionnaire,
        "version": 1,
        "roles": it.roles,
        "language": step.language or "uk",
        "channel": "telegram",
        "phase": "intro",
        "turn": 0,
        "state": {},
        "created_at": step.at,
        "chat_id": 1,
        "shown_turn": 0,
        "touched_at": step.at,
    }
    await connection.execute(update(invitation).where(invitation.c.id == which).values(opened_at=step.at))
    await connection.execute(insert(interview).values(**values))


async def _erase(connection: AsyncConnection, which: int) -> None:
    interviews = select(interview.c.id).where(interview.c.invitation_id == which)
    await connection.execute(delete(answer).where(answer.c.interview_id.in_(interviews)))
    await connection.execute(delete(interview).where(interview.c.invitation_id == which))


Raw = dict[str, Any]


async def raw_invitations(database: Database) -> list[Raw]:
    """Every invitation with everything that a report may ask of it."""
    async with database.reading() as reading:
        tables = {}
        for table in (account, project, person, invitation, interview):
            columns = [column for column in table.c if not column.name.startswith(("name_", "telegram", "email"))]
            rows = (await reading.connection.execute(select(*columns))).mappings().all()
            tables[table.name] = {row["invitation_id" if table is interview else "id"]: dict(row) for row in rows}
    return [_told(row, tables) for row in tables["invitation"].values()]


def _told(sent: Raw, tables: dict[str, dict[Any, Raw]]) -> Raw:
    about, whose = tables["project"][sent["project_id"]], tables["person"][sent["person_id"]]
    begun = tables["interview"].get(sent["id"])
    as_of = begun or {**about, "language": whose["chosen_language"] or whose["language"]}
    month = sent["created_at"].month
    told = {name: as_of[name] for name in ("division", "product", "stage", "language")}
    return {
        **{
            name: sent[name]
            for name in ("questionnaire", "touchpoint", "channel", "wave", "roles", "created_at", "state")
        },
        **told,
        "account": tables["account"][about["account_id"]]["name"],
        "project": about["name"],
        "month": f"{sent['created_at']:%Y-%m}",
        "quarter": f"{sent['created_at'].year}-Q{(month + 2) // 3}",
        "ended": begun["disposition"] if begun else None,
        "disposition": (begun and begun["disposition"]) or sent["disposition"],
        "consented_at": begun and begun["consented_at"],
        "closed_at": begun and begun["closed_at"],
    }


def by_hand(rows: Sequence[Raw], query: ReportQuery) -> dict[str | None, OutreachCount]:
    """What a report must count."""
    dimensions = (query.by,) if query.by else ()
    groups = {group[0] if group else None: members for group, members in _grouped(rows, query, dimensions).items()}
    return {group: _count(group, members) for group, members in groups.items()}


def cells_by_hand(rows: Sequence[Raw], query: ReportQuery, across: Dimension) -> dict[Any, OutreachCount]:
    """What a report by two dimensions must count: all but the times."""
    groups = _grouped(rows, query, (query.by or across, across))
    return {cell: replace(_count(None, members), seconds={}) for cell, members in groups.items()}


def _grouped(rows: Sequence[Raw], query: ReportQuery, dimensions: Sequence[Dimension]) -> dict[Any, list[Raw]]:
    groups: defaultdict[tuple[Any, ...], list[Raw]] = defaultdict(list)
    for row in rows:
        roles = [role for role in row["roles"] if role in query.where.get("role", (role,))]
        if roles and _meant(row, query):
            for group in product(*(roles if each == "role" else [row[each]] for each in dimensions)):
                groups[group].append(row)
    return groups


def _meant(row: Raw, query: ReportQuery) -> bool:
    at, scope = row["created_at"], query.scope
    within = (query.since is None or at >= query.since) and (query.until is None or at < query.until)
    mine = scope is None or (
        row["account"] in scope.accounts
        or f"{row['account']} / {row['project']}" in scope.projects
        or row["division"] in scope.divisions
    )
    return within and mine and all(row[name] in values for name, values in query.where.items() if name != "role")


def _count(group: str | None, rows: Sequence[Raw]) -> OutreachCount:
    ends = Counter(row["ended"] for row in rows)
    states = Counter(row["state"] for row in rows)
    unreached = [row for row in rows if row["disposition"] == "unreached" and row["state"] != "undeliverable"]
    return OutreachCount(
        group=group,
        invited=len(rows),
        delivered=states["delivered"],
        started=sum(row["consented_at"] is not None for row in rows),
        completed=ends["complete"],
        partial=ends["partial"],
        refused=ends["refused"] + ends["break-off"],
        undeliverable=states["undeliverable"],
        unreached=len(unreached),
        seconds=dict(Counter(_as_told(row) for row in rows if row["ended"] == "complete")),
    )


def _as_told(row: Raw) -> float:
    took = int((row["closed_at"] - row["consented_at"]).total_seconds())
    return took - took % (1 if took < 3600 else 60 if took < 86400 else 3600)
