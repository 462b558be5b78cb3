"""Presses and words of the committee: each counts once, for the improvement it was meant for."""

from collections.abc import Sequence

import pytest

from handlers.replies import Call
from surveys.cases.case import Happened
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement
from tests.bot.house import ADMIN
from tests.handlers.hall import Hall, pressed, said


@pytest.fixture
async def opened(hall: Hall) -> Hall:
    at = hall.service.clock.now()
    async with hall.service.database.unit_of_work() as uow:
        new = Improvement(cause=Cause("usability"), opened_at=at, owner=ADMIN)
        assert await uow.improvements.open(new, Happened(kind="opened", at=at, actor=ADMIN), []) == 1
        await uow.commit()
    return hall


async def improvement(hall: Hall) -> Improvement:
    async with hall.service.database.unit_of_work() as uow:
        found = await uow.improvements.get(1)
    assert found is not None
    return found


async def press(hall: Hall, data: str) -> Sequence[Call]:
    return await hall.calls(pressed(ADMIN, data), commit=True)


async def say(hall: Hall, words: str) -> Sequence[Call]:
    return await hall.calls(said(ADMIN, text=words), commit=True)


async def test_a_decision_needs_its_reason_in_words_and_an_old_button_changes_nothing(opened: Hall) -> None:
    await press(opened, "k.do.1.1")
    assert (await improvement(opened)).decision is None
    [card] = await say(opened, "Two of our largest clients")
    assert "Decision: do. Two of our largest clients" in str(card.params["text"])
    await press(opened, "k.start.1.1")
    assert (await improvement(opened)).status == "planned"
    await press(opened, "k.start.1.2")
    await press(opened, "k.start.1.2")
    found = await improvement(opened)
    assert (found.status, found.version) == ("started", 3)


async def test_whoever_was_overtaken_is_told_so_and_sees_the_card(opened: Hall) -> None:
    async with opened.service.database.unit_of_work() as uow:
        one = await uow.improvements.lock(1)
        assert one is not None
        await uow.improvements.save(
            Improvement(id=1, cause=one.cause, opened_at=one.opened_at, version=2, what="Theirs"),
            Happened(kind="described", at=one.opened_at, actor=5, detail={"text": "Theirs"}),
        )
        await uow.commit()
    toast, card = await press(opened, "k.plan.1.1.30")
    assert "Somebody was faster" in str(toast.params["text"])
    assert "What: Theirs" in str(card.params["text"])
    assert (await improvement(opened)).due is None


async def test_words_after_another_button_are_not_for_the_improvement(opened: Hall) -> None:
    await press(opened, "k.what.1.1")
    await press(opened, "k.card.1")
    await say(opened, "Hello there")
    assert (await improvement(opened)).what is None


async def test_words_that_are_too_long_for_a_letter_are_asked_for_again(opened: Hall) -> None:
    await press(opened, "k.do.1.1")
    await say(opened, "Because")
    await press(opened, "k.tell.1.2.0")
    [refusal] = await say(opened, "x" * 1501)
    assert "1501 characters, at most 1500 fit" in str(refusal.params["text"])
    await say(opened, "It is faster now")
    assert dict((await improvement(opened)).told) == {"en": "It is faster now"}
