"""The committee's screens as HTML. Words and names are never markup."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from handlers.committee_menus import PAGE, SPANS
from handlers.committee_words import STATUSES, cause_title, compared, day, facts, plan, reach, told
from handlers.told import letter
from surveys.cases.rules import Names
from surveys.changes import Comparison
from surveys.improvements.causes import Repeated
from surveys.improvements.improvement import Improvement
from surveys.improvements.ports import Told
from surveys.improvements.telling import Draft
from surveys.locales import N_, translations
from surveys.questionnaire import Language

QUOTED: Final = 5
STEPS: Final = 15
WORDS: Final = 300
PROMPTS: Final = {
    "do": N_("Write in a message why this is to be done."),
    "later": N_("Write in a message why this is not to be done now."),
    "wont": N_("Write in a message why this will not be done."),
    "what": N_("Write in a message what is to be done."),
    "expect": N_("Write in a message what is to change, and by how much."),
    "tell": N_("Write in a message what was done or decided, as the clients will read it. Language: {spoken}"),
    "owners": N_("Who is responsible?"),
    "effects": N_("Which metric is to change?"),
    "terms": N_("Until when?"),
}
NOTES: Final = {
    "waiting": N_("On its way."),
    "sent": N_("Sent on {day}."),
    "left_out": N_("Left out by you."),
    "dropped": N_("Not sent: it could not be any more."),
}
BARRED: Final = {
    "not_linked": N_("This person has never opened the bot."),
    "opted_out": N_("This person asked not to be written to."),
    "unreachable": N_("This person has blocked the bot."),
    "on_hold": N_("This account is on hold."),
    "foreign_messenger": N_("This account may not be written to in Telegram."),
}


def home_card(causes: Sequence[Repeated], span: int, page: int, names: Names, language: Language) -> str:
    """Causes of a page, the weightiest first."""
    t = translations("bot", language).gettext
    head = t("Causes that repeat")
    lines = [f"<b>{escape(head)}</b>", escape(t(SPANS[span]))]
    if not causes:
        return "\n".join([*lines, "", escape(t("No cause repeats over projects in this period."))])
    for place, one in list(enumerate(causes, 1))[page * PAGE : (page + 1) * PAGE]:
        said = f"{place}. {cause_title(one.cause, names, language)}"
        lines += ["", f"<b>{escape(said)}</b>", escape(reach(one, language))]
    return "\n".join(lines)


def cause_card(one: Repeated, names: Names, language: Language, zone: ZoneInfo) -> str:
    """A cause, with the newest words of clients."""
    lines = [f"<b>{escape(cause_title(one.cause, names, language))}</b>", ""]
    lines += [escape(fact) for fact in facts(one, language, zone)]
    return "\n".join([*lines, "", *_quoted(one)])


def _quoted(one: Repeated) -> Iterator[str]:
    said = ((each, words) for each in one.complaints for words in each.words)
    for _, (each, words) in zip(range(QUOTED), said, strict=False):
        short = words if len(words) <= WORDS else f"{words[:WORDS]}…"
        yield f"{escape(each.account.name)}\n<blockquote>{escape(short)}</blockquote>"


def list_card(found: Sequence[Improvement], language: Language) -> str:
    """Above the list of improvements."""
    t = translations("bot", language).gettext
    head = t("Improvements") if found else t("There are no improvements yet.")
    return f"<b>{escape(head)}</b>"


def improvement_card(
    one: Improvement,
    cause: Repeated | None,
    found: Comparison | None,
    people: Mapping[int, str],
    names: Names,
    language: Language,
    zone: ZoneInfo,
) -> str:
    """What was decided, what is known of the cause in the last year, and whether it helped."""
    t = translations("bot", language).gettext
    lines = [f"<b>{escape(cause_title(one.cause, names, language))}</b>", escape(t(STATUSES[one.status])), ""]
    lines += [escape(line) for line in plan(one, people, language, zone)]
    if cause is not None:
        lines += ["", escape(reach(cause, language))]
    if found is not None:
        lines += ["", *(escape(line) for line in compared(found, language))]
    return "\n".join(lines)


def history_card(steps: Sequence[Told], people: Mapping[int, str], language: Language, zone: ZoneInfo) -> str:
    """Its steps, the last ones where there are too many."""
    t = translations("bot", language).gettext
    lines = (escape(told(step.happened, people, language, zone)[:200]) for step in steps[-STEPS:])
    head = t("History")
    return "\n".join([f"<b>{escape(head)}</b>", *lines])


def draft_card(found: Sequence[Draft], page: int, vendor: str, language: Language, zone: ZoneInfo) -> str:
    """A draft exactly as it would be sent, and whether it can be."""
    t = translations("bot", language).gettext
    if not found:
        return escape(t("Nobody has said anything about this in their own words."))
    draft = found[page]
    held = draft.held
    number = t("{page} of {total}").format(page=page + 1, total=len(found))
    head = f"<b>{escape(held.person.name)}</b> · {escape(held.account.name)} · {escape(number)}"
    return "\n\n".join([head, letter(draft, vendor, zone), f"<i>{escape(_state(draft, language, zone))}</i>"])


def _state(draft: Draft, language: Language, zone: ZoneInfo) -> str:
    t = translations("bot", language).gettext
    if draft.note is not None and draft.barred != "unreachable":
        return t(NOTES[draft.note.state]).format(day=day(draft.note.at, language, zone))
    if draft.barred is not None:
        return t(BARRED.get(draft.barred, BARRED["unreachable"]))
    if draft.words is None:
        return t("What was done is not written yet in this person’s language.")
    return t("Ready. It leaves when the contact policy allows it.")


def prompt(which: str, language: Language, **values: str) -> str:
    """What is to be chosen or written."""
    return f"<b>{escape(translations('bot', language).gettext(PROMPTS[which]).format_map(values))}</b>"
