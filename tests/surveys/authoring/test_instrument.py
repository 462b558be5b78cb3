"""Everything a file can ask, and what it becomes."""

import json
from datetime import date

import pytest

from metrics.scales import EVERY_SCALE, own_scale
from surveys.authoring.building import build
from surveys.authoring.document import digest
from surveys.conditions import (
    Answered,
    AtStage,
    Between,
    Chose,
    During,
    EventSays,
    Every,
    HasRole,
    Inapplicable,
    Not,
    Scored,
    Skipped,
    Some,
    Speaks,
)
from surveys.questionnaire import (
    END,
    ChoiceItem,
    Closing,
    DateItem,
    NumberItem,
    Route,
    ScaleItem,
    StatementItem,
    TextItem,
    WhyItem,
)
from tests.surveys.authoring.rich import RICH


@pytest.fixture
def rich(reading):
    found = reading(RICH)
    assert found.problems == ()
    return build(json.loads(json.dumps(found.document)), 1)


def test_every_kind_of_item_is_read(rich):
    kinds = {item.key: type(item) for item in rich.items}
    assert kinds == {
        "hello": StatementItem,
        "solved": ChoiceItem,
        "causes": ChoiceItem,
        "more": TextItem,
        "size": NumberItem,
        "since": DateItem,
        "parts_screens": ScaleItem,
        "parts_screens_why": WhyItem,
        "parts_help": ScaleItem,
        "parts_help_why": WhyItem,
        "last": TextItem,
    }


def test_one_option_or_several_with_their_limits(rich):
    solved, causes = rich.item("solved"), rich.item("causes")
    assert (solved.several, list(solved.offered), solved.not_applicable) == (
        False,
        ["solved", "unsolved", "other"],
        True,
    )
    assert (causes.several, list(causes.offered)) == (True, ["price", "speed", "people", "none"])
    assert (causes.at_least, causes.at_most) == (2, 3)
    assert causes.options["speed"]["en"] == "Speed"


def test_several_options_without_a_limit_may_all_be_chosen(reading):
    text = RICH.replace("      at_least: 2\n      at_most: 3\n", "      other: {ru: Иное, en: Else}\n")
    causes = build(reading(text).document, 1).item("causes")
    assert (causes.at_least, causes.at_most) == (1, 4)


def test_numbers_dates_and_words_have_their_limits(rich):
    size, since, more = rich.item("size"), rich.item("since"), rich.item("more")
    assert (size.low, size.high) == (1, 500)
    assert (since.since, since.until) == (date(2020, 1, 1), date(2100, 12, 31))
    assert (more.at_least, more.limit) == (3, 300)


def test_a_grid_is_a_question_for_each_row_on_the_one_scale(rich):
    screens, help_ = rich.item("parts_screens"), rich.item("parts_help")
    assert screens.wording == {"key_user": {"ru": "Ясно ли:\nэкраны", "en": "Is it clear:\nscreens"}}
    assert (screens.component, screens.block) == ("usability", "product")
    assert (help_.component, help_.block) == ("support", "service")
    assert screens.when == help_.when
    assert rich.item("parts_help_why").about == "parts_help"


def test_a_scale_of_ones_own_is_known_by_a_key_that_says_all_of_it(rich):
    scale = rich.item("parts_help").scale
    assert scale == own_scale(4, 1) == EVERY_SCALE[scale.key]
    assert rich.item("parts_help").anchors == {2: {"ru": "почти ясно", "en": "almost clear"}}


@pytest.mark.parametrize(("kind", "key"), [("csat", "csat_4_1"), ("ces", "ces_4_1")])
def test_a_scale_of_ones_own_is_counted_in_a_metric_if_it_says_so(reading, kind, key):
    text = RICH.replace("    worst: 4\n", f"    worst: 4\n    kind: {kind}\n")
    assert build(reading(text).document, 1).item("parts_help").scale.key == key


def test_mode_validity_and_consent_are_read(rich):
    assert (rich.mode, rich.validity) == ("confidential", 14)
    assert rich.consent["confidential"] == {"ru": "Тайна", "en": "Secret"}


def test_conditions_are_read(rich):
    assert rich.item("more").when == Every(
        (
            HasRole(frozenset({"key_user"})),
            Some((Chose("causes", frozenset({"price", "none"})), Skipped("causes"))),
            Not(Speaks(frozenset({"ru"}))),
        )
    )
    assert rich.item("since").when == Between("size", 10, None)
    assert rich.item("parts_help").when == Every(
        (AtStage(frozenset({"rollout"})), EventSays("priority", frozenset({"high", "1", "true"})))
    )
    assert rich.item("last").when == Every(
        (
            Scored("parts_help", frozenset({1})),
            During("since", date(2021, 1, 1), date(2021, 12, 31)),
            Between("size", 12, 12),
            Answered("parts_screens_why"),
        )
    )


def test_routes_and_closings_are_read(rich):
    assert rich.item("solved").routes == (
        Route(END, Chose("solved", frozenset({"unsolved"}))),
        Route("size", Inapplicable("solved")),
    )
    assert rich.closings == (Closing(Chose("solved", frozenset({"unsolved"})), {"ru": "Жаль", "en": "Sorry"}),)


def test_a_route_to_a_grid_leads_to_its_first_row_and_a_route_from_one_follows_its_last(reading):
    text = RICH[: RICH.index("  - key: last")].replace("go_to: size", "go_to: parts")
    asked = build(reading(text.replace("    grid:\n", "    routes:\n      - go_to: end\n    grid:\n")).document, 1)
    assert asked.item("solved").routes[1].to == "parts_screens"
    assert asked.item("parts_screens").routes == ()
    assert asked.item("parts_help").routes == (Route(END),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "        price: {ru: Цена, en: Price}\n        speed: {ru: Скорость, en: Speed}\n",
            "        speed: {ru: Скорость, en: Speed}\n        price: {ru: Цена, en: Price}\n",
        ),
        ("at_most: 3", "at_most: 2"),
        ("validity: 14d", "validity: 15d"),
        ("mode: confidential\n", ""),
        ("worst: 4\n    best: 1", "worst: 1\n    best: 4"),
        ("go_to: size", "go_to: since"),
        ("{from: 1, to: 500}", "{from: 1, to: 501}"),
        ("causes: [price, none]", "causes: [speed, none]"),
        ("at_least: 3\n", "at_least: 4\n"),
        ("почти ясно", "чуть темно"),
        ("    not_applicable: true\n", ""),
    ],
)
def test_any_change_a_person_could_notice_makes_another_version(reading, before, after):
    text = RICH.replace("consent_for:\n", "consent_for:\n  named: {ru: Имя, en: Name}\n")
    if before.startswith("    not_applicable"):
        text = text.replace("      - when: {not_applicable: solved}\n        go_to: size\n", "")
    changed = text.replace(before, after)
    assert changed != text
    one, other = reading(text), reading(changed)
    assert one.problems == other.problems == ()
    assert digest(one.document) != digest(other.document)
