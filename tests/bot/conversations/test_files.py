"""Voice messages, photos, documents, stickers: kept where an open text is asked, elsewhere a friendly line."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from sandbox.people import Person
from storage.database import open_database
from storage.remark_tables import attachment
from surveys.attachments import LARGEST
from tests.bot.house import Guest, House


def picture(width: int = 40) -> bytes:
    image = BytesIO()
    Image.new("RGB", (width, 30)).save(image, "PNG")
    return image.getvalue()


async def at_words(guest: Guest) -> None:
    await guest.begin()
    await guest.press("Agree and start", "Would you recommend us?")
    await guest.press("9", "What should be better?")


async def kinds(house: House) -> list[str]:
    """Of the files that count, in the order they came."""
    async with open_database(house.database_url) as database, database.reading() as reading:
        standing = select(attachment.c.kind).where(attachment.c.superseded_at.is_(None)).order_by(attachment.c.id)
        return list(await reading.connection.scalars(standing))


SENDING = {
    "voice message": lambda person: person.send_voice(b"OggS"),
    "photo": lambda person: person.send_photo(picture()),
    "file": lambda person: person.send_document("../../акт.pdf", b"%PDF"),
    "sticker": lambda person: person.send_sticker(),
    "video": lambda person: person.send_video(b"mp4"),
    "video message": lambda person: person.send_video_note(b"mp4"),
    "audio": lambda person: person.send_audio("song.mp3", b"ID3"),
}


@pytest.mark.parametrize("name", SENDING)
async def test_a_file_alone_answers_an_open_question(house: House, name: str) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await SENDING[name](guest.person)
        await guest.sees(f"Received: {name}")
        await guest.press("Next", "Is it usable?")
    assert ("p0", "words", None) in await house.answers()
    assert len(await kinds(house)) == 1
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_a_voice_message_and_the_words_after_it_are_one_answer(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await guest.person.send_voice(b"OggS")
        await guest.sees("Received: voice message")
        await guest.after("and in words", "Is it usable?")
        await guest.press("Back", "Received: voice message")
    assert ("p0", "words", "and in words") in await house.answers()
    assert await kinds(house) == ["voice"]


async def test_an_album_is_one_answer_with_its_words(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await guest.person.send_album(picture(40), picture(50), picture(60), caption="three screens")
        await guest.sees("Received: photo (3)")
        await guest.press("Next", "Is it usable?")
    assert ("p0", "words", "three screens") in await house.answers()
    assert await kinds(house) == ["photo"] * 3


async def test_where_no_words_are_asked_an_album_gets_one_friendly_line(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.person.send_album(*(picture(width) for width in (40, 50, 60)))
        await guest.sees("A file does not answer this question")
        await guest.after("9", "What should be better?")
        assert len(said(guest.person, "A file does not answer this question")) == 1
    assert await kinds(house) == []


async def test_what_no_bot_can_fetch_is_not_kept_and_its_words_are(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await guest.person.send_video(b"x" * (LARGEST + 1))
        await guest.sees("larger than 20 MB")
        await guest.person.send_video(b"x" * (LARGEST + 1), caption="see the film")
        await guest.sees("Is it usable?")
        await guest.person.wait_for(lambda person: len(said(person, "larger than 20 MB")) == 2)
    assert ("p0", "words", "see the film") in await house.answers()
    assert await kinds(house) == []


async def test_what_is_no_file_gets_a_friendly_line(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await guest.person.send_location(55.7, 37.6)
        await guest.sees("There are no words in this message")


async def test_a_restart_forgets_no_file(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await at_words(guest)
        await guest.person.send_voice(b"OggS")
        await guest.sees("Received: voice message")
    async with house.serving():
        await guest.person.send_photo(picture(), caption="words")
        await guest.sees("Received: voice message, photo")
        await guest.press("Next", "Is it usable?")
    assert ("p0", "words", "words") in await house.answers()
    assert await kinds(house) == ["voice", "photo"]


def said(person: Person, words: str) -> list[str]:
    return [seen.text for seen in person.messages if seen.from_bot and words in seen.text]
