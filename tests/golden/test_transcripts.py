"""Every questionnaire as every role reads it in every language: the real conversation on the real cards.

`make golden` writes the transcripts anew; what changed in them is for people to read.
"""

from pathlib import Path

import pytest
from inline_snapshot import external_file

from bot.playing import rows_of
from handlers.buttons import write
from tests.golden.scripts import CASES, CATALOGUE, LANGUAGES, SHORT_CUTS, Person, Step, transcript

TRANSCRIPTS = Path(__file__).parent / "transcripts"
BUTTON, CARD, DATA = 40, 60, 64

everybody = pytest.mark.parametrize(
    ("key", "role", "language"), [(key, role, language) for key, role in CASES for language in LANGUAGES]
)


def passes(key: str, role: str, language: str) -> dict[str, list[Step]]:
    """Who is content comes by link; who is not, after an event where there is one."""
    pulse = CATALOGUE[key].kind == "pulse"
    people = {
        "CONTENT": Person(key, role, language),
        "NOT CONTENT": Person(key, role, language, content=False, after_event=pulse),
    }
    if any(getattr(item, "not_applicable", False) for item in CATALOGUE[key].items):
        people["UNSURE"] = Person(key, role, language, unsure=True)
    if CATALOGUE[key].review:
        people["WAVERING"] = Person(key, role, language, wavering=True)
    if key in SHORT_CUTS:
        people["BRIEF"] = Person(key, role, language, brief=True)
    told = {name: list(person.play()) for name, person in people.items()}
    remarking = Person(key, role, language, after_event=pulse, remarks=1).play()
    if any(step.said for step in remarking):
        said = next(at for at, step in enumerate(remarking) if step.said)
        told["IN WORDS AS WELL"] = list(remarking[said : said + 5])
    return told


@everybody
def test_the_conversation_reads_as_it_was_approved(key: str, role: str, language: str) -> None:
    parts = [f"{name}\n\n{transcript(steps)}\n" for name, steps in passes(key, role, language).items()]
    assert "\n\n\n".join(parts) == external_file(TRANSCRIPTS / f"{key}.{role}.{language}.txt")


def test_there_is_a_transcript_of_everything_and_of_nothing_else() -> None:
    kept = {path.name for path in TRANSCRIPTS.iterdir()}
    assert kept == {f"{key}.{role}.{language}.txt" for key, role in CASES for language in LANGUAGES}


@everybody
def test_no_card_and_no_button_is_longer_than_a_phone_shows(key: str, role: str, language: str) -> None:
    pulse = CATALOGUE[key].kind == "pulse"
    remarking = [
        Person(key, role, language, content=content, after_event=pulse, remarks=99).play() for content in (True, False)
    ]
    for step in [step for steps in [*passes(key, role, language).values(), *remarking] for step in steps]:
        assert step.words <= CARD, step.card.text
        for text, button in (button for row in rows_of(step.card) for button in row):
            assert len(text) <= BUTTON, text
            assert len(write(button).encode()) <= DATA


@everybody
def test_a_score_button_shows_its_score_and_no_other_digit_and_nothing_else_is_a_number(
    key: str, role: str, language: str
) -> None:
    for step in [step for steps in passes(key, role, language).values() for step in steps]:
        for text, button in (button for row in rows_of(step.card) for button in row):
            digits = "".join(letter for letter in text if letter.isdigit())
            assert digits == ("" if button.score is None else str(button.score))
