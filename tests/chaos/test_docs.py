"""What docs/reliability.md promises is tested: every test it names exists, and every promise names one."""

from typing import Final

from tests.abuse.test_docs import NAMED, ROOT, functions_of

PAGE: Final = (ROOT / "docs" / "reliability.md").read_text("utf-8")


def test_every_test_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) == PAGE.count("`tests/") - 1  # this file is named as well
    assert [f"{file}::{name}" for file, name in named if name not in functions_of(ROOT / file)] == []


def test_every_promise_names_a_test() -> None:
    promises = PAGE.partition("## Обещания и тесты")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(promises) > 8
    assert [promise.partition("\n")[0] for promise in promises if not NAMED.search(promise)] == []
