from collections.abc import Mapping

import pytest

from tests.bot.quick_loop import LOOPS, QuickLoop
from tests.bot.sending.office import Office


def pytest_asyncio_loop_factories() -> Mapping[str, type[QuickLoop]]:
    return LOOPS


@pytest.fixture
async def office() -> Office:
    return Office()
