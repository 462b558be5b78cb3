"""Everything that can be wrong with what a file asks, told by line, with what is allowed."""

import pytest

from tests.surveys.authoring.rich import RICH

CONDITION = "{answer: {size: {from: 10}}}"


@pytest.fixture
def told(problems):
    """What is wrong with the file once a text in it is replaced."""

    def tell(good, bad):
        assert RICH.count(good) == 1, good
        return problems(RICH.replace(good, bad))

    return tell


def assert_told(found, problem):
    assert any(line.startswith(f"small.yaml:{problem}") for line in found), found
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            "validity: 14d",
            "validity: soon",
            "5: validity: should be a duration such as 14d, 999d at most, not 'soon'",
        ),
        (
            "validity: 14d",
            "validity: 10",
            "5: validity: should be a duration such as 14d, 999d at most, not 10",
        ),
        (
            "validity: 14d",
            "amend: 48",
            "5: amend: should be a duration such as 48h, 168h or 7d at most, 0h for never, not 48",
        ),
        (
            "validity: 14d",
            "amend: 8d",
            "5: amend: should be a duration such as 48h, 168h or 7d at most, 0h for never, not '8d'",
        ),
        (
            "other: {ru: Иначе, en: Otherwise}",
            "other: true",
            "35: items.solved.choice.other: should be texts by language {ru, en}, not True",
        ),
        (
            "other: {ru: Иначе, en: Otherwise}",
            "other: {ru: Да, en: Otherwise}",
            "35: items.solved.choice.other.ru: reads as solved does; every option has its own words",
        ),
        (
            "people: {ru: Люди, en: People}",
            "people: {ru: Люди, en: ' price '}",
            "48: items.causes.choices.options.people.en: reads as price does; every option has its own words",
        ),
        (
            "none: {ru: Ничего, en: Nothing}",
            "none: {ru: Ни 1, en: Nothing}",
            "49: items.causes.choices.none.ru: has a digit; on buttons digits are kept for scores",
        ),
        (
            "mode: confidential",
            "mode: secret",
            "4: mode: should be 'named' or 'confidential', not 'secret'",
        ),
        (
            "mode: confidential",
            "mode:",
            "4: mode: should not be empty; leave the key out instead",
        ),
        (
            "mode: confidential\n",
            "",
            "7: consent_for: no text for the mode named",
        ),
        (
            "mode: confidential",
            "mode: named",
            "8: consent_for: no text for the mode named",
        ),
        (
            "consent_for:\n  confidential: {ru: Тайна, en: Secret}\n",
            "",
            "1: consent: is missing",
        ),
        (
            "consent_for:\n",
            "consent: {ru: Да, en: Yes}\nconsent_for:\n",
            "9: consent_for: has its place taken by consent; one of them is allowed",
        ),
        (
            "    best: 1\n",
            "",
            "15: scales.clarity: best is missing",
        ),
        (
            "    best: 1\n",
            "    best: 3\n",
            "15: scales.clarity: has too few points from 4 to 3; 3 at least are needed",
        ),
        (
            "    best: 1\n",
            "    best: 11\n",
            "17: scales.clarity.best: should be 10 or less, not 11",
        ),
        (
            "    best: 1\n",
            "    best: 1\n    kind: nps\n",
            "18: scales.clarity.kind: should be 'csat' or 'ces', not 'nps'",
        ),
        (
            "      2: {ru: почти",
            "      4: {ru: почти",
            "21: scales.clarity.anchors.4: is no number between the ends: 2 to 3 are allowed",
        ),
        (
            "    3-4: {ru",
            "    3-5: {ru",
            "24: why.clarity.3-5: leaves the scale own_4_1: 1 to 4 are allowed",
        ),
        (
            "    statement: true\n",
            "    statement: true\n    scale: clarity\n",
            "27: items.hello.statement: does not go with scale; an item has one kind of answer",
        ),
        (
            "    statement: true\n",
            "    statement: true\n    limit: 9\n",
            "28: items.hello.limit: is for open text; a statement has none",
        ),
        (
            "    statement: true\n",
            "    statement: true\n    not_applicable: true\n",
            "28: items.hello.not_applicable: is for questions people might be unable to judge; a statement has none",
        ),
        (
            "  - key: hello",
            "  - key: end",
            "26: items.end.key: 'end' is where routes end; an item needs another key",
        ),
        (
            "      other: {ru: Иначе",
            "      othr: {ru: Иначе",
            "35: items.solved.choice.othr: unknown key 'othr', did you mean other? allowed: options, other, none",
        ),
        (
            "        price: {ru",
            "        none: {ru",
            "46: items.causes.choices.options.none: 'none' is kept for the key 'none' beside options",
        ),
        (
            "        price: {ru",
            "        Price: {ru",
            "46: items.causes.choices.options.Price: should be lower snake case",
        ),
        (
            "en: Price}",
            "en: A price that no phone could ever show us}",
            "46: items.causes.choices.options.price.en: has 40 characters, at most 38 are allowed",
        ),
        (
            "en: Price}",
            "en: '{project}'}",
            "46: items.causes.choices.options.price.en: unknown placeholder '{project}'; allowed: none here",
        ),
        (
            "      at_most: 3",
            "      at_most: 4",
            "51: items.causes.choices.at_most: 4 is more than the 3 options there are",
        ),
        (
            "      at_least: 2\n      at_most: 3",
            "      at_least: 3\n      at_most: 2",
            "50: items.causes.choices.at_least: 3 is more than at_most 2",
        ),
        (
            "    at_least: 3\n",
            "    at_least: 301\n",
            "60: items.more.at_least: 301 is more than the limit 300",
        ),
        (
            "{from: 1, to: 500}",
            "{from: 500, to: 1}",
            "63: items.size.number: runs from 500 to 1; the lower end comes first",
        ),
        (
            "{from: 1, to: 500}",
            "{from: 1, to: 9999999999}",
            "63: items.size.number.to: should be a whole number",
        ),
        (
            "{from: 2020-01-01}",
            "{from: 1.1.2020}",
            "67: items.since.date.from: should be a date such as 2026-01-31, not '1.1.2020'",
        ),
        (
            "{from: 2020-01-01}",
            "{from: 2020-01-01, to: 2019-01-01}",
            "67: items.since.date: runs from 2020-01-01 to 2019-01-01; the earlier day comes first",
        ),
        (
            "{component: support, text",
            "{component: suport, text",
            "77: items.parts.grid.help.component: unknown component 'suport', did you mean support?",
        ),
        (
            "{ticket|деле}",
            "{ticket}",
            "7: introduction.ru: {ticket} may be missing; say what stands in its place, be it nothing: {ticket|…}",
        ),
        (
            "parts_help: 1, since",
            "parts_help: 0-1, since",
            "79: items.last.when.answer.parts_help: '0-1' is no score of this item; allowed: 1-4",
        ),
        (
            "since: {from: 2021-01-01, to",
            "since: {from: 2021, to",
            "79: items.last.when.answer.since:",
        ),
        (
            "go_to: size",
            "go_to: sise",
            "41: items.solved.routes.2.go_to: unknown item 'sise', did you mean size? allowed: causes, more, size,",
        ),
        (
            "go_to: size",
            "go_to: hello",
            "41: items.solved.routes.2.go_to: 'hello' is not after this item: that is a loop; allowed: causes,",
        ),
        (
            "go_to: size",
            "go_to: solved",
            "41: items.solved.routes.2.go_to: 'solved' is not after this item: that is a loop;",
        ),
        (
            "      - when: {answer: {solved: unsolved}}\n        go_to: end\n",
            "      - go_to: size\n",
            "39: items.solved.routes.2: is never taken: the route before it has no condition",
        ),
        (
            "        go_to: size\n",
            "",
            "40: items.solved.routes.2.go_to: is missing",
        ),
        (
            "  - when: {answer: {solved: unsolved}}\n    text: {ru: Жаль",
            "  - when: {all: [{answer: {solved: unsolved}}, {answered: size}]}\n    text: {ru: Жаль",
            "12: closings.1: is never said: its condition on line 12 never holds",
        ),
        (
            "    text: {ru: Жаль, en: Sorry}\n",
            "    text: {ru: Жаль, en: Sorry}\n  - {when: {answer: {solved: unsolved}}, text: {ru: Увы, en: Alas}}\n",
            "14: closings.2: is never said: an earlier closing is said instead; it should stand above that one",
        ),
        (
            "      - when: {answer: {solved: unsolved}}\n        go_to: end\n      - when: {not_applicable: solved}\n",
            "      -\n",
            "40: items.causes: is never asked: the route on line 39 leads everybody past it",
        ),
        (
            "      - when: {not_applicable: solved}\n        go_to: size\n",
            "      - {when: {any: [{answered: solved}, {not: {answered: solved}}]}, go_to: size}\n" * 2,
            "42: items.causes: is never asked: the routes on lines 38, 40, 41 lead everybody past it",
        ),
    ],
)
def test_one_mistake_is_told_with_its_line_and_what_is_allowed(told, good, bad, problem):
    assert_told(told(good, bad), problem)


