"""What years of the service came to, for people."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.soak.growth import Slope, slope
from tests.soak.years import Years

MEGABYTE = 1_000_000


def told(years: Years) -> Iterator[str]:
    """How much there was, and how memory went: line by line."""
    now = datetime.now(UTC)
    began = datetime.fromtimestamp(years.began, UTC)
    sizes = [one.resident for one in years.samples]
    middle = years.samples[len(sizes) // 2]
    yield (
        f"Начато {began:%d.%m.%Y %H:%M} UTC, длилось минут: {(now - began).total_seconds() / 60:.0f}. "
        f"Ядер: {os.cpu_count()}."
    )
    yield (
        f"Сигналов: {years.town.sent}, из них событий: {years.reported}. Людей: {years.inhabitants}. "
        f"Прошло дней: {years.clock.moved.days}."
    )
    yield (
        f"Память процесса, МБ: {sizes[0] / MEGABYTE:.0f} в начале, {middle.resident / MEGABYTE:.0f} в середине, "
        f"{sizes[-1] / MEGABYTE:.0f} в конце."
    )
    yield ""
    yield "| что растёт на 1000 сигналов, по второй половине прогона | наклон и 95 % интервал |"
    yield "|---|---|"
    yield f"| память процесса, байт | {_said(slope(years.samples, lambda one: one.resident))} |"
    yield f"| блоки памяти Python | {_said(slope(years.samples, lambda one: one.blocks))} |"
    yield f"| объекты под сборщиком мусора | {_said(slope(years.samples, lambda one: one.objects))} |"


def _said(line: Slope) -> str:
    return f"{line.value:.0f} ± {line.margin:.0f}"
