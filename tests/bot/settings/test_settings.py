"""The configuration: what is read, and what goes over what."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.settings import Settings, load_settings
from bot.settings_types import QuietHours
from surveys.rules import Scope

ROOT = Path(__file__).resolve().parents[3]
Load = Callable[..., Settings]
DOCUMENTED = """
vendor:   {name: Vendor, language: ru, languages: [ru, en, uk], timezone: Europe/Moscow}
telegram:
  token: null                       # from the environment
  api_base: https://api.telegram.org # any Bot API server, a local one included
  mode: polling                     # polling | webhook
  webhook: {url: null, path: /telegram, secret: null}
  rate: {per_second: 30, per_chat_per_second: 1}
database: {url: sqlite+aiosqlite:///var/otklik.db}   # or postgresql+asyncpg://…
http:     {host: 127.0.0.1, port: 8080}
access:                              # numeric Telegram ids
  admins: [1001]
  viewers: []
  managers: {}
roles:
journey:
offer:
csi:      {basis: top2, weighting: role}
privacy:  {mode: named, min_group: 5, min_group_verbatims: 8}
contact:
  quiet_hours: "20:00-09:00"
  weekends: false
  relationship_rest: 90d
  pulse_rest: 14d
  reminder_after: 24h
  expire_after: 7d
relationship: {questionnaire: relationship, when: {stages: [rollout, operation], adoption_at_least: 0.7}}
waves:    []
catalogue: surveys/catalogue
pulses:
  ticket.resolved: {questionnaire: support_pulse, delay: 2h, sample: 1.0}
intake:   {sources: {helpdesk: {kind: standard, secret: null}}}
"""


def test_the_documented_example_gives_the_defaults(load: Load) -> None:
    documented = load(DOCUMENTED)
    stages = documented.relationship.when.stages
    assert stages == ("rollout", "operation")
    usual = Settings().relationship
    chosen = usual.model_copy(update={"when": usual.when.model_copy(update={"stages": stages})})
    assert documented.model_copy(update={"access": Settings().access}) == Settings(relationship=chosen)
    assert documented.access.admins == (1001,)


def test_an_empty_file_gives_the_defaults(load: Load) -> None:
    assert load("# nothing yet\n\n") == Settings()


def test_the_shipped_file_names_every_key_and_adds_only_a_vendor_admins_and_more_pulses() -> None:
    shipped = load_settings(ROOT / "config.yaml", {})
    ours = {"vendor", "access", "pulses"}
    assert {key for key in Settings.model_fields if getattr(shipped, key) != getattr(Settings(), key)} == ours
    assert "(образец)" in shipped.vendor.name
    assert Settings().pulses.items() < shipped.pulses.items()
    written = YAML(typ="safe", pure=True).load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert _keys(Settings().model_dump(mode="json")) <= _keys(written)


def _keys(tree: object, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if not isinstance(tree, dict) or above == ("contact", "quiet_hours"):
        return {above}
    return {above} | {key for name, inner in tree.items() for key in _keys(inner, (*above, str(name)))}


def test_default_roles_carry_the_weights_of_the_domain_the_greatest_first() -> None:
    assert list(Settings().weights.items()) == [
        ("business_owner", 0.35),
        ("senior_it", 0.30),
        ("key_user", 0.20),
        ("project_office", 0.15),
    ]


def test_every_default_title_speaks_russian_english_and_ukrainian() -> None:
    everything = Settings()
    titles = [role.title for role in everything.roles.values()]
    titles += [title for stage in everything.journey.values() for title in (stage.title, *stage.touchpoints.values())]
    titles += [title for block in everything.offer.values() for title in (block.title, *block.components.values())]
    assert len(titles) == 4 + 7 + 12 + 3 + 10
    assert all(set(title) == {"ru", "en", "uk"} for title in titles)


def test_equal_weighting_gives_every_role_the_same_say(load: Load) -> None:
    assert set(load("csi: {weighting: equal}").csi_weights.values()) == {1.0}
    assert load().csi_weights == Settings().weights


def test_the_offer_may_be_a_plain_list_of_components(load: Load) -> None:
    plain = load("offer: {product: [usability, stability], service: {components: [support]}}")
    assert plain.components == {"product": ("usability", "stability"), "service": ("support",)}


def test_a_section_in_the_file_replaces_the_default_one(load: Load) -> None:
    assert load("roles: {director: {weight: 1}}").weights == {"director": 1.0}


def test_the_environment_goes_over_the_file(load: Load) -> None:
    settings = load("http: {host: example.org, port: 1}", OTKLIK_HTTP__PORT="9090")
    assert (settings.http.host, settings.http.port) == ("example.org", 9090)


@pytest.mark.parametrize("text", ["", "roles:"])
def test_the_environment_reaches_into_the_defaults(load: Load, text: str) -> None:
    roles = load(text, OTKLIK_ROLES__KEY_USER__WEIGHT="0.9").roles
    assert roles["key_user"].weight == 0.9
    assert roles["key_user"].title["en"] == "Key user"


def test_lists_and_sections_of_the_environment_are_json_and_replace_what_the_file_says(load: Load) -> None:
    settings = load(
        "access: {admins: [1]}\nroles: {director: {weight: 1}}",
        OTKLIK_ACCESS__ADMINS="[5, 6]",
        OTKLIK_ROLES='{"operator": {"weight": 0.5}}',
        OTKLIK_ROLES__OPERATOR__WEIGHT="0.75",
    )
    assert settings.access.admins == (5, 6)
    assert settings.weights == {"operator": 0.75}


def test_null_in_the_environment_is_nothing_and_an_empty_variable_says_nothing(load: Load) -> None:
    settings = load("http: {port: 1}", OTKLIK_CONTACT__QUIET_HOURS="null", OTKLIK_HTTP__PORT="")
    assert settings.contact.quiet_hours is None
    assert settings.http.port == 1


def test_durations_shares_and_hours_are_understood(load: Load) -> None:
    contact = load(
        "contact: {relationship_rest: 90s, pulse_rest: 5m, reminder_after: 0s, expire_after: 14d,"
        ' quiet_hours: "22:30-7:00"}'
    ).contact
    assert contact.relationship_rest == timedelta(seconds=90)
    assert contact.pulse_rest == timedelta(minutes=5)
    assert contact.reminder_after == timedelta(0)
    assert contact.expire_after == timedelta(days=14)
    assert contact.quiet_hours == QuietHours(time(22, 30), time(7))
    assert load("relationship: {when: {adoption_at_least: 70 %}}").relationship.when.adoption_at_least == 0.7


def test_waves_take_one_value_or_several(load: Load) -> None:
    wave = 'waves: [{key: w, questionnaire: q, cron: "0 10 1 3,9 *", where: {division: Steel, role: [key_user]}}]'
    assert load(wave).waves[0].where == {"division": ("Steel",), "role": ("key_user",)}


def test_the_rules_of_the_use_cases_follow_the_configuration(load: Load) -> None:
    rules = load(
        "access: {admins: [7], viewers: [9], managers: {8: {projects: [P]}}}\ncontact: {expire_after: 1d}"
    ).rules()
    assert rules.access.scope(7) is None
    assert rules.access.scope(9) is None
    assert rules.access.scope(8) == Scope(projects=("P",))
    assert rules.expire_after == timedelta(days=1)
    assert rules.by_weight(["key_user", "senior_it"]) == ("senior_it", "key_user")


def test_a_title_falls_back_to_the_language_of_the_vendor_and_then_to_the_key() -> None:
    settings = Settings()
    assert settings.title({"ru": "А", "en": "B"}, "en", "key") == "B"
    assert settings.title({"ru": "А"}, "en", "key") == "А"
    assert settings.title({}, "en", "key") == "key"


def test_the_default_catalogue_is_the_one_that_comes_with_the_product(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load().catalogue_directory == ROOT / "surveys" / "catalogue"
    assert load("catalogue: mine").catalogue_directory == Path("mine")
