"""What docs/security.md promises is tested: every test it names exists, and every threat names one."""

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def functions_of(file: Path) -> set[str]:
    return {
        node.name
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_test_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) == PAGE.count("`tests/") - 1  # this file is named as well
    missing = [f"{file}::{name}" for file, name in named if name not in functions_of(ROOT / file)]
    assert missing == []


def test_every_threat_names_a_test() -> None:
    threats = PAGE.partition("## Угрозы и тесты")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(threats) > 10
    assert [threat.partition("\n")[0] for threat in threats if not NAMED.search(threat)] == []
