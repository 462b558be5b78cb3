"""Who is told: where, of what, and what keeps an endpoint from being used."""

from collections.abc import Callable

import pytest

from bot.loop_rules import loop_rules
from bot.settings import Settings
from surveys.outward.names import EVENTS

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]
SECRET = {"OTKLIK_WEBHOOKS__CRM__SECRET": "whsec_c2FtcGxl"}


def written(**changes: str) -> str:
    keys = {"url": "https://crm.example.org/otklik"} | changes
    return f"webhooks: {{crm: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}}}"


def test_an_endpoint_is_told_of_everything_unless_it_says_of_what(load: Load) -> None:
    assert loop_rules(load(written(), **SECRET)).told == {"webhook:crm": frozenset(EVENTS)}
    some = loop_rules(load(written(events="[signal.*, case.closed]"), **SECRET))
    assert some.listeners("case.closed") == ("webhook:crm",)
    assert some.listeners("case.opened") == ()
    assert some.told["webhook:crm"] == {"signal.raised", "case.closed"}


def test_secrets_are_never_shown(load: Load) -> None:
    settings = load(written(), **SECRET, OTKLIK_WEBHOOKS__CRM__PREVIOUS_SECRET="whsec_b2xk")
    assert "c2FtcGxl" not in repr(settings)
    assert "b2xk" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"events": "[case.opend]"},
            "webhooks.crm.events.1: unknown event 'case.opend'; did you mean case.opened? allowed: signal.*, case.*, "
            "improvement.* or one of docs/webhooks.md",
        ),
        ({"events": "[]"}, "webhooks.crm.events: must not be empty"),
        ({"url": "ftp://x"}, "webhooks.crm.url: must be an address such as https://crm.example.org/otklik"),
        ({"url": "https://a:b@x/"}, "webhooks.crm.url: must not hold a password"),
        (
            {"url": "http://crm.example.org/"},
            "webhooks.crm.url: must begin with https://; internal: true allows http inside a network",
        ),
        (
            {"url": "https://10.1.2.3/"},
            "webhooks.crm.url: '10.1.2.3' is inside a network; internal: true allows that",
        ),
    ],
)
def test_an_endpoint_that_cannot_be_used_is_explained(problems: Problems, changes: dict[str, str], said: str) -> None:
    assert problems(written(**changes), **SECRET) == [f"config.yaml:1: {said}"]


def test_an_endpoint_without_a_secret_or_with_a_wrong_one_is_explained(problems: Problems) -> None:
    missing = "is missing; set OTKLIK_WEBHOOKS__CRM__SECRET, or name a file in secret_file"
    assert problems(written()) == [f"config.yaml:1: webhooks.crm.secret: {missing}"]
    assert problems(written(), OTKLIK_WEBHOOKS__CRM__SECRET="!!") == [
        "environment: OTKLIK_WEBHOOKS__CRM__SECRET: is not a secret in base64, with or without whsec_ before it"
    ]


def test_inside_a_network_http_and_any_address_are_allowed(load: Load) -> None:
    settings = load(written(url="http://10.1.2.3:8000/x", internal="true"), **SECRET)
    assert settings.webhooks["crm"].url == "http://10.1.2.3:8000/x"


JIRA = "jira: {url: https://sample.atlassian.net, email: a@b.example, project: CX}"


def test_jira_hears_of_everything_once_it_has_an_address(load: Load) -> None:
    assert loop_rules(load()).told == {}
    settings = load(JIRA, OTKLIK_JIRA__TOKEN="hush-hush")
    assert loop_rules(settings).told == {"jira": frozenset(EVENTS)}
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{url: https://x.example, email: a}", "jira.project: is needed where jira.url is given"),
        ("{url: https://x.example, project: CX}", "jira.email: is needed where jira.url is given"),
        (
            "{url: http://x.example, email: a, project: CX}",
            "jira.url: must begin with https://; internal: true allows http inside a network",
        ),
        ("{project: cx}", "jira.project: 'cx' is not the key of a project; write it as CX"),
        ("{severities: [grave]}", "jira.severities.1: 'grave' is not allowed; allowed: low, normal, critical"),
        (
            "{token: x}",
            "jira.token: is a secret and must not stand in this file; set OTKLIK_JIRA__TOKEN, "
            "or name a file in token_file",
        ),
    ],
)
def test_a_jira_that_cannot_be_used_is_explained(problems: Problems, text: str, said: str) -> None:
    assert problems(f"jira: {text}", OTKLIK_JIRA__TOKEN="t") == [f"config.yaml:1: {said}"]


def test_a_jira_without_a_token_is_explained(problems: Problems) -> None:
    missing = "is missing; set OTKLIK_JIRA__TOKEN, or name a file in token_file"
    assert problems(JIRA) == [f"config.yaml:1: jira.token: {missing}"]
