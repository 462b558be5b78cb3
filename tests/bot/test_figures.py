"""What the service tells of itself: a log in which an answer can be followed, figures, and which part is ill."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from bot import rounds, state
from bot.logs import with_trace
from bot.rounds import Rounds
from bot.service import Service
from sandbox.server import Sandbox
from storage.errors import StorageUnavailable
from tests.bot.house import TOKEN, House
from tests.e2e.conftest import free_port

Line = MutableMapping[str, Any]


@pytest.fixture
def log() -> Iterator[list[Line]]:
    """Every line of the log, as it would be written."""
    lines: list[Line] = []

    def keep(_logger: object, _method: str, line: Line) -> Line:
        lines.append(line)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[with_trace, keep], wrapper_class=structlog.make_filtering_bound_logger("debug"))
    yield lines
    structlog.configure(**before)


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url, {"OTKLIK_HTTP__PORT": str(free_port())})


async def fetched(service: Service, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{service.settings.http.port}{path}"
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        return response.status, await response.text()


def figures(exposition: str) -> dict[tuple[str, ...], float]:
    """Name and values of labels -> value."""
    families = text_string_to_metric_families(exposition)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


async def test_an_answer_is_followed_from_its_update_to_the_card_that_comes_of_it(
    house: House, log: list[Line]
) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
    [update] = [line for line in log if line["event"] == "update" and line["kind"] == "message"]
    calls = [line["method"] for line in log if line["event"] == "call" and line.get("trace") == update["trace"]]
    assert update["trace"].startswith("update-")
    assert update["outcome"] == "committed"
    assert "sendMessage" in calls
    assert guest.person.user.first_name not in str(log)
    assert TOKEN not in str(log)


async def test_figures_tell_what_came_in_what_left_and_what_waits(house: House) -> None:
    guests = await house.settle(3)
    async with house.serving() as service:
        before = figures((await fetched(service, "/metrics"))[1])
        for guest in guests:
            await guest.begin()
        status, text = await fetched(service, "/metrics")
    after = figures(text)
    grown = {key: value - before.get(key, 0.0) for key, value in after.items()}
    assert status == 200
    assert grown["otklik_updates_total", "message", "committed"] == 3
    assert 1 <= grown["otklik_commit_batch_size_count",] <= 3
    assert grown["otklik_telegram_calls_total", "sendMessage", "done"] == 3
    assert after["otklik_queue_depth", "inbox"] == 0
    assert after["otklik_sweep_lag_seconds", "send_due"] < 60
    assert after["otklik_cases", "overdue"] == 0
    assert {value for key, value in after.items() if key[0] == "otklik_ill"} == {0}
    labels = {value for _, *values in after for value in values}
    assert not [guest for guest in guests if labels & {str(guest.id), guest.external_id, guest.person.user.first_name}]


async def test_figures_go_on_without_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.serving() as service:

        def gone() -> None:
            raise StorageUnavailable("sqlite", "the disk fails to read or write")

        with monkeypatch.context() as without:
            without.setattr(service.database, "reading", gone)
            found = figures((await fetched(service, "/metrics"))[1])
            status, said = await fetched(service, "/readyz")
    assert found["otklik_ill", "database"] == 1
    assert ("otklik_queue_depth", "outbox") not in found
    assert ("otklik_queue_depth", "inbox") in found
    assert (status, "the disk fails" in said) == (503, True)


async def test_readiness_names_every_part_that_is_ill(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.serving() as service:
        [guest] = await house.settle(1)
        await guest.begin()
        assert await state.ill(service) == {}
        service.rounds.begin("test", timedelta(0), first=-timedelta(minutes=3))
        service.stopping, service.waits = True, "refuses the webhook"
        monkeypatch.setattr(type(service.inbox), "age", 60.0)
        monkeypatch.setattr(type(service.standing), "holds", lambda self: False)
        assert (await state.ill(service)).keys() == {"service", "telegram", "sweeps", "inbox", "replica"}


def test_a_sweep_is_late_from_the_moment_it_should_have_ended_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(rounds, "_now", lambda: now)
    seen = Rounds()
    seen.begin("fold", timedelta(seconds=10), first=timedelta(seconds=10))
    assert seen.lags() == {"fold": 0.0}
    now += 25
    assert seen.lags() == {"fold": 15.0}
    seen.done("fold")
    now += 130
    assert seen.lags() == {"fold": 120.0}
    assert seen.stuck() == {}
    now += 1
    assert seen.stuck() == {"fold": 121.0}
