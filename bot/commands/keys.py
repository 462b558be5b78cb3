"""`otklik keys`: making the keys that seal who somebody is, and changing them."""

import asyncio
import secrets
from base64 import urlsafe_b64encode

from bot.commands.migrate import bring_up_to_date
from bot.console import DONE, Trouble, say
from bot.settings import Settings
from bot.sole import sole_service
from storage.database import open_database
from storage.sealing import KEY_BYTES

WHERE = "in OTKLIK_PRIVACY__KEYS, or in a file named by privacy.keys_file"


def new() -> int:
    """Prints a key that nobody has had."""
    say(urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).rstrip(b"=").decode())
    return DONE


def rotate(settings: Settings, *, plain: bool) -> int:
    """Seals everything with the first key, or opens it for good. Nobody else works with the database meanwhile."""
    if not settings.keys:
        raise Trouble(f"otklik keys rotate: there is no key; put what `otklik keys new` prints {WHERE}")
    with sole_service(settings.database_url):
        changed = asyncio.run(_rotate(settings, plain=plain))
    done = "opened; now take the keys away" if plain else "sealed with the first key"
    say(f"Names, addresses and accounts are {done}. Values changed: {changed}.")
    return DONE


async def _rotate(settings: Settings, *, plain: bool) -> int:
    async with open_database(settings.database_url, keys=settings.keys) as database:
        await bring_up_to_date(settings, database)
        return await database.reseal(seals=not plain)
