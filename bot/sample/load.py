"""Puts the sample into a database, through the same doors real people use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.ids import new_id, new_token
from bot.sample.loop import heed
from bot.sample.waves import SampleInvitation, play
from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.beginning import new_interview
from surveys.cases.rules import LoopRules
from surveys.cases.work import LoopWork
from surveys.directory import DirectoryRow, Stakeholder
from surveys.interview import Disposition, Phase
from surveys.invitations import Issued, circumstances, issue, token_hash
from surveys.ports import Card, Library, OpenInterview
from surveys.questionnaire import Questionnaire
from surveys.rules import Rules

PATIENCE = timedelta(days=7)


async def load_directory(database: Database, rows: Sequence[DirectoryRow], accounts: Mapping[str, int]) -> None:
    """Writes the directory; its people have these Telegram accounts, by external id."""
    async with database.unit_of_work() as uow:
        await uow.directory.upsert(rows)
        for external_id, telegram_id in accounts.items():
            (person,) = await uow.people.find(external_id)
            await uow.people.bind(person.id, telegram_id)
        await uow.commit()


async def load_waves(
    database: Database, library: Library, rules: Rules, loop: LoopRules, asked: Sequence[SampleInvitation]
) -> None:
    """Writes past invitations and what came of them; whoever was unhappy became a case."""
    async with database.unit_of_work() as uow:
        held = {(one.person.external_id, one.project.name): one for one in await uow.directory.stakeholders()}
        wave = None
        for invitation in asked:
            if invitation.wave != wave:
                await uow.interviews.write_answers()  # a score is compared with the one before
            wave = invitation.wave
            stakeholder = held[invitation.row.external_id, invitation.row.project]
            work = LoopWork(uow=uow, library=library, rules=rules, loop=loop, now=invitation.invited_at)
            await _answer(uow, work, library.current(invitation.questionnaire), stakeholder, invitation)
        await uow.commit()


async def _answer(
    uow: StoredUnitOfWork,
    work: LoopWork,
    questionnaire: Questionnaire,
    stakeholder: Stakeholder,
    asked: SampleInvitation,
) -> None:
    rules = work.rules
    (issued,) = await issue(uow, questionnaire, [stakeholder], rules, asked.invited_at, new_token, wave=asked.wave)
    if asked.begun_at is None:
        return
    opened = await _open(uow, questionnaire, rules, issued, asked, asked.begun_at)
    for signal, turn in play(questionnaire, opened.interview, asked):
        after = _drawn(replace(opened, interview=turn.interview))
        await uow.interviews.save(opened, after, turn.events, signal.at)
        await heed(replace(work, now=signal.at))
        opened = after
    if opened.interview.phase is not Phase.CLOSED:
        left = asked.begun_at + PATIENCE
        closed = replace(
            opened.interview,
            phase=Phase.CLOSED,
            disposition=Disposition.PARTIAL,
            closed_at=left,
            turn=opened.interview.turn + 1,
        )
        await uow.interviews.save(opened, _drawn(replace(opened, interview=closed)), (), left)


async def _open(
    uow: StoredUnitOfWork,
    questionnaire: Questionnaire,
    rules: Rules,
    issued: Issued,
    asked: SampleInvitation,
    at: datetime,
) -> OpenInterview:
    invitation = await uow.invitations.by_token(token_hash(issued.token))
    if invitation is None:
        raise LookupError("the invitation just written is not there")
    chat_id = issued.stakeholder.person.telegram_id or 0
    about = circumstances(invitation, issued.stakeholder)
    roles = rules.by_weight(issued.stakeholder.roles)
    interview = new_interview(questionnaire, about, rules, interview_id=new_id(), roles=roles, language=asked.language)
    opened = _drawn(OpenInterview(interview=interview, about=about, card=Card(chat_id=chat_id)))
    await uow.interviews.add([opened], at)
    await uow.invitations.mark_opened(invitation.id, at)
    return opened


def _drawn(opened: OpenInterview) -> OpenInterview:
    """The past is not drawn again."""
    return replace(opened, card=replace(opened.card, shown_turn=opened.interview.turn))
