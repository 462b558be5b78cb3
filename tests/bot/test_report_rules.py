from bot.library import read_catalogue
from bot.report_rules import report_labels
from bot.settings import Settings
from surveys.authoring.building import build
from surveys.channels import TALK
from surveys.questionnaire import Asked, StatementItem


def test_every_question_questionnaire_and_language_has_a_name_of_its_own() -> None:
    documents, _ = read_catalogue(Settings())
    questionnaires = [build(document, 1) for document in documents.values()]
    labels = report_labels(Settings(), questionnaires)
    items = [item for one in questionnaires for item in one.items if isinstance(item, Asked)]
    asked = {item.key for item in items if not isinstance(item, StatementItem)}
    assert labels["item"].keys() == asked
    for language in ("ru", "en", "uk"):
        titles = [text[language] for text in labels["item"].values()]
        assert len(set(titles)) == len(titles)
        assert not any("{" in title for title in titles)
        assert all(0 < len(title) <= 60 for title in titles)
        assert labels["questionnaire"]["relationship"][language]
    assert labels["item"]["remark"] == {"ru": "Что ещё важно", "en": "Anything else", "uk": "Що ще важливо"}
    assert labels["item"]["usability"]["ru"] == labels["component"]["usability"]["ru"]
    assert labels["language"]["uk"]["ru"] == "Украинский"
    assert labels["channel"].keys() == {"telegram", TALK}
    assert all(text.keys() == {"ru", "en", "uk"} for text in labels["channel"].values())
