"""A case or improvement as an issue shows it, in the vendor's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.outward import adf
from bot.outward.adf import Block, Doc
from handlers import case_words, committee_words
from handlers.case_cards import title
from metrics.scales import EVERY_SCALE
from surveys.cases.case import Case, Happened
from surveys.cases.ports import CaseView, Voice
from surveys.cases.rules import LoopRules
from surveys.cases.signals import Severity
from surveys.improvements.improvement import Improvement
from surveys.locales import translations
from surveys.outward.envelope import Discretion
from surveys.questionnaire import Language

WRITTEN: Final = frozenset({"note", "action", "snooze"})
"""Steps that are told in somebody's words."""
WORTH_SAYING: Final = frozenset({"signal", "answer", "unanswered", "escalated", "merge"})
"""Steps that whoever works on the issue is to notice."""
SUMMARY: Final = 250
STEPS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is to stand in the issue. `comments`: what is to be said of each version."""

    subject: Case | Improvement
    version: int
    wanted: bool
    summary: str
    description: Doc
    severity: Severity | None = None
    comments: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Describer:
    """How things are told. `severities`: of the cases that are wanted."""

    loop: LoopRules
    language: Language
    discretion: Discretion
    severities: Sequence[Severity]
    improvements: bool

    def of_case(self, view: CaseView) -> Matter:
        """A case: what it is about, how it stands, what was done."""
        case, told = view.case, list(enumerate(view.steps, 1))
        plain = [(version, step) for version, step in told if self.discretion.words or step.kind not in WRITTEN]
        history = [self._line(step, view.names) for _, step in plain[-STEPS:]]
        return Matter(
            subject=case,
            version=case.version,
            wanted=case.severity in self.severities and case.status != "closed",
            summary=_line(" · ".join(self._title(view))),
            description=adf.doc([*self._about(view), adf.heading(self.t("History")), *adf.bullets(history)]),
            severity=case.severity,
            comments={version: self._line(step, view.names) for version, step in told if step.kind in WORTH_SAYING},
        )

    def of_erased(self, case: Case) -> Matter:
        """A case of somebody who is erased: that there was one, and how it stands."""
        return Matter(
            subject=case,
            version=case.version,
            wanted=False,
            summary=self.t("Case {number}").format(number=case.id),
            description=adf.doc([adf.paragraph(case_words.state(case, self.language))]),
            severity=case.severity,
            comments={},
        )

    def of_improvement(self, one: Improvement, names: Mapping[int, str]) -> Matter:
        """An improvement: the cause, and what was decided."""
        cause = committee_words.cause_title(one.cause, self.loop.names, self.language)
        plan = committee_words.plan(one, names, self.language, self.loop.zone)
        head = self.t("Improvement {number}").format(number=one.id)
        return Matter(
            subject=one,
            version=one.version,
            wanted=self.improvements and one.status in ("planned", "started"),
            summary=_line(f"{head} · {one.what or cause}"),
            description=adf.doc([adf.paragraph(cause), *adf.bullets(plan)]),
            comments={},
        )

    def _title(self, view: CaseView) -> Iterator[str]:
        yield self.t("Case {number}").format(number=view.case.id)
        yield view.held.account.name
        yield view.held.project.name
        if view.case.component:
            yield self._component(view.case.component)

    def _about(self, view: CaseView) -> Iterator[Block]:
        yield adf.paragraph(case_words.state(view.case, self.language))
        if self.discretion.people:
            yield adf.paragraph(self.t("Person: {number}").format(number=view.held.person.external_id))
        for voice in view.own:
            yield from self._said(voice)

    def _said(self, voice: Voice) -> Iterator[Block]:
        if voice.score is not None and voice.scale is not None:
            scale = EVERY_SCALE[voice.scale]
            what = self._component(voice.component) if voice.component else (scale.kind or "").upper()
            mark = self.t("{score} out of {top}").format(score=voice.score, top=max(scale.low, scale.high))
            yield adf.paragraph(f"{what}: {mark}")
        if voice.text and voice.text.strip() and self.discretion.words:
            yield adf.quote(voice.text)

    def _component(self, key: str) -> str:
        return title(self.loop.names.components.get(key), self.language, key)

    def _line(self, step: Happened, names: Mapping[int, str]) -> str:
        return case_words.told(step, names, self.language, self.loop.zone)

    def t(self, words: str) -> str:
        """The sentence in the vendor's language."""
        return translations("bot", self.language).gettext(words)


def _line(text: str) -> str:
    return " ".join(text.split())[:SUMMARY]
