"""What a reader must know beside the figures, in sentences."""

from collections.abc import Iterator

from reports.layout import tidy
from reports.speech import Speech
from surveys.grids import Grid
from surveys.locales import N_
from surveys.reporting import Note, Report
from surveys.rules import Scope

OWNERS = (
    ("accounts", N_("Your clients: {names}")),
    ("projects", N_("Your projects: {names}")),
    ("divisions", N_("Your divisions: {names}")),
)


def whose(t: Speech, scope: Scope | None) -> Iterator[str]:
    """Of a limited reader's report: whose figures these are."""
    if scope is None:
        return
    owned = [(words, getattr(scope, field)) for field, words in OWNERS if getattr(scope, field)]
    yield from (t(words, names=", ".join(map(tidy, names))) for words, names in owned)
    if not owned:
        yield t("No clients, projects or divisions are yours.")


def notes(t: Speech, report: Report) -> Iterator[str]:
    """The sentences a report needs, the gravest for the reader's judgement first."""
    if report.missing and report.total.n:
        yield t("No voice of: {roles}.", roles=t.names("role", report.missing))
    for note in report.notes:
        yield from filter(None, [_sentence(t, report, note)])


def pair_notes(t: Speech, found: Grid) -> Iterator[str]:
    """Those of a breakdown by two dimensions, which tells its bases by their number alone."""
    if found.query.metric == "response":
        yield t("n is the number of delivered invitations.")
    yield from notes(t, found.rows)


def _sentence(t: Speech, report: Report, note: Note) -> str | None:
    match note:
        case Note.NO_DATA:
            return None
        case Note.FEW_ANSWERS:
            return _few(t, report)
        case Note.LONE_VOICE:
            return t("One answer speaks for a whole role: in truth the interval is wider.")
        case Note.INSUFFICIENT_SIGNAL:
            return t("Where less than half of the weight of roles was heard, there is no index.")
        case Note.SUPPRESSED:
            return _suppressed(t, report)
        case Note.SEVERAL_SCALES:
            return _scales(t, report)
        case Note.SEVERAL_ROLES:
            return t("A person of two roles is counted in each.")
        case Note.UNWEIGHTED_ROLES:
            return t("Not in the index, for want of a weight: {roles}.", roles=t.names("role", report.unweighted))


def _few(t: Speech, report: Report) -> str:
    if report.query.metric == "response":
        return t("With fewer than 30 invitations the interval is wide: a small difference may be chance.")
    return t("With fewer than 30 answers the interval is wide: a small difference may be chance.")


def _suppressed(t: Speech, report: Report) -> str:
    sentence = t("Suppressed: whatever would tell the answers of too few people.")
    bounds = [bound for bound in (report.query.since, report.query.until) if bound]
    if all(bound.day == 1 for bound in bounds):
        return sentence
    return sentence + " " + t("A period is shown if it is made of whole months.")


def _scales(t: Speech, report: Report) -> str:
    scales = t.scales(report.scales)
    if report.query.metric == "ces":
        return t("Marks on different scales do not mix: {scales}.", scales=scales)
    if report.method == "mean":
        return t("Scales {scales} are counted together, each as 0 to 100.", scales=scales)
    return t("Scales {scales} are counted together, each by its own best marks.", scales=scales)
