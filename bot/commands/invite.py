"""`otklik invite`."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain
from bot.ids import new_token
from bot.library import load_library
from bot.settings import Settings
from storage.database import Database
from surveys.errors import UnknownQuestionnaire
from surveys.invitations import Issued, issue

COLUMNS = ("person", "project", "roles", "link", "expires_at")


def invite(
    settings: Settings, questionnaire: str, account: str | None, project: str | None, role: str | None, format_: str
) -> int:
    """Invites the stakeholders of the cut; prints a row each."""
    if role is not None and role not in settings.roles:
        raise Trouble(f"--role: there is no role {role!r}; allowed: {', '.join(settings.roles)}")
    rows, barred = asyncio.run(_invite(settings, questionnaire, account, project, role))
    print_rows(COLUMNS, rows, format_)
    if barred:
        why = "not invited, for it may not be in a foreign messenger; hold talks instead"
        complain([f"otklik invite: {why}: {', '.join(barred)}"])
    elif not rows:
        complain(["otklik invite: nobody in the directory is in this cut and has questions in this questionnaire"])
    return DONE if rows and not barred else WITH_PROBLEMS


async def _invite(
    settings: Settings, questionnaire: str, account: str | None, project: str | None, role: str | None
) -> tuple[Sequence[Mapping[str, str]], Sequence[str]]:
    """The rows, and the accounts that may not be written to here."""
    clock = Clock()
    async with current_database(settings) as database:
        library = await load_library(settings, database, clock.now())
        try:
            asked = library.current(questionnaire)
        except UnknownQuestionnaire as error:
            allowed = error.values["allowed"]
            raise Trouble(f"--questionnaire: there is no {questionnaire!r}; allowed: {allowed}") from error
        username = await bot_username(settings, database)
        async with database.unit_of_work() as uow:
            people = await uow.directory.stakeholders(account=account, project=project, role=role)
            issued = await issue(uow, asked, people, settings.rules(), clock.now(), new_token)
            await uow.commit()
    barred = sorted({one.account.name for one in people if one.account.no_foreign_messenger})
    return list(_rows(issued, username)), barred


def _rows(issued: Iterable[Issued], username: str) -> Iterable[Mapping[str, str]]:
    for one in issued:
        yield {
            "person": one.stakeholder.person.external_id,
            "project": one.stakeholder.project.name,
            "roles": "|".join(one.stakeholder.roles),
            "link": f"https://t.me/{username}?start={one.token}",
            "expires_at": one.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


async def bot_username(settings: Settings, database: Database) -> str:
    """The bot's name in links: as the service last learned it for this token, else asked of Telegram now."""
    async with database.unit_of_work() as uow:
        bot_id, _, username = (await uow.settings.get("bot") or "").partition(" ")
    token = settings.telegram.token
    if username and (token is None or token.get_secret_value().startswith(f"{bot_id}:")):
        return username
    return await _ask(settings)


async def _ask(settings: Settings) -> str:
    from bot.telegram import Telegram
    from handlers.replies import Call

    telegram = Telegram(settings.telegram_token(), str(settings.telegram.api_base))
    try:
        outcome = await telegram.call(Call("getMe"))
    finally:
        await telegram.close()
    found = outcome.value.get("username") if isinstance(outcome.value, Mapping) else None
    if not found:
        raise Trouble(_why_unknown(settings, outcome.description))
    return str(found)


def _why_unknown(settings: Settings, description: str) -> str:
    if "nauthorized" in description or "Not Found" in description:
        return f"telegram.token: {settings.telegram.api_base} does not accept this token"
    return f"telegram.api_base: {settings.telegram.api_base} does not tell the bot's name: {description}"
