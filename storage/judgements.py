"""What single responses say of every component, beside their NPS: for importance alone, all else reads counts."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Any, Final

from metrics.scales import EVERY_SCALE, score_100

Judgement = tuple[float | None, ...]

AT_ONCE: Final = 5000
NPS: Final = "nps"
JUDGED: Final = tuple(key for key, scale in EVERY_SCALE.items() if scale.kind in ("nps", "csat"))


async def judged(rows: AsyncIterable[Any], components: Sequence[str]) -> AsyncIterator[Judgement]:
    """One row for each interview that has an NPS. `rows`: interview, component, scale, score; interviews together."""
    places = {component: place for place, component in enumerate(components)}
    current, marks, recommended = None, dict[int, list[float]](), None
    async for interview, component, scale, score in rows:
        if interview != current:
            if recommended is not None:
                yield _judgement(marks, recommended, len(places))
            current, marks, recommended = interview, {}, None
        if scale == NPS:
            recommended = float(score)
        elif component in places:
            marks.setdefault(places[component], []).append(score_100(score, EVERY_SCALE[scale]))
    if recommended is not None:
        yield _judgement(marks, recommended, len(places))


def _judgement(marks: Mapping[int, Sequence[float]], recommended: float, width: int) -> Judgement:
    means = (sum(found) / len(found) if (found := marks.get(place)) else None for place in range(width))
    return (*means, recommended)
