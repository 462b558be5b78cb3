"""`otklik sandbox`."""

import asyncio
import os
import signal
import socket
import tempfile
from pathlib import Path

from bot.console import DONE, Trouble, say
from bot.logs import configure_logging
from bot.preview import preview

USUAL = range(8080, 8100)


def sandbox(config: Path, port: int | None, *, demo: bool) -> int:
    """Runs until SIGTERM or SIGINT. What happens in it is forgotten at the end."""
    configure_logging("warning")
    if port and not free(port):
        raise Trouble(f"--port: {port} is in use; try --port {port + 1}, or leave the option out")
    chosen = port if port is not None else next(filter(free, USUAL), 0)
    asyncio.run(_sandbox(config, chosen, demo=demo))
    return DONE


def free(port: int) -> bool:
    """Whether a server can listen at this port of the loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _sandbox(config: Path, port: int, *, demo: bool) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    with tempfile.TemporaryDirectory(prefix="otklik-") as home:
        async with preview(config, os.environ, port, Path(home), demo=demo) as address:
            say(f"Otklik preview, all data is made up: {address}  (Ctrl+C ends it)")
            await told.wait()
