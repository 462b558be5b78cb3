"""`otklik wave`."""

import asyncio
from collections.abc import Sequence

from bot.commands.deciding import office, print_decisions, spoken
from bot.console import DONE, Trouble, say
from bot.settings import Settings
from surveys.contact import Told, told
from surveys.errors import UnknownQuestionnaire
from surveys.waves import preview_wave, start_wave


def wave(settings: Settings, key: str, lang: str | None, format_: str, *, dry_run: bool) -> int:
    """Starts a wave now, whenever its time is; with `dry_run` only tells who would be asked, who would not, and why."""
    if key not in {one.key for one in settings.waves}:
        allowed = ", ".join(one.key for one in settings.waves) or "none, waves is empty"
        raise Trouble(f"otklik wave: there is no wave {key!r}; allowed: {allowed}")
    language = spoken(settings, lang)
    decided = asyncio.run(_decide(settings, key, keep=not dry_run))
    print_decisions(decided, settings, language, format_)
    if format_ == "text":
        asked = sum(one.decision == "ask" for one in decided)
        say(f"{'Would be asked' if dry_run else 'To be asked'}: {asked}. Not: {len(decided) - asked}.")
    return DONE


async def _decide(settings: Settings, key: str, *, keep: bool) -> Sequence[Told]:
    async with office(settings) as decided_at, decided_at.work(keep=keep) as work:
        rule = work.policy.waves[key]
        try:
            work.library.current(rule.questionnaire)
        except UnknownQuestionnaire as error:
            allowed = error.values["allowed"]
            raise Trouble(
                f"waves.{key}.questionnaire: there is no {rule.questionnaire!r}; allowed: {allowed}"
            ) from error
        decided = await (start_wave(work, rule) if keep else preview_wave(work, rule))
    return [told(one) for one in decided]
