"""Work too heavy for the event loop, in a process of its own: pictures and workbooks never delay an answer."""

import asyncio
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

SECONDS: Final = 60.0
AT_ONCE: Final = 2
# A fresh process has none of this one's threads and connections.
CONTEXT: Final = get_context("spawn")


class Unmade(Exception):
    """Nothing came of it."""


class Workshop:
    """Makes a few things at a time; others wait."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def make(self, work: Callable[..., bytes], *args: object) -> bytes:
        """What `work`, a function of a module, makes of `args`. Raises Unmade."""
        async with self._room:
            return await asyncio.to_thread(_made, work, args)


def _made(work: Callable[..., bytes], args: tuple[object, ...]) -> bytes:
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_make, args=(sender, work, args), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(SECONDS):
            raise Unmade("it takes too long")
        return receiver.recv_bytes()
    except EOFError:
        raise Unmade(f"the process ended with {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _make(sender: Connection, work: Callable[..., bytes], args: tuple[object, ...]) -> None:
    sender.send_bytes(work(*args))
    sender.close()
