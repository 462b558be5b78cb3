"""The time a report is of, in words."""

from datetime import timedelta

from reports.speech import Speech, whole_month
from surveys.reporting import ReportQuery


def spanned(t: Speech, query: ReportQuery) -> str:
    """The period in words; nothing where it has no bounds."""
    since, until = query.since, query.until
    last = until - timedelta(microseconds=1) if until else None
    if since and until and last:
        return t.month(since) if whole_month(since, until) else f"{t.day(since)} – {t.day(last)}"
    if since:
        return t("since {day}", day=t.day(since))
    return t("through {day}", day=t.day(last)) if last else ""


def known_at(t: Speech, query: ReportQuery) -> str:
    """Of a report of the past, when it was so."""
    return t("as of {day}", day=t.day(query.as_of)) if query.as_of else ""
