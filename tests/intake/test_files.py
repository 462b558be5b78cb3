"""Events in files: what is read of JSON, JSON Lines and CSV, and what is said of the rest."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bot.commands.events_import import LARGEST_JSON, LONGEST_LINE, Origin, Row, read_events_file
from bot.console import Trouble
from intake.event import read_event
from surveys.interactions import Interaction
from tests.intake.bench import EVENT, body_of

Written = Callable[[str, bytes], Path]
Read = tuple[list[Row], list[str]]
CSV = (
    "id,type,occurred_at,account,project,person.external_id,data.ticket,data.participants,data.closed_automatically,"
    "data.own.key\n"
)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def read(path: Path) -> Read:
    rows, problems = read_events_file(path)
    found = list(rows)
    return found, [problem.replace(f"{path.parent}/", "") for problem in problems]


def interactions(path: Path) -> list[Interaction]:
    """What the file tells of; that it is of a file is seen to by the way."""
    found, problems = read(path)
    assert problems == []
    assert all(row.interaction.imported for row in found)
    return [replace(row.interaction, imported=False) for row in found]


def numbered(number: int) -> dict[str, Any]:
    return EVENT | {"id": f"evt-{number}"}


def test_a_json_file_holds_one_event_or_a_list(written: Written) -> None:
    one, two = numbered(1), numbered(2)
    assert interactions(written("one.json", body_of(one))) == [read_event(one, "file")]
    assert interactions(written("many.json", body_of([one, two]))) == [read_event(one, "file"), read_event(two, "file")]
    assert interactions(written("none.json", b"[]")) == []


def test_a_jsonl_file_holds_one_event_on_a_line(written: Written) -> None:
    lines = b"\xef\xbb\xbf" + body_of(numbered(1)) + b"\n\n \r\n" + body_of(numbered(2))
    assert interactions(written("e.jsonl", lines)) == [read_event(numbered(n), "file") for n in (1, 2)]


def test_a_csv_file_holds_one_event_on_a_line(written: Written) -> None:
    line = "1,ticket.resolved,2026-03-02T11:58:00+03:00,ООО Пример,,p-1,HD-7,p-2|p-3,True,words\n"
    assert interactions(written("e.csv", (CSV + line).encode())) == [
        Interaction(
            source="file",
            id="1",
            type="ticket.resolved",
            occurred_at=datetime(2026, 3, 2, 8, 58, tzinfo=UTC),
            account="ООО Пример",
            person="p-1",
            data={
                "ticket": "HD-7",
                "participants": ["p-2", "p-3"],
                "closed_automatically": True,
                "own.key": "words",
            },
        )
    ]


def test_excels_csv_with_semicolons_is_read_too(written: Written) -> None:
    text = "\ufeffid;type;occurred_at\n1;own;2026-03-02T11:58:00Z\n"
    assert [one.id for one in interactions(written("e.CSV", text.encode()))] == ["1"]


def test_the_source_is_named_by_who_reads(written: Written) -> None:
    rows, _ = read_events_file(written("e.json", body_of(EVENT)), Origin(source="helpdesk"))
    assert [row.interaction.source for row in rows] == ["helpdesk"]


def test_a_bad_event_is_named_and_does_not_stop_the_others(written: Written) -> None:
    bad = [numbered(1), EVENT | {"type": None}, [], numbered(4)]
    rows, problems = read(written("e.json", body_of(bad)))
    assert [(row.place.rpartition("/")[2], row.interaction.id) for row in rows] == [
        ("e.json: event 1", "evt-1"),
        ("e.json: event 4", "evt-4"),
    ]
    assert problems == ["e.json: event 2: type: must be a text", "e.json: event 3: event: must be a JSON object"]


def test_a_bad_line_is_named_and_does_not_stop_the_others(written: Written) -> None:
    long = b'{"x": "' + b"x" * (3 * LONGEST_LINE) + b'"}'
    lines = [body_of(numbered(1)), b"{", b"\xff", long, b'{"id": "1", "id": "2"}', body_of(numbered(6))]
    rows, problems = read(written("e.jsonl", b"\n".join(lines)))
    assert [row.place.rpartition("/")[2] for row in rows] == ["e.jsonl:1", "e.jsonl:6"]
    assert problems == [
        "e.jsonl:2: body: is not JSON from character 3 on: Expecting property name enclosed in double quotes",
        "e.jsonl:3: body: is not text in UTF-8",
        "e.jsonl:4: line: has more than 1 MiB",
        "e.jsonl:5: body: a key stands twice in one object: 'id'",
    ]


def test_a_bad_row_is_named_and_does_not_stop_the_others(written: Written) -> None:
    good = "1,own,2026-03-02T11:58:00Z,,,,,,,\n"
    rows, problems = read(
        written(
            "e.csv",
            (
                CSV.replace("account", "acount")
                + good
                + "2,own,yesterday,,,,,,,\n"
                + "3,own\n"
                + "4,ticket.closed,2026-03-02T11:58:00Z,,,,,,maybe,\n"
                + good
            ).encode(),
        )
    )
    assert [row.place.rpartition("/")[2] for row in rows] == ["e.csv:2", "e.csv:6"]
    assert [problem[:60] for problem in problems] == [
        "e.csv:1: unknown column 'acount', did you mean account? allo",
        "e.csv:3: occurred_at: is not a moment with its time zone, su",
        "e.csv:4: line: has 2 cells where the header has 10",
        "e.csv:5: data.closed_automatically: must be true or false",
    ]


def test_where_a_csv_breaks_off_the_rows_before_it_count(written: Written) -> None:
    lines = CSV.encode() + b"1,own,2026-03-02T11:58:00Z,,,,,,,\n" * 20_000 + b"\xff\n"
    rows, problems = read(written("e.csv", lines))
    assert len(rows) > 1000
    assert problems == ["e.csv: is not UTF-8; save it as “CSV UTF-8”"]


def test_a_file_is_read_as_its_events_are_asked_for(written: Written) -> None:
    rows, problems = read_events_file(written("e.jsonl", (body_of(EVENT) + b"\n") * 3 + b"{"))
    assert len(list(islice(rows, 3))) == 3
    assert problems == []
    assert list(rows) == []
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("e.txt", b"{}", "must be a .json, .jsonl or .csv file"),
        ("e.json", b"", "body: is not JSON from character 1 on"),
        ("e.json", b"[NaN]", "NaN is not a number"),
        ("e.csv", b"", "lacks the column id, type, occurred_at"),
        ("e.csv", b"id,type\n", "lacks the column occurred_at"),
        ("e.csv", b"id,type,occurred_at,id\n", "the column id stands twice"),
        ("e.csv", b"\xff\n", "is not UTF-8"),
    ],
)
def test_a_file_of_no_use_is_told_in_one_line(written: Written, name: str, content: bytes, said: str) -> None:
    with pytest.raises(Trouble) as caught:
        read_events_file(written(name, content))
    [line] = caught.value.lines
    assert said in line
    assert name in line


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "e.json", tmp_path):
        with pytest.raises(Trouble):
            read_events_file(path)


def test_a_json_file_too_large_to_be_read_at_once_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_JSON + 1)
    with pytest.raises(Trouble, match=r"more than 64 MiB; write it as \.jsonl"):
        read_events_file(path)


def test_the_same_event_is_read_the_same_from_every_format(written: Written) -> None:
    event = json.loads(body_of(EVENT | {"data": {"ticket": "HD-7", "priority": "high"}}))
    header = "id,type,occurred_at,account,project,person.external_id,data.ticket,data.priority\n"
    row = "evt-1,ticket.resolved,2026-03-02T11:58:00+03:00,ООО Пример,Портал,p-1,HD-7,high\n"
    files = [("e.json", body_of(event)), ("e.jsonl", body_of(event)), ("e.csv", (header + row).encode())]
    one, two, three = (interactions(written(*file)) for file in files)
    assert one == two == three == [read_event(event, "file")]
