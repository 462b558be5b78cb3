"""Whoever says or presses whatever gets an answer, and every answer is one that Telegram accepts."""

from collections.abc import Mapping
from itertools import permutations, product

from bot.telegram import Result
from handlers.replies import ShowCard, afresh
from surveys.ports import Card
from tests.bot.house import House
from tests.handlers.hall import PEOPLE, Hall, cards_of, membership, pressed, said

WORDS = (
    *(
        "/start",
        "/start x",
        f"/start {'x' * 32}",
        "/start ../../etc/passwd",
        "/start привет\u200b",
        "/START",
        "/start@bot",
    ),
    *(
        "/help",
        "/language",
        "/stop",
        "/privacy",
        "/report",
        "/report nps",
        "/report nps by role",
        "/report nsp",
        "/why",
        "/cases",
        "/cases report",
        "/cases overdue",
        "/committee",
        "/committee now",
        "/report loop",
        "/report loop by role",
        "/fieldwork",
        "/fieldwork now",
    ),
    *("/why p0", "/report \x00 '\"", "/nosuch", "/", "//", "/ start", "/start" + " x" * 1000),
    *(
        "9",
        "99999999999999999999",
        "eleven",
        " ",
        "\u200b",
        "<b>&amp;{vendor}</b> %s {0}",
        "я" * 4096,
        "🙂" * 2000,
        "٣",
    ),
)
FILES: Mapping[str, Mapping[str, object]] = {
    "sticker": {
        "sticker": {
            "file_id": "f",
            "file_unique_id": "u",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
    "photo with words": {"photo": [], "caption": "see the picture"},
    "contact": {"contact": {"phone_number": "1", "first_name": "x"}},
    "nothing at all": {},
}
DATA = (
    *("", "x", "resume", "l.ru", "l.xx", "r.all.", "r.nps.role", "r.xxx.", "i.x.0.begin", "i.x.0.score9", "i" * 64),
    *("f.all.wave.0", "f.unheard.days.7", "f.next.wave.999", "f.next.days.0", "f.xxx.wave.0", "f.all.wave.-1"),
    *("i.x.999999.back", "\u0000", "кнопка", "i.x.0.pick0", "i.-_.0.keep"),
    *("c.1.1.take", "c.1.1.open", "c.1.1.into.1", "c.1.1.due.2", "c.1.1.cause.9.9.9.9", "c.9.9.xx", "cs.mine.0"),
    *("cs.all.9999", "cs.xx.0", "c.999999999999.9999999.take"),
    *("o.1.talk", "o.999999999999999999.none", "o.1.xx"),
    *("k.home.365.0", "k.home.91.9999", "k.home.7.0", "k.cause.365.1", "k.open.365.1", "k.open.7.1", "k.list.9999"),
    *("k.card.1", "k.card.999999999999", "k.card", "k.history.1", "k.drafts.1.9999", "k.agenda.365", "k.minutes.182"),
    *("k.do", "k.do.1.1", "k.expect.1.1.9", "k.tell.1.1.9", "k.own.1.1.5", "k.plan.1.1.30", "k.plan.1.1", "k.send.1.1"),
    *("k.start.1.1", "k.skip.1.999999999999.0", "k.owners.1.1", "k.agenda.7", "k.xx.1.1", "k.home.1.2.3.4"),
)


async def accepted(hall: Hall, update: Mapping[str, object]) -> None:
    """There is an answer, and Telegram takes it; what edits a message is tried as a new one."""
    calls = await hall.calls(update)
    assert calls, update
    for call in calls:
        outcome = await hall.service.telegram.call(afresh(call) or call)
        assert outcome.result is Result.DONE, (update, call, outcome.description)


async def test_every_word_gets_an_answer(hall: Hall) -> None:
    for person, words in product(PEOPLE.values(), WORDS):
        await accepted(hall, said(person, text=words))


async def test_every_link_gets_an_answer(hall: Hall, tokens: Mapping[str, str]) -> None:
    for person, token in product(PEOPLE.values(), tokens.values()):
        await accepted(hall, said(person, text=f"/start {token}"))


async def test_every_file_gets_an_answer(hall: Hall) -> None:
    for person, content in product(PEOPLE.values(), FILES.values()):
        await accepted(hall, said(person, **content))


async def test_every_press_gets_an_answer(hall: Hall) -> None:
    for person, data in product(PEOPLE.values(), DATA):
        await accepted(hall, pressed(person, data))


async def test_a_press_of_any_shape_gets_an_answer(hall: Hall) -> None:
    for person in PEOPLE.values():
        gone = {"chat": {"id": person, "type": "private"}, "message_id": 5, "date": 0}
        group = {"chat": {"id": -100, "type": "group"}, "message_id": 5, "date": 1}
        await accepted(hall, pressed(person, None, game_short_name="x"))
        await accepted(hall, pressed(person, "resume", message=None))
        await accepted(hall, pressed(person, "l.uk", message=gone))
        await accepted(hall, pressed(person, "resume", message=group))


async def test_every_button_of_every_card_gets_an_answer_from_everybody(hall: Hall) -> None:
    for owner, person in product(PEOPLE.values(), PEOPLE.values()):
        for data in await buttons_of(hall, owner):
            await accepted(hall, pressed(person, data))


async def test_nobody_changes_anything_by_pressing_what_is_not_theirs(hall: Hall) -> None:
    for owner, person in permutations(PEOPLE.values(), 2):
        for data in await buttons_of(hall, owner):
            [toast, *cards], deliveries = await hall.tell(pressed(person, data))
            assert "no longer in use" in str(toast)
            assert (cards, deliveries) == (cards_of(person, cards), ())


OPEN = ("introduced", "asked", "in words")


async def test_leaving_needs_no_answer_and_coming_back_shows_the_open_question(hall: Hall) -> None:
    for name, person in PEOPLE.items():
        for status in ("kicked", "left"):
            assert await hall.tell(membership(person, status)) == ((), ())
        replies, deliveries = await hall.tell(membership(person, "member"))
        cards = [reply for reply in replies if isinstance(reply, ShowCard)]
        assert cards == list(replies)
        assert [card.below for card in cards if not card.in_place] == [True] * (name in OPEN)
        assert deliveries == ()


async def test_whoever_comes_back_sees_what_could_not_reach_them_and_last_the_question_they_left_at(
    hall: Hall, house: House
) -> None:
    person, again = PEOPLE["asked"], (await house.invite("p1"))["p1"]
    await hall.tell(said(person, text=f"/start {again}"), commit=True)
    replies, _ = await hall.tell(membership(person, "member"), commit=True)
    [missed, open_] = cards_of(person, replies)
    assert ("Would you recommend us?" in missed.text, "Agree and start" in str(open_.keyboard)) == (True, True)
    async with hall.service.database.unit_of_work() as uow:
        await uow.interviews.shown({missed.interview_id: Card(chat_id=person, message_id=8, shown_turn=missed.turn)})
        await uow.commit()
    replies, _ = await hall.tell(membership(person, "member"))
    assert [card.interview_id for card in cards_of(person, replies)] == [open_.interview_id]


async def test_groups_channels_and_other_bots_get_no_answer(hall: Hall) -> None:
    for person in PEOPLE.values():
        group = {"chat": {"id": -100, "type": "group", "title": "x"}, "text": "/report"}
        assert await hall.tell(said(person, **group)) == ((), ())
    robot = {"from": {"id": 5, "is_bot": True, "first_name": "x"}, "text": "/start"}
    assert await hall.tell(said(5, **robot)) == ((), ())
    channel = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}}
    assert await hall.tell({"channel_post": channel}) == ((), ())


async def buttons_of(hall: Hall, owner: int) -> list[str]:
    """What the buttons of the card carry that somebody would be shown now."""
    replies, _ = await hall.tell(said(owner, text="/start"))
    cards = cards_of(owner, replies)
    return [str(one["callback_data"]) for card in cards for row in card.keyboard for one in row]
