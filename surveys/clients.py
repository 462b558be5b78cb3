"""Use cases about the client as a whole: how far its roles are apart, and NPS by account under three rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from metrics.accounts import AccountNps, account_nps
from metrics.csat import Method as Boxes
from metrics.differences import Gap, widest_gap, widest_share_gap
from metrics.histogram import Histogram
from surveys.changes import satisfied
from surveys.errors import BadQuery
from surveys.grids import Grid, grid
from surveys.questionnaire import Role
from surveys.reporting import Counts, Figure, ReportQuery, ReportRules


@dataclass(frozen=True, slots=True)
class Split:
    """One account or project. `roles`: figures of the roles heard; `gap`: None with fewer than two shown."""

    key: str | None
    roles: Mapping[Role, Figure]
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Divergence:
    """How far the roles are apart, in the order of the accounts, never by the gap."""

    grid: Grid
    splits: tuple[Split, ...]


async def divergence(query: ReportQuery, counts: Counts, rules: ReportRules) -> Divergence:
    """NPS or CSAT of the roles by `query.by`, an account or a project. Raises BadQuery for anything else."""
    if query.metric not in ("nps", "csat"):
        raise BadQuery(reason="not_for_metric", word=query.metric, allowed=("nps", "csat"), nearest=None)
    found = await grid(replace(query, by=query.by or "account"), "role", counts, rules)
    keys = dict.fromkeys(row for row, _ in found.cells)
    return Divergence(found, tuple(_split(found, key) for key in keys))


def _split(found: Grid, key: str | None) -> Split:
    roles = {role: figure for (row, role), figure in found.cells.items() if row == key and role is not None}
    shown = {role: figure for role, figure in roles.items() if figure.value is not None}
    if found.query.metric == "nps":
        return Split(key, roles, widest_gap({role: figure.histograms["nps"] for role, figure in shown.items()}))
    boxes: Boxes = "top1" if found.rows.method == "top1" else "top2"
    return Split(key, roles, widest_share_gap({role: satisfied(figure, boxes) for role, figure in shown.items()}))


@dataclass(frozen=True, slots=True)
class Clients:
    """NPS by the three rules; None where some account's roles are suppressed, for each rule would tell of them."""

    grid: Grid
    nps: AccountNps | None


async def clients(query: ReportQuery, counts: Counts, rules: ReportRules) -> Clients:
    """NPS of the vendor as its clients have it: everyone alike, every account alike, the most senior role alone."""
    found = await grid(replace(query, metric="nps", by="account", method=None), "role", counts, rules)
    if found.rows.total.suppressed or any(figure.suppressed for figure in found.cells.values()):
        return Clients(found, None)
    accounts: dict[str, dict[Role, Histogram]] = {}
    for (account, role), figure in found.cells.items():
        if account is not None and role is not None:
            accounts.setdefault(account, {})[role] = figure.histograms["nps"]
    return Clients(found, account_nps(accounts, rules.weights, await counts.revenues()))
