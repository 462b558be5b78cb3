"""Answers that are no scores, and what was agreed to before the first of them."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from storage.database import Database
from storage.tables import answer
from surveys.events import AnswerGiven
from surveys.interview import Answer, Interview, Phase
from surveys.ports import OpenInterview
from surveys.report import report
from surveys.reporting import ReportQuery, ReportRules
from tests.storage.samples import ANNA, BORIS, BORIS_ROW, GIVEN, NOW, asked, begin, later

CHOSEN = AnswerGiven(Answer("reasons", text="Погода", choice=("price", "other")), "senior_it")
DAY = AnswerGiven(Answer("since", choice=("2026-03-01",)), "senior_it")
UNSURE = AnswerGiven(Answer("usability", choice=("not_applicable",)), "senior_it", None, "usability", "product")
RULES = ReportRules(weights={"senior_it": 1.0, "key_user": 1.0}, csi_basis="top2", mode="named", min_group=5)


async def keep(database: Database, *given: AnswerGiven, number: int = 1, **changes: object) -> OpenInterview:
    """The interview as it stands after these answers."""
    async with database.unit_of_work() as uow:
        person = (ANNA,) if number == 1 else (BORIS, BORIS_ROW)
        opened = asked(await begin(uow, *person, number=number), NOW)
        answers = {one.answer.item: one.answer for one in given}
        after = replace(opened, interview=replace(opened.interview, answers=answers, **changes))
        await uow.interviews.save(opened, after, given, later(minutes=1))
        await uow.commit()
    return after


async def read_again(database: Database, telegram_id: int = ANNA) -> Interview:
    async with database.unit_of_work() as uow:
        found = await uow.interviews.open_of(telegram_id)
    assert found is not None
    return found.interview


async def test_answers_of_every_kind_come_back_as_they_were_given(database: Database) -> None:
    given = (CHOSEN, DAY, UNSURE, GIVEN["nps"], GIVEN["nps_why"])
    kept = await keep(database, *given)
    assert (await read_again(database)).answers == kept.interview.answers


async def test_what_is_ticked_but_not_sent_comes_back(database: Database) -> None:
    draft = Answer("reasons", text="Погода", choice=("price", "other"))
    await keep(database, trail=("reasons",), phase=Phase.ASKING, draft=draft)
    assert (await read_again(database)).draft == draft
    async with database.reading() as reading:
        assert list(await reading.connection.execute(select(answer))) == []


async def test_nothing_ticked_any_more_comes_back_as_that(database: Database) -> None:
    await keep(database, trail=("reasons",), phase=Phase.ASKING, draft=Answer("reasons"))
    assert (await read_again(database)).draft == Answer("reasons")


async def test_what_was_agreed_to_and_until_when_comes_back(database: Database) -> None:
    until: datetime = later(days=7)
    await keep(database, consent="5e88", valid_until=until)
    found = await read_again(database)
    assert (found.consent, found.valid_until, found.stage) == ("5e88", until, "rollout")


async def test_choices_are_exported_and_words_beside_them(database: Database) -> None:
    await keep(database, CHOSEN, DAY, UNSURE, GIVEN["nps"])
    async with database.reading() as reading:
        rows = {row["item"]: row async for row in reading.exports.answers()}
    assert (rows["reasons"]["choice"], rows["reasons"]["text"]) == ("price|other", "Погода")
    assert rows["since"]["choice"] == "2026-03-01"
    assert (rows["usability"]["choice"], rows["usability"]["scale"]) == ("not_applicable", None)
    assert rows["usability"]["component"] == "usability"
    assert (rows["nps"]["choice"], rows["nps"]["score"]) == (None, 9)


async def test_who_could_not_judge_is_in_no_base(database: Database) -> None:
    await keep(database, UNSURE)
    await keep(database, replace(GIVEN["usability"], role="key_user"), number=2)
    async with database.reading() as reading:
        found = await report(ReportQuery(metric="csat"), reading.counts, RULES)
    assert (found.total.n, found.total.value) == (1, 100.0)


async def test_a_scale_of_the_vendors_own_is_counted_in_its_metric_alone(database: Database) -> None:
    given = [
        AnswerGiven(Answer("a", score=1), "senior_it", "csat_4_1"),
        AnswerGiven(Answer("b", score=4), "senior_it", "own_1_4"),
        AnswerGiven(Answer("c", score=4), "senior_it", "csat_4_1"),
    ]
    await keep(database, *given)
    async with database.reading() as reading:
        found = await report(ReportQuery(metric="csat"), reading.counts, RULES)
        rows = {row["item"]: row["score_100"] async for row in reading.exports.answers()}
    assert (found.total.n, found.total.value) == (2, 50.0)
    assert rows == {"a": 100.0, "b": 100.0, "c": 0.0}


async def promise(database: Database) -> None:
    """Anna was asked by name, Boris in confidence; both have answered."""
    await keep(database, GIVEN["nps"])
    await promise_boris(database)


async def promise_boris(database: Database) -> None:
    async with database.unit_of_work() as uow:
        opened = asked(await begin(uow, BORIS, BORIS_ROW, number=2, mode="confidential"), NOW)
        after = replace(opened, interview=replace(opened.interview, answers={"nps": GIVEN["nps"].answer}))
        await uow.interviews.save(opened, after, (GIVEN["nps"],), NOW)
        await uow.commit()


async def test_the_mode_comes_back(database: Database) -> None:
    await promise(database)
    assert (await read_again(database)).mode == "named"
    assert (await read_again(database, BORIS)).mode == "confidential"


async def test_who_was_promised_confidentiality_is_named_in_no_export_whatever_is_configured(
    database: Database,
) -> None:
    await promise(database)
    async with database.reading() as reading:
        for what in ("answers", "responses", "invitations"):
            people = [row["person"] async for row in getattr(reading.exports, what)(confidential=False)]
            assert sorted(people, key=str) == [None, "p-1"], what


async def test_one_promise_is_enough_for_every_report_to_keep_it(database: Database) -> None:
    async with database.reading() as reading:
        assert not await reading.counts.confidential()
    await keep(database, GIVEN["nps"])
    async with database.reading() as reading:
        assert not await reading.counts.confidential()
    await promise_boris(database)
    async with database.reading() as reading:
        assert await reading.counts.confidential()
