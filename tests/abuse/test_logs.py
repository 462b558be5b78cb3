"""Logs hold ids and codes: no names, no words, no tokens, whatever goes wrong and whoever tells of it."""

import ast
import asyncio
import io
import json
import logging
import sqlite3
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import aiohttp
import asyncpg
import pydantic
import pytest
import structlog
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendMessage
from aiogram.types import Update
from pydantic_core import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.logs import configure_logging
from bot.telegram import understand
from storage.errors import StorageUnavailable, clear_errors

CANARY: Final = "canary-7"
ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("bot", "handlers", "intake", "reports", "storage", "surveys")
TOLD: Final = {
    *("error", "at", "reason", "result", "method", "kind", "level", "trace", "doing", "sweep", "source", "field"),
    *("update_id", "updates", "delivery", "interview", "case", "job", "wave", "report", "replica", "chats", "people"),
    *("copies", "decisions", "head", "sent", "outcome", "seconds", "endpoint", "attempt", "attempts"),
    *("subject", "number", "issue", "wanted", "status"),
}
"""What lines of the log may be about. A new one belongs here once it is seen to hold an id, a count or a code."""


def of_validation() -> Exception:
    with pytest.raises(ValidationError) as caught:
        Update.model_validate({"update_id": CANARY, "message": {"text": CANARY}})
    return caught.value


def of_postgresql() -> Exception:
    broken = asyncpg.UniqueViolationError("duplicate key")
    broken.detail = f"Key (external_id)=({CANARY}) already exists."
    return IntegrityError("INSERT INTO person VALUES ($1)", [CANARY], broken)


ERRORS: Final[dict[str, Callable[[], Exception]]] = {
    "SQLAlchemy": lambda: DBAPIError(f"INSERT {CANARY}", {"name": CANARY}, sqlite3.OperationalError(CANARY)),
    "asyncpg": of_postgresql,
    "pydantic": of_validation,
    "aiogram": lambda: TelegramBadRequest(SendMessage(chat_id=1, text=CANARY), CANARY),
    "aiohttp": lambda: aiohttp.InvalidURL(f"https://api.telegram.org/bot{CANARY}/getMe"),
    "json": lambda: json.JSONDecodeError("no", CANARY, 0),
    "unicode": lambda: UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY),
    "pydantic user": lambda: pydantic.PydanticUserError(CANARY, code=None),
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service started now would write; afterwards everything is as it was."""
    handlers, level = logging.root.handlers[:], logging.root.level
    before = structlog.get_config()
    hooks = (sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"), (warnings, "showwarning")
    for owner, name in hooks:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    configure_logging()
    yield sys.stderr  # type: ignore[misc]
    structlog.configure(**before)
    logging.root.handlers[:], logging.root.level = handlers, level
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.mark.parametrize("library", ERRORS)
def test_an_error_of_a_library_is_a_line_with_its_kind_and_place(told: io.StringIO, library: str) -> None:
    error = raised(ERRORS[library]())
    logging.getLogger(library).error("%s went wrong with %r", CANARY, error, exc_info=error)
    logging.getLogger(library).error("first line\n" + CANARY)
    line, second = map(json.loads, told.getvalue().splitlines())
    assert (line["error"], line["at"][:3]) == (type(error).__name__, "at ")
    assert second["event"] == "first line"
    assert CANARY not in told.getvalue()


def test_what_python_itself_would_tell_is_such_a_line_as_well(told: io.StringIO) -> None:
    error = raised(ValueError(CANARY))
    sys.excepthook(ValueError, error, error.__traceback__)
    sys.unraisablehook(SimpleNamespace(exc_value=error))  # type: ignore[arg-type]
    thread = threading.Thread(target=lambda: raise_it(error))
    thread.start()
    thread.join()
    assert [json.loads(line)["error"] for line in told.getvalue().splitlines()] == ["ValueError"] * 3
    assert CANARY not in told.getvalue()


def test_what_a_library_warns_of_is_such_a_line_as_well(told: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, RuntimeWarning, stacklevel=1)
    assert json.loads(told.getvalue())["event"].startswith("RuntimeWarning at test_logs.py:")
    assert CANARY not in told.getvalue()


def raise_it(error: Exception) -> None:
    raise error


async def test_a_task_nobody_waited_for_tells_no_more_than_that(told: io.StringIO) -> None:
    task = asyncio.create_task(fails(), name=CANARY)
    await asyncio.wait([task])
    asyncio.get_running_loop().default_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    assert "Task exception was never retrieved" in told.getvalue()
    assert CANARY not in told.getvalue()


async def fails() -> None:
    raise LookupError(CANARY)


@pytest.mark.parametrize("code", [400, 403, 409, 429, 500])
def test_what_telegram_quotes_is_not_passed_on(code: int) -> None:
    words = f"Bad Request: can't parse entities: Unsupported start tag {CANARY}"
    outcome = understand(code, json.dumps({"ok": False, "error_code": code, "description": words}).encode())
    assert CANARY in outcome.description
    assert outcome.reason == f"HTTP {code}: can't parse entities"


def test_a_database_out_of_reach_is_named_without_its_password_and_without_values() -> None:
    broken = asyncpg.TooManyConnectionsError(CANARY)
    with pytest.raises(StorageUnavailable) as caught, clear_errors("postgresql://u:***@host/db"):
        raise DBAPIError(f"INSERT {CANARY}", {"name": CANARY}, broken)
    assert CANARY not in str(caught.value)


def calls_of_the_log() -> Iterator[tuple[Path, ast.Call]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            source = file.read_text("utf-8")
            for node in ast.walk(ast.parse(source)) if "log = structlog.get_logger()" in source else ():
                if isinstance(node, ast.Call) and ast.unparse(node.func).partition(".")[0] == "log":
                    yield file, node


def test_every_line_of_the_log_is_fixed_words_with_ids_counts_and_codes() -> None:
    calls = list(calls_of_the_log())
    assert len(calls) > 20
    for file, call in calls:
        assert ast.unparse(call.func) != "log.exception", file
        assert all(isinstance(one, ast.Constant) for one in call.args), (file, call.lineno)
        assert {one.arg for one in call.keywords} <= TOLD, (file, call.lineno, "see TOLD")
        assert not any("description" in ast.unparse(one.value) for one in call.keywords), (file, call.lineno)


def test_only_an_error_of_storage_is_told_in_its_own_words() -> None:
    for file, call in calls_of_the_log():
        said = {str(one.arg): ast.unparse(one.value) for one in call.keywords}
        if said.get("error") == "str(error)":
            assert call.args[0].value == "database out of reach", (file, call.lineno)  # type: ignore[attr-defined]
