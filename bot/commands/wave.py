"""`otklik wave`."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.deciding import COLUMNS, office, row, spoken
from bot.commands.rows import print_rows
from bot.console import DONE, Trouble, say
from bot.settings import Settings
from handlers.reasons import tally
from surveys.contact import Decided, told
from surveys.errors import UnknownQuestionnaire
from surveys.questionnaire import Language
from surveys.waves import preview_wave, start_wave

WHOM: Final = (*COLUMNS, "name", "account", "roles")


def wave(settings: Settings, key: str, lang: str | None, format_: str, *, dry_run: bool) -> int:
    """Starts a wave now, whenever its time is; with `dry_run` only tells who would be asked, who would not, and why."""
    if key not in {one.key for one in settings.waves}:
        allowed = ", ".join(one.key for one in settings.waves) or "none, waves is empty"
        raise Trouble(f"otklik wave: there is no wave {key!r}; allowed: {allowed}")
    language, zone = spoken(settings, lang), ZoneInfo(settings.vendor.timezone)
    rows = [_row(one, language, zone) for one in asyncio.run(_decide(settings, key, keep=not dry_run))]
    if format_ != "text":
        print_rows(WHOM, rows, format_)
        return DONE
    for one in rows:
        say(f"{one['account']} / {one['project']}: {one['name']} ({one['person']}): {one['why']} [{one['rule']}]")
    _sum_up(rows, language, dry_run=dry_run)
    return DONE


def _row(decided: Decided, language: Language, zone: ZoneInfo) -> Mapping[str, object]:
    """A decision with whom it is about."""
    whom = decided.candidate
    return {
        **row(told(decided), language, zone),
        "name": whom.person.name if whom.person else None,
        "account": whom.held.account.name if whom.held else None,
        "roles": "|".join(whom.held.roles) if whom.held else None,
    }


def _sum_up(rows: Sequence[Mapping[str, object]], language: Language, *, dry_run: bool) -> None:
    """How many are asked, how many not, and by which rules."""
    rules = Counter(str(one["rule"]) for one in rows if one["decision"] == "drop")
    asked = len(rows) - rules.total()
    say(tally(asked, rules.total(), language, rehearsal=dry_run))
    for rule, number in rules.most_common():
        say(f"  {rule}: {number}")


async def _decide(settings: Settings, key: str, *, keep: bool) -> Sequence[Decided]:
    async with office(settings) as decided_at, decided_at.work(keep=keep) as work:
        rule = work.policy.waves[key]
        try:
            work.library.current(rule.questionnaire)
        except UnknownQuestionnaire as error:
            allowed = error.values["allowed"]
            raise Trouble(
                f"waves.{key}.questionnaire: there is no {rule.questionnaire!r}; allowed: {allowed}"
            ) from error
        return await (start_wave(work, rule) if keep else preview_wave(work, rule))
