"""What people say unasked: kept until they agree to pass it on, then told to whoever is responsible for them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from surveys.attachments import AT_MOST, Attachment, joined, together
from surveys.cases.rules import LoopRules, Managers
from surveys.directory import Person, Stakeholder
from surveys.errors import SurveyError
from surveys.ports import UnitOfWork
from surveys.remark_ports import Draft, Kept, Remark
from surveys.rules import Rules

WAITS: Final = timedelta(days=1)
LONGEST: Final = 16_384  # characters: four messages as long as the messenger lets them be
PIECE: Final = 3000  # UTF-16 code units; a message holds 4096, and who speaks stands above the words


class RemarkFull(SurveyError):
    """What waits to be passed on cannot take any more; it stays as it was."""

    code = "remark_full"


class RemarkGone(SurveyError):
    """What was to be passed on has been dealt with already, or nobody agreed to it in time."""

    code = "remark_gone"


async def hear(
    uow: UnitOfWork, person: Person, words: str, files: tuple[Attachment, ...], album: str | None, at: datetime
) -> Draft | None:
    """Adds cleaned words and files to what waits; None where it is the next piece of an album asked about already.

    Raises RemarkFull.
    """
    before = await _waiting(uow, person, at) or Draft(person_id=person.id, expires_at=at)
    text, attachments = together(before.text, words), joined(before.attachments, files)
    if len(text or "") > LONGEST or len(attachments) > AT_MOST:
        raise RemarkFull(draft=before.id)
    asked = album is not None and album == before.album
    after = replace(before, text=text, attachments=attachments, album=album, expires_at=at + WAITS)
    kept = await uow.remarks.keep(after)
    return None if asked else kept


async def pass_on(
    uow: UnitOfWork, rules: Rules, loop: LoopRules, person: Person, draft_id: int, project_id: int | None, at: datetime
) -> Kept | None:
    """Keeps the draft and tells whoever is responsible; None: the person has several projects and has to name one.

    Who is away is stood in for, as with cases.

    Raises RemarkGone.
    """
    draft = await _decided(uow, person, draft_id, at)
    places = await uow.directory.places([person.id])
    held = next((one for one in places if project_id in (None, one.project.id)), None)
    if len(places) > 1 and (project_id is None or held is None):
        return None
    remark = Remark(
        person=person,
        held=held,
        roles=rules.by_weight(held.roles) if held else (),
        text=draft.text,
        attachments=draft.attachments,
        language=rules.speaks(person.language),
        at=at,
    )
    kept = await uow.remarks.add(remark)
    await uow.remarks.drop(person.id)
    await _tell(uow, loop, kept)
    return kept


async def decline(uow: UnitOfWork, person: Person, draft_id: int, at: datetime) -> None:
    """Forgets the draft. Raises RemarkGone."""
    await _decided(uow, person, draft_id, at)
    await uow.remarks.drop(person.id)


def pieces(text: str | None) -> Sequence[str]:
    """The words in messages that fit, none without words; a piece ends with a line or a word where one ends late in it.

    >>> [len(piece) for piece in pieces("я" * 4000)], pieces(None)
    ([3000, 1000], [''])
    """
    rest, cut = text or "", []
    while _units(rest) > PIECE:
        fits = rest.encode("utf-16-le")[: 2 * PIECE].decode("utf-16-le", "ignore")
        end = max(fits.rfind("\n"), fits.rfind(" "))
        end = end if end > len(fits) // 2 else len(fits)
        cut.append(rest[:end])
        rest = rest[end:].lstrip()
    return [*cut, rest]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def _waiting(uow: UnitOfWork, person: Person, at: datetime) -> Draft | None:
    draft = await uow.remarks.draft_of(person.id)
    if draft is not None and draft.expires_at <= at:
        await uow.remarks.drop(person.id)
        return None
    return draft


async def _decided(uow: UnitOfWork, person: Person, draft_id: int, at: datetime) -> Draft:
    draft = await _waiting(uow, person, at)
    if draft is None or draft.id != draft_id:
        raise RemarkGone
    return draft


async def _tell(uow: UnitOfWork, loop: LoopRules, kept: Kept) -> None:
    remark = kept.remark
    for reader in sorted(loop.informed(_managers(remark.held), remark.at)):
        for place, _ in enumerate(pieces(remark.text)):
            await uow.deliveries.add(reader, "remark", {"remark_id": kept.id, "piece": place}, at=remark.at)
        for file_id in kept.file_ids:
            payload = {"remark_id": kept.id, "attachment_id": file_id}
            await uow.deliveries.add(reader, "remark_file", payload, at=remark.at, priority=1)


def _managers(held: Stakeholder | None) -> Managers:
    """Of the account and of the project, as far as the directory names them."""
    return Managers(account=held.account.manager, project=held.project.manager) if held else Managers()
