"""Fieldwork under way, for a phone: what became of invitations, and who has not been heard."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from reports.fieldwork import fieldwork_rows
from reports.layout import PHONE, Row, fold, table, tidy
from reports.notes import whose
from reports.pages import indented, pages
from reports.phrases import NAMES
from reports.speech import Speech
from surveys.contact import Told
from surveys.locales import N_
from surveys.reporting import Dimension, Fieldwork, Group, Report
from surveys.voices import AccountVoices, Span, Unheard, Voice, Why

Explain = Callable[[Told], str]

WHY: Final = {
    "not_invited": N_("not invited"),
    "scheduled": N_("will be asked"),
    "not_opened": N_("invitation not opened"),
    "not_finished": N_("begun, not finished"),
    "refused": N_("declined"),
    "unreachable": N_("cannot be reached"),
}
REST: Final = (("refused", N_("declined: {n}")), ("unreached", N_("not reached: {n}")))


def as_status(t: Speech, report: Report, span: Span) -> list[str]:
    """What became of all invitations; one page."""
    work = report.total.fieldwork
    if work is None or not work.invited:
        return pages(t, _head(t, report, span), [[t("Nobody has been invited.")]])
    rows = fieldwork_rows(t, work)
    figures = [line for block in table(rows[0], rows[1:], PHONE)[1] for line in block]
    legend = fold(t("RR1: completed, of all invited. RR2: partly completed as well. After AAPOR."), PHONE)
    return pages(t, _head(t, report, span), [figures, ["", *legend]])


def as_groups(t: Speech, report: Report, span: Span) -> list[str]:
    """The same by the breakdown of the report: invited, completed, RR1, and below what became of the rest."""
    by = report.query.by
    if by is None or not report.groups:
        return as_status(t, report, span)
    rows = [_group(t, by, group, group.figure.fieldwork) for group in report.groups if group.figure.fieldwork]
    top, blocks = table(Row(t(NAMES[by]), (t("invited"), t("answered"), "RR1")), rows, PHONE)
    return pages(t, [*_head(t, report, span), *top], blocks)


def _group(t: Speech, by: Dimension, group: Group, work: Fieldwork) -> Row:
    named = t.name(by, group.key)
    rr1 = "" if work.rr1.value is None else t.value(work.rr1.value, "percent", work.rr1.n)
    return Row(named, (t.count(work.invited), t.count(work.completed), rr1), "; ".join(_rest(t, work)))


def _rest(t: Speech, work: Fieldwork) -> Iterator[str]:
    if work.rr1.interval and work.rr2.value is not None:
        interval = t.percent(t.interval(work.rr1.interval, "percent", work.rr1.n))
        yield t("RR1 {interval}, RR2 {rr2}", interval=interval, rr2=t.value(work.rr2.value, "percent", work.rr2.n))
    yield from (t(words, n=getattr(work, name)) for name, words in REST if getattr(work, name))


def as_unheard(
    t: Speech, report: Report, span: Span, accounts: Sequence[AccountVoices], explain: Explain, *, names: bool
) -> list[str]:
    """Every account with its roles and who of them was not heard; without `names` only how many and why."""
    head = [*_head(t, report, span), *fold(t("Who has not been heard"), PHONE), ""]
    blocks = [_account(t, one, explain, names=names) for one in accounts]
    return pages(t, head, blocks or [[t("Nobody has been invited.")]])


def _account(t: Speech, one: AccountVoices, explain: Explain, *, names: bool) -> list[str]:
    lines = [line for voice in one.voices for line in _voice(t, voice, explain, names=names)]
    return [*fold(tidy(one.account), PHONE, 2), *lines, ""]


def _voice(t: Speech, voice: Voice, explain: Explain, *, names: bool) -> Iterator[str]:
    role = t.name("role", voice.role)
    if not voice.known:
        yield from indented(t("{role}: nobody known", role=role), 1)
        return
    yield from indented(t("{role}: {heard} of {known} heard", role=role, heard=voice.heard, known=voice.known), 1)
    counted = Counter(one.why for one in voice.unheard)
    said = (
        [f"{tidy(one.person.name)}: {why(t, one, explain)}" for one in voice.unheard]
        if names
        else [f"{t(WHY[reason])}: {n}" for reason, n in counted.items()]
    )
    for words in said:
        yield from indented(words, 3)


def why(t: Speech, one: Unheard, explain: Explain) -> str:
    """Why somebody was not heard: by the decision about them, where there is one."""
    return reason(t, one.why) if one.told is None else explain(one.told)


def reason(t: Speech, why: Why) -> str:
    """The reason in words."""
    return t(WHY[why])


def _head(t: Speech, report: Report, span: Span) -> list[str]:
    said = [*whose(t, report.query.scope), t("Fieldwork")]
    if span.wave is not None:
        said.append(f"{t(NAMES['wave'])}: {t.name('wave', span.wave)}")
    if span.since is not None:
        said.append(t("since {day}", day=t.day(span.since)))
    return [*(line for words in said for line in fold(words, PHONE, 3)), ""]
