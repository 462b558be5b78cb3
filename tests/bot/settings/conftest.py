"""A `config.yaml` that is written and read again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import ConfigurationError, Settings, load_settings


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Settings]:
    """Reads a configuration of this text and these variables."""

    def read(text: str = "", **environ: str) -> Settings:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, environ)

    return read


@pytest.fixture
def problems(load: Callable[..., Settings], tmp_path: Path) -> Callable[..., list[str]]:
    """What is said of a configuration that cannot be used."""

    def refused(text: str = "", **environ: str) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            load(text, **environ)
        return [problem.replace(f"{tmp_path}/config.yaml", "config.yaml") for problem in caught.value.problems]

    return refused
