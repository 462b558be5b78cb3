from collections.abc import Mapping

from tests.bot.quick_loop import LOOPS, QuickLoop


def pytest_asyncio_loop_factories() -> Mapping[str, type[QuickLoop]]:
    return LOOPS
