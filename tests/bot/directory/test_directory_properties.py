"""Directory files of any content: what is written is what is read, and nothing breaks the reader."""

import csv
import io
import unicodedata
from collections.abc import Callable
from dataclasses import asdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.directory_file import COLUMNS, REQUIRED, DirectoryFile
from surveys.directory import DirectoryRow

Read = Callable[..., DirectoryFile]

# A sign of its own keeps a word from being an error of a formula, or nothing once it is normalised.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs", "Mn"])
WORDS = st.text(LETTERS, max_size=12).map(lambda text: unicodedata.normalize("NFC", f"я{text}"))


@st.composite
def directories(draw: st.DrawFn) -> list[DirectoryRow]:
    """Rows of distinct people and projects: nothing in them can contradict anything."""
    return draw(
        st.lists(
            st.builds(
                DirectoryRow,
                account=WORDS,
                project=WORDS,
                person=WORDS,
                external_id=WORDS,
                roles=st.sampled_from([("senior_it",), ("business_owner", "key_user")]),
                industry=st.none() | WORDS,
                stage=st.none() | st.just("rollout"),
                adoption=st.none() | st.integers(0, 1000).map(lambda n: n / 1000),
                project_manager=st.none() | st.integers(1, 10**15 - 1),
                language=st.none() | st.just("uk"),
                timezone=st.none() | st.just("Asia/Yekaterinburg"),
                email=st.none() | st.just("x@example.org"),
            ),
            max_size=6,
            unique_by=(lambda row: row.account, lambda row: row.external_id),
        )
    )


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=directories(), delimiter=st.sampled_from(",;"), quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_is_written_is_what_is_read(read: Read, rows: list[DirectoryRow], delimiter: str, quoting: int) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting)
    writer.writerow(COLUMNS)
    for row in rows:
        values = asdict(row) | {"roles": "|".join(row.roles)}
        writer.writerow("" if values[column] is None else str(values[column]) for column in COLUMNS)
    assert read(stream.getvalue()) == DirectoryFile(tuple(rows))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=200)
    | st.lists(st.lists(st.text(max_size=5) | st.sampled_from(COLUMNS), max_size=6), max_size=5).map(
        lambda lines: "\n".join(",".join(line) for line in lines).encode("utf-8", "replace")
    ),
    header=st.booleans(),
    name=st.sampled_from(["people.csv", "people.xlsx"]),
)
def test_anything_is_rows_and_one_line_problems(read: Read, content: bytes, header: bool, name: str) -> None:
    found = read((",".join(REQUIRED) + "\n").encode() + content if header else content, name)
    assert all(problem.isprintable() for problem in found.problems)
    assert found.readable or (found.problems and not found.rows)
