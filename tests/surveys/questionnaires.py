"""Small questionnaires the tests of the core are played with."""

from datetime import date

from metrics.scales import CSAT_5, NPS, own_scale
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
    EVERY_ROLE,
    MODES,
    Band,
    ChoiceItem,
    Closing,
    DateItem,
    NumberItem,
    Questionnaire,
    Route,
    ScaleItem,
    StatementItem,
    Text,
    TextItem,
    WhyItem,
)


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


def everything() -> Questionnaire:
    """Every kind of item and of condition, with a way past the middle and one to the end."""
    whole = {EVERY_ROLE: words("Asked of everybody")}
    return Questionnaire(
        key="everything",
        version=3,
        kind="pulse",
        review=True,
        amend=24,
        minutes=3,
        validity=7,
        title=words("Title"),
        introduction=words("We ask about {project}, {ticket|your request} and {event.release|the update}"),
        consent={"named": words("With your name"), "confidential": words("Without it")},
        closing=words("Thanks"),
        closings=(
            Closing(Chose("solved", frozenset({"no"})), words("Sorry")),
            Closing(Every((Scored("ease", frozenset({4})), Not(HasRole(frozenset({"senior_it"}))))), words("Glad")),
        ),
        items=(
            StatementItem(key="hello", wording=whole),
            ChoiceItem(
                key="solved",
                wording=whole,
                options={"yes": words("Yes"), "partly": words("Partly"), "no": words("No")},
                other=words("Otherwise"),
                routes=(Route(END, Chose("solved", frozenset({"no"}))), Route("ease", Inapplicable("solved"))),
                not_applicable=True,
            ),
            ChoiceItem(
                key="reasons",
                wording=whole,
                options={key: words(key) for key in ("price", "quality", "people", "time")},
                other=words("Another"),
                none=words("None"),
                at_least=2,
                at_most=3,
            ),
            TextItem(
                key="quality",
                wording=whole,
                when=Chose("reasons", frozenset({"quality", "people"})),
                at_least=5,
                limit=50,
            ),
            NumberItem(key="people", wording=whole, low=-5, high=500, not_applicable=True),
            DateItem(
                key="since",
                wording=whole,
                since=date(2020, 1, 1),
                until=date(2026, 12, 31),
                when=Some((Between("people", 10, None), EventSays("priority", frozenset({"high"})))),
            ),
            ScaleItem(
                key="ease",
                wording={"key_user": words("Easy?"), "senior_it": words("Was it easy?")},
                scale=own_scale(1, 4, "ces"),
                low=words("hard"),
                high=words("easy"),
                anchors={2: words("rather hard")},
                component="usability",
                block="product",
                not_applicable=True,
            ),
            WhyItem(key="ease_why", about="ease", bands=(Band(frozenset({1, 2}), words("Why?")),)),
            TextItem(key="explained", wording=whole, when=Answered("ease_why")),
            TextItem(key="early", wording=whole, when=During("since", None, date(2022, 12, 31))),
            TextItem(key="skipped", wording=whole, when=Skipped("people")),
            TextItem(key="stage", wording=whole, when=AtStage(frozenset({"rollout"}))),
            TextItem(key="speakers", wording=whole, when=Speaks(frozenset({"uk"}))),
        ),
    )
