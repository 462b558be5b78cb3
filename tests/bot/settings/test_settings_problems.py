"""What is said of a configuration that cannot be used: one line for each problem, all of them at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.settings import ConfigurationError, Settings, load_settings

Problems = Callable[..., list[str]]


WRONG = [
    ("telegram:\n  mode: pooling", "2: telegram.mode: 'pooling' is not allowed; allowed: polling, webhook"),
    (
        "vendor: {langages: [ru]}",
        "1: vendor.langages: unknown key 'langages', did you mean languages? "
        "allowed: name, names, language, languages, timezone",
    ),
    (
        "vendor: {languages: [ru, en], names: {uk: Зразок}}",
        "1: vendor.names.uk: is not among vendor.languages: ru, en",
    ),
    (
        "access: {managers: {12: {accounts: [A], porjects: [P]}}}",
        "1: access.managers.12.porjects: unknown key 'porjects', did you mean projects? "
        "allowed: accounts, projects, divisions",
    ),
    (
        "access:\n  managers: {12: {}}",
        "2: access.managers.12: names nothing; give accounts, projects or divisions",
    ),
    ("access: {admins: [0]}", "1: access.admins.1: 0 must be greater than 0"),
    (
        "access: {admins: [9999999999999999]}",
        "1: access.admins.1: '9999999999999999' must be less than 4503599627370496",
    ),
    ("access: {admins: [1, true]}", "1: access.admins.2: true is not a whole number"),
    ("access: {viewers: 5}", "1: access.viewers: must be a list"),
    ("http:\n\n  port: 70000", "3: http.port: 70000 must be 65535 or less"),
    ("http: {host: null}", "1: http.host: must be a text"),
    ("http: [1]", "1: http: must be a mapping of keys"),
    ("http: {port: 1}\nhttp: {port: 2}", "1: http: written twice, again on line 2; each key is allowed once"),
    (
        "vendor: {timezone: Europe/Moskow}",
        "1: vendor.timezone: 'Europe/Moskow' is not a time zone; did you mean Europe/Moscow?",
    ),
    ("vendor: {language: de}", "1: vendor.languages: lacks de, which is the vendor's language"),
    ("vendor: {name: ''}", "1: vendor.name: must not be empty"),
    ("roles: {}", "1: roles: must not be empty"),
    (
        "reports: [{key: weekly, cron: '0 9 * * 1', to: [anna]}]",
        "1: reports.1.to.1: 'anna' is not a whole number",
    ),
    ("roles: {a: {weight: 0}}", "1: roles.a.weight: 0 must be greater than 0"),
    ("roles: {a: {weight: .inf}}", "1: roles.a.weight: '.inf' is not a number"),
    ("roles: {a: {title: {ru: А}}}", "1: roles.a.weight: is missing"),
    ("roles: {a: {weight: 1, title: {en: A}}}", "1: roles.a.title: has no text in ru, the vendor's language"),
    (
        "roles: {A b: {weight: 1}}",
        "1: roles.A b: 'A b' is not a key; write it in a-z, 0-9 and _, beginning with a letter",
    ),
    ("offer: {a: [x], b: [y, z], c: [{q: 1}]}", "1: offer.c.components: must be a mapping of keys"),
    (
        "contact: {pulse_rest: 2 weeks}",
        "1: contact.pulse_rest: '2 weeks' is not a duration; write it as 90s, 5m, 2h or 14d",
    ),
    (
        "contact: {pulse_rest: 99999999d}",
        "1: contact.pulse_rest: '99999999d' is too long; at most 3650d is allowed",
    ),
    (
        "contact: {quiet_hours: 25:00-09:00}",
        "1: contact.quiet_hours: '25:00-09:00' is not a span of hours; write it as \"20:00-09:00\", or null for none",
    ),
    (
        "contact: {quiet_hours: 9:00-9:00}",
        "1: contact.quiet_hours: '9:00-9:00' begins when it ends; write it as \"20:00-09:00\", or null for none",
    ),
    ("contact: {weekends: maybe}", "1: contact.weekends: 'maybe' is not true or false"),
    (
        "pulses: {x: {questionnaire: q, sample: 1.5}}",
        "1: pulses.x.sample: 1.5 is not a share between 0 and 1 or 0 % and 100 %",
    ),
    (
        "journey: {start: {}, end: {}}\nrelationship: {when: {stages: [strat]}}",
        "2: relationship.when.stages.1: unknown stage 'strat', did you mean start? allowed: start, end",
    ),
    (
        "journey: {start: {}, roll: {}}",
        "1: relationship.when.since: unknown stage 'rollout', did you mean roll? allowed: start, roll",
    ),
    ("telegram: {mode: webhook}", "1: telegram.webhook.url: is needed where telegram.mode is webhook"),
    (
        "telegram: {api_base: ftp://x}",
        "1: telegram.api_base: must be an address such as https://bot.example.org",
    ),
    ("[1]", "1: the file holds a list, it should be a mapping: vendor, telegram, database …"),
    ("vendor: {\n", "2: not YAML: expected the node content, but found '<stream end>'"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_a_problem_is_one_line_with_place_value_and_rule(problems: Problems, text: str, problem: str) -> None:
    assert problems(text) == [f"config.yaml:{problem}"]


def test_a_component_belongs_to_one_block(problems: Problems) -> None:
    problems = problems("offer:\n  a: [x, y]\n  b: [x]")
    assert [problem.split(": ")[:2] for problem in problems] == [
        ["config.yaml:2", "offer.a.components.x"],
        ["config.yaml:3", "offer.b.components.x"],
    ]


def test_waves_are_checked_like_everything_else(problems: Problems) -> None:
    text = """
waves:
  - {key: w, questionnaire: q, cron: "61 * * * *", timezone: Mars}
  - {key: w, questionnaire: q, cron: "0 10 1 * *", where: {acount: A}}
