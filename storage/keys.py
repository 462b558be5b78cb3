"""With which key the database is sealed, as it remembers itself: commands with another one are refused."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import Ring, SealError, ring_of
from storage.settings import Settings

SEALED_WITH: Final = "sealed_with"
ROTATE: Final = "stop the service and run `otklik keys rotate`"
NOT_YET: Final = f"names in it are not sealed yet: {ROTATE}, or leave privacy.keys out"
OLDER: Final = f"names in it are sealed with another one of privacy.keys than the first: {ROTATE}"
NO_KEY: Final = "names in it are sealed: set OTKLIK_PRIVACY__KEYS, or name a file in privacy.keys_file"
ANOTHER: Final = (
    "names in it are sealed with a key that is not in privacy.keys: put it there, after the one that is to seal"
)


async def check(connection: AsyncConnection) -> None:
    """Raises SealError, which says what to do, unless the key that sealed everything is the one that seals."""
    wrong = _wrong(ring_of(connection.dialect), await sealer(connection))
    if wrong:
        raise SealError(wrong)


async def check_openable(connection: AsyncConnection) -> None:
    """Raises SealError unless everything here can be opened, with whichever key."""
    known = await sealer(connection)
    if known is not None and known not in ring_of(connection.dialect).keys:
        raise SealError(_wrong(ring_of(connection.dialect), known))


async def sealer(connection: AsyncConnection) -> str | None:
    """The fingerprint of the key that sealed everything; None: nothing is sealed."""
    return await Settings(connection).get(SEALED_WITH)


async def remember(connection: AsyncConnection, ring: Ring | None = None) -> None:
    """From now on everything is sealed as this ring, or that of the connection, seals."""
    by = (ring or ring_of(connection.dialect)).sealer
    if by is not None:
        await Settings(connection).set(SEALED_WITH, by)
    elif await sealer(connection) is not None:
        await Settings(connection).drop(SEALED_WITH)


def _wrong(ring: Ring, known: str | None) -> str:
    if known == ring.sealer:
        return ""
    if known is None:
        return NOT_YET
    if known in ring.keys:
        return OLDER
    return ANOTHER if ring.keys else NO_KEY
