"""A document is what a database keeps: plain, canonical, and readable on any later day."""

import json
import unicodedata

import pytest

from surveys.authoring.building import build
from surveys.authoring.document import digest

REORDERED = """\
# a comment
minutes: 2
kind: "relationship"
key: small
"""


@pytest.fixture
def document(reading, small):
    return reading(small).document


def test_a_document_survives_a_database(document):
    assert build(json.loads(json.dumps(document)), 1) == build(document, 1)


def test_comments_quotes_and_the_order_of_keys_do_not_make_another_version(reading, small, document):
    rewritten = small.replace("key: small\nkind: relationship\nminutes: 2\n", REORDERED)
    assert digest(reading(rewritten).document) == digest(document)


def test_the_way_a_text_is_broken_into_lines_does_not_make_another_version(reading, small, document):
    folded = small.replace("consent: {ru: Согласие, en: Consent}", "consent:\n  ru: >\n    Согласие\n  en: Consent\n")
    assert digest(reading(folded).document) == digest(document)


def test_spelling_out_a_default_does_not_make_another_version(reading, small, document):
    default = "{1-2: {ru: Что не так?, en: What is wrong?}}"
    spelled = small.replace("component: usability\n", f"component: usability\n    why: {default}\n")
    without_default = spelled.replace("why:\n  csat_5:\n    1-2: {ru: Что не так?, en: What is wrong?}\n", "")
    assert digest(reading(without_default).document) == digest(document)


def test_letters_composed_in_another_way_do_not_make_another_version(reading, small, document):
    decomposed = small.replace("Что ещё?", unicodedata.normalize("NFD", "Что ещё?"))
    assert decomposed != small
    assert digest(reading(decomposed).document) == digest(document)


@pytest.mark.parametrize(
    ("before", "after"),
    [("en: Thank you", "en: Thanks"), ("9-10: {", "8-10: {"), ("limit: 500", "limit: 600"), ("usability", "stability")],
)
def test_any_change_a_person_could_notice_makes_another_version(reading, small, document, before, after):
    assert digest(reading(small.replace(before, after)).document) != digest(document)


def test_the_order_of_questions_makes_another_version(reading, small, document):
    head, recommend, screens, remark = small.split("  - key: ")
    swapped = "  - key: ".join([head, screens, recommend, remark])
    assert digest(reading(swapped).document) != digest(document)


def test_a_digest_is_sha256_of_canonical_json():
    assert digest({"b": "ё", "a": 1}) == "5d6c2fc23232206124217c5dcd0f8750255a1aa1f8b5036b605faf4d7cfac4d9"


def test_a_document_of_an_older_program_is_asked_as_it_was_then():
    place = {"component": "usability", "block": "product"}
    asked = {"wording": {"*": {"ru": "?"}}, **place}
    older = {
        "key": "older",
        "kind": "relationship",
        "minutes": 2,
        "title": {"ru": "Опрос"},
        "introduction": {"ru": "Здравствуйте, {person}!"},
        "consent": {"ru": "Согласие"},
        "closing": {"ru": "Спасибо"},
        "items": [
            {"type": "scale", "key": "one", **asked, "scale": "csat_5", "low": {"ru": "а"}, "high": {"ru": "б"}},
            {"type": "why", "key": "one_why", "about": "one", "bands": [{"scores": [1], "text": {"ru": "?"}}], **place,
             "limit": 4096},
            {"type": "text", "key": "remark", **asked, "limit": 50},
        ],
    }  # fmt: skip
    questionnaire = build(older, 1)
    assert (questionnaire.mode, questionnaire.validity, questionnaire.closings) == (None, None, ())
    assert questionnaire.consent == {"named": {"ru": "Согласие"}, "confidential": {"ru": "Согласие"}}
    one, _, remark = questionnaire.items
    assert (one.when, one.routes, one.not_applicable, one.anchors) == (None, (), False, {})
    assert (remark.limit, remark.at_least) == (50, 1)


def test_what_nobody_wrote_is_not_in_the_document(document):
    """So a file that says nothing new has the version it had before there was anything new to say."""
    assert set(document) == {"key", "kind", "minutes", "title", "introduction", "consent", "closing", "items"}
    assert {key for entry in document["items"] for key in entry} == {
        *("type", "key", "wording", "component", "block", "scale", "low", "high"),
        *("about", "bands", "limit"),
    }
