"""Reports as they were at an earlier day: the moment that is meant, and the rules that held then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.console import Trouble
from bot.past_rules import as_of
from surveys.query_dates import after
from surveys.reporting import ReportQuery, ReportRules


def past(query: ReportQuery, said: str | None, view: str | None) -> ReportQuery:
    """The query as it was answered at the end of a day, or at a moment with its time zone."""
    if not said:
        return query
    if query.metric == "response":
        raise Trouble("--as-of: of invitations only their state of now is kept; allowed with: nps, csat, ces, csi")
    if view == "importance":
        raise Trouble("--as-of: importance is told of the answers of now alone; allowed with: change, roles, clients")
    return replace(query, as_of=_moment(said))


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
        whole_day = len(said) == len("2026-07-01")
        at = after(moment.date()) - timedelta(microseconds=1) if whole_day else moment
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Trouble(f"--as-of: {said!r} is not a date; allowed: 2026-07-01 or 2026-07-01T12:00:00+03:00") from None
    raise Trouble(f"--as-of: {said!r} has no time zone; allowed: 2026-07-01 or 2026-07-01T12:00:00+03:00")


def of_then(rules: ReportRules, held: Mapping[str, Any] | None) -> ReportRules:
    """The rules that held then. Raises Trouble in confidential mode."""
    if rules.mode == "confidential":
        raise Trouble(
            "--as-of: not allowed where confidentiality was promised: two close days would tell of one person"
        )
    return as_of(rules, held)
