"""Reports that are more than one metric by one dimension: pairs of dimensions, changes, roles, clients, importance."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.commands.tables import as_bytes
from bot.console import Trouble
from reports import tables
from reports.labels import Labels
from reports.tables import Table
from storage.reading import Reading
from surveys.changes import Comparison, compare, previous
from surveys.clients import clients, divergence
from surveys.grids import grid
from surveys.importance import importance
from surveys.questionnaire import Language
from surveys.reporting import Counts, Dimension, ReportQuery, ReportRules


@dataclass(frozen=True, slots=True)
class View:
    """How a view is computed, tabled and drawn. `drawn`: the name of its picture and page, None where it has none."""

    computed: Callable[[ReportQuery, Counts, ReportRules], Awaitable[Any]]
    tabled: Callable[[Any, Labels, Language], Table]
    drawn: str | None = None


async def _change(query: ReportQuery, counts: Counts, rules: ReportRules) -> Comparison:
    earlier = previous(query, query.as_of or datetime.now(UTC))
    if earlier is None:
        raise Trouble("--view: change needs the beginning of a period: --since DATE")
    return await compare(query, earlier, counts, rules)


VIEWS: Final[Mapping[str, View]] = {
    "change": View(_change, tables.change_table),
    "roles": View(divergence, tables.roles_table, "roles"),
    "clients": View(clients, tables.clients_table),
    "importance": View(importance, tables.importance_table, "importance"),
}


async def looked_at(
    name: str | None,
    query: ReportQuery,
    across: Dimension | None,
    reading: Reading,
    rules: ReportRules,
    labels: Labels,
    language: Language,
    format_: str,
) -> bytes:
    """The view, or the breakdown by two dimensions, in the format. Raises Trouble where it has no picture."""
    view = VIEWS[name] if name else _pair(across)
    if format_ in ("png", "pdf") and view.drawn is None:
        raise Trouble(f"--format: there is no {format_} of this; allowed: text, json, csv, xlsx")
    found = await view.computed(query, reading.counts, rules)
    if format_ in ("png", "pdf") and view.drawn:
        from reports.pictures.choice import PAGES, PICTURES

        return (PICTURES if format_ == "png" else PAGES)[view.drawn](found, labels, language)
    return as_bytes(view.tabled(found, labels, language), language, labels, format_)


def _pair(across: Dimension | None) -> View:
    async def computed(query: ReportQuery, counts: Counts, rules: ReportRules) -> Any:
        return await grid(query, across or "role", counts, rules)

    return View(computed, tables.grid_table, "heat")
