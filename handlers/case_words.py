"""What is said of cases: states, signals, steps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from handlers.reasons import moment
from surveys.cases.case import Case, Happened
from surveys.locales import N_, translations
from surveys.questionnaire import Language

STATES: Final = {
    "new": N_("new"),
    "taken": N_("being worked on"),
    "contacted": N_("in contact with the client"),
    "checking": N_("waiting for the client’s word"),
    "confirmed": N_("closed, the client confirmed"),
    "unconfirmed": N_("closed without the client’s word"),
    "merged": N_("merged into case {number}"),
}
RULES: Final = {
    "nps": N_("low NPS"),
    "csat": N_("low satisfaction"),
    "ces": N_("too much effort"),
    "drop": N_("much lower than last time"),
    "silent": N_("silent in the last waves"),
    "word": N_("a word on the alert list"),
    "remark": N_("a remark in free words"),
}
STEPS: Final = {
    "signal": N_("signal: {rules}"),
    "words": N_("the client gave the reason"),
    "corrected": N_("the client changed the score from {before} to {score}"),
    "withdrawn": N_("the client took the answer back"),
    "take": N_("took the case"),
    "tracked": N_("taken up in {issue}: {status}"),
    "contacted": N_("contacted the client"),
    "note": N_("note: {text}"),
    "cause": N_("named the cause"),
    "action": N_("action: {text}"),
    "due": N_("due date: {until}"),
    "done": N_("reported it done"),
    "finished": N_("done in {issue}: {status}"),
    "reassign": N_("handed it over to {to}"),
    "merge": N_("merged it into case {into}"),
    "absorbed": N_("took in case {case}"),
    "snooze": N_("put off until {until}: {reason}"),
    "woken": N_("back after the pause"),
    "reminded": N_("overdue, reminded"),
    "escalated": N_("passed on to {to}"),
    "asked": N_("the client is asked whether it helped"),
    "solved": N_("the client: solved"),
    "partly": N_("the client: partly solved"),
    "unsolved": N_("the client: not solved"),
    "unanswered": N_("the client did not answer"),
    "unasked": N_("the client could not be asked"),
}


def state(case: Case, language: Language) -> str:
    """How the case stands."""
    t = translations("bot", language).gettext
    return t(STATES[case.outcome or case.status]).format(number=case.merged_into)


def signals(rules: list[str], language: Language) -> str:
    """The signals, in words."""
    t = translations("bot", language).gettext
    return ", ".join(t(RULES[rule]) for rule in rules if rule in RULES)


def told(step: Happened, names: Mapping[int, str], language: Language, zone: ZoneInfo) -> str:
    """A step of the history: when, who, what. Plain text."""
    who = "" if step.actor is None else f" · {name_of(step.actor, names)}"
    return f"{moment(step.at, language, zone)}{who} · {_what(step, names, language, zone)}"


def name_of(person: int, names: Mapping[int, str]) -> str:
    """How one of the vendor's people is called; their Telegram id as long as they have not said anything."""
    return names.get(person) or f"ID {person}"


def _what(step: Happened, names: Mapping[int, str], language: Language, zone: ZoneInfo) -> str:
    detail = dict(step.detail)
    rules = detail.get("rules")
    if isinstance(rules, list):
        detail["rules"] = signals([str(each) for each in rules], language)
    if "until" in detail:
        detail["until"] = moment(datetime.fromisoformat(str(detail["until"])), language, zone)
    if "to" in detail:
        people = detail["to"] if isinstance(detail["to"], list) else [detail["to"]]
        detail["to"] = ", ".join(name_of(int(str(each)), names) for each in people)
    return translations("bot", language).gettext(STEPS[_kind(step)]).format_map(detail)


def _kind(step: Happened) -> str:
    """Which sentence tells of the step."""
    detail = step.detail
    match step.kind:
        case "signal" if not detail.get("rules"):
            return "words"
        case "corrected" if detail.get("withdrawn"):
            return "withdrawn"
        case "take" | "done" if "issue" in detail:
            return "tracked" if step.kind == "take" else "finished"
        case "answer":
            return str(detail["verdict"])
        case "unanswered" if detail.get("why") != "silence":
            return "unasked"
        case kind:
            return kind
