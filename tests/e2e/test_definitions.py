"""The reference figures of the definitions, from a directory file through answers to `otklik report`."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.ids import new_id
from bot.library import load_library
from bot.settings import load_settings
from storage.database import open_database
from surveys.answering import press
from surveys.invitations import Caller, open_invitation
from surveys.signals import Pressed
from tests.e2e.otklik import Otklik

QUESTIONNAIRE = """
key: reference
kind: pulse
minutes: 1
title: {ru: Образец, en: Sample, uk: Зразок}
introduction: {ru: Образец, en: Sample, uk: Зразок}
consent: {ru: Согласие, en: Consent, uk: Згода}
closing: {ru: Спасибо, en: Thanks, uk: Дякуємо}
scales:
  nps: {low: {ru: нет, en: no, uk: ні}, high: {ru: да, en: yes, uk: так}}
  csat_5: {low: {ru: нет, en: no, uk: ні}, high: {ru: да, en: yes, uk: так}}
  ces_5: {low: {ru: нет, en: no, uk: ні}, high: {ru: да, en: yes, uk: так}}
items:
  - {key: recommend, scale: nps, text: {ru: Вопрос, en: Question, uk: Запитання}}
  - {key: satisfied, scale: csat_5, text: {ru: Вопрос, en: Question, uk: Запитання}}
  - {key: easy, scale: ces_5, text: {ru: Вопрос, en: Question, uk: Запитання}}
"""
NPS = {10: 50, 8: 30, 3: 20}
CSAT = {1: 5, 2: 10, 3: 15, 4: 30, 5: 40}
CES = {1: 2, 2: 8, 3: 15, 4: 18, 5: 7}


def spread(counts: dict[int, int], rng: random.Random) -> Iterator[int | None]:
    """A hundred answers with these counts, in no order; None where somebody skips."""
    scores: list[int | None] = [score for score, n in counts.items() for _ in range(n)]
    scores += [None] * (100 - len(scores))
    rng.shuffle(scores)
    return iter(scores)


async def test_the_reference_figures_come_out_of_the_whole_road(otklik: Otklik, rng: random.Random) -> None:
    otklik.fresh = True
    (otklik.home / "own").mkdir()
    (otklik.home / "own" / "reference.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    otklik.extra = {
        "OTKLIK_CATALOGUE": str(otklik.home / "own"),
        "OTKLIK_RELATIONSHIP__QUESTIONNAIRE": "reference",
        "OTKLIK_PULSES": "{}",
    }
    person = {"account": "Sample", "project": "Sample", "roles": "key_user", "language": "en"}
    await otklik.import_directory([{**person, "person": f"Sample {n}", "external_id": f"p{n}"} for n in range(100)])
    links = await otklik.rows("invite", "--questionnaire", "reference")
    await answer(otklik, [row["link"].partition("?start=")[2] for row in links], rng)
    nps = await otklik.report("nps")
    assert (nps["total"]["n"], nps["total"]["value"], nps["total"]["band"]) == (100, 30.0, "good")
    assert [round(bound, 1) for bound in nps["total"]["interval"]] == [14.1, 44.2]
    for method, value in (("top1", 40.0), ("top2", 70.0)):
        assert (await otklik.report("csat", "--method", method))["total"]["value"] == value
    ces = (await otklik.report("ces"))["total"]
    assert (ces["n"], ces["value"]) == (50, 3.4)


async def answer(otklik: Otklik, tokens: list[str], rng: random.Random) -> None:
    """Everybody's signals, through the use cases and the database."""
    settings = load_settings(otklik.home / "config.yaml", otklik.environment)
    columns = [spread(counts, rng) for counts in (NPS, CSAT, CES)]
    now = datetime.now(UTC)
    async with open_database(settings.database_url) as database:
        library = await load_library(settings, database, now)
        for number, token in enumerate(tokens):
            async with database.unit_of_work() as uow:
                caller = Caller(telegram_id=7000 + number, mark=str(number))
                opened = await open_invitation(uow, library, settings.rules(), caller, token, now, new_id)
                for score in (None, *(next(column) for column in columns)):
                    action = "score" if score is not None else "skip"
                    action = action if opened.interview.trail else "begin"
                    pressed = Pressed(at=now, turn=opened.interview.turn, action=action, score=score)
                    responded = await press(uow, library, caller.telegram_id, opened.interview.id, pressed)
                    opened = responded.opened
                await uow.commit()
