"""A good file becomes the questionnaire its author meant."""

import pytest

from metrics.scales import CSAT_5, NPS
from surveys.authoring.building import build
from surveys.questionnaire import EVERY_ROLE, TEXT_LIMIT, Band, ScaleItem, TextItem, WhyItem


@pytest.fixture
def questionnaire(reading, small):
    return build(reading(small).document, 3)


def test_a_good_file_has_no_problems(reading, small):
    assert reading(small).problems == ()


def test_the_questionnaire_carries_what_the_file_says_of_it(questionnaire):
    assert (questionnaire.key, questionnaire.version, questionnaire.kind, questionnaire.minutes) == (
        "small",
        3,
        "relationship",
        2,
    )
    assert questionnaire.title == {"ru": "Опрос", "en": "Survey"}
    assert questionnaire.introduction["en"] == "{vendor} asks about {project}"
    assert questionnaire.consent["named"]["ru"] == questionnaire.consent["confidential"]["ru"] == "Согласие"
    assert questionnaire.closing["ru"] == "Спасибо"


def test_a_why_stands_right_after_its_item(questionnaire):
    assert [item.key for item in questionnaire.items] == [
        "recommend",
        "recommend_why",
        "screens",
        "screens_why",
        "remark",
    ]


def test_a_question_for_everybody_is_worded_once(questionnaire):
    assert questionnaire.item("recommend") == ScaleItem(
        key="recommend",
        wording={EVERY_ROLE: {"ru": "Порекомендуете?", "en": "Would you recommend us?"}},
        scale=NPS,
        low={"ru": "нет", "en": "no"},
        high={"ru": "да", "en": "yes"},
    )


def test_a_question_by_role_knows_its_component_and_the_block_of_the_offer(questionnaire):
    assert questionnaire.item("screens") == ScaleItem(
        key="screens",
        wording={"key_user": {"ru": "Удобны ли экраны?", "en": "Are the screens easy to use?"}},
        scale=CSAT_5,
        low={"ru": "плохо", "en": "bad"},
        high={"ru": "хорошо", "en": "good"},
        component="usability",
        block="product",
    )


def test_an_own_why_takes_the_place_of_the_default(questionnaire):
    assert questionnaire.item("recommend_why") == WhyItem(
        key="recommend_why",
        about="recommend",
        bands=(
            Band(frozenset(range(7)), {"ru": "Чего не хватает?", "en": "What is missing?"}),
            Band(frozenset({9, 10}), {"ru": "Что сохранить?", "en": "What should we keep?"}),
        ),
    )


def test_a_default_why_inherits_the_place_of_its_item(questionnaire):
    assert questionnaire.item("screens_why") == WhyItem(
        key="screens_why",
        about="screens",
        bands=(Band(frozenset({1, 2}), {"ru": "Что не так?", "en": "What is wrong?"}),),
        component="usability",
        block="product",
    )


def test_an_item_without_a_scale_is_open_text_with_its_limit(questionnaire):
    assert questionnaire.item("remark") == TextItem(
        key="remark", wording={EVERY_ROLE: {"ru": "Что ещё?", "en": "Anything else?"}}, limit=500
    )


def test_open_text_without_a_limit_is_as_long_as_a_message(reading, small):
    document = reading(small.replace("    limit: 500\n", "")).document
    assert build(document, 1).item("remark").limit == TEXT_LIMIT


def test_none_switches_the_default_why_off(reading, small):
    text = small.replace("component: usability\n", "component: usability\n    why: none\n")
    other = "  - {key: other, scale: csat_5, text: {ru: Ещё, en: More}}\n"
    keys = [item.key for item in build(reading(text + other).document, 1).items]
    assert keys == ["recommend", "recommend_why", "screens", "remark", "other", "other_why"]


def test_a_key_is_free_where_no_why_takes_it(reading, small):
    text = small.replace("component: usability\n", "component: usability\n    why: none\n")
    text = text.replace("why:\n  csat_5:\n    1-2: {ru: Что не так?, en: What is wrong?}\n", "")
    document = reading(text.replace("key: remark", "key: screens_why")).document
    assert isinstance(build(document, 1).item("screens_why"), TextItem)


def test_one_score_is_a_band(reading, small):
    document = reading(small.replace("    1-2: {", "    3: {")).document
    assert build(document, 1).item("screens_why").bands[0].scores == {3}


def test_a_language_nobody_asked_for_is_kept_when_it_is_complete(reading, small):
    document = reading(
        small.replace("en: ", "uk: щось, en: ").replace('uk: щось, en: "{', 'uk: "{vendor} {project}", en: "{')
    )
    assert document.problems == ()
    assert set(document.document["closing"]) == {"ru", "en", "uk"}


def test_a_pulse_may_name_the_ticket_it_follows(reading, small):
    text = small.replace("kind: relationship", "kind: pulse")
    text = text.replace("{ru: Спасибо, en: Thank you}", '{ru: "{ticket|оно}", en: "{ticket|it}"}')
    assert build(reading(text).document, 1).closing == {"ru": "{ticket|оно}", "en": "{ticket|it}"}
