"""The card of a case, in the language of whoever has it."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from handlers.case_words import name_of, signals, state, told
from handlers.reasons import moment
from metrics.scales import EVERY_SCALE
from surveys.cases.case import OPEN
from surveys.cases.ports import CaseView, Voice
from surveys.cases.rules import LoopRules, Names
from surveys.locales import translations
from surveys.questionnaire import Language, Text

SHOWN_WORDS: Final = 500
SHOWN_VOICES: Final = 5
SHOWN_STEPS: Final = 4
HISTORY: Final = 25


def face(view: CaseView, loop: LoopRules, language: Language, now: datetime) -> str:
    """Everything one needs to act, as HTML; neither words nor names are ever markup."""
    zone = loop.zone_of(view.case.responsible)
    parts = (
        _head(view, language, now),
        "\n".join(_who(view, loop.names, language)),
        "\n".join(_said(view, loop.names, language)),
        "\n".join(_work(view, loop, language, zone)),
        "\n".join(escape(told(step, view.names, language, zone)[:300]) for step in view.steps[-SHOWN_STEPS:]),
    )
    return "\n\n".join(part for part in parts if part)


def history(view: CaseView, loop: LoopRules, language: Language) -> str:
    """Every step, the last ones where there are too many for a message."""
    zone = loop.zone_of(view.case.responsible)
    lines = (escape(told(step, view.names, language, zone)[:100]) for step in view.steps[-HISTORY:])
    return "\n".join([f"<b>{escape(_number(view, language))}</b>", *lines])


def contact(view: CaseView, language: Language) -> str:
    """How to reach the client: a mention opens the chat where Telegram knows them; what the directory has besides."""
    t = translations("bot", language).gettext
    person = view.held.person
    name = escape(person.name)
    linked = f'<a href="tg://user?id={person.telegram_id}">{name}</a>' if person.telegram_id else name
    email = escape(person.email) if person.email else escape(t("no e-mail in the directory"))
    hint = escape(t("The name opens the chat if the person’s privacy settings allow it."))
    return "\n".join([f"<b>{linked}</b>", f"{email}", *([hint] if person.telegram_id else [])])


def title(texts: Text | None, language: Language, key: str) -> str:
    """The title in this language, else in any other, else the key."""
    known = texts or {}
    return known.get(language) or next(iter(known.values()), key)


def _number(view: CaseView, language: Language) -> str:
    return translations("bot", language).gettext("Case {number}").format(number=view.case.id)


def _head(view: CaseView, language: Language, now: datetime) -> str:
    t = translations("bot", language).gettext
    critical = [t("critical")] if view.case.severity == "critical" else []
    late = [t("overdue")] if view.case.overdue(now) else []
    return f"<b>{escape(' · '.join([_number(view, language), state(view.case, language), *critical, *late]))}</b>"


def _who(view: CaseView, names: Names, language: Language) -> Iterator[str]:
    held = view.held
    roles = (title(names.roles.get(role), language, role) for role in held.roles)
    yield f"<b>{escape(held.person.name)}</b> · {escape(', '.join(roles))}"
    stage = held.project.stage
    place = [
        held.account.name,
        held.project.name,
        *([title(names.stages.get(stage), language, stage)] if stage else []),
    ]
    yield escape(" · ".join(place))


def _said(view: CaseView, names: Names, language: Language) -> Iterator[str]:
    """Signals, scores and words; the newest where there are too many."""
    t = translations("bot", language).gettext
    met = dict.fromkeys(str(rule) for step in view.steps for rule in _rules(step.detail.get("rules")))
    if met:
        yield escape(t("Signal: {rules}").format(rules=signals(list(met), language)))
    heard = [one for one in view.voices if one.withdrawn or one.score is not None or one.text or one.files]
    for voice in heard[-SHOWN_VOICES:]:
        if voice.person_id != view.held.person.id:
            yield f"<b>{escape(voice.person)}</b>"
        yield from _voiced(voice, names, language)
    scored = any(voice.score is not None for voice in view.voices)
    if len(view.marks) > scored:
        marks = " → ".join(map(str, view.marks))
        yield escape(t("This person’s marks: {marks}").format(marks=marks if scored else f"NPS {marks}"))


def _rules(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _voiced(voice: Voice, names: Names, language: Language) -> Iterator[str]:
    t = translations("bot", language).gettext
    if voice.withdrawn:
        taken_back = t("an answer that was taken back")
        yield f"<i>{escape(taken_back)}</i>"
    elif voice.score is not None and voice.scale is not None:
        scale = EVERY_SCALE[voice.scale]
        known = names.components.get(voice.component or "")
        what = title(known, language, voice.component) if voice.component else (scale.kind or "").upper()
        mark = t("{score} out of {top}").format(score=voice.score, top=max(scale.low, scale.high))
        yield f"<b>{escape(what)}: {escape(mark)}</b>"
    if voice.text and not voice.withdrawn:
        yield f"<blockquote>{escape(_short(voice.text))}</blockquote>"
    if voice.files and not voice.withdrawn:
        files = translations("bot", language).ngettext("{number} file attached", "{number} files attached", voice.files)
        yield escape(files.format(number=voice.files))


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_WORDS else f"{words[:SHOWN_WORDS]}…"


def _work(view: CaseView, loop: LoopRules, language: Language, zone: ZoneInfo) -> Iterator[str]:
    t = translations("bot", language).gettext
    case = view.case
    touched = next((voice for voice in view.voices if voice.touchpoint), None)
    department = loop.names.department(view.held.project.stage, touched.touchpoint if touched else None)
    if department and case.cause_partner is None:
        yield escape(t("By the journey map: {department}").format(department=department))
    if case.cause_partner is not None:
        yield escape(t("Cause: {cause}").format(cause=_cause(view, loop.names, language)))
    if case.responsible is not None:
        yield escape(t("Responsible: {name}").format(name=name_of(case.responsible, view.names)))
    if case.action:
        yield escape(t("Action: {action}").format(action=_short(case.action)))
    if case.due_at is not None and case.status != "checking":
        yield escape(_due(view, language).format(at=moment(case.due_at, language, zone)))
    if case.action_due is not None and case.contacted_at is None and case.status in OPEN:
        yield escape(t("Due by {at}").format(at=moment(case.action_due, language, zone)))


def _due(view: CaseView, language: Language) -> str:
    t = translations("bot", language).gettext
    if view.case.snoozed_until is not None:
        return t("Put off until {at}")
    if view.case.contacted_at is None:
        return t("First contact by {at}")
    return t("Due by {at}")


def _cause(view: CaseView, names: Names, language: Language) -> str:
    case, t = view.case, translations("bot", language).gettext
    component = case.cause_component and title(
        names.components.get(case.cause_component), language, case.cause_component
    )
    stage = case.cause_stage and title(names.stages.get(case.cause_stage), language, case.cause_stage)
    side = t("a partner’s part") if case.cause_partner else t("our own part")
    return " · ".join(each for each in (component, stage, case.cause_department, side) if each)
