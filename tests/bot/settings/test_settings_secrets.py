"""Secrets: where they may stand, and that they are never shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import ConfigurationError, Settings

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]
TOKEN = "123456:not-a-real-token"


def test_a_secret_comes_from_the_environment_and_is_never_shown(load: Load) -> None:
    settings = load(OTKLIK_TELEGRAM__TOKEN=TOKEN, OTKLIK_DATABASE__URL="postgresql+asyncpg://o:hush@h/d")
    assert settings.telegram_token() == TOKEN
    assert settings.database_url == "postgresql+asyncpg://o:hush@h/d"
    assert TOKEN not in repr(settings)
    assert "hush" not in repr(settings)


def test_a_secret_is_taken_as_it_stands_even_where_it_looks_like_json(load: Load) -> None:
    secret = load(OTKLIK_INTAKE='{"sources": {"crm": {"kind": "jira"}}}', OTKLIK_INTAKE__SOURCES__CRM__SECRET='["x"]')
    given = secret.intake.sources["crm"].secret
    assert given is not None
    assert given.get_secret_value() == '["x"]'


def test_a_secret_may_stand_in_a_file_of_its_own(load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    (tmp_path / "url").write_text("postgresql+asyncpg://o:hush@h/d\n", encoding="utf-8")
    (tmp_path / "helpdesk").write_text("whsec_c2VjcmV0\n", encoding="utf-8")
    settings = load(
        f"telegram: {{token_file: {tmp_path / 'token'}}}\n"
        f"intake: {{sources: {{helpdesk: {{secret_file: {tmp_path / 'helpdesk'}}}}}}}\n"
        "database: {url: sqlite+aiosqlite:///x.db}",
        OTKLIK_DATABASE__URL_FILE=str(tmp_path / "url"),
    )
    assert settings.telegram_token() == TOKEN
    assert settings.database_url == "postgresql+asyncpg://o:hush@h/d"
    helpdesk = settings.intake.sources["helpdesk"].secret
    assert helpdesk is not None
    assert helpdesk.get_secret_value() == "whsec_c2VjcmV0"


def test_a_secret_of_the_environment_goes_before_its_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:other", encoding="utf-8")
    settings = load(f"telegram: {{token_file: {tmp_path / 'token'}}}", OTKLIK_TELEGRAM__TOKEN=TOKEN)
    assert settings.telegram_token() == TOKEN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"telegram: {{token: '{TOKEN}'}}", "telegram.token: is a secret and must not stand in this file; "),
        ("telegram: {webhook: {secret: hush}}", "telegram.webhook.secret: is a secret and must not stand in this file"),
        (
            "intake: {sources: {crm: {secret: hush}}}",
            "set OTKLIK_INTAKE__SOURCES__CRM__SECRET, or name a file in secret",
        ),
        ("database: {url: 'postgresql+asyncpg://o:hush@h/d'}", "database.url: holds a password and must not stand in"),
        ("database: {url: 'postgresql+asyncpg://h/d?password=hush'}", "database.url: holds a password"),
        ("database: {url: 'postgresql+asyncpg://o:hush@[h/d'}", "database.url: holds a password"),
    ],
)
def test_a_secret_in_the_file_is_refused(problems: Problems, text: str, said: str) -> None:
    [problem] = problems(text, OTKLIK_TELEGRAM__TOKEN="1:a")
    assert problem.startswith("config.yaml:1: ")
    assert said in problem
    assert "hush" not in problem
    assert TOKEN not in problem


@pytest.mark.parametrize(
    "environ",
    [
        {"OTKLIK_TELEGRAM__TOKEN": "hush hush"},
        {"OTKLIK_TELEGRAM__TOKEN": '{"hush": 1}'},
        {"OTKLIK_TELEGRAM": '{"token": "hush'},
        {"OTKLIK_TELEGRAM": '{"token": ["hush"]}'},
        {"OTKLIK_TELEGRAM__WEBHOOK__SECRET": "hush!"},
        {"OTKLIK_TELEGRAM__TOKN": "hush"},
        {"OTKLIK_DATABASE__URL": "mysql://u:hush@h"},
        {"OTKLIK_TELEGRAM__API_BASE": "http://u:hush@h"},
        {"OTKLIK_INTAKE__SOURCES__HELPDESK": "hush"},
        {"OTKLIK_INTAKE__SOURCES__HELPDESK__SECRET": "whsec_hush5"},
    ],
)
def test_a_wrong_secret_is_named_by_its_variable_and_not_shown(problems: Problems, environ: dict[str, str]) -> None:
    [problem] = problems(**environ)
    assert problem.startswith(f"environment: {next(iter(environ))}: ")
    assert "hush" not in problem


def test_a_key_written_twice_does_not_show_its_values(problems: Problems) -> None:
    [problem, _] = problems("telegram:\n  token: hush\n  token: hush2\n")
    assert "hush" not in problem


def test_without_a_token_the_bot_says_where_to_put_it() -> None:
    with pytest.raises(ConfigurationError, match="set OTKLIK_TELEGRAM__TOKEN, or name a file in "):
        Settings().telegram_token()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b"\xff", "not text in UTF-8"),
        (b"x" * 70_000, "at most 65536 bytes are allowed"),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_named_by_its_key(
    problems: Problems, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    [problem] = problems(f"telegram:\n  token_file: {tmp_path / 'token'}")
    assert problem.startswith("config.yaml:2: telegram.token_file: ")
    assert said in problem


def test_webhook_updates_always_need_a_secret_and_it_is_the_same_on_every_host(load: Load) -> None:
    given = load(OTKLIK_TELEGRAM__TOKEN=TOKEN, OTKLIK_TELEGRAM__WEBHOOK__SECRET="s-1")
    made = load(OTKLIK_TELEGRAM__TOKEN=TOKEN)
    assert given.webhook_secret() == "s-1"
    assert made.webhook_secret() == load(OTKLIK_TELEGRAM__TOKEN=TOKEN).webhook_secret()
    assert made.webhook_secret() != load(OTKLIK_TELEGRAM__TOKEN="1:a").webhook_secret()
    assert TOKEN not in made.webhook_secret()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://bot.example.org", "https://bot.example.org/telegram"),
        ("https://bot.example.org/", "https://bot.example.org/telegram"),
        ("https://example.org/otklik/hook", "https://example.org/otklik/hook"),
    ],
)
def test_the_address_of_the_webhook_has_the_path_unless_it_has_one(load: Load, url: str, address: str) -> None:
    assert load(OTKLIK_TELEGRAM__WEBHOOK__URL=url).webhook_address == address
