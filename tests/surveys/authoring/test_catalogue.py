"""The questionnaires that come with the product, as the people who are asked will meet them."""

import re
from itertools import chain
from pathlib import Path

import pytest

import surveys
from surveys.authoring.building import build
from surveys.authoring.catalogue import read_directory
from surveys.interview import Answer, Interview
from surveys.piping import placeholders
from surveys.questionnaire import EVERY_ROLE, Asked, ChoiceItem, ScaleItem
from surveys.routing import route

CATALOGUE = Path(surveys.__file__).parent / "catalogue"
LANGUAGES = ("ru", "en", "uk")
ROLES = ("senior_it", "business_owner", "key_user", "project_office")
OFFER = {
    "product": ("functionality", "usability", "stability", "performance"),
    "service": ("implementation", "support", "understanding"),
    "management": ("problem_solving", "communication", "promises"),
}
COMPONENTS = tuple(chain.from_iterable(OFFER.values()))
WITH_NAME = {"ru": "с вашим именем", "en": "with your name", "uk": "(із|з) вашим іменем"}
FOREIGN = {"ru": re.compile("[іїєґІЇЄҐ]"), "en": re.compile("[а-яёіїєґ]", re.I), "uk": re.compile("[ыэёъЫЭЁЪ]")}


def read_catalogue():
    return read_directory(CATALOGUE, offer=OFFER, roles=ROLES, languages=LANGUAGES)


@pytest.fixture(scope="module")
def questionnaires():
    documents, problems = read_catalogue()
    assert problems == ()
    return {key: build(document, 1) for key, document in documents.items()}


@pytest.fixture
def relationship(questionnaires):
    return questionnaires["relationship"]


@pytest.fixture
def pulse(questionnaires):
    return questionnaires["support_pulse"]


def asked(questionnaire, role, **scores):
    """Items on the way of a person of this role who gave these scores."""
    answers = {key: Answer(key, score) for key, score in scores.items()}
    interview = Interview(
        id="1", questionnaire=questionnaire.key, version=1, roles=(role,), language="ru", answers=answers
    )
    return list(route(questionnaire, interview))


def asking(item):
    return list(item.wording.values()) if isinstance(item, Asked) else [band.text for band in item.bands]


def labels(item):
    match item:
        case ScaleItem():
            return [item.low, item.high, *item.anchors.values()]
        case ChoiceItem():
            return list(item.offered.values())
        case _:
            return []


def texts(questionnaire):
    whole = [questionnaire.title, questionnaire.introduction, *questionnaire.consent.values(), questionnaire.closing]
    whole += [closing.text for closing in questionnaire.closings]
    return [*whole, *(text for item in questionnaire.items for text in (*asking(item), *labels(item)))]


def questions(questionnaire):
    """Everything that is asked, without the words at the ends of scales and on buttons."""
    return [text for item in questionnaire.items for text in asking(item)]


def words(text):
    return len(text.split())


def test_there_is_a_questionnaire_for_every_occasion(questionnaires):
    assert {key: questionnaire.kind for key, questionnaire in questionnaires.items()} == {
        "relationship": "relationship",
        "support_pulse": "pulse",
        "training_pulse": "pulse",
        "onboarding_pulse": "pulse",
        "release_pulse": "pulse",
        "milestone_pulse": "pulse",
        "closure_check": "pulse",
        "lost_client": "pulse",
    }


def test_a_vendor_of_one_language_can_use_them_too():
    _, problems = read_directory(CATALOGUE, offer=OFFER, roles=ROLES, languages=["ru"])
    assert problems == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_every_question_in_its_own_words(relationship, role, language):
    for item in asked(relationship, role):
        text = item.wording.get(role) or item.wording[EVERY_ROLE]
        assert text[language].endswith("?")


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_one_role_is_asked_eight_to_twelve_things(relationship, role):
    assert 8 <= len(asked(relationship, role, recommend=8)) <= 12


