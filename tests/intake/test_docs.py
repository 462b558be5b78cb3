"""docs/intake.md: its commands work, its answers are those that come, its mappings are those that ship."""

import asyncio
import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.commands.events_import import read_events_file
from bot.settings import load_settings
from bot.sources import sources
from intake.doors import OUTCOMES
from intake.event import Event, Ticket
from intake.presets import PRESETS
from tests.intake.bench import Clock, Store
from tests.intake.conftest import Serve

PAGE = (Path(__file__).parents[2] / "docs" / "intake.md").read_text(encoding="utf-8")
SECRETS = {
    "OTKLIK_INTAKE__SOURCES__HELPDESK__SECRET": "whsec_c2FtcGxlIHNlY3JldCBvZiBoZWxwZGVzaw==",
    "OTKLIK_INTAKE__SOURCES__JIRA__SECRET": "sample secret of jira",
    "OTKLIK_INTAKE__SOURCES__ZENDESK__SECRET": "sample secret of zendesk",
}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def yaml(text: str) -> dict[str, object]:
    read: dict[str, object] = YAML(typ="safe").load(text)
    return read


async def test_the_commands_of_the_page_bring_the_answers_of_the_page(
    serve: Serve, store: Store, clock: Clock, tmp_path: Path
) -> None:
    clock.now = datetime.now(UTC)
    config = tmp_path / "config.yaml"
    config.write_text("intake: {sources: {helpdesk: {}, jira: {kind: jira}, zendesk: {kind: zendesk}}}")
    async with serve(*sources(load_settings(config, SECRETS).intake)) as door:
        commands = [block for block in blocks("sh") if not block.startswith("export ")]
        script = "\n".join(["set -euo pipefail", *(f"{block}\necho" for block in commands)])
        shell = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            script.replace("http://127.0.0.1:8080", door.address),
            cwd=tmp_path,
            env={**os.environ, **SECRETS, "no_proxy": "*"},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await shell.communicate()
    assert shell.returncode == 0
    assert [json.loads(line) for line in said.splitlines() if line] == [json.loads(block) for block in blocks("json")]
    assert [one.type for one in store.all] == ["ticket.resolved"] * 3


@pytest.mark.parametrize("block", [block for block in blocks("sh") if block.startswith("export ")])
def test_the_page_makes_secrets_of_32_bytes(block: str, tmp_path: Path) -> None:
    [name] = re.findall(r"OTKLIK_\w+", block)
    made = subprocess.run(["bash", "-c", f"{block}\nprintenv {name}"], capture_output=True, text=True, check=True)
    config = tmp_path / "config.yaml"
    config.write_text("intake: {sources: {helpdesk: {}, jira: {kind: jira}}}", encoding="utf-8")
    settings = load_settings(config, {name: made.stdout.strip()})
    [key] = [key for source in sources(settings.intake) for key in source.keys]
    assert len(key) == (32 if "HELPDESK" in name else 64)


@pytest.mark.parametrize("kind", PRESETS)
def test_the_mappings_of_the_page_are_those_that_ship(kind: str) -> None:
    [shown] = [block for block in blocks("yaml") if block.startswith(f"# {kind}\n")]
    assert yaml(shown) == PRESETS[kind]


def test_the_configurations_of_the_page_can_be_used(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    configurations = [block for block in blocks("yaml") if block.startswith("intake:")]
    assert len(configurations) == 4
    for block in configurations:
        config.write_text(re.sub(r"\n +(previous_)?secret_file: .*", "", block), encoding="utf-8")
        assert sources(load_settings(config, {}).intake)


def test_the_file_of_the_page_can_be_read(tmp_path: Path) -> None:
    [text] = blocks("csv")
    path = tmp_path / "events.csv"
    path.write_text(text, encoding="utf-8")
    rows, problems = read_events_file(path)
    assert [row.interaction.id for row in rows] == ["HD-4711-resolved"]
    path.write_text(text + "HD-1,ticket.resolved,yesterday,,,,\n", encoding="utf-8")
    rows, problems = read_events_file(path)
    assert len(list(rows)) == 1
    [said] = blocks("text")
    assert problems == [f"{tmp_path}/{said.strip()}"]


def test_the_page_names_every_key_and_every_outcome() -> None:
    names = [*Event.model_fields, *Ticket.model_fields]
    outcomes = ["accepted", "duplicate", "ignored", "unsigned", "invalid", "too_large", "unavailable", "unknown"]
    named = set(re.findall(r"`([a-z_]+)(?:\.\w+)?`", PAGE))
    assert set(names + outcomes) <= named
    [metric] = OUTCOMES.describe()
    assert metric.name in PAGE
