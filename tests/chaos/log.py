"""What the sieges of a run came to: kept as each ends, and written into the page as it stands.

`python -m tests.chaos.log` writes the page.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.pages import RELIABILITY, ROOT, put

KEPT = ROOT / "var" / "chaos.jsonl"
HEAD = (
    "| где | убийств | людей | ответов | событий | обновлений | лишних копий | потеряно, удвоено, застряло |",
    "|---|---|---|---|---|---|---|---|",
)
COUNTED = ("kills", "people", "answers", "events", "updates", "copies", "faults")
Tolls = Sequence[Mapping[str, Any]]


def keep(toll: Mapping[str, object]) -> None:
    """Adds a siege to the log of this run."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(toll, ensure_ascii=False) + "\n")


def told(tolls: Tolls) -> Iterator[str]:
    """The log for people, line by line; of sieges that broke off only how many there were is known."""
    ended = [toll for toll in tolls if "place" in toll]
    began, last = min(toll["began"] for toll in tolls), max(toll["ended"] for toll in tolls)
    on = datetime.fromtimestamp(began, UTC).strftime("%d.%m.%Y %H:%M")
    kills = sum(toll["kills"] for toll in ended)
    yield f"Начато {on} UTC, длилось минут: {(last - began) / 60:.0f}. Ядер: {os.cpu_count()}."
    yield f"Убийств: {kills}. Осад закончено: {len(ended)}, оборвалось: {len(tolls) - len(ended)}."
    yield ""
    yield from HEAD
    yield from _by_place(ended)
    yield ""
    yield f"Смерти по точкам: {', '.join(_by_point(ended))}."


def write() -> None:
    """Puts the log of this run into the page, in place of the one before."""
    tolls = [json.loads(line) for line in KEPT.read_text("utf-8").splitlines()]
    put(RELIABILITY, "chaos", told(tolls))


def _by_place(tolls: Tolls) -> Iterator[str]:
    places = {toll["place"]: Counter[str]() for toll in sorted(tolls, key=lambda toll: toll["place"])}
    for toll in tolls:
        places[toll["place"]].update({name: toll[name] for name in COUNTED})
    for place, counts in [*places.items(), ("всего", sum(places.values(), Counter[str]()))]:
        yield f"| {place} | {' | '.join(str(counts[name]) for name in COUNTED)} |"


def _by_point(tolls: Tolls) -> Iterator[str]:
    deaths = sum((Counter(toll["deaths"]) for toll in tolls), Counter[str]())
    for point, times in deaths.most_common():
        yield f"`{point}` {times}"


if __name__ == "__main__":
    write()
