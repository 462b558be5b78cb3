"""The sandbox tests the bot, so it must not share its code or its misunderstandings."""

import ast
from pathlib import Path

import sandbox.server

OTHERS = {"aiogram", "bot", "handlers", "intake", "metrics", "reports", "storage", "surveys"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_the_sandbox_imports_nothing_of_the_bot() -> None:
    modules = list(Path(sandbox.server.__file__).parent.glob("*.py"))
    assert len(modules) > 20
    assert {name for path in modules for name in imported(path)} & OTHERS == set()