@pytest.mark.parametrize("role", ROLES)
def test_it_begins_with_the_recommendation_and_its_reason_and_ends_with_a_free_remark(relationship, role):
    keys = [item.key for item in asked(relationship, role, recommend=0)]
    assert keys[:2] == ["recommend", "recommend_why"]
    assert keys[-1] == "remark"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_judges_all_blocks_of_the_offer(relationship, role):
    assert {item.block for item in asked(relationship, role) if item.block} == set(OFFER)


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_judged_by_two_roles_at_least(relationship, component):
    voices = [role for role in ROLES if component in {item.component for item in asked(relationship, role)}]
    assert len(voices) >= 2


def test_roles_are_asked_in_different_words(relationship):
    judged = [item for item in relationship.items if isinstance(item, ScaleItem) and item.component]
    assert len(judged) == len(COMPONENTS)
    for item in judged:
        for language in LANGUAGES:
            assert len({text[language] for text in item.wording.values()}) == len(item.wording)


def test_every_recommendation_is_followed_by_its_reason(relationship):
    bands = [sorted(band.scores) for band in relationship.item("recommend_why").bands]
    assert bands == [list(range(7)), [7, 8], [9, 10]]


def test_every_low_mark_and_no_other_is_followed_by_an_open_question(questionnaires):
    marks = [(q, item) for q in questionnaires.values() for item in q.items if isinstance(item, ScaleItem)]
    for questionnaire, item in marks:
        if item.scale.kind != "nps":
            [band] = questionnaire.item(f"{item.key}_why").bands
            assert band.scores == {1, 2}


def test_somebody_content_with_support_is_asked_twice_and_explains_each_low_mark_once(pulse):
    keys = [item.key for item in asked(pulse, "key_user", satisfaction=5, effort=3)]
    assert keys == ["satisfaction", "effort"]
    keys = [item.key for item in asked(pulse, "key_user", satisfaction=2, effort=1)]
    assert keys == ["satisfaction", "satisfaction_why", "effort", "effort_why"]


def test_the_pulse_judges_support_on_both_scales(pulse):
    scales = {item.key: (item.scale.key, item.component) for item in asked(pulse, "key_user")}
    assert scales == {"satisfaction": ("csat_5", "support"), "effort": ("ces_5", "support")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_and_the_last_card_are_read_at_a_glance(questionnaires, language):
    for questionnaire in questionnaires.values():
        introduction = words(questionnaire.introduction[language])
        consent = max(words(text[language]) for text in questionnaire.consent.values())
        assert introduction <= 45
        assert consent <= 35
        assert introduction + consent < 60
        assert words(questionnaire.closing[language]) <= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_fit_a_phone(questionnaires, language):
    for questionnaire in questionnaires.values():
        assert all(len(text[language]) <= 120 for text in questions(questionnaire))
        ends = [end for item in questionnaire.items if isinstance(item, ScaleItem) for end in (item.low, item.high)]
        assert all(len(end[language]) <= 30 for end in ends)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_introduction_says_who_asks_about_what_and_for_how_long(questionnaires, language):
    for key, questionnaire in questionnaires.items():
        named = placeholders(questionnaire.introduction[language])
        assert "vendor" in named, key
        assert named & {"project", "ticket"}, key
        assert "minutes" in named or key == "closure_check", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_of_a_confidential_questionnaire_names_no_name(questionnaires, language):
    for questionnaire in questionnaires.values():
        named, confidential = (questionnaire.consent[mode][language] for mode in ("named", "confidential"))
        assert named != confidential
        assert re.search(WITH_NAME[language], named)
        assert not re.search(WITH_NAME[language], confidential)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_letters_of_another_language(questionnaires, language):
    for text in chain.from_iterable(texts(questionnaire) for questionnaire in questionnaires.values()):
        assert not FOREIGN[language].search(text[language]), text[language]


def test_no_text_was_left_untranslated(questionnaires):
    for text in chain.from_iterable(texts(questionnaire) for questionnaire in questionnaires.values()):
        assert len(set(text.values())) == len(LANGUAGES), text


def test_russian_addresses_many_people_with_a_small_letter(questionnaires):
    for text in chain.from_iterable(texts(questionnaire) for questionnaire in questionnaires.values()):
        assert not re.search(r"[^.!?] (Вы|Вас|Вам|Вами|Ваш)", text["ru"]), text["ru"]
