"""The benchmarks are run from the root of the repository; they are no part of what is installed."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from benchmarks import contenders
from tests.e2e.forked import Forked, fork

FROM_NOTHING = contenders.begun


async def forked(
    module: str, arguments: Sequence[str], home: Path, surroundings: Mapping[str, str], out: Path, err: Path
) -> Forked:
    return await fork(arguments, home, surroundings, out, err, module)


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """What is measured here begins where all is imported, unless a test asks otherwise: no figure counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contenders, "begun", forked)
        yield


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when it is measured in earnest."""
    monkeypatch.setattr(contenders, "begun", FROM_NOTHING)
