"""`otklik sandbox`."""

import asyncio
import os
import signal
import tempfile
from pathlib import Path

from bot.commands.run import configure_logging
from bot.console import DONE, Trouble, say
from bot.preview import preview


def sandbox(config: Path, port: int, *, demo: bool) -> int:
    """Runs until SIGTERM or SIGINT. What happens in it is forgotten at the end."""
    configure_logging()
    asyncio.run(_sandbox(config, port, demo=demo))
    return DONE


async def _sandbox(config: Path, port: int, *, demo: bool) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    with tempfile.TemporaryDirectory(prefix="otklik-") as home:
        try:
            async with preview(config, os.environ, port, Path(home), demo=demo) as address:
                say(f"Otklik preview, sample data only: {address}")
                await told.wait()
        except OSError as error:
            if error.errno is None or port == 0:
                raise
            raise Trouble(f"--port: {port} cannot be used: {error.strerror}; another one may be free") from error