def test_a_language_with_a_line_break_in_its_name_is_repeated_on_one_line(told):
    found = told("title: {ru: Всё, en: Everything}", 'title: {"а\\nб": Everything}')
    assert_told(found, "58: items.more.when.not.language: unknown language 'ru'; allowed: а\\nб")


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (
            "{}",
            "66: items.since.when: names nothing; allowed: answer, answered, skipped,",
        ),
        (
            "",
            "66: items.since.when: should not be empty; leave the key out instead",
        ),
        (
            "{anwser: {size: 1}}",
            "66: items.since.when.anwser: unknown key 'anwser', did you mean answer?",
        ),
        (
            "{answer: {sze: 10}}",
            "66: items.since.when.answer.sze: unknown item 'sze', did you mean size?",
        ),
        (
            "{answer: {since: {from: 2020-01-01}}}",
            "66: items.since.when.answer.since: 'since' is not asked before; a condition looks back, at hello, solved,",
        ),
        (
            "{answered: last}",
            "66: items.since.when.answered: 'last' is not asked before;",
        ),
        (
            "{answered: hello}",
            "66: items.since.when.answered: 'hello' is a statement; nobody answers it",
        ),
        (
            "{answer: {more: да}}",
            "66: items.since.when.answer.more: 'more' is open text; ask whether it was answered or skipped",
        ),
        (
            "{not_applicable: size}",
            "66: items.since.when.not_applicable: 'size' has no button for those who cannot judge;",
        ),
        (
            "{answer: {size: many}}",
            "66: items.since.when.answer.size: 'many' is no number; write one, or a range: {from: 1, to: 10}",
        ),
        (
            "{answer: {size: {above: 10}}}",
            "66: items.since.when.answer.size: should have from and to, or one of them",
        ),
        (
            "{answer: {solved: maybe}}",
            "66: items.since.when.answer.solved: unknown option 'maybe'; allowed: solved, unsolved, other",
        ),
        (
            "{role: [cook]}",
            "66: items.since.when.role: unknown role 'cook'; allowed: senior_it, key_user",
        ),
        (
            "{language: kk}",
            "66: items.since.when.language: unknown language 'kk'; allowed: ru, en",
        ),
        (
            "{stage: rolout}",
            "66: items.since.when.stage: unknown stage 'rolout', did you mean rollout?",
        ),
        (
            "{event: {priority: {a: 1}}}",
            "66: items.since.when.event.priority: should be a value or a list of values",
        ),
        (
            "{all: []}",
            "66: items.since.when.all: should be a list of conditions",
        ),
        (
            "{not: {role: cook}}",
            "66: items.since.when.not.role: unknown role 'cook'",
        ),
        (
            "{answer: {size: {from: 501}}}",
            "65: items.since: is never asked: its condition on line 66 never holds",
        ),
        (
            "{all: [{role: key_user}, {not: {role: key_user}}]}",
            "65: items.since: is never asked: its condition on line 66 never holds",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_told(told, condition, problem):
    assert_told(told(CONDITION, condition), problem)
