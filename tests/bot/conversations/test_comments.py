"""Words where a button is expected, and messages whose words are changed, through the whole service."""

from datetime import timedelta

from bot.clock import Clock
from tests.bot.house import Guest, House


async def at_score(guest: Guest) -> None:
    await guest.begin()
    await guest.press("Agree and start", "Would you recommend us?")


async def test_words_beside_a_score_are_kept_as_a_comment_and_the_question_stands(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_score(guest)
        card = await guest.after("Hard to say, really", "Keep these words as a comment?")
        assert [button.text for button in card.buttons][:2] == ["Keep as a comment", "No"]
        await guest.press("Keep as a comment", "Your comment: Hard to say, really")
    async with house.serving():
        await guest.after("nine", "What should be better?")
    answers = await house.answers()
    assert [text for _, item, text in answers if item == "recommend.comment"] == ["Hard to say, really"]
    assert [score for _, item, score in answers if item == "recommend"] == [9]


async def test_an_offer_survives_a_restart_and_can_be_declined(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_score(guest)
        await guest.after("Hm", "Keep these words as a comment?")
    async with house.serving():
        await guest.person.press("No")
        await guest.person.wait_for(lambda _: "Keep as a comment" not in [one.text for one in guest.cards[-1].buttons])
    assert await house.answers() == []


async def test_an_offer_nobody_took_up_or_declined_is_kept_when_the_time_is_over(house: House) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock):
        await at_score(guest)
        await guest.after("Hard to say, really", "Keep these words as a comment?")
        clock.move(timedelta(days=90))
        await guest.sees("The time for these questions is over. Thank you for what you have told us.")
    assert await house.answers() == [("p0", "recommend.comment", "Hard to say, really")]


async def test_an_edited_message_is_an_edited_answer(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_score(guest)
        await guest.press("9", "What should be better?")
        await guest.after("the screns", "Is it usable?")
        written = [seen.message_id for seen in guest.person.messages if seen.text == "the screns"]
        await guest.person.edit(written[-1], "the screens")
        await guest.sees("your answer now reads as in the edited message")
    assert ("p0", "words", "the screens") in await house.answers()
    assert len([one for one in await house.answers() if one[1] == "words"]) == 1


async def test_an_edit_that_comes_too_late_is_told_of_once(house: House) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock):
        await at_score(guest)
        await guest.press("9", "What should be better?")
        await guest.after("the screens", "Is it usable?")
        written = [seen.message_id for seen in guest.person.messages if seen.text == "the screens"]
        await guest.press("5", "Thank you")
        clock.move(timedelta(days=3))
        await guest.person.edit(written[-1], "the menus")
        await guest.sees("the answer stays as it was")
        await guest.person.edit(written[-1], "the reports")
        await guest.after("/privacy", "Your answers are read by")
    late = [seen for seen in guest.person.messages if "the answer stays as it was" in seen.text]
    assert len(late) == 1
    assert ("p0", "words", "the screens") in await house.answers()
