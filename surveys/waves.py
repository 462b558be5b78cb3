"""Relationship surveys: asked when a project begins to have something to judge, and again in waves."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from surveys.asking import candidate, consider, occasion, schedule
from surveys.calendar import place_in
from surveys.contact import Decided, WaveRule
from surveys.cron import next_fire
from surveys.directory import Project, Stakeholder
from surveys.history import Considered
from surveys.interactions import Interaction
from surveys.work import Work

A_PERSON: Final = timedelta(seconds=1)
"""How much longer a burst may take for each person in it: a few are asked at once, many within the drip."""


async def preview_wave(work: Work, rule: WaveRule) -> Sequence[Decided]:
    """Who would be asked if the wave started now, who would not, and why. Changes nothing."""
    return await consider(work, await _everybody(work, rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A wave to come: when it begins, None for never, and what would be decided then, as things are today."""

    key: str
    at: datetime | None
    decided: Sequence[Decided]


async def forecast(work: Work, rule: WaveRule) -> Forecast:
    """Who would be asked when the wave begins next. Changes nothing."""
    at = next_fire(rule.cron, rule.zone, work.now)
    then = work if at is None else replace(work, now=at)
    return Forecast(key=rule.key, at=at, decided=await preview_wave(then, rule))


async def start_wave(work: Work, rule: WaveRule) -> Sequence[Decided]:
    """Decides about everybody in the wave and schedules the questions."""
    return await _schedule(work, await _everybody(work, rule))


async def start_due_wave(work: Work, rule: WaveRule) -> Sequence[Decided]:
    """Starts the wave if its time has come: once, however many times it was missed. Reckons the next start."""
    named = f"{rule.line} {rule.zone.key}"
    due = await work.uow.wave_starts.due(rule.key, named, work.now)
    if due is False:
        return ()
    made = await start_wave(work, rule) if due else ()
    await work.uow.wave_starts.set(rule.key, named, next_fire(rule.cron, rule.zone, work.now))
    return made


async def became_eligible(
    work: Work, before: Mapping[int, Project], event: Interaction | None = None
) -> Sequence[Decided]:
    """Asks in the projects for which the survey made no sense and now does; `before`: by id, as they were."""
    wanted = work.policy.relationship
    if not wanted.automatic:
        return ()
    asked = [
        held
        for held in await work.uow.directory.stakeholders()
        if (was := before.get(held.project.id)) and wanted.fits(held.project) and not wanted.fits(was)
    ]
    events = () if event is None else (event,)
    return await _schedule(work, _spread(work, wanted.questionnaire, asked, events=events))


async def _everybody(work: Work, rule: WaveRule) -> Sequence[Considered]:
    asked = [held for held in await work.uow.directory.stakeholders() if in_wave(held, rule.where)]
    day = work.now.astimezone(rule.zone).date()
    return _spread(work, rule.questionnaire, asked, wave=f"{rule.key}-{day.isoformat()}")


async def _schedule(work: Work, considered: Sequence[Considered]) -> Sequence[Decided]:
    await work.uow.people.lock(sorted({whom.person.id for _, whom in considered if whom.person}))
    return await schedule(work, considered)


def _spread(work: Work, key: str, asked: Sequence[Stakeholder], **more: object) -> Sequence[Considered]:
    """Everybody with a moment of their own, so that a burst becomes an even drip."""
    window = min(work.policy.drip, len(asked) * A_PERSON)
    return [
        (
            occasion(work, key, work.now + place_in(window, held.person.external_id), "relationship", **more),
            candidate(work, held.person.external_id, held.person, held, key),
        )
        for held in asked
    ]


def in_wave(held: Stakeholder, where: Mapping[str, Sequence[str]]) -> bool:
    """Whether this person in this project has one of the wanted values in every dimension named."""
    values: Mapping[str, Set[str | None]] = {
        "account": {held.account.name},
        "project": {held.project.name},
        "division": {held.project.division},
        "product": {held.project.product},
        "stage": {held.project.stage},
        "role": set(held.roles),
    }
    return all(not values[dimension].isdisjoint(wanted) for dimension, wanted in where.items())
