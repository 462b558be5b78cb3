"""Workbooks, read back by another library."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from reports import sheets
from reports.sheets import TooManyRows, book
from reports.tables import clients_table, grid_table
from reports.workbook import write_overview, write_table, write_workbook
from surveys.clients import clients
from surveys.grids import grid
from surveys.headlines import headlines
from surveys.report import report
from surveys.reporting import ReportQuery
from surveys.verbatims import Verbatim
from tests.reports.screens import CONFIDENTIAL, LABELS, RULES, SATISFIED, SENT, SMALL, THREATENED
from tests.surveys.counted import FakeCounts
from tests.surveys.test_verbatims import SAID

AT = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)


def opened(written: BytesIO) -> Workbook:
    return openpyxl.load_workbook(BytesIO(written.getvalue()))


def written(*rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    target = BytesIO()
    with book(target) as made, made.page("One", ["a", "b", "c"], [10, 10, 10]) as page:
        for row in rows:
            page.add(row)
    sheet = opened(target)["One"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:C{max(len(rows) + 1, 2)}")
    assert sheet.print_title_rows == "$1:$1"
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2, max_row=1 + len(rows))]


def test_numbers_are_numbers_and_dates_dates() -> None:
    assert written((1, 2.5, AT), (None, -3, AT.replace(year=1800))) == [
        (1, 2.5, AT.replace(tzinfo=None)),
        (None, -3, "1800-07-01 12:30:00+00:00"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+7 900", "@SUM(A1)", "-2", "{=A1}", "https://example.org", "\t=1"])
def test_words_are_never_formulas_or_links(text: str) -> None:
    target = BytesIO()
    with book(target) as made, made.page("One", ["a"], [10]) as page:
        page.add([text])
    cell = opened(target)["One"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    ((text, *_),) = written(("x" * 40_000, None, None))
    assert (len(text), text[-1]) == (32_767, "…")


def test_a_full_sheet_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    with pytest.raises(TooManyRows):
        written((1, 1, 1), (2, 2, 2), (3, 3, 3))


async def words() -> AsyncGenerator[Verbatim, None]:
    yield replace(SAID, text="=HYPERLINK(1)")


async def test_a_report_has_a_summary_a_breakdown_verbatims_and_the_method() -> None:
    target = BytesIO()
    found = await report(ReportQuery(metric="nps", by="role"), SMALL, RULES)
    await write_workbook(target, found, LABELS, "en", words())
    made = opened(target)
    assert made.sheetnames == ["Summary", "Breakdown", "Verbatims", "Method"]
    first = next(made["Breakdown"].iter_rows(min_row=2, values_only=True))
    assert first[:3] == ("IT executive", 4, 25)
    assert sum(first[6:]) == 4
    assert made["Verbatims"]["C2"].value == "=HYPERLINK(1)"
    assert made["Verbatims"]["A2"].value == SAID.at.replace(tzinfo=None)
    assert "adjusted Wald" in made["Method"]["A2"].value


async def test_an_index_comes_with_its_roles_and_says_who_is_missing_in_a_group() -> None:
    target = BytesIO()
    found = await report(ReportQuery(metric="csi", by="component"), SATISFIED, RULES)
    await write_workbook(target, found, LABELS, "en")
    made = opened(target)
    rows = list(made["Summary"].iter_rows(values_only=True))
    voices = {row[0]: row[1:] for row in rows}
    assert voices["IT executive"] == (75, pytest.approx(30.06, abs=0.01), pytest.approx(95.44, abs=0.01), 0.3, 4)
    assert voices["Project office"] == (None, None, None, 0.15, 0)
    remarks = [row[5] for row in made["Breakdown"].iter_rows(min_row=2, values_only=True)]
    assert remarks == ["insufficient signal; 20% of the weight of roles", "65% of the weight of roles"]


async def test_a_response_rate_comes_with_what_became_of_invitations() -> None:
    target = BytesIO()
    await write_workbook(target, await report(ReportQuery(metric="response"), SENT, RULES), LABELS, "en")
    rows = {row[0]: row[1] for row in opened(target)["Summary"].iter_rows(values_only=True)}
    assert (rows["Invited"], rows["Delivered"], rows["Completed"], rows["Undeliverable"]) == (44, 40, 18, 4)
    assert rows["RR1, %"] == pytest.approx(100 * 18 / 44)


async def test_the_first_screen_has_every_metric_the_nps_of_late_and_every_method() -> None:
    target = BytesIO()
    both = FakeCounts([*SMALL.given, *SATISFIED.given])
    found = await headlines(ReportQuery(metric="nps", since=AT.replace(day=1, hour=0, minute=0)), both, RULES, AT)
    await write_overview(target, found, LABELS, "en", words())
    made = opened(target)
    assert made.sheetnames == ["Summary", "NPS by month", "Verbatims", "Method"]
    rows = {row[0]: row[1:] for row in made["Summary"].iter_rows(values_only=True)}
    shown = {line.report.query.metric: line.figure for line in found.lines}
    assert (rows["NPS"][0], rows["NPS"][1]) == (shown["nps"].n, shown["nps"].value)
    assert (rows["CSAT"][0], rows["CSAT"][1]) == (shown["csat"].n, shown["csat"].value)
    assert "Change: since the period before, as long" in rows
    said = [row[0] for row in made["Method"].iter_rows(values_only=True)]
    assert [one for one in ("NPS is", "CSAT is", "CES is", "CSI is") if any(row.startswith(one) for row in said)] == [
        "NPS is", "CSAT is", "CES is", "CSI is",
    ]  # fmt: skip
    assert "CSAT, CSI. No voice of: Project office." in said


async def test_what_may_not_be_seen_is_not_in_the_workbook() -> None:
    target = BytesIO()
    found = await report(ReportQuery(metric="nps", by="role"), THREATENED, CONFIDENTIAL)
    await write_workbook(target, found, LABELS, "ru", None)
    made = opened(target)
    assert made.sheetnames == ["Сводка", "Разрез", "Метод"]
    hidden = [row for row in made["Разрез"].iter_rows(min_row=2, values_only=True) if row[5] == "скрыто"]
    assert hidden
    assert all(cell is None for row in hidden for cell in (*row[2:5], *row[6:]))


async def test_a_table_is_a_sheet() -> None:
    target = BytesIO()
    query = ReportQuery(metric="nps", by="role")
    write_table(target, grid_table(await grid(query, "account", SMALL, RULES), LABELS, "en"))
    (sheet,) = opened(target).worksheets
    assert sheet["C2"].value == 4
    write_table(target := BytesIO(), clients_table(await clients(query, SMALL, RULES), LABELS, "en"))
    assert opened(target).worksheets[0]["A2"].value == "everyone counts alike"
