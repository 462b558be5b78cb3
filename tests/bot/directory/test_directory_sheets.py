"""A directory kept as a spreadsheet."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from bot.directory_file import COLUMNS, DirectoryFile
from surveys.directory import DirectoryRow

Read = Callable[..., DirectoryFile]

CELLS = ("ООО Пример", None, None, None, None, "Цех 1", "operation", 0.7, 2001, None, "Иванова Анна", 1001, "key_user")
ANNA = DirectoryRow(
    account="ООО Пример",
    project="Цех 1",
    stage="operation",
    adoption=0.7,
    account_manager=2001,
    person="Иванова Анна",
    external_id="1001",
    roles=("key_user",),
)


def workbook(*rows: Sequence[object], columns: Sequence[object] = COLUMNS) -> Workbook:
    book = Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append(row)
    return book


def content(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def repacked(book: Workbook, part: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content(book))) as archive:
        return packed(**{name: archive.read(name) for name in archive.namelist()} | {part: data})


def test_a_sheet_is_read_like_csv_whatever_type_its_cells_have(read: Read) -> None:
    assert read(content(workbook(CELLS)), "people.xlsx") == DirectoryFile(rows=(ANNA,))


def test_numbers_a_spreadsheet_keeps_as_fractions_are_whole_ids_and_shares(read: Read) -> None:
    cells = ("A", None, None, None, None, "P", None, 0.1 + 0.2, 5123456789.0, None, "Анна", 1001.0, "key_user")
    [row] = read(content(workbook(cells)), "people.xlsx").rows
    assert (row.adoption, row.account_manager, row.external_id) == (0.3, 5123456789, "1001")


def test_only_the_first_sheet_is_read_and_empty_rows_keep_the_count(read: Read) -> None:
    book = workbook((), CELLS, (), (*CELLS[:6], "nowhere", *CELLS[7:]))
    book.create_sheet("Other").append(["something else"])
    found = read(content(book), "PEOPLE.XLSX")
    assert found.rows == (ANNA,)
    assert [problem.split(": ")[:2] for problem in found.problems] == [["PEOPLE.XLSX:5", "stage"]]


def test_a_formula_is_its_value(read: Read) -> None:
    book = workbook((*CELLS[:10], '=CONCATENATE("Иванова ","Анна")', *CELLS[11:]))
    with zipfile.ZipFile(io.BytesIO(content(book))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    computed = sheet.replace(b"<v></v>", b"<v>\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0</v>").replace(
        b"<v />", b"<v>\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0</v>"
    )
    assert computed != sheet
    found = read(repacked(book, "xl/worksheets/sheet1.xml", computed.replace(b'r="K2"', b'r="K2" t="str"')), "p.xlsx")
    assert found == DirectoryFile(rows=(replace(ANNA, person="Анна"),))


def test_a_formula_that_was_never_computed_is_a_missing_value(read: Read) -> None:
    found = read(content(workbook((*CELLS[:10], "=A1", *CELLS[11:]))), "people.xlsx")
    assert found.problems == ("people.xlsx:2: person: is missing",)


@pytest.mark.parametrize("moment", [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), time(3, 4)])  # noqa: DTZ001  # as Excel has it
def test_a_name_that_excel_took_for_a_date_is_refused(read: Read, moment: object) -> None:
    found = read(content(workbook((*CELLS[:5], moment, *CELLS[6:]))), "people.xlsx")
    assert found.rows == ()
    assert found.problems == (
        "people.xlsx:2: project: is a date or a time to Excel; format the cell as text and write it again",
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no XLSX workbook"),
        (b"PK\x03\x04 and so on", "is no XLSX workbook"),
        (b"account,project\nA,B\n", "is no XLSX workbook"),
        (packed(**{"word/document.xml": b"<w/>"}), "is no XLSX workbook"),
        (packed(**{"xl/workbook.xml": b"<w/>"}), "is a damaged XLSX workbook; save it again"),
        (
            packed(**{"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b" " * 4_000_000}),
            "unpacks to more than a directory could need; save it as CSV",
        ),
        (content(Workbook()), "is empty; its first line should name the columns"),
    ],
)
def test_a_file_that_is_no_directory_is_one_sentence(read: Read, data: bytes, said: str) -> None:
    assert read(data, "people.xlsx") == DirectoryFile(problems=(f"people.xlsx: {said}",), readable=False)


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet><sheetData><row r='2'",
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><worksheet><sheetData><row><c><v>&c;</v></c></row>",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="x"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_damaged_sheet_is_one_sentence(read: Read, sheet: bytes) -> None:
    found = read(repacked(workbook(CELLS), "xl/worksheets/sheet1.xml", sheet), "people.xlsx")
    assert found.problems == ("people.xlsx: is a damaged XLSX workbook; save it again",)
    assert not found.readable


def test_a_small_part_may_be_packed_tightly_and_a_large_whole_may_not(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = repacked(workbook(CELLS), "xl/media/blank.bin", b" " * 900_000)
    assert read(tight, "people.xlsx").rows == (ANNA,)
    monkeypatch.setattr("bot.directory_sheets.UNPACKED_LIMIT", 800_000)
    assert read(tight, "people.xlsx").problems == (
        "people.xlsx: unpacks to more than a directory could need; save it as CSV",
    )


def test_what_openpyxl_cannot_keep_is_no_business_of_the_reader(read: Read) -> None:
    book = workbook(CELLS)
    with zipfile.ZipFile(io.BytesIO(content(book))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    extended = sheet.replace(b"</worksheet>", b'<extLst><ext uri="{00000000-0000-0000}"/></extLst></worksheet>')
    assert extended != sheet
    assert read(repacked(book, "xl/worksheets/sheet1.xml", extended), "people.xlsx").rows == (ANNA,)


def test_a_row_beyond_the_last_one_excel_has_is_not_waited_for(read: Read) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    found = read(repacked(workbook(CELLS), "xl/worksheets/sheet1.xml", sheet), "people.xlsx")
    assert found.problems == ("people.xlsx: is empty; its first line should name the columns",)
