"""Small questionnaires the tests of the core are played with."""

from metrics.scales import CSAT_5, NPS
from surveys.questionnaire import EVERY_ROLE, MODES, Band, Questionnaire, ScaleItem, Text, TextItem, WhyItem


def words(text: str) -> Text:
    """The same words, marked, in every language."""
    return {language: f"{text} [{language}]" for language in ("ru", "en", "uk")}


def small() -> Questionnaire:
    """NPS with its why, usability for operators, effect for directors, a last remark for everybody."""
    return Questionnaire(
        key="small",
        version=1,
        kind="relationship",
        minutes=2,
        title=words("Title"),
        introduction=words("We ask about {project}"),
        consent={mode: words("Consent") for mode in MODES},
        closing=words("Thanks"),
        items=(
            ScaleItem(
                key="recommend",
                wording={EVERY_ROLE: words("Recommend?")},
                scale=NPS,
                low=words("no"),
                high=words("yes"),
            ),
            WhyItem(
                key="recommend_why",
                about="recommend",
                bands=(
                    Band(frozenset(range(7)), words("What is missing?")),
                    Band(frozenset({9, 10}), words("What to keep?")),
                ),
            ),
            ScaleItem(
                key="usability",
                wording={"key_user": words("Screens?")},
                scale=CSAT_5,
                low=words("bad"),
                high=words("good"),
                component="usability",
                block="product",
            ),
            WhyItem(
                key="usability_why",
                about="usability",
                bands=(Band(frozenset({1, 2}), words("Why?")),),
                component="usability",
                block="product",
            ),
            ScaleItem(
                key="effect",
                wording={"business_owner": words("Effect?")},
                scale=CSAT_5,
                low=words("bad"),
                high=words("good"),
            ),
            TextItem(key="remark", wording={EVERY_ROLE: words("Anything else?")}, limit=50),
        ),
    )
