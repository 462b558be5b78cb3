import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.confidential import REPORTS
from benchmarks.data import lay_answers
from benchmarks.reports import measure, run
from benchmarks.rivals import QUESTIONS, Duck, of_otklik, of_plain_sql
from bot.settings import load_settings
from storage.database import open_database
from tests.e2e.forked import forked
from tests.postgres import Postgres


async def test_the_generator_writes_into_either_database_what_reports_count_alike(
    bare_url: str, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    await lay_answers(load_settings(tmp_path / "config.yaml", {"OTKLIK_DATABASE__URL": bare_url}), 300)
    async with open_database(bare_url) as database:
        for question in QUESTIONS:
            assert await of_otklik(database, question) == await of_plain_sql(database, question)
        assert await of_otklik(database, QUESTIONS[1]) > 0


def forked_run(home: Path, arguments: Sequence[str], surroundings: Mapping[str, str]) -> tuple[float, float]:
    """Whatever it takes."""
    process = forked(arguments, home, surroundings, home / "out", home / "err")
    process.join()
    assert process.exitcode == 0, (home / "err").read_text(encoding="utf-8")
    return 1.0, 1.0


def test_contenders_agree_and_every_question_has_its_row(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.reports.run", forked_run)
    page = asyncio.run(measure(tmp_path / "home", 300, 1, postgres))
    assert all(f"| {question.name} |" in page for question in QUESTIONS)
    assert all(f"| {name} |" in page for name in REPORTS)
    assert "otklik export answers" in page


def test_counts_that_differ_are_no_measurement(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Duck, "ask", lambda *_: -1)
    with pytest.raises(RuntimeError, match="the counts differ"):
        asyncio.run(measure(tmp_path / "home", 300, 1, postgres))


def test_a_command_is_measured_from_nothing_and_one_that_fails_is_not(tmp_path: Path) -> None:
    assert min(run(tmp_path, ("--help",), {**os.environ})) > 0
    with pytest.raises(Exception, match="non-zero exit status"):
        run(tmp_path, ("report", "nothing"), {**os.environ})
