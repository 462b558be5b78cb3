"""The sources of events: their secrets, old and new, and what is taken from formats of their own."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.sources import sources
from intake.signatures import Source

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]
HELPDESK = "OTKLIK_INTAKE__SOURCES__HELPDESK__"


def base64(words: bytes) -> str:
    return b64encode(words).decode()


def by_name(settings: Settings) -> dict[str, Source]:
    return {source.name: source for source in sources(settings.intake)}


def test_a_source_without_a_secret_has_no_key(load: Load) -> None:
    assert by_name(load())["helpdesk"].keys == ()


def test_a_source_has_the_keys_of_both_its_secrets(load: Load, tmp_path: Path) -> None:
    (tmp_path / "old").write_text(f"whsec_{base64(b'old')}\n", encoding="utf-8")
    settings = load(
        f"intake: {{sources: {{helpdesk: {{previous_secret_file: {tmp_path / 'old'}}}}}}}",
        **{f"{HELPDESK}SECRET": base64(b"new")},
    )
    assert by_name(settings)["helpdesk"].keys == (b"new", b"old")
    assert "old" not in repr(by_name(settings)["helpdesk"])


def test_jira_and_zendesk_sign_with_the_secret_as_it_stands(load: Load) -> None:
    settings = load(
        "intake: {sources: {desk: {kind: jira}, zen: {kind: zendesk}}}",
        OTKLIK_INTAKE__SOURCES__DESK__SECRET="whsec_words",
        OTKLIK_INTAKE__SOURCES__ZEN__SECRET="dGhpcw==",
    )
    assert {name: source.keys for name, source in by_name(settings).items()} == {
        "desk": (b"whsec_words",),
        "zen": (b"dGhpcw==",),
    }


def test_a_known_kind_comes_with_its_mapping_and_an_own_one_goes_over_it(load: Load) -> None:
    found = by_name(
        load(
            "intake:\n  sources:\n    plain: {kind: jira}\n    own:\n      kind: jira\n      mapping:\n"
            "        account: issue.fields.customfield_10002.0.name\n        person: null\n"
            "        data: {touchpoint: null, agent: [user.accountId, user.name]}\n"
        )
    )
    plain, own = found["plain"].mapping, found["own"].mapping
    assert plain is not None
    assert own is not None
    assert (own.types, own.id) == (plain.types, plain.id)
    assert plain.account is None
    assert own.account is not None
    assert own.account.path == ("issue.fields.customfield_10002.0.name",)
    assert plain.person is not None
    assert own.person is None
    assert own.data["touchpoint"] is None
    assert own.data["ticket"] == plain.data["ticket"]


def test_a_standard_source_needs_no_mapping(load: Load) -> None:
    assert by_name(load("intake: {sources: {crm: {}}}"))["crm"].mapping is None


MAPPING = "intake: {sources: {crm: {kind: KIND, mapping: GIVEN}}}"
PLACE = "config.yaml:1: intake.sources.crm.mapping"
CONDITION = "{types: [{type: own, when: {a: GIVEN}}]}"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("standard", "{types: [{type: own}], id: n}", f"{PLACE}.occurred_at: is missing"),
        ("jira", "{types: []}", f"{PLACE}.types: must not be empty"),
        ("jira", "{typos: []}", f"{PLACE}.typos: unknown key 'typos', did you mean types?"),
        ("jira", "{account: {paths: a}}", f"{PLACE}.account.paths: unknown key 'paths', did you mean path?"),
        ("jira", "{types: [{type: a b}]}", f"{PLACE}.types.1.type: is not 1 to 64 characters"),
        ("jira", "{types: [{type: own, were: {}}]}", f"{PLACE}.types.1.were: unknown key 'were'; allowed: type, w"),
        ("jira", "{account: a..b}", f"{PLACE}.account.path.1: is not a path; write it as issue.fields.0.name"),
        ("jira", "{account: 'a[b'}", f"{PLACE}.account.path.1: is not a path"),
        ("jira", "{data: {x: ['header:']}}", f"{PLACE}.data.x.path.1: is not a path"),
        ("jira", "{data: 5}", f"{PLACE}.data: must be a mapping of keys"),
        ("jira", "5", f"{PLACE}: must be a mapping of keys"),
        ("jira", CONDITION.replace("GIVEN", "{}"), f"{PLACE}.types.1.when.a: must be a text, a list of texts, true or"),
        ("jira", CONDITION.replace("GIVEN", "[]"), f"{PLACE}.types.1.when.a: must be a text, a list of texts, true or"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_place(problems: Problems, kind: str, given: str, said: str) -> None:
    assert problems(MAPPING.replace("KIND", kind).replace("GIVEN", given))[0].startswith(said)


@pytest.mark.parametrize(
    ("text", "environ", "said"),
    [
        ("", {"PREVIOUS_SECRET": base64(b"old")}, "is given without secret"),
        ("", {"SECRET": base64(b"new"), "PREVIOUS_SECRET": "hush5"}, "is not a secret in base64"),
        ("", {"SECRET": base64(b"new"), "PREVIOUS_SECRET": base64(b"new")}, "each is used once"),
        ("intake: {sources: {helpdesk: {previous_secret: hush}}}", {}, "is a secret and must not stand in this file"),
    ],
)
def test_secrets_that_do_not_go_together_are_told(
    problems: Problems, text: str, environ: dict[str, str], said: str
) -> None:
    [problem] = problems(text, **{HELPDESK + name: value for name, value in environ.items()})
    assert said in problem
    assert "hush" not in problem


def test_two_sources_that_cannot_be_told_apart_are_refused(problems: Problems) -> None:
    [problem] = problems(
        "intake: {sources: {helpdesk: {}, crm: {}}}",
        OTKLIK_INTAKE__SOURCES__HELPDESK__SECRET=base64(b"same"),
        OTKLIK_INTAKE__SOURCES__CRM__SECRET=f"whsec_{base64(b'same')}",
    )
    assert problem == (
        "environment: OTKLIK_INTAKE__SOURCES__CRM__SECRET: is the secret of another source, or the same as before; "
        "each is used once"
    )
