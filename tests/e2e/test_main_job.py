import asyncio
import random
import signal
from collections import Counter

import pytest

from sandbox.server import Sandbox
from tests.e2e.crowd import (
    answer_all,
    crowd,
    directory,
    histogram,
    net_promoters,
    satisfaction_index,
    share,
    tapped,
)
from tests.e2e.otklik import Otklik
from tests.e2e.respondents import Respondent


def counted(histogram: dict[str, int]) -> dict[str, int]:
    return {score: n for score, n in histogram.items() if n}


async def stored_once(otklik: Otklik, people: dict[str, Respondent]) -> None:
    """Every score and every word that was given stands once, and nothing else does."""
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    scores = Counter((row["person"], row["scale"], row["score"]) for row in rows if row["score"])
    assert scores == Counter(
        (key, scale, str(score)) for key, one in people.items() for (_, scale), score in one.scores.items()
    )
    words = Counter((row["person"], row["text"]) for row in rows if row["text"])
    assert words == Counter((key, said) for key, one in people.items() for said in one.words.values())


async def test_two_hundred_people_at_once_and_the_report_equals_what_they_tapped(
    sandbox: Sandbox, otklik: Otklik, rng: random.Random
) -> None:
    rows = directory(200)
    await otklik.import_directory(rows)
    people = crowd(sandbox, rows, rng)
    async with otklik.running():
        await answer_all(people, await otklik.tokens())
    await stored_once(otklik, people)
    everybody = list(people.values())
    marks = tapped(everybody, "nps")
    nps = await otklik.report("nps")
    assert counted(nps["total"]["histogram"]) == histogram(marks)
    assert nps["total"]["value"] == pytest.approx(net_promoters(marks))
    csat = tapped(everybody, "csat_5")
    for method, at_least in (("top2", 4), ("top1", 5)):
        total = (await otklik.report("csat", "--method", method))["total"]
        assert (total["n"], total["value"]) == (len(csat), pytest.approx(share(csat, at_least)))
    by_account = await otklik.report("csi", "--by", "account")
    for group in by_account["groups"]:
        if group["key"] != "Sample Duo":
            at_account = [people[row["external_id"]] for row in rows if row["account"] == group["key"]]
            assert group["value"] == pytest.approx(satisfaction_index(at_account)), group["key"]
    response = await otklik.report("response")
    assert (response["total"]["completed"], response["total"]["value"]) == (200, 100.0)


async def given(people: dict[str, Respondent], number: int, answering: asyncio.Task[None]) -> None:
    """Waits until so many answers were given, long before all are."""
    while sum(len(one.scores) + len(one.words) for one in people.values()) <= number:
        assert not answering.done(), "the answers are over before the kills"
        await asyncio.sleep(0.01)


@pytest.fixture(params=[("polling", "sqlite_url"), ("webhook", "postgres_url")], ids=lambda road: road[0])
def road(request: pytest.FixtureRequest) -> tuple[str, str]:
    """How updates come, and where the answers go."""
    mode, database = request.param
    return mode, request.getfixturevalue(database)


async def test_killed_five_times_nothing_is_lost_or_doubled_and_everybody_finishes(
    road: tuple[str, str], sandbox: Sandbox, otklik: Otklik, rng: random.Random
) -> None:
    rows = directory(60)
    otklik.mode, otklik.database_url = road
    await otklik.import_directory(rows)
    people = crowd(sandbox, rows, rng)
    await otklik.start()
    answering = asyncio.create_task(answer_all(people, await otklik.tokens()))
    for kill in range(5):
        await given(people, rng.randrange(80 * kill, 80 * kill + 40), answering)
        assert await otklik.end(signal.SIGKILL) == -signal.SIGKILL
        await otklik.start()
    await answering
    assert await otklik.end(signal.SIGTERM) == 0
    await stored_once(otklik, people)
    response = await otklik.report("response")
    assert response["total"]["completed"] == 60


async def test_a_second_service_on_the_same_sqlite_file_does_not_start(otklik: Otklik) -> None:
    otklik.fresh = True
    async with otklik.running():
        second = await otklik.cli("run")
    assert second.returncode == 2
    assert "another otklik run uses this file" in second.stderr
    assert len(second.stderr.splitlines()) == 1
