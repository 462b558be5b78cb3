"""Everything an interview can be in the middle of is there again after a restart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storage.database import Database
from surveys.interview import Answer, Disposition, Phase, Piece
from surveys.later import Offer
from surveys.rules import Access, Scope
from tests.storage.samples import ANNA, ANNA_ROW, BORIS, BORIS_ROW, NOW, begin, later, moved

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR, WEEK, END = (later(**by).astimezone(MOSCOW) for by in ({"hours": 1}, {"days": 7}, {"days": 14}))
OFFERED = Offer(moments={"hour": HOUR, "week": WEEK}, until=END)
CHOSEN = Offer(moments={"week": WEEK}, until=END)
COMMENT = Answer("nps", text="Пока не знаю <b>", pieces=(Piece(71, 10), Piece(72, 3)))
SENT: dict[str, Any] = {"disposition": Disposition.COMPLETE, "closed_at": NOW, "amend_until": later(hours=24)}

STATES: dict[str, dict[str, Any]] = {
    "asked when": {"phase": Phase.POSTPONING, "offer": OFFERED},
    "put off": {"phase": Phase.ASLEEP, "offer": CHOSEN},
    "words offered as a comment": {"phase": Phase.ASKING, "trail": ("nps",), "comment": COMMENT},
    "told that an edit comes too late": {"phase": Phase.ASKING, "trail": ("nps",), "too_late": (71, 72)},
    "sent, and may be changed": {"phase": Phase.CLOSED, "trail": ("nps",), **SENT},
    "being looked at again": {"phase": Phase.REVIEW, "trail": ("nps",), "page": 1, **SENT},
    "being changed": {"phase": Phase.ASKING, "trail": ("nps",), "changing": "nps", "amended": True, **SENT},
    "ended for want of rights": {"phase": Phase.CLOSED, "disposition": Disposition.PARTIAL, "cause": "withdrawn"},
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
async def test_whatever_it_was_in_the_middle_of_an_interview_goes_on_there(
    database: Database, state: dict[str, Any]
) -> None:
    async with database.unit_of_work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, moved(opened, **state), (), NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        kept = await uow.interviews.get("i1")
        assert kept is not None
        assert kept.interview == moved(opened, **state).interview
        assert kept.interview.wake_at == (later(days=7) if state.get("phase") is Phase.ASLEEP else None)


async def test_what_sleeps_is_due_at_its_time_and_is_asked_after_what_is_awake(database: Database) -> None:
    async with database.unit_of_work() as uow:
        asleep = await begin(uow, number=1)
        await uow.interviews.save(asleep, moved(asleep, phase=Phase.ASLEEP, offer=CHOSEN), (), later(minutes=5))
        awake = await begin(uow, number=2, at=NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        current = await uow.interviews.open_of(ANNA)
        assert current is not None
        assert current.interview.id == awake.interview.id
        [due] = [one for one in await uow.fieldwork.due(later(minutes=5), 10) if one.interview_id == "i1"]
        assert due.wake_at == later(days=7)
        await uow.fieldwork.look_again({"i1": due.wake_at, "i2": later(days=30)})
        assert await uow.fieldwork.due(due.wake_at - timedelta(microseconds=1), 10) == []
        assert [one.interview_id for one in await uow.fieldwork.due(due.wake_at, 10)] == ["i1"]


async def test_what_is_being_changed_is_told_from_what_was_never_finished(database: Database) -> None:
    async with database.unit_of_work() as uow:
        sent = await begin(uow, number=1)
        await uow.interviews.save(sent, moved(sent, **STATES["being changed"]), (), NOW)
        await begin(uow, BORIS, BORIS_ROW, number=2)
        await uow.commit()
    async with database.unit_of_work() as uow:
        due = await uow.fieldwork.due(later(days=1), 10)
    assert {one.interview_id: one.amending for one in due} == {"i1": True, "i2": False}
    async with database.reading() as reading:
        assert [row["disposition"] async for row in reading.exports.responses()] == ["complete"]


async def test_talks_are_withdrawn_from_whoever_may_not_hold_them_any_more(database: Database) -> None:
    manager, admin = 77, 78
    async with database.unit_of_work() as uow:
        for number, row, interviewer in ((1, ANNA_ROW, manager), (2, BORIS_ROW, admin), (3, BORIS_ROW, manager)):
            own = await begin(uow, 500 + number, row, number=number)
            held = replace(own, about=replace(own.about, interviewer=interviewer))
            await uow.interviews.move_to_talk(own, held, (), NOW)
        await uow.commit()

    async def lost(**access: Any) -> list[str]:
        async with database.reading() as reading:
            return sorted(one for one, _ in await reading.withdrawn_talks.of(Access(**access)))

    east, everybody = Scope(divisions=("Восток",)), frozenset({manager, admin})
    assert await lost(admins=everybody) == []
    assert await lost(admins=frozenset({admin}), managers={manager: east}) == ["i3"]
    assert await lost(admins=frozenset({admin}), managers={manager: east}, viewers=frozenset({manager})) == []
    assert await lost(managers={manager: Scope()}) == ["i1", "i2", "i3"]
    assert await lost() == ["i1", "i2", "i3"]
