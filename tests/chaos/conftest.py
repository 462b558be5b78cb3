"""What the sieges came to, as a table, wherever they were held."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from _pytest.terminal import TerminalReporter

HEAD = (
    "| где | убийств | людей | ответов | событий | обновлений | лишних копий | потеряно, удвоено, застряло |",
    "|---|---|---|---|---|---|---|---|",
)
COUNTED = ("kills", "people", "answers", "events", "updates", "copies", "faults")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    tolls = [toll for report in reports if (toll := dict(report.user_properties).get("toll"))]
    if tolls:
        terminalreporter.section("chaos")
        for line in (*HEAD, *_by_place(tolls), "", *_by_point(tolls)):
            terminalreporter.line(line)


def _by_place(tolls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    places = {toll["place"]: Counter[str]() for toll in tolls}
    for toll in tolls:
        places[toll["place"]].update({name: toll[name] for name in COUNTED})
    for place, counts in places.items():
        yield f"| {place} | {' | '.join(str(counts[name]) for name in COUNTED)} |"


def _by_point(tolls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    deaths = sum((Counter(toll["deaths"]) for toll in tolls), Counter[str]())
    yield "; ".join(f"{point} {times}" for point, times in deaths.most_common())
