"""Tombstones outside the database: whoever was forgotten stays so when a backup from before is restored.

A line of the file is one of them. It names nobody: it is a keyed hash, and the key is in the database alone.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.console import Trouble
from bot.ids import new_token
from storage.database import Database
from surveys.audit import CLI, Look
from surveys.erasure import Tombstone, key_of, obey

log = structlog.get_logger()

MODE = 0o600


@dataclass(slots=True)
class Tombstones:
    """The file and the database, made to say the same. `_told`: marks that stand in the file."""

    database: Database
    file: Path
    clock: Clock
    _told: set[str] = field(default_factory=set)

    async def obey(self, *more: Path) -> int:
        """Forgets again whoever the file, or `more` of them, says was forgotten; how many. Raises Trouble."""
        async with self.database.unit_of_work() as uow:
            installation = _installation(await key_of(uow, new_token()))
            stones, strange = read([self.file, *more], installation)
            if strange:
                log.error("tombstones of another installation", number=strange)
            again = await obey(uow, stones)
            for person_id, stone in again.items():
                await uow.audit.add(_look(person_id, stone, self.clock.now()))
            await uow.commit()
        await self.tell()
        return len(again)

    async def tell(self) -> None:
        """Puts into the file what it does not say yet."""
        async with self.database.reading() as reading:
            stones, key = await reading.tombstones.all(), await reading.tombstones.key()
        fresh = [stone for stone in stones if stone.mark not in self._told]
        if fresh and key is not None:
            known = {stone.mark for stone in read([self.file], _installation(key))[0]}
            untold = [_line(one, _installation(key)) for one in fresh if one.mark not in known]
            if untold:
                append(self.file, untold)
            self._told |= {stone.mark for stone in fresh}


def read(files: Iterable[Path], installation: str) -> tuple[Sequence[Tombstone], int]:
    """The tombstones of this installation in the files there are, and how many there are of others.

    A line that a crash cut off is in the database that it was told from. Raises Trouble for any other.
    """
    found, strange = [], 0
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            stone, of = _parsed(line, f"{file}:{number}")
            if of == installation:
                found.append(stone)
            else:
                strange += 1
    return found, strange


def _lines(file: Path) -> Sequence[bytes]:
    whole = file.read_bytes() if file.exists() else b""
    return [line for line in whole.splitlines(keepends=True) if line.endswith(b"\n")]


def _parsed(line: bytes, place: str) -> tuple[Tombstone, str]:
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        return Tombstone(str(said["mark"]), at, answers=said["answers"] is True), str(said["installation"])
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(f"{place}: is not a tombstone; put back the file as it was") from error


def _line(stone: Tombstone, installation: str) -> str:
    at = stone.at.isoformat()
    said = {"installation": installation, "mark": stone.mark, "at": at, "answers": stone.answers}
    return json.dumps(said) + "\n"


def append(file: Path, lines: Sequence[str]) -> None:
    """Lasts when this returns. What a crash cut off before gives way."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, MODE)
    try:
        os.truncate(descriptor, file.read_bytes().rfind(b"\n") + 1)
        os.write(descriptor, "".join(lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _installation(key: str) -> str:
    """Whose tombstones they are, without the key itself."""
    return sha256(key.encode()).hexdigest()[:16]


def _look(person_id: int, stone: Tombstone, at: datetime) -> Look:
    looked_at = {"person": person_id, "answers": stone.answers, "again": True}
    return Look(at=at, who=CLI, entrance="erase", looked_at=looked_at, rows=1)
