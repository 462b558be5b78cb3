"""The dashboard and the alerts: every figure in them is one that the service tells."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from bot.clock import Clock
from bot.service import build
from bot.settings import load_settings
from bot.state import PARTS, exposition
from storage.database import open_database
from storage.queues import Queue

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "otklik.json"
RULES = DEPLOY / "prometheus" / "otklik.rules.yaml"
OTHERS = {"up", "process_resident_memory_bytes"}
"""What Prometheus and its library tell of every process."""
LABELS = {"job", "instance", "le"}


def queries() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    drawn = [target["expr"] for panel in panels for target in panel["targets"]]
    return drawn + [rule["expr"] for rule in rules()]


def rules() -> list[dict[str, Any]]:
    [group] = YAML(typ="safe", pure=True).load(RULES.read_text(encoding="utf-8"))["groups"]
    assert group.keys() == {"name", "rules"}
    return list(group["rules"])


@pytest.fixture
async def told(tmp_path: Path, sqlite_url: str) -> set[str]:
    """The names of all that a service tells, even before anything has happened."""
    (tmp_path / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    environment = {"OTKLIK_TELEGRAM__TOKEN": "4242:sandbox", "OTKLIK_DATABASE__URL": sqlite_url}
    async with open_database(sqlite_url) as database:
        service = await build(load_settings(tmp_path / "config.yaml", environment), database, Clock())
        text = (await exposition(service)).decode()
        await service.telegram.close()
    families = text_string_to_metric_families(text)
    names = {(family.name, family.type) for family in families}
    return {name + suffix for name, kind in names for suffix in SUFFIXES[kind]}


SUFFIXES = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": ("",),
    "unknown": ("",),
}


async def test_every_figure_that_is_drawn_or_watched_is_told_by_the_service(told: set[str]) -> None:
    used = {name for query in queries() for name in re.findall(r"\b([a-z][a-z0-9_]*)\{|\b(otklik_\w+)", query)}
    named = {one or other for one, other in used}
    assert len(named) > 15
    assert named - told == OTHERS - told


async def test_every_figure_of_the_service_is_drawn_or_watched(told: set[str]) -> None:
    used = " ".join(queries())
    families = {re.sub("_(bucket|sum|count|total|created)$", "", name) for name in told if name.startswith("otklik_")}
    assert {family for family in families if family not in used} == set()


def test_values_of_labels_that_are_asked_for_exist() -> None:
    asked = {value for query in queries() for value in re.findall(r'(?:queue|part)=~?"([^"]+)"', query)}
    known = {*get_args(Queue), "inbox", "sending", *PARTS}
    assert {one for value in asked for one in value.split("|")} <= known


def test_every_alert_says_how_grave_it_is_what_it_is_about_and_what_to_do() -> None:
    for rule in rules():
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"].keys() == {"summary", "action"}


def test_the_panels_of_the_dashboard_do_not_lie_over_each_other() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    places = [panel["gridPos"] for panel in panels]
    cells = [
        (column, row)
        for place in places
        for column in range(place["x"], place["x"] + place["w"])
        for row in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)
