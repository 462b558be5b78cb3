"""The directory file: what becomes a row, what becomes a problem, and that one bad row stops no other."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.directory_cells import clean
from bot.directory_file import COLUMNS, REQUIRED, DirectoryFile, read_directory_file
from surveys.directory import DirectoryRow

Read = Callable[..., DirectoryFile]
Table = Callable[..., str]

ANNA = DirectoryRow(
    account="ООО Пример",
    industry="Металлургия",
    segment="A",
    division="Сталь",
    product="Диспетчер",
    project="Цех 1",
    stage="operation",
    adoption=0.8,
    account_manager=2001,
    project_manager=2002,
    person="Иванова Анна",
    external_id="p-1",
    roles=("key_user",),
    language="ru",
    timezone="Europe/Moscow",
    email="anna@example.org",
)


def test_a_row_says_everything_about_one_person_in_one_project(read: Read, table: Table) -> None:
    assert read(table({})) == DirectoryFile(rows=(ANNA,))


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comma_or_semicolon_byte_order_mark_or_not_any_line_end(
    read: Read, table: Table, delimiter: str, mark: str, end: str
) -> None:
    text = table({"person": "Иванова, Анна; мл."}, delimiter=delimiter).replace("\r\n", end)
    assert read(mark + text).rows == (replace(ANNA, person="Иванова, Анна; мл."),)


def test_columns_may_come_in_any_order_any_case_and_without_the_optional_ones(read: Read, table: Table) -> None:
    text = table({}, columns=tuple(reversed(REQUIRED))).replace("external_id", " External_ID ", 1)
    [row] = read(text).rows
    assert row == DirectoryRow(
        account="ООО Пример", project="Цех 1", person="Иванова Анна", external_id="p-1", roles=("key_user",)
    )


@pytest.mark.parametrize(
    ("written", "adoption"),
    [("0.7", 0.7), ("0,7", 0.7), ("70%", 0.7), ("70 %", 0.7), ("70\u00a0%", 0.7), ("1", 1.0), ("", None)],
)
def test_adoption_is_a_share_or_a_percentage(read: Read, table: Table, written: str, adoption: float | None) -> None:
    assert read(table({"adoption": written})).rows[0].adoption == adoption


def test_keys_may_be_capitalised_and_letters_composed_of_two_signs(read: Read, table: Table) -> None:
    composed = "Андрей"
    [row] = read(table({"stage": "Operation", "language": "RU", "person": unicodedata.normalize("NFD", composed)})).rows
    assert (row.stage, row.language, row.person) == ("operation", "ru", composed)


def test_half_a_sign_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(ValueError, match="holds a control character"):
        clean("Анна\ud83d")


def test_roles_come_in_the_order_of_the_configuration_each_once(read: Read, table: Table) -> None:
    [row] = read(table({"roles": "key_user | Senior_IT|key_user|"})).rows
    assert row.roles == ("senior_it", "key_user")


def test_a_cell_over_several_lines_is_read_as_one_line_and_keeps_the_count(read: Read, table: Table) -> None:
    found = read(table({"person": "Иванова\nАнна"}, {"stage": "opertion"}))
    assert found.rows == (ANNA,)
    assert [problem.split(": ")[:2] for problem in found.problems] == [["people.csv:4", "stage"]]


def test_empty_lines_are_passed_over(read: Read, table: Table) -> None:
    text = table({}, {"stage": "x"}).replace("\r\n", "\r\n\r\n") + ",,,\n"
    found = read("\n" + text)
    assert found.rows == (ANNA,)
    assert [problem.split(": ")[0] for problem in found.problems] == ["people.csv:6"]


@pytest.mark.parametrize(
    ("column", "written", "said"),
    [
        ("adoption", "170 %", "'170 %' is not a share between 0 and 1 or 0 % and 100 %"),
        ("adoption", "70", "'70' is not a share between 0 and 1 or 0 % and 100 %"),
        ("adoption", "nan", "'nan' is not a share between 0 and 1 or 0 % and 100 %"),
        (
            "roles",
            "key_user|senior_ti",
            "unknown role 'senior_ti', did you mean senior_it? allowed: senior_it, business_owner, key_user, "
            "project_office",
        ),
        ("roles", "|", "is missing"),
        ("roles", "", "is missing"),
        ("person", "  ", "is missing"),
        ("external_id", "", "is missing"),
        (
            "stage",
            "opertion",
            "unknown stage 'opertion', did you mean operation? allowed: evaluation, contracting, implementation, "
            "rollout, operation, expansion, renewal",
        ),
        ("language", "de", "unknown language 'de'; allowed: ru, en, uk"),
        ("timezone", "Moscow", "'Moscow' is not a time zone; did you mean Europe/Moscow?"),
        ("timezone", "мск", "'мск' is not a time zone; write it as Europe/Moscow"),
        ("timezone", "Europe/Moskow", "'Europe/Moskow' is not a time zone; did you mean Europe/Moscow?"),
        ("email", "anna at example.org", "is not an e-mail address"),
        ("account_manager", "@anna", "'@anna' is not a numeric Telegram id"),
        ("project_manager", "-5", "'-5' is not a numeric Telegram id"),
        ("project_manager", "0", "'0' is not a numeric Telegram id"),
        ("person", "Анна\x00", "holds a control character"),
        ("account", "a\x1bb", "holds a control character"),
        ("project", "П" * 201, "has 201 characters; at most 200 are allowed"),
        ("product", "#N/A", "holds the error #N/A of a formula"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(read: Read, table: Table, column: str, written: str, said: str) -> None:
    found = read(table({"external_id": "p-0"}, {column: written}, {}))
    assert [row.external_id for row in found.rows] == ["p-0", "p-1"]
    assert found.rejected == 1
    assert found.problems == (f"people.csv:3: {column}: {said}",)
    assert found.readable


def test_everything_wrong_in_a_row_is_said(read: Read, table: Table) -> None:
    found = read(table({"stage": "x", "email": "y", "roles": ""}))
    assert [problem.split(": ")[1] for problem in found.problems] == ["stage", "roles", "email"]
    assert found.rejected == 1


def test_a_line_with_too_few_or_too_many_cells_is_refused(read: Read, table: Table) -> None:
    found = read(table({}) + "ООО Пример,Цех 2\n" + "," * 18 + "x,y\n")
    assert found.rows == (ANNA,)
    assert found.problems == (
        "people.csv:3: has 2 cells where the header has 19",
        "people.csv:4: has 20 cells where the header has 19",
    )


def test_a_number_as_a_spreadsheet_writes_it_is_an_id(read: Read, table: Table) -> None:
    assert read(table({"account_manager": "2001.0"})).rows[0].account_manager == 2001


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": "Иванова Мария"}, "person: differs from line 2 about the same person"),
        ({"email": "x@example.org"}, "email: differs from line 2 about the same person"),
        ({"language": "en"}, "language: differs from line 2 about the same person ('ru', not 'en')"),
        (
            {"external_id": "p-2", "stage": "rollout"},
            "stage: differs from line 2 about the same project ('operation', not 'rollout')",
        ),
        (
            {"external_id": "p-2", "project": "Цех 2", "segment": "B"},
            "segment: differs from line 2 about the same account ('A', not 'B')",
        ),
        (
            {"roles": "senior_it|key_user"},
            "roles: differs from line 2 about the same person in the project ('key_user', not 'senior_it|key_user')",
        ),
    ],
)
def test_a_row_that_contradicts_an_earlier_one_is_refused(
    read: Read, table: Table, change: dict[str, str], said: str
) -> None:
    found = read(table({}, change))
    assert found.rows == (ANNA,)
    assert found.problems == (f"people.csv:3: {said}",)


def test_a_refused_row_contradicts_nobody(read: Read, table: Table) -> None:
    found = read(table({"division": "Чугун", "stage": "x"}, {}))
    assert found.rows == (ANNA,)
    assert len(found.problems) == 1


def test_the_same_row_twice_and_a_blank_contradict_nothing(read: Read, table: Table) -> None:
    found = read(table({}, {}, {"industry": "", "stage": "", "email": ""}))
    assert len(found.rows) == 3
    assert found.problems == ()


def test_projects_of_the_same_name_at_different_accounts_are_different_projects(read: Read, table: Table) -> None:
    assert read(table({}, {"account": "ООО Образец", "division": "Чугун"})).problems == ()


def test_an_unknown_column_is_a_problem_and_its_rows_are_read(read: Read, table: Table) -> None:
    found = read(table({}, columns=(*COLUMNS, "projct")))
    assert found.rows == (ANNA,)
    [problem] = found.problems
    assert problem.startswith("people.csv:1: unknown column 'projct', did you mean project? allowed: account, ")


def test_of_a_column_that_stands_twice_the_first_counts(read: Read, table: Table) -> None:
    found = read(table({}, columns=(*COLUMNS, "stage")).replace("org,operation", "org,rollout"))
    assert found.problems == ("people.csv:1: column stage stands twice",)
    assert found.rows == (ANNA,)


def test_a_header_of_no_end_is_refused_before_it_is_looked_at(read: Read) -> None:
    found = read(",".join(["account"] * 1_000_000))
    assert (found.problems, found.readable) == (("people.csv:1: has 1000000 columns; at most 64 are allowed",), False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("people.csv", b"", "is empty; its first line should name the columns"),
        ("people.csv", b"\xef\xbb\xbf\n ,\n", "is empty; its first line should name the columns"),
        ("people.csv", "account,project\nЗавод,Цех".encode("cp1251"), "is not UTF-8; save it as “CSV UTF-8”"),
        ("people.csv", "account,project".encode("utf-16"), "is not UTF-8; save it as “CSV UTF-8”"),
        ("people.txt", b"account", "must be a .csv or .xlsx file"),
        ("people", b"account", "must be a .csv or .xlsx file"),
    ],
)
def test_a_file_of_no_use_is_one_sentence(read: Read, name: str, content: bytes, said: str) -> None:
    assert read(content, name) == DirectoryFile(problems=(f"{name}: {said}",), readable=False)


def test_a_header_without_a_required_column_is_of_no_use(read: Read) -> None:
    found = read("account,project,person\nA,B,C\n")
    assert found == DirectoryFile(problems=("people.csv:1: lacks external_id, roles",), readable=False)


def test_a_cell_that_never_ends_stops_the_reading_with_its_line(read: Read, table: Table) -> None:
    found = read(table({}) + '"' + "x" * 140_000)
    assert found.rows == ()
    assert found.problems == ("people.csv:3: is not CSV from here on: field larger than field limit (131072)",)


def test_a_directory_and_a_missing_file_are_one_sentence(tmp_path: Path) -> None:
    def problem(path: Path) -> tuple[str, ...]:
        return read_directory_file(path, roles=(), stages=(), languages=()).problems

    assert problem(tmp_path) == (f"{tmp_path}: is a directory or a device; name a file",)
    assert problem(tmp_path / "no.csv") == (f"{tmp_path / 'no.csv'}: there is no such file",)
    assert problem(tmp_path / "no.xlsx") == (f"{tmp_path / 'no.xlsx'}: there is no such file",)
