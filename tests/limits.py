"""How soon the product must be done, where others want the processor as well."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.1  # seconds
TEN_SECONDS = 10.0  # which a service is given to end


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What comes of this work. Raises TimeoutError after so many seconds of a machine that has time for both of us.

    Whoever is kept waiting for the processor wakes up late; what a moment was late by does not count.
    """
    task = asyncio.create_task(work)
    for _ in range(round(seconds / MOMENT)):
        if (await asyncio.wait([task], timeout=MOMENT))[0]:
            return task.result()
    task.cancel()
    await asyncio.wait([task])
    raise TimeoutError(f"not done after {seconds} s")
