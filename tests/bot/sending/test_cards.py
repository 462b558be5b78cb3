"""Cards: in order, the newest only, one on the screen, whatever Telegram does."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.telegram import Outcome, Result
from handlers.replies import Toast
from surveys.ports import Card
from tests.bot.sending.office import BLOCKED, BROKEN, DOUBT, REFUSED, RETRY, Office, card, wait


async def test_the_first_card_is_sent_and_the_next_turn_edits_it(office: Office) -> None:
    office.sender.card(card(0))
    await office.sender.idle()
    office.sender.card(card(1))
    await office.sender.idle()
    assert office.done == [("send", "turn 0"), ("edit", 101)]
    assert office.outcomes.shown == {"i1": Card(chat_id=7, message_id=101, shown_turn=1)}
    assert office.outcomes.news.is_set()


async def test_only_a_card_in_a_new_place_is_told_of_at_once(office: Office) -> None:
    office.sender.card(card(0))
    await office.sender.idle()
    office.outcomes.take()
    office.sender.card(card(1))
    await office.sender.idle()
    assert not office.outcomes.news.is_set()
    office.sender.card(replace(card(2), below=True))
    await office.sender.idle()
    assert office.outcomes.news.is_set()


async def test_of_several_turns_that_wait_only_the_newest_is_drawn(office: Office) -> None:
    for turn in range(5):
        office.sender.card(card(turn, at=50))
    await office.sender.idle()
    assert [sent.call.params["text"] for sent in office.telegram.calls] == ["turn 4"]


async def test_an_older_turn_that_comes_late_is_not_drawn(office: Office) -> None:
    office.sender.card(card(6, at=50))
    await office.sender.idle()
    office.sender.card(card(5, at=50))
    await office.sender.idle()
    assert [sent.call.params["text"] for sent in office.telegram.calls] == ["turn 6"]


async def test_an_older_turn_that_waits_behind_a_newer_one_is_not_drawn(office: Office) -> None:
    office.sender.card(card(6, at=50))
    await asyncio.sleep(0.05)
    office.sender.card(card(5, at=50))
    await office.sender.idle()
    assert [sent.call.params["text"] for sent in office.telegram.calls] == ["turn 6"]


async def test_a_newer_turn_takes_over_while_the_older_one_cannot_be_drawn(office: Office) -> None:
    office.telegram.will(RETRY)
    office.sender.card(card(1, at=50))
    await asyncio.sleep(0.2)
    office.sender.card(card(2, at=50))
    await office.sender.idle()
    assert [sent.call.params["text"] for sent in office.telegram.calls] == ["turn 1", "turn 2"]


async def test_a_card_that_is_to_come_below_is_drawn_once_even_if_it_took_over_from_another(office: Office) -> None:
    office.telegram.will(RETRY)
    office.sender.card(card(1, at=50))
    await asyncio.sleep(0.2)
    office.sender.card(card(2, at=50, below=True))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("send", "turn 2"), ("strip", 50)]


async def test_below_comes_as_a_new_message_and_the_old_card_loses_its_buttons(office: Office) -> None:
    office.sender.card(card(1, at=50, below=True))
    await office.sender.idle()
    assert office.done == [("send", "turn 1"), ("strip", 50)]
    assert "reply_markup" not in office.telegram.calls[-1].call.params


async def test_what_was_to_come_below_still_does_when_a_newer_turn_takes_over(office: Office) -> None:
    office.sender.card(card(1, at=50, below=True))
    office.sender.card(card(2))
    await office.sender.idle()
    assert office.done == [("send", "turn 2"), ("strip", 50)]


async def test_of_a_card_that_was_sent_twice_the_lower_one_lives_on(office: Office) -> None:
    office.sender.card(card(0))
    await office.sender.idle()
    office.sender.card(card(1, at=40))
    await office.sender.idle()
    assert office.done == [("send", "turn 0"), ("edit", 101), ("strip", 40)]


async def test_cards_of_one_chat_go_one_after_the_other_and_of_many_chats_at_once(office: Office) -> None:
    office.telegram.seconds = 1.0
    for chat in range(3):
        office.sender.card(card(0, interview=f"a{chat}", chat=chat))
        office.sender.card(card(0, interview=f"b{chat}", chat=chat))
    await office.sender.idle()
    assert office.times == [0, 0, 0, 1, 1, 1]
    assert [sent.call.params["chat_id"] for sent in office.telegram.calls] == [0, 1, 2, 0, 1, 2]


async def test_429_is_obeyed_to_the_second(office: Office) -> None:
    office.telegram.will(wait(17), wait(3))
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    assert office.times == [0, 17.1, 20.2]


async def test_a_long_outage_is_waited_out_with_ever_rarer_calls(office: Office) -> None:
    office.telegram.will(*[RETRY] * 60)
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    gaps = [round(later - earlier, 1) for earlier, later in pairwise(office.times)]
    assert gaps[:5] == [0.6, 1.1, 2.1, 4.1, 8.1]
    assert set(gaps[5:]) == {10.1}
    assert office.outcomes.shown["i1"].shown_turn == 1


@pytest.mark.parametrize("unsure", [DOUBT, BROKEN])
async def test_an_edit_in_doubt_is_repeated_until_it_is_certain(office: Office, unsure: Outcome) -> None:
    office.telegram.will(*[unsure] * 10)
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    assert office.done == [("edit", 50)] * 11


async def test_a_new_card_in_doubt_is_sent_once_more_at_once(office: Office) -> None:
    office.telegram.will(DOUBT)
    office.sender.card(card(0))
    await office.sender.idle()
    assert office.done == [("send", "turn 0")] * 2
    assert office.outcomes.shown["i1"].message_id == 101


async def test_a_card_in_doubt_twice_comes_again_only_after_a_pause(office: Office) -> None:
    office.telegram.will(DOUBT, DOUBT)
    office.sender.card(card(0))
    await asyncio.sleep(30)
    await office.sender.idle()
    assert office.times == [0, 0.6, 10.7]
    assert office.outcomes.shown["i1"].shown_turn == 0


async def test_it_does_not_come_again_once_the_person_has_answered_the_first(office: Office) -> None:
    office.telegram.will(DOUBT, DOUBT)
    office.sender.card(card(0))
    await asyncio.sleep(2)
    office.sender.card(card(1, at=90))
    await asyncio.sleep(300)
    assert office.done == [("send", "turn 0"), ("send", "turn 0"), ("edit", 90)]


async def test_copies_are_counted_and_come_to_an_end_where_nobody_knows_the_place(office: Office) -> None:
    office.telegram.will(*[DOUBT] * 99)
    office.sender.card(card(0))
    await asyncio.sleep(3600)
    assert office.times == [0, 0.6, 10.7, 40.8, 100.9]
    assert office.outcomes.shown == {"i1": Card(chat_id=7, message_id=None, shown_turn=0)}
    assert not office.sender._drawing._doubts


async def test_a_card_nobody_waits_for_comes_once_more_at_most(office: Office) -> None:
    office.telegram.will(*[DOUBT] * 99)
    office.sender.card(replace(card(0), paced=True))
    await asyncio.sleep(3600)
    assert office.done == [("send", "turn 0")] * 2
    assert office.outcomes.shown == {"i1": Card(chat_id=7, message_id=None, shown_turn=0)}


async def test_connections_that_break_are_no_reason_to_give_a_card_up(office: Office) -> None:
    office.telegram.will(*[BROKEN] * 20)
    office.sender.card(card(0))
    await asyncio.sleep(3600)
    assert len(office.done) == 21
    assert office.outcomes.shown["i1"].message_id == 101


async def test_a_card_that_waits_to_come_again_is_on_its_way_in_its_own_turn_alone(office: Office) -> None:
    office.telegram.will(DOUBT, DOUBT)
    office.sender.card(card(3))
    await asyncio.sleep(5)
    assert office.sender.has("i1", 3)
    assert not office.sender.has("i1", 4)


async def test_a_refused_card_is_not_taken_for_one_on_its_way(office: Office) -> None:
    office.telegram.will(DOUBT, REFUSED)
    office.sender.card(card(0))
    await office.sender.idle()
    assert not office.sender.has("i1", 0)


async def test_below_in_doubt_the_old_card_is_edited_instead_of_sending_one_more(office: Office) -> None:
    office.telegram.will(DOUBT)
    office.sender.card(card(1, at=50, below=True))
    await office.sender.idle()
    assert office.done == [("send", "turn 1"), ("edit", 50)]
    assert office.outcomes.shown["i1"].message_id == 50


async def test_a_card_the_person_deleted_comes_back_as_a_new_message(office: Office) -> None:
    office.telegram.will(REFUSED)
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("send", "turn 1")]
    assert office.outcomes.shown["i1"].message_id == 101


@pytest.mark.parametrize("answer", [REFUSED, Outcome(Result.MOVED, moved_to=-5), Outcome(Result.CONFLICT)])
async def test_a_card_that_telegram_will_never_take_is_given_up_and_the_lane_goes_on(
    office: Office, answer: Outcome
) -> None:
    office.telegram.will(answer)
    office.sender.card(card(0))
    office.sender.card(card(0, interview="i2"))
    await office.sender.idle()
    assert set(office.outcomes.shown) == {"i2"}


async def test_a_card_that_holds_no_news_is_edited_where_it_is(office: Office) -> None:
    office.sender.card(replace(card(1, at=50), in_place=True))
    await office.sender.idle()
    assert office.done == [("edit", 50)]


@pytest.mark.parametrize("answer", [REFUSED, Outcome(Result.MOVED, moved_to=-5), Outcome(Result.CONFLICT)])
async def test_a_card_that_holds_no_news_is_done_with_where_it_cannot_be_edited(
    office: Office, answer: Outcome
) -> None:
    office.telegram.will(answer)
    office.sender.card(replace(card(1, at=50), in_place=True))
    office.sender.card(replace(card(2, interview="i2"), in_place=True))
    await office.sender.idle()
    assert office.done == [("edit", 50)]
    assert {key: shown.shown_turn for key, shown in office.outcomes.shown.items()} == {"i1": 1, "i2": 2}


async def test_a_card_that_somebody_waits_for_as_well_comes_anew_where_it_cannot_be_edited(office: Office) -> None:
    office.telegram.will(REFUSED)
    office.sender.card(replace(card(1, at=50), in_place=True))
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("send", "turn 1")]


async def test_somebody_who_blocked_the_bot_is_out_of_reach(office: Office) -> None:
    office.telegram.will(BLOCKED)
    office.sender.card(card(1, at=50))
    await office.sender.idle()
    assert office.outcomes.unreachable == {7}
    assert not office.outcomes.shown
    assert office.done == [("edit", 50)]


async def test_a_card_on_its_way_or_drawn_is_known_to_be(office: Office) -> None:
    office.sender.card(card(3))
    assert office.sender.has("i1", 4)
    await asyncio.sleep(0.05)
    assert office.sender.has("i1", 4)
    await office.sender.idle()
    assert office.sender.has("i1", 3)
    assert not office.sender.has("i1", 4)


async def test_a_card_nobody_waits_for_takes_its_turn_and_gives_way_to_newer_states(office: Office) -> None:
    for chat in range(100, 130):
        office.sender.card(card(0, interview=f"c{chat}", chat=chat))
    pulse = card(0, interview="pulse")
    office.sender.card(replace(pulse, paced=True))
    await asyncio.sleep(0.5)
    office.sender.card(card(1, interview="pulse"))
    await office.sender.idle()
    assert office.times[-1] >= 1.0
    assert office.telegram.calls[-1].call.params["text"] == "turn 1"
    assert len(office.telegram.calls) == 31


@pytest.mark.parametrize(("answer", "calls"), [(DOUBT, 2), (RETRY, 2), (wait(3), 2), (wait(60), 1), (REFUSED, 1)])
async def test_a_toast_is_tried_once_more_soon_or_not_at_all(office: Office, answer: Outcome, calls: int) -> None:
    office.telegram.will(answer)
    office.sender.reply(Toast("q1", "Taken"))
    await office.sender.idle()
    assert [sent.call.method for sent in office.telegram.calls] == ["answerCallbackQuery"] * calls


async def test_a_toast_waits_for_no_lane(office: Office) -> None:
    office.telegram.will(wait(20))
    office.sender.card(card(1, at=50))
    await asyncio.sleep(1)
    office.sender.reply(Toast("q1"))
    await office.sender.idle()
    assert office.times == [0, 1, 20.1]


async def test_nothing_is_left_behind_when_all_is_sent(office: Office) -> None:
    for chat in range(200):
        office.sender.card(card(0, interview=f"i{chat}", chat=chat))
        office.sender.card(card(1, interview=f"i{chat}", chat=chat))
    await office.sender.idle()
    assert office.sender.busy == 0
    assert not office.sender._lanes._lanes
    assert not office.sender._lanes._tasks
    assert not office.sender._drawing._waiting
    assert not office.sender._drawing._under_way


async def test_the_places_of_cards_are_remembered_up_to_a_limit(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.drawing.KNOWN", 10)
    for number in range(100):
        office.sender.card(card(0, interview=f"i{number}", chat=number))
    await office.sender.idle()
    assert len(office.sender._drawing._known) == 10


async def test_closing_drops_what_hangs(office: Office) -> None:
    office.telegram.seconds = 1000
    office.sender.card(card(0))
    await asyncio.sleep(1)
    await office.sender.close()
    assert office.sender.busy == 0
    assert not office.outcomes
