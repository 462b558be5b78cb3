import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.csv import as_csv, as_rows, safe
from surveys.report import report
from surveys.reporting import ReportQuery
from tests.reports.screens import LABELS, RULES, SCREENS, made
from tests.surveys.counted import answers, joined


async def read(screen: str) -> list[dict[str, str]]:
    text = as_csv(as_rows(await made(screen), LABELS, "ru"))
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_the_total_comes_first_and_then_each_group() -> None:
    rows = await read("nps_by_role")
    assert [(row["by"], row["key"], row["label"], row["n"]) for row in rows] == [
        ("", "", "", "9"),
        ("role", "senior_it", "ИТ-руководитель", "4"),
        ("role", "key_user", "Ключевой пользователь", "5"),
    ]
    assert (rows[1]["value"], rows[1]["nps_10"], rows[1]["nps_0"]) == ("25.0", "2", "0")
    assert rows[0]["since"] == "2026-07-01T00:00:00Z"


async def test_what_is_suppressed_is_empty() -> None:
    hidden = (await read("nps_suppressed"))[1]
    assert (hidden["suppressed"], hidden["value"], hidden["low"], hidden["nps_9"], hidden["n"]) == (
        "1",
        "",
        "",
        "",
        "3",
    )


async def test_effort_has_a_row_for_each_scale() -> None:
    rows = await read("ces_by_touchpoint")
    assert [(row["key"], row["scale"], row["n"]) for row in rows[:4]] == [
        ("", "ces_5", "4"),
        ("", "ces_7", "10"),
        ("ticket", "ces_5", "4"),
        ("ticket", "ces_7", "9"),
    ]
    assert rows[1]["ces_7_3"] == "8"


async def test_an_index_has_columns_for_every_role() -> None:
    total = (await read("csi_by_component"))[0]
    assert (total["senior_it_value"], total["senior_it_n"], total["senior_it_weight"]) == ("75.0", "4", "0.3")
    assert (total["project_office_value"], total["missing"]) == ("", "project_office")


async def test_response_has_columns_for_the_fieldwork() -> None:
    total = (await read("response_by_stage"))[0]
    assert (total["delivered"], total["completed"], total["median_seconds"]) == ("40", "18", "150.0")


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_row_is_as_long_as_the_header(screen: str) -> None:
    header, *rows = as_rows(await made(screen), LABELS, "uk")
    assert {len(row) for row in rows} == {len(header)}
    assert len(set(header)) == len(header)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\u00a0\u200b=", "＝", "\ufeff+"])
async def test_no_name_becomes_a_formula(start: str) -> None:
    counts = joined(answers("nps", {9: 1}, account=f"{start}1+1"))
    found = await report(ReportQuery(metric="nps", by="account"), counts, RULES)
    header, _, row = as_rows(found, {}, "ru")
    named = dict(zip(header, row, strict=True))
    assert named["key"] == named["label"] == f"'{start}1+1"
    assert named["value"] == 100.0


@given(st.text() | st.integers() | st.floats(allow_nan=False) | st.none())
def test_safe_text_never_starts_as_a_formula_and_numbers_stay(cell: str | float | None) -> None:
    kept = safe(cell)
    assert not isinstance(kept, str) or (kept.strip()[:1] not in set("=+-@＝＋－＠") and kept[:1] not in set("\t\r\n"))
    assert isinstance(cell, str) or kept == cell
