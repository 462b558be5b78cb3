"""A questionnaire as Markdown: every item, route and wording, to be approved by people who do not read YAML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import assert_never

from babel.units import format_unit

from bot.outline_conditions import Reader, bands, said
from handlers.hints import cannot_answer
from surveys.authoring.reach import never_reached
from surveys.authoring.texts import MISSING
from surveys.conditions import HasRole
from surveys.consent import consent_digest
from surveys.mentions import mentioned, parts
from surveys.piping import OF_EVENT, PLACEHOLDER, fill
from surveys.questionnaire import (
    END,
    EVERY_ROLE,
    Asked,
    AskedItem,
    ChoiceItem,
    DateItem,
    Item,
    NumberItem,
    Role,
    ScaleItem,
    StatementItem,
    Text,
    TextItem,
    WhyItem,
)

MARKUP = re.compile(r"([\\`*_<>#\[\]|~])")


def outline(t: Reader, role: Role | None = None) -> str:
    """The whole questionnaire in the reader's language; with `role` only what people of this role alone may see."""
    return "\n\n".join([*_head(t), *_questions(t, role), *_ways(t, role), *_end(t, role)]) + "\n"


def _head(t: Reader) -> Iterator[str]:
    asked = t.questionnaire
    yield f"# {_plain(asked.title, t)}"
    yield " · ".join(_facts(t))
    yield from _list(_course(t))
    yield _heading(t("Introduction"))
    yield _quote(asked.introduction, t)
    if asked.script is not None:
        yield _heading(t("Script of a talk"))
        yield _quote(asked.script, t)
    yield _heading(t("Consent"))
    modes = [asked.mode] if asked.mode else list(asked.consent)
    names = {"named": t("Named"), "confidential": t("Confidential")}
    for mode in modes:
        yield f"{names[mode]}:"
        yield _quote(asked.consent[mode], t)
        yield t(
            "SHA-256 of this text, kept with the answers: `{digest}`", digest=consent_digest(asked, mode, t.language)
        )


def _facts(t: Reader) -> Iterator[str]:
    asked = t.questionnaire
    yield f"`{asked.key}`"
    yield t("relationship survey") if asked.kind == "relationship" else t("pulse")
    yield t("about {minutes} min.", minutes=asked.minutes)


def _course(t: Reader) -> Iterator[str]:
    """What holds for the questionnaire as a whole, defaults included."""
    asked, of_all = t.questionnaire, t.settings.rules()
    mode = t("named") if (asked.mode or of_all.mode) == "named" else t("confidential")
    yield t("Mode: {mode}", mode=mode) if asked.mode else t("Mode: {mode}, the common setting", mode=mode)
    if asked.validity:
        yield t("Time to finish: {time} from the start", time=_time(t, timedelta(days=asked.validity)))
    else:
        yield t("Time to finish: {time} from the last answer", time=_time(t, of_all.expire_after))
    yield (
        t("Before sending, the answers are shown and can be changed")
        if asked.review
        else t("Sent after the last answer")
    )
    if asked.amend:
        yield t("After sending, answers can be changed for: {time}", time=_time(t, timedelta(hours=asked.amend)))
    else:
        yield t("After sending, answers cannot be changed")


def _time(t: Reader, time: timedelta) -> str:
    """In the largest unit that divides it."""
    units = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
    unit = next((name for name, one in units.items() if not time % one), "second")
    return format_unit(time / units.get(unit, timedelta(seconds=1)), unit, locale=t.language.replace("-", "_"))


def _questions(t: Reader, role: Role | None) -> Iterator[str]:
    yield _heading(t("Questions"))
    for item in _asked(t, role):
        if isinstance(item, Asked):
            yield f"### {t.number(item.key)}. `{item.key}`"
            yield from _question(t, item, role)


def _question(t: Reader, item: AskedItem, role: Role | None) -> Iterator[str]:
    if item.when is not None:
        yield t("Asked if {condition}.", condition=said(t, item.when))
    for addressed, text in item.wording.items():
        if role in (None, addressed) or addressed == EVERY_ROLE:
            if addressed != EVERY_ROLE or not _limits_roles(item):
                yield f"{_address(t, addressed)}:"
            yield _quote(text, t, strong=True)
            if read_out := item.aloud.get(addressed) or item.aloud.get(EVERY_ROLE):
                yield t("Read out as:")
                yield _quote(read_out, t)
    yield from _list(chain(_about(t, item), _answers(t, item), _after(t, item)))


def _limits_roles(item: AskedItem) -> bool:
    return item.when is not None and any(isinstance(atom, HasRole) for atom in parts(item.when))


def _address(t: Reader, role: Role) -> str:
    return t("For every role") if role == EVERY_ROLE else t.role(role)


def _about(t: Reader, item: AskedItem) -> Iterator[str]:
    rules = t.settings.rules()
    if item.component:
        title = t.settings.title(rules.components.get(item.component, {}), t.language, item.component)
        yield t("Component: {title}", title=title)
    if item.short:
        yield t("In the list of answers: “{label}”", label=_plain(item.short, t))


