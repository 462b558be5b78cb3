"""Names of projects in the configuration, compared with the directory."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from bot.settings import Settings
from storage.database import open_database
from storage.scopes import OF


def shared_names(settings: Settings) -> Iterator[str]:
    """Places where a manager's project has a name that several accounts use: the name alone lets them see nothing."""
    managers = settings.access.managers
    names = {name for scope in managers.values() for name in scope.projects}
    shared = asyncio.run(_accounts_of(settings, names)) if names and _there(settings) else {}
    for manager, scope in managers.items():
        for name in scope.projects:
            if accounts := shared.get(name):
                allowed = ", ".join(f"{account}{OF}{name}" for account in accounts)
                yield f"access.managers.{manager}.projects: several accounts have a {name!r}; allowed: {allowed}"


def _there(settings: Settings) -> bool:
    """Whether there is a database to look into: a check makes none."""
    file = make_url(settings.database_url).database
    return not settings.database_url.startswith("sqlite") or (file is not None and Path(file).is_file())


async def _accounts_of(settings: Settings, names: Collection[str]) -> Mapping[str, Sequence[str]]:
    async with open_database(settings.database_url) as database:
        if await database.needs_migration():
            return {}
        async with database.reading() as reading:
            return await reading.directory.sharing(names)
