from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import external_file

from reports.layout import PHONE, TERMINAL, columns
from reports.overview import as_overview
from reports.text import as_text
from surveys.headlines import headlines
from surveys.report import report
from surveys.reporting import ReportQuery
from surveys.rules import Scope
from tests.reports.screens import AUGUST, EFFORT, JULY, LABELS, RULES, SATISFIED, SCREENS, SMALL, made
from tests.surveys.counted import FakeCounts, answers, joined

LANGUAGES = ("ru", "en", "uk")
GOLDEN = Path(__file__).parent / "golden"
MESSAGE = 4096


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_screens_read_as_they_were_approved(language: str) -> None:
    screens = [f"{name}\n\n{as_text(await made(name), LABELS, language)}\n" for name in SCREENS]
    assert ("\n" + "=" * PHONE + "\n").join(screens) == external_file(GOLDEN / f"{language}.txt")


async def test_the_terminal_reads_as_it_was_approved() -> None:
    screens = [f"{name}\n\n{as_text(await made(name), LABELS, 'ru', room=TERMINAL)}\n" for name in SCREENS]
    assert ("\n" + "=" * PHONE + "\n").join(screens) == external_file(GOLDEN / "terminal.txt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
async def test_no_line_is_wider_than_a_phone(screen: str, language: str) -> None:
    text = as_text(await made(screen), LABELS, language)
    assert max(columns(line) for line in text.splitlines()) <= PHONE


name = st.text(max_size=300)


@given(st.dictionaries(name.filter(bool), st.integers(1, 9), max_size=200), st.lists(name, max_size=15))
@settings(max_examples=50)
async def test_any_names_make_one_message_of_lines_as_wide_as_a_phone(
    groups: Mapping[str, int], chosen: list[str]
) -> None:
    counts = joined(*(answers("nps", {9: n}, account=key) for key, n in groups.items()))
    query = ReportQuery(metric="nps", by="account", where={"project": tuple(chosen)} if chosen else {})
    found = await report(replace(query, where={}), counts, RULES)
    text = as_text(replace(found, query=query), {}, "ru")
    assert all(columns(line) <= PHONE for line in text.split("\n"))
    assert len(text.encode("utf-16-le")) // 2 <= MESSAGE


@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_metrics_fit_one_screen_and_say_whose_they_are(language: str) -> None:
    scope = Scope(accounts=("Пример-Сталь (образец)",))
    query = ReportQuery(metric="nps", since=JULY, until=AUGUST, scope=scope)
    given = [*SMALL.given, *EFFORT.given, *SATISFIED.given]
    before = [replace(one, at=one.at.replace(month=6)) for one in answers("nps", {9: 2, 0: 30})]
    text = as_overview(await headlines(query, FakeCounts([*given, *before]), RULES, AUGUST), LABELS, language)
    assert "Пример-Сталь (образец)" in text.splitlines()[0]
    assert [line.split()[1] for line in text.splitlines() if line.startswith("CES")] == ["1.0", "2.0"]
    assert max(columns(line) for line in text.splitlines()) <= PHONE
    assert text == external_file(GOLDEN / f"overview_{language}.txt")


async def test_a_reader_of_nothing_is_told_so() -> None:
    found = await report(ReportQuery(metric="nps", scope=Scope()), joined(), RULES)
    assert as_text(found, {}, "en").startswith("No clients, projects or divisions are\nyours.\n")


async def test_groups_beyond_one_message_are_counted() -> None:
    counts = joined(*(answers("nps", {9: 1}, account=f"Client number {n:04}") for n in range(500)))
    found = await report(ReportQuery(metric="nps", by="account"), counts, RULES)
    phone, terminal = as_text(found, {}, "en"), as_text(found, {}, "en", room=TERMINAL)
    shown = phone.count("Client number")
    assert f"and {500 - shown} more groups" in phone
    assert 50 < shown < 500
    assert 3800 < len(phone.encode("utf-16-le")) // 2 <= MESSAGE
    assert terminal.count("Client number") == 500


async def test_a_percentage_has_a_decimal_from_a_hundred_answers_on() -> None:
    for n, share in ((99, "51%"), (100, "50.0%")):
        counts = joined(answers("csat_5", {5: n // 2 + n % 2, 1: n // 2}))
        text = as_text(await report(ReportQuery(metric="csat"), counts, RULES), {}, "en")
        assert text.splitlines()[2] == share


async def test_rounding_never_shows_a_minus_nought() -> None:
    counts = joined(answers("nps", {9: 499, 0: 500, 7: 1}))
    assert "\n0, " in as_text(await report(ReportQuery(metric="nps"), counts, RULES), {}, "en")


async def test_an_unknown_language_gets_english() -> None:
    assert as_text(await made("nps"), LABELS, "xx").startswith("NPS\nJuly 2026\n")