"""
    assert [problem.split(": ")[:2] for problem in problems(text)] == [
        ["config.yaml:3", "waves.1.cron"],
        ["config.yaml:3", "waves.1.timezone"],
        ["config.yaml:4", "waves.2.where.acount"],
    ]
    agreeing = text.replace("61", "0").replace("Mars", "UTC").replace("acount: A", "stage: [rolout], role: [boss]")
    assert [problem.split(": ")[1] for problem in problems(agreeing)] == [
        "waves.1.key",
        "waves.2.key",
        "waves.2.where.role",
        "waves.2.where.stage",
    ]


def test_reports_by_schedule_go_to_members_of_staff_each_once(problems: Problems) -> None:
    text = """
access: {admins: [1001]}
reports:
  - {key: weekly, cron: "0 10 * * noday", to: []}
  - {key: weekly, cron: "0 10 * * mon", to: [1001, 1001, 7]}
"""
    assert [problem.split(": ")[:2] for problem in problems(text)] == [
        ["config.yaml:4", "reports.1.cron"],
        ["config.yaml:4", "reports.1.to"],
    ]
    assert [problem.split(": ")[1] for problem in problems(text.replace("noday", "tue").replace("[]", "[1001]"))] == [
        "reports.1.key",
        "reports.2.key",
        "reports.2.to.2",
        "reports.2.to.3",
    ]


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    problems = problems(
        "telegram:\n  token: hush\n  mode: webhook\nhttp: {port: x}\nrelationship: {when: {stages: [nowhere]}}",
        OTKLIK_NONSENSE="1",
        OTKLIK_CSI__BASIS="median",
    )
    assert [problem.split(": ")[:2] for problem in problems] == [
        ["config.yaml:1", "telegram.webhook.url"],
        ["config.yaml:2", "telegram.token"],
        ["config.yaml:4", "http.port"],
        ["config.yaml:5", "relationship.when.stages.1"],
        ["environment", "OTKLIK_CSI__BASIS"],
        ["environment", "OTKLIK_NONSENSE"],
    ]


def test_a_problem_inside_a_json_variable_says_where(problems: Problems) -> None:
    assert problems(OTKLIK_ACCESS='{"managers": {"5": {"accounts": "A"}}}') == [
        "environment: OTKLIK_ACCESS: managers.5.accounts: must be a list"
    ]


def test_json_nested_without_end_is_a_wrong_value_like_any_other(problems: Problems) -> None:
    assert problems(OTKLIK_ACCESS__ADMINS="[" * 200_000) == ["environment: OTKLIK_ACCESS__ADMINS: must be a list"]


def test_a_variable_below_a_plain_value_is_not_overlooked(problems: Problems) -> None:
    assert problems(OTKLIK_VENDOR__NAME="V", OTKLIK_VENDOR__NAME__X="1") == [
        "environment: OTKLIK_VENDOR__NAME: must be a text"
    ]
    assert problems(OTKLIK_VENDOR__NAME__X="1") == ["environment: OTKLIK_VENDOR__NAME__X: must be a text"]


def test_a_section_that_is_wrong_in_itself_is_no_reason_to_doubt_another(problems: Problems) -> None:
    text = "journey: {begin: {}, end: {deparment: x}}\nrelationship: {when: {stages: [begin]}}"
    assert [problem.split(": ")[1] for problem in problems(text)] == ["journey.end.deparment"]


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    for path, said in [
        (tmp_path / "none.yaml", "none.yaml: there is no such file; --config names another"),
        (tmp_path, ": cannot be read: Is a directory"),
    ]:
        with pytest.raises(ConfigurationError) as caught:
            load_settings(path, {})
        assert len(caught.value.problems) == 1
        assert caught.value.problems[0].endswith(said)


def test_a_file_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("# да\nvendor: {name: Отклик}".encode("cp1251"))
    with pytest.raises(ConfigurationError, match=r"config\.yaml:1: is not UTF-8; save the file as UTF-8"):
        load_settings(path, {})


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbfhttp: {port: 1}")
    assert load_settings(path, {}).http.port == 1
    path.write_bytes(b"\xef\xbb\xbf# nothing yet")
    assert load_settings(path, {}) == Settings()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SECTIONS = st.dictionaries(st.sampled_from(sorted(Settings.model_fields)) | st.text(), JUNK, max_size=5)
VARIABLES = st.lists(
    st.sampled_from([*Settings.model_fields, "token", "secret", "url", "url_file", "helpdesk", "sources", "0"])
    | st.text(),
    min_size=1,
    max_size=4,
).map(lambda parts: "OTKLIK_" + "__".join(parts).upper())
VALUES = st.text() | JUNK.map(lambda value: repr(value).replace("'", '"'))


@examples(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sections=SECTIONS, environ=st.dictionaries(VARIABLES, VALUES, max_size=4))
def test_junk_is_settings_or_a_list_of_one_line_problems(
    tmp_path: Path, sections: dict[str, object], environ: dict[str, str]
) -> None:
    path = tmp_path / "config.yaml"
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        YAML(typ="safe", pure=True).dump(sections, stream)
    _settings_or_problems(path, environ)


@examples(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary() | st.text(alphabet="a:-[]{}\"'#&*!|>%@\t\n 0", max_size=60).map(str.encode))
def test_any_bytes_are_settings_or_a_list_of_one_line_problems(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    _settings_or_problems(path, {})


def _settings_or_problems(path: Path, environ: dict[str, str]) -> None:
    try:
        load_settings(path, environ)
        problems: tuple[str, ...] = ("none",)
    except ConfigurationError as error:
        problems = error.problems
    assert problems
    assert all(problem.isprintable() for problem in problems)
