"""The buttons of a case's card. A menu keeps what was chosen so far in its buttons, and nothing else anywhere."""

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.case_buttons import CaseButton, CasesButton, write_case
from handlers.case_cards import title
from handlers.case_words import name_of, state
from handlers.replies import Keyboard, button
from surveys.cases.case import OPEN, Case
from surveys.cases.ports import CaseView, Listed
from surveys.cases.rules import Names
from surveys.locales import N_, translations
from surveys.questionnaire import Language, Text

LABEL: Final = 40
PERIODS: Final = {
    1: N_("Tomorrow"),
    3: N_("In three days"),
    7: N_("In a week"),
    14: N_("In two weeks"),
    30: N_("In a month"),
}
LISTS: Final = {"mine": N_("Mine"), "overdue": N_("Overdue"), "all": N_("All")}

Row = list[dict[str, object]]


def of_view(view: CaseView, language: Language) -> Keyboard:
    """What can be done with the case as it stands; what the client enclosed is a press away."""
    files = any(voice.files and not voice.withdrawn for voice in view.voices)
    enclosed = [[_button(view.case, N_("Files"), language, "files")]] if files else []
    return [*enclosed, *_of_case(view.case, language)]


def _of_case(case: Case, language: Language) -> Keyboard:
    if case.status == "closed":
        return [[_button(case, N_("History"), language, "history")]]
    if case.status == "checking":
        return [
            [_button(case, label, language, verb) for label, verb in ((N_("Note"), "note"), (N_("History"), "history"))]
        ]
    first = [] if case.status != "new" else [[_button(case, N_("Take"), language, "take")]]
    rows: Sequence[Sequence[tuple[str, str]]] = (
        ((N_("Contact the client"), "contact"),),
        ((N_("Note"), "note"), (N_("Cause"), "cause")),
        ((N_("Action"), "action"), (N_("Done"), "done")),
        ((N_("More"), "more"),),
    )
    return [*first, *([_button(case, label, language, verb) for label, verb in row] for row in rows)]


def more(case: Case, language: Language) -> Keyboard:
    """What is done rarely."""
    labels = {"people": N_("Hand over"), "pause": N_("Put off"), "others": N_("Merge"), "history": N_("History")}
    verbs = labels if case.status in OPEN else {"history": labels["history"]}
    return [*([_button(case, label, language, verb)] for verb, label in verbs.items()), _back(case, language)]


def back(case: Case, language: Language) -> Keyboard:
    """Only the way back to the card."""
    return [_back(case, language)]


def contacted(case: Case, language: Language) -> Keyboard:
    """After the contact."""
    return [[_button(case, N_("I have contacted them"), language, "contacted")], _back(case, language)]


def periods(case: Case, language: Language, verb: str) -> Keyboard:
    """How many days from now."""
    return [*([_button(case, label, language, verb, days)] for days, label in PERIODS.items()), _back(case, language)]


def causes(case: Case, names: Names, language: Language, chosen: Sequence[int]) -> Keyboard:
    """Component, stage, department, whose part: each choice carries the ones before it."""
    t = translations("bot", language).gettext
    choices: Sequence[Sequence[str]] = (
        [*_titles(names.components, language), t("None of these")],
        [*_titles(names.stages, language), t("None of these")],
        [*departments(names), t("None of these")],
        [t("Our own part"), t("A partner’s part")],
    )
    labels = choices[len(chosen)]
    rows = [[_plain(case, label, "cause", *chosen, place)] for place, label in enumerate(labels)]
    return [*rows, _back(case, language)]


def departments(names: Names) -> list[str]:
    """The departments of the journey map, each once."""
    return list(dict.fromkeys(names.departments.values()))


def people(view: CaseView, candidates: Sequence[int], language: Language) -> Keyboard:
    """Whom it can be handed over to."""
    rows = [[_plain(view.case, name_of(each, view.names), "to", place)] for place, each in enumerate(candidates)]
    return [*rows, _back(view.case, language)]


def others(case: Case, found: Sequence[Listed], language: Language) -> Keyboard:
    """The cases it can be merged into."""
    rows = [[_plain(case, _line(one, language), "into", one.case.id)] for one in found]
    return [*rows, _back(case, language)]


def listed(found: Sequence[Listed], which: str, page: int, more_follow: bool, language: Language) -> Keyboard:
    """A page of cases, the other lists, and the pages beside this one."""
    t = translations("bot", language).gettext
    rows = [[dict(button(_line(one, language), write_case(CaseButton(one.case.id, 0, "open"))))] for one in found]
    kinds = [dict(button(t(label), write_case(CasesButton(kind, 0)))) for kind, label in LISTS.items() if kind != which]
    before = [dict(button("←", write_case(CasesButton(which, page - 1))))] if page else []
    after = [dict(button("→", write_case(CasesButton(which, page + 1))))] if more_follow else []
    turn = [*before, *after]
    return [*rows, *([turn] if turn else []), kinds]


def lists(language: Language) -> Keyboard:
    """Every list of cases."""
    t = translations("bot", language).gettext
    return [[button(t(label), write_case(CasesButton(kind, 0))) for kind, label in LISTS.items()]]


def _line(one: Listed, language: Language) -> str:
    return _cut(f"{one.case.id} · {one.person} · {state(one.case, language)}")


def _titles(texts: Mapping[str, Text], language: Language) -> list[str]:
    return [title(text, language, key) for key, text in texts.items()]


def _button(case: Case, label: str, language: Language, verb: str, *arguments: int) -> dict[str, object]:
    return _plain(case, translations("bot", language).gettext(label), verb, *arguments)


def _plain(case: Case, label: str, verb: str, *arguments: int) -> dict[str, object]:
    return dict(button(_cut(label), write_case(CaseButton(case.id, case.version, verb, arguments))))


def _cut(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"


def _back(case: Case, language: Language) -> Row:
    return [_button(case, N_("Back"), language, "card")]