def _answers(t: Reader, item: AskedItem) -> Iterator[str]:
    match item:
        case ScaleItem():
            words = {item.scale.low: item.low, **item.anchors, item.scale.high: item.high}
            points = "; ".join(f"{point} – {_plain(words[point], t)}" for point in sorted(words))
            yield t("A score from {low} to {high}: {points}", low=item.scale.low, high=item.scale.high, points=points)
        case ChoiceItem():
            yield from _options(t, item)
        case NumberItem():
            yield t("A whole number from {low} to {high}", low=item.low, high=item.high)
        case DateItem():
            yield t("A date from {low} to {high}", low=item.since, high=item.until)
        case TextItem():
            yield t("Words: {least} to {most} characters", least=item.at_least, most=item.limit)
        case StatementItem():
            yield t("To be read; a button leads on")
        case _:
            assert_never(item)
    if item.not_applicable:
        yield t("There is a button “{label}”", label=cannot_answer(item, t.language))


def _options(t: Reader, item: ChoiceItem) -> Iterator[str]:
    labels = ", ".join(t("“{label}”", label=_plain(label, t)) for label in item.options.values())
    if item.several:
        yield t("{least} to {most} of: {labels}", least=item.at_least, most=item.at_most, labels=labels)
    else:
        yield t("One of: {labels}", labels=labels)
    if item.other:
        yield t("“{label}”, in words of one’s own", label=_plain(item.other, t))
    if item.none:
        yield t("“{label}”, which excludes the rest", label=_plain(item.none, t))


def _after(t: Reader, item: AskedItem) -> Iterator[str]:
    """What follows the answer: an open question, a jump."""
    for why in t.questionnaire.items:
        if isinstance(why, WhyItem) and why.about == item.key:
            for band in why.bands:
                question = _plain(band.text, t)
                yield t("After {scores}: “{question}”", scores=bands(band.scores), question=question)
    for route in item.routes:
        to = t("the end") if route.to == END else t("question {number}", number=t.number(route.to))
        if route.when is None:
            yield t("Then to {place}", place=to)
        else:
            yield t("If {condition}, then to {place}", condition=said(t, route.when), place=to)


def _ways(t: Reader, role: Role | None) -> Iterator[str]:
    """Which questions each role gets, as long as no answer leads elsewhere."""
    yield _heading(t("By role"))
    roles = [role] if role else list(t.settings.weights)
    yield from _list(f"{t.role(one)}: {', '.join(_numbers(t, one)) or '–'}" for one in roles)


def _numbers(t: Reader, role: Role) -> Iterator[str]:
    for item in _asked(t, role):
        if isinstance(item, Asked):
            yield t.number(item.key) + ("*" if _depends(item) else "")


def _end(t: Reader, role: Role | None) -> Iterator[str]:
    if any(isinstance(item, Asked) and _depends(item) for item in _asked(t, role)):
        yield t("\\* only under its condition")
    yield _heading(t("Closing"))
    untold = never_reached(t.questionnaire, [role])[1] if role else frozenset()
    closings = [one for at, one in enumerate(t.questionnaire.closings) if at not in untold]
    for closing in closings:
        yield t("If {condition}:", condition=said(t, closing.when))
        yield _quote(closing.text, t)
    if closings:
        yield t("Otherwise:")
    yield _quote(t.questionnaire.closing, t)


def _depends(item: Asked) -> bool:
    """Whether more than the role decides that it is asked."""
    return item.when is not None and not isinstance(item.when, HasRole)


def _asked(t: Reader, role: Role | None) -> Sequence[Item]:
    """What a person of this role alone can come to, by whatever answers; everything when no role is meant."""
    missed = never_reached(t.questionnaire, [role])[0] if role else frozenset()
    return [item for item in t.questionnaire.items if item.key not in missed]


def _heading(words: str) -> str:
    return f"## {words}"


def _list(entries: Iterator[str]) -> Iterator[str]:
    lines = "\n".join(f"- {entry}" for entry in entries)
    if lines:
        yield lines


def _quote(text: Text, t: Reader, *, strong: bool = False) -> str:
    lines = _plain(text, t).split("\n")
    return "\n".join(f"> **{line}**" if strong else f"> {line}" for line in lines)


def _plain(text: Text, t: Reader) -> str:
    """The words, whatever they hold, as Markdown shows them unchanged. What is filled in later is named in angles."""
    known = {
        "vendor": t.settings.rules().calls_itself(t.language),
        "minutes": str(t.questionnaire.minutes),
        "account": t("‹client›"),
        "project": t("‹project›"),
        "ticket": t("‹ticket›"),
        "manager": t("‹manager›"),
        **{f"{OF_EVENT}{name}": f"‹{name}›" for name in mentioned(t.questionnaire)},
    }
    words = PLACEHOLDER.sub(lambda found: _with_substitute(t, found, known), text[t.language])
    return MARKUP.sub(r"\\\1", fill(words, known))


def _with_substitute(t: Reader, found: re.Match[str], known: Mapping[str, str]) -> str:
    """A value that may be missing, with the words that stand in its place then; any other placeholder as it is."""
    before, name, instead = found.groups(default="")
    if not instead or not (name in MISSING or name.startswith(OF_EVENT)):
        return found[0]
    return before + t("‹{value} or “{instead}”›", value=known[name].strip("‹›"), instead=instead)
