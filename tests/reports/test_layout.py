from hypothesis import given
from hypothesis import strategies as st

from reports.fieldwork import duration
from reports.layout import Row, columns, fold, table, tidy
from reports.speech import Speech


@given(st.text(), st.integers(2, 60))
def test_folded_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = fold(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(), st.integers(2, 60), st.integers(1, 3))
def test_no_more_lines_than_allowed(text: str, width: int, most: int) -> None:
    lines = fold(text, width, most)
    assert len(lines) <= most
    assert all(columns(line) <= width for line in lines)
    if len(fold(text, width)) > most:
        assert lines[-1].startswith("…")


@given(st.text())
def test_a_tidy_name_is_one_visible_line(text: str) -> None:
    kept = tidy(text)
    assert len(kept.splitlines()) <= 1
    assert not set("\u202e\u2066\u200b\x00\x1b\t") & set(kept)


def test_emoji_take_two_columns_and_marks_none() -> None:
    assert [columns(text) for text in ("🏭", "☎\ufe0f", "e\u0301", "工", "Ж")] == [2, 2, 1, 2, 1]


def test_columns_line_up_under_their_heads() -> None:
    head, blocks = table(Row("Name", ("%", "n")), [Row("工場", ("100", "7")), Row("e\u0301", ("5", "12"))], 40)
    assert [*head, *(line for block in blocks for line in block)] == [
        "Name   %  n",
        "───────────",
        "工場 100  7",
        "e\u0301      5 12",
    ]


def test_a_time_is_said_in_its_two_largest_units() -> None:
    t = Speech("en", {})
    times = {0: "0 s", 59: "59 s", 60: "1 min", 150: "2 min 30 s", 3600: "1 h", 3605: "1 h", 7300: "2 h 1 min"}
    assert {seconds: duration(t, seconds) for seconds in times} == times
    assert duration(t, 2 * 86400 + 3 * 3600 + 59) == "2 d 3 h"
    assert duration(t, 59.6) == "1 min"
