"""Deciding whom to ask: a decision about each, a row for each decision, and what is going to be asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from surveys.contact import Ask, Candidate, Decided, Occasion, Scheduled, Verdict
from surveys.contact_ports import NewAsk
from surveys.directory import Person, Stakeholder
from surveys.history import Considered, Ledger, ledger
from surveys.invitations import has_questions
from surveys.policy import decide
from surveys.questionnaire import Kind
from surveys.work import Work


def occasion(work: Work, key: str, not_before: datetime, kind: Kind = "pulse", **more: Any) -> Occasion:
    """The occasion to ask the questionnaire `key`; `kind`: what it is taken for where there is none of that name."""
    known = work.questionnaire(key)
    return Occasion(
        questionnaire=key,
        kind=known.kind if known else kind,
        minutes=known.minutes if known else 0,
        not_before=not_before,
        known=known is not None,
        **more,
    )


def candidate(work: Work, name: str | None, person: Person | None, held: Stakeholder | None, key: str) -> Candidate:
    """Whoever is called `name`, to be asked the questionnaire `key`."""
    known = work.questionnaire(key)
    return Candidate(
        name=name,
        person=person,
        held=held,
        staff=_is_ours(work, person, held),
        addressed=known is None or held is None or has_questions(known, work.rules.by_weight(held.roles)),
    )


def _is_ours(work: Work, person: Person | None, held: Stakeholder | None) -> bool:
    """Of the staff by the configuration, or one of those who manage the very project by the directory."""
    telegram_id = person.telegram_id if person else None
    managers = (held.account.manager, held.project.manager) if held else ()
    return telegram_id is not None and (work.rules.access.is_staff(telegram_id) or telegram_id in managers)


async def consider(work: Work, considered: Sequence[Considered]) -> Sequence[Decided]:
    """A decision about each, as if what was decided before it had been scheduled already. Writes nothing."""
    histories = await ledger(work, considered)
    return [_consider(work, histories, *pair) for pair in considered]


def _consider(work: Work, histories: Ledger, occasion: Occasion, whom: Candidate) -> Decided:
    verdict = decide(occasion, whom, histories.of(whom), work.policy, work.now)
    if isinstance(verdict, Ask) and verdict.into is None and whom.held:
        to_come = Scheduled(
            id=0,
            questionnaire=occasion.questionnaire,
            kind=occasion.kind,
            project_id=whom.held.project.id,
            due_at=verdict.at,
        )
        histories.note(occasion, whom, to_come)
    return decided(work, occasion, whom, verdict)


def decided(work: Work, occasion: Occasion, whom: Candidate, verdict: Verdict) -> Decided:
    """The decision, to be recorded; of several events it names the last one."""
    return Decided(
        at=work.now,
        candidate=whom,
        questionnaire=occasion.questionnaire,
        verdict=verdict,
        event=occasion.events[-1] if occasion.events else None,
        wave=occasion.wave,
        ask_id=verdict.into if isinstance(verdict, Ask) else None,
    )


async def schedule(
    work: Work, considered: Sequence[Considered], interaction_id: int | None = None
) -> Sequence[Decided]:
    """The same, written: every decision, and the questions that come of them, about the event of this id, if any."""
    made = list(await consider(work, considered))
    about = () if interaction_id is None else (interaction_id,)
    new = {
        index: _new(work, occasion, whom.held, one.verdict, about)
        for index, ((occasion, whom), one) in enumerate(zip(considered, made, strict=True))
        if isinstance(one.verdict, Ask) and one.verdict.into is None and whom.held
    }
    ids = await work.uow.asks.add(list(new.values()))
    for index, ask_id in zip(new, ids, strict=True):
        made[index] = replace(made[index], ask_id=ask_id)
    for one in made:
        if isinstance(one.verdict, Ask) and one.verdict.into is not None and interaction_id is not None:
            await work.uow.asks.take_in(one.verdict.into, interaction_id, one.verdict.at)
    await work.uow.decisions.add(made)
    return made


def _new(work: Work, occasion: Occasion, held: Stakeholder, verdict: Ask, about: tuple[int, ...]) -> NewAsk:
    return NewAsk(
        person_id=held.person.id,
        project_id=held.project.id,
        questionnaire=occasion.questionnaire,
        kind=occasion.kind,
        due_at=verdict.at,
        created_at=work.now,
        wave=occasion.wave,
        touchpoint=occasion.touchpoint,
        interactions=about,
    )
