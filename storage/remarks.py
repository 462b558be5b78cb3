"""What people said unasked, and what waits for their yes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, case, delete, func, insert, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.attachments import columns
from storage.remark_tables import attachment, remark, remark_draft
from storage.tables import account, interview, person, project
from surveys.attachments import Attachment
from surveys.remark_ports import Draft, Kept, Remark

Record = dict[str, Any]

AT_ONCE: Final = 1000
ABOUT: Final = (
    remark.join(person, person.c.id == remark.c.person_id)
    .outerjoin(account, account.c.id == remark.c.account_id)
    .outerjoin(project, project.c.id == remark.c.project_id)
)
REMARKS: Final = (
    select(
        remark.c.id.label("remark_id"),
        person.c.external_id.label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        remark.c.roles,
        remark.c.division,
        remark.c.product,
        remark.c.stage,
        remark.c.text,
        remark.c.language,
        remark.c.at.label("said_at"),
    )
    .select_from(ABOUT)
    .order_by(remark.c.id)
)
# Who was promised confidentiality is named nowhere, in the name of a file either.
HIDDEN: Final = interview.c.mode == "confidential"
ATTACHMENTS: Final = (
    select(
        attachment.c.id.label("attachment_id"),
        attachment.c.interview_id.label("response_id"),
        attachment.c.item,
        attachment.c.remark_id,
        attachment.c.kind,
        case((HIDDEN, null()), else_=attachment.c.name).label("name"),
        attachment.c.mime,
        attachment.c.size,
        literal("").label("file"),
        case((HIDDEN, null()), else_=person.c.external_id).label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        attachment.c.at.label("sent_at"),
        attachment.c.file_id,
    )
    .select_from(
        attachment.outerjoin(interview, interview.c.id == attachment.c.interview_id)
        .outerjoin(remark, remark.c.id == attachment.c.remark_id)
        .join(person, person.c.id == func.coalesce(interview.c.person_id, remark.c.person_id))
        .outerjoin(account, account.c.id == func.coalesce(interview.c.account_id, remark.c.account_id))
        .outerjoin(project, project.c.id == func.coalesce(interview.c.project_id, remark.c.project_id))
    )
    .where(attachment.c.superseded_at.is_(None))
    .order_by(attachment.c.id)
)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "remarks": tuple(REMARKS.selected_columns.keys()),
    "attachments": tuple(ATTACHMENTS.selected_columns.keys()),
}
LETTER: Final = select(
    remark.c.roles,
    remark.c.text,
    person.c.name.label("person"),
    account.c.name.label("account"),
    project.c.name.label("project"),
).select_from(ABOUT)


class StoredRemarks:
    """The port Remarks."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._added: list[Kept] = []

    async def draft_of(self, person_id: int) -> Draft | None:
        found = (await self._connection.execute(select(remark_draft).where(_whose(person_id)))).first()
        return None if found is None else _draft(found._mapping)

    async def keep(self, draft: Draft) -> Draft:
        values = {
            "text": draft.text,
            "files": [astuple(one) for one in draft.attachments],
            "album": draft.album,
            "expires_at": draft.expires_at,
        }
        changed = await self._connection.execute(update(remark_draft).where(_whose(draft.person_id)).values(values))
        if not changed.rowcount:
            await self._connection.execute(insert(remark_draft).values(person_id=draft.person_id, **values))
        kept = await self.draft_of(draft.person_id)
        assert kept is not None  # noqa: S101 - just written
        return kept

    async def drop(self, person_id: int) -> None:
        await self._connection.execute(delete(remark_draft).where(_whose(person_id)))

    async def prune(self, now: datetime) -> None:
        await self._connection.execute(delete(remark_draft).where(remark_draft.c.expires_at <= now))

    async def add(self, said: Remark) -> Kept:
        held = said.held
        row = {
            "person_id": said.person.id,
            "account_id": held and held.account.id,
            "project_id": held and held.project.id,
            "division": held and held.project.division,
            "product": held and held.project.product,
            "stage": held and held.project.stage,
            "roles": said.roles or None,
            "text": said.text,
            "language": said.language,
            "at": said.at,
        }
        remark_id = (await self._connection.scalars(insert(remark).returning(remark.c.id), [row])).one()
        files = [{"remark_id": remark_id, **columns(one), "at": said.at} for one in said.attachments]
        returning = insert(attachment).returning(attachment.c.id, sort_by_parameter_order=True)
        file_ids = (await self._connection.scalars(returning, files)).all() if files else ()
        kept = Kept(id=remark_id, remark=said, file_ids=tuple(file_ids))
        self._added.append(kept)
        return kept

    def added(self) -> Sequence[Kept]:
        added, self._added = self._added, []
        return added


class RemarkLog:
    """What was said unasked and which files came, for reading."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def letter(self, remark_id: int) -> Mapping[str, Any]:
        """`person`, `account`, `project` by name, `roles`, `text`; `files`, those it came with."""
        about = (await self._connection.execute(LETTER.where(remark.c.id == remark_id))).one()
        query = select(attachment).where(attachment.c.remark_id == remark_id).order_by(attachment.c.id)
        files = {row.id: as_attachment(row._mapping) for row in await self._connection.execute(query)}
        return {**about._mapping, "files": files}

    def remarks(self, *, confidential: bool = False) -> AsyncIterator[Record]:
        """Oldest first. With `confidential` nobody is named."""
        return self._stream(REMARKS, {"person": None} if confidential else {})

    def attachments(self, *, confidential: bool = False) -> AsyncIterator[Record]:
        """Files that count, oldest first. With `confidential` neither people nor files are named."""
        return self._stream(ATTACHMENTS, {"person": None, "name": None} if confidential else {})

    async def _stream(self, query: Select[Any], hidden: Record) -> AsyncIterator[Record]:
        async with self._connection.stream(query, execution_options={"yield_per": AT_ONCE}) as rows:
            async for row in rows.mappings():
                roles = {"roles": "|".join(row["roles"] or ())} if "roles" in row else {}
                yield {**row, **roles, **hidden}


def _whose(person_id: int) -> Any:
    return remark_draft.c.person_id == person_id


def _draft(row: Any) -> Draft:
    files = tuple(Attachment(*each) for each in row["files"])
    kept = {name: row[name] for name in ("id", "person_id", "text", "album", "expires_at")}
    return Draft(**kept, attachments=files)


def as_attachment(row: Any) -> Attachment:
    """The file of a row of the table."""
    return Attachment(row["kind"], row["file_id"], row["file_unique_id"], row["name"], row["mime"], row["size"])
