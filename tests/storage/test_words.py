"""Verbatims as storage reads them."""

from typing import Any

import pytest

from storage.database import Database
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.reporting import ReportQuery
from surveys.rules import Scope
from surveys.verbatims import Explained, Verbatim
from tests.storage.probes import listening
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, later, respond

NPS = AnswerGiven(Answer("nps", score=9), "senior_it", "nps")
WHY = AnswerGiven(Answer("nps_why", text="Быстро"), "senior_it", None)
SLOW = AnswerGiven(Answer("usability_why", text="Медленно"), "key_user", None, "usability", "product")
LOW = AnswerGiven(Answer("usability", score=2), "key_user", "csat_5", "usability", "product")
ABOUT: Explained = {("relationship", 1, "nps_why"): "nps", ("relationship", 1, "usability_why"): "usability"}


@pytest.fixture
async def filled(database: Database) -> Database:
    """Anna recommends and says why; a day later Boris, who was promised confidentiality, complains."""
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NPS, WHY)
        await respond(uow, 2, BORIS_ROW, LOW, SLOW, at=later(days=1), mode="confidential")
        await uow.commit()
    return database


async def said(database: Database, **cut: Any) -> list[Verbatim]:
    async with database.reading() as reading:
        return [one async for one in reading.words.verbatims(ReportQuery(metric="nps", **cut), ABOUT)]


async def test_words_come_with_the_score_they_explain_the_newest_first(filled: Database) -> None:
    second, first = await said(filled)
    assert (second.text, second.item, second.score, second.scale) == ("Медленно", "usability", 2, "csat_5")
    assert (first.text, first.item, first.score, first.scale) == ("Быстро", "nps", 9, "nps")
    assert (first.account, first.project, first.role) == (ANNA_ROW.account, ANNA_ROW.project, "senior_it")
    assert first.person == ANNA_ROW.external_id
    assert first.at == NOW


async def test_who_was_promised_confidentiality_is_not_named(filled: Database) -> None:
    assert (await said(filled))[0].person is None


async def test_words_are_cut_like_figures(filled: Database) -> None:
    assert [one.text for one in await said(filled, where={"component": ("usability",)})] == ["Медленно"]
    assert [one.text for one in await said(filled, until=later(days=1))] == ["Быстро"]
    assert [one.text for one in await said(filled, since=later(days=1))] == ["Медленно"]
    assert await said(filled, scope=Scope(accounts=("other",))) == []
    assert [one.text for one in await said(filled, scope=Scope(accounts=(ANNA_ROW.account,)))] == ["Быстро"]


async def test_scores_are_looked_up_together(filled: Database) -> None:
    heard: list[str] = []
    with listening(lambda statement, _: heard.append(statement)):
        assert len(await said(filled)) == 2
    assert len([one for one in heard if "answer.score IS NOT NULL" in one]) == 1
