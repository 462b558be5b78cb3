"""Events about projects: what they change, and the survey that may begin with it."""

from collections.abc import Sequence
from dataclasses import replace

from surveys.asking import decided, occasion
from surveys.contact import Candidate, Decided, Drop, Values
from surveys.directory import Project
from surveys.interactions import Interaction
from surveys.waves import became_eligible
from surveys.work import Work


async def change_project(work: Work, event: Interaction) -> Sequence[Decided]:
    """Takes over the stage or the adoption that the event tells of; where the survey now makes sense, it is asked."""
    project = await _meant(work, event)
    if project is None:
        return await _not_taken(work, event, Drop("unknown_project", {"project": event.project or "?"}))
    changed = _changed(work, project, event)
    if isinstance(changed, Drop):
        return await _not_taken(work, event, changed)
    await work.uow.directory.change(changed)
    return await became_eligible(work, {project.id: project}, event)


async def _meant(work: Work, event: Interaction) -> Project | None:
    """The project that is named; without a name, the only one of the person who is named."""
    if event.project:
        return await work.uow.directory.project(event.account, event.project)
    known = (await work.uow.people.lock_named([event.person])).values() if event.person else ()
    held = await work.uow.directory.places([person.id for person in known])
    projects = {one.project.id: one.project for one in held if event.account in (None, one.account.name)}
    return next(iter(projects.values())) if len(projects) == 1 else None


async def _not_taken(work: Work, event: Interaction, why: Drop) -> Sequence[Decided]:
    what = occasion(work, work.policy.relationship.questionnaire, work.now, "relationship", events=(event,))
    made = [decided(work, what, Candidate(name=event.person), why)]
    await work.uow.decisions.add(made)
    return made


def _changed(work: Work, project: Project, event: Interaction) -> Project | Drop:
    """The project as the event has it."""
    stage = event.data.get("stage", project.stage)
    if stage != project.stage and stage not in work.policy.stages:
        return Drop("unknown_stage", _shown(stage))
    said = event.data.get("adoption", project.adoption)
    adoption = said if said is None else share(said)
    if said is not None and adoption is None:
        return Drop("unknown_adoption", _shown(said))
    return replace(project, stage=stage, adoption=adoption)


def _shown(value: object) -> Values:
    return {"value": str(value)[:100]}


def share(value: object) -> float | None:
    """A share 0-1 out of a number 0-1 or a percentage; None for anything else.

    >>> share(0.7), share("70 %"), share(70), share("most")
    (0.7, 0.7, None, None)
    """
    if isinstance(value, str) and value.rstrip().endswith("%"):
        number, hundredth = value.rstrip()[:-1].strip().replace(",", "."), 0.01
    else:
        number, hundredth = str(value).strip().replace(",", "."), 1.0
    if isinstance(value, bool) or not number.replace(".", "", 1).isdecimal():
        return None
    found = round(float(number) * hundredth, 6)
    return found if 0.0 <= found <= 1.0 else None
