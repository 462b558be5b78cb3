"""Sentences as they are sent: with the values of the moment, in the language of whoever reads them."""

import pytest

from handlers.notices import notice
from surveys.questionnaire import Language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please send a date from 1 January 2020 to 31 December 2026."),
        ("ru", "Отправьте, пожалуйста, дату от 1 января 2020 до 31 декабря 2026."),
        ("uk", "Надішліть, будь ласка, дату від 1 січня 2020 до 31 грудня 2026."),
    ],
)
def test_a_range_of_days_is_told_as_people_write_days(language: Language, text: str) -> None:
    values = {"vendor": "Sample", "low": "2020-01-01", "high": "2026-12-31"}
    call = notice(1, {"say": "not_a_date", "language": language, "values": values, "buttons": None}, ("en", "ru", "uk"))
    assert call.params["text"] == text
