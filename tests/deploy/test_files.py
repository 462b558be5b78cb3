"""What is copied to a server fits the product: its commands, its packages, its paths, its locked libraries."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.running import DRAIN_SECONDS, HTTP_SECONDS, SETTLE_SECONDS
from bot.settings import Settings
from intake.http import COMMIT_SECONDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "systemd" / "otklik.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx" / "otklik.conf").read_text(encoding="utf-8")
COMMANDS = (ROOT / "bot" / "cli" / "service.py").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Library -> its version and hashes."""
    found = re.findall(r"^([\w.-]+)==(\S+)((?:[^\n]*\\\n\s+--hash=\S+|\s*\\\n\s+--hash=\S+)+)", lock, re.MULTILINE)
    return {name: (version, frozenset(re.findall(r"sha256:\w+", hashes))) for name, version, hashes in found}


def test_what_runs_in_a_container_is_locked_as_what_was_tested() -> None:
    whole, own = (pins((ROOT / f"requirements{kind}.lock").read_text(encoding="utf-8")) for kind in ("", "-run"))
    assert len(own) > 40
    assert own.items() <= whole.items()
    assert not {"pytest", "mypy", "playwright", "scipy"} & own.keys()


def test_the_container_holds_every_package_and_runs_as_nobody_special() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    packages = {name.rstrip("*") for name in wanted["find"]["include"]}
    assert set(re.findall(r"^COPY (\w+) /opt/otklik/", CONTAINER, re.MULTILINE)) == packages
    admitted = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert {f"!{name}" for name in packages} <= set(admitted)
    assert "--require-hashes" in CONTAINER
    assert re.search(r"^USER 10001:10001$", CONTAINER, re.MULTILINE)


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda unit: unit.stem)
def test_units_call_commands_that_exist(unit: Path) -> None:
    called = re.findall(r"/bin/otklik (\w+)", unit.read_text(encoding="utf-8"))
    assert called
    assert all(f"def {name}(" in COMMANDS for name in called)


def test_the_service_ends_by_itself_before_systemd_ends_it() -> None:
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert int(seconds) > DRAIN_SECONDS + SETTLE_SECONDS + HTTP_SECONDS


def test_the_proxy_lets_in_the_webhook_and_the_doors_and_waits_for_the_commit() -> None:
    assert set(re.findall(r"^    location (.+?) \{", NGINX, re.MULTILINE)) == {
        f"= {Settings().telegram.webhook.path}",
        "/v1/",
        "/",
    }
    [seconds] = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    assert int(seconds) > COMMIT_SECONDS
    assert NGINX.count("{") == NGINX.count("}")


def test_the_proxy_is_told_nothing_that_the_nginx_of_debian_12_does_not_know() -> None:
    # `http2 on` came with 1.25.1; Telegram and helpdesks speak HTTP/1.1.
    assert not re.search(r"^\s*(http2|http3|quic\w*)\b", NGINX, re.MULTILINE)
