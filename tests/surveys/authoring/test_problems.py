"""A bad file gets one sentence for each thing that is wrong: where, what, and what is allowed."""

import pytest


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("minutes: 2\n", "", "1: minutes: is missing"),
        ("minutes: 2", "minutes: two", "3: minutes: should be a whole number, not 'two'"),
        ("minutes: 2", "minutes: true", "3: minutes: should be a whole number, not True"),
        ("minutes: 2", "minutes: 2.5", "3: minutes: should be a whole number, not 2.5"),
        ("minutes: 2", "minutes: 0x2", "3: minutes: should be a whole number, not '0x2'"),
        ("minutes: 2", "minutes: " + "2" * 5000, "3: minutes: should be a whole number, not '2222"),
        ("minutes: 2", "minutes: 0", "3: minutes: should be 1 or more, not 0"),
        ("minutes: 2", "minutes:", "3: minutes: should be a whole number, not nothing"),
        ("kind: relationship", "kind: poll", "2: kind: should be 'relationship' or 'pulse', not 'poll'"),
        ("key: small", "key: Small One", "1: key: should be lower snake case: a-z, 0-9 and _, beginning with a letter"),
        (
            "key: remark",
            "key: remark_",
            "30: items.remark_.key: should be lower snake case: a-z, 0-9 and _, beginning with a letter",
        ),
        ("key: remark", "key: " + "a" * 65, "30: items.'" + "a" * 58 + "….key: should have 64 characters at most"),
        (
            "closing: {ru: Спасибо, en: Thank you}",
            "closing: Спасибо",
            "7: closing: should be texts by language {ru, en}, not 'Спасибо'",
        ),
        (", en: Consent", "", "6: consent: no text in 'en'; every text needs ru, en"),
        ("en: Consent", "en: ' '", "6: consent.en: is empty"),
        (", en: Survey", "", "4: title: no text in 'en'; every text needs ru, en"),
        ("en: Consent", "en: 5", "6: consent.en: should be text, not 5"),
        ("en: Consent", 'en: "a\\0b"', "6: consent.en: holds a control character; only line breaks are allowed"),
        ("en: Consent", 'en: "a\\ud800b"', "6: consent.en: holds a control character; only line breaks are allowed"),
        ("en: Consent", "en: " + "a" * 1001, "6: consent.en: has 1001 characters, at most 1000 are allowed"),
        ("en: Survey", "en: " + "a" * 65, "4: title.en: has 65 characters, at most 64 are allowed"),
        ("en: Survey", "en: Survey, English: Poll", "4: title.English: is no code of a language, such as ru or pt-BR"),
        (
            "en: Consent",
            "en: Consent, de: Ja",
            "6: consent.de: the title has no text in 'de'; languages of this questionnaire: ru, en",
        ),
        (
            'en: "{vendor} asks',
            'en: "Who asks',
            "5: introduction.en: lacks the placeholder '{vendor}' that stands in 'ru'",
        ),
        (
            'en: "{vendor} asks',
            'en: "{vendor}} asks',
            "5: introduction.en: a brace without its pair; braces are for placeholders alone: {vendor},",
        ),
        (
            "component: usability",
            "component: usabilty",
            "26: items.screens.component: unknown component 'usabilty', did you mean usability?",
        ),
        (
            "key_user: {",
            "operator: {",
            "29: items.screens.text_for.operator: unknown role 'operator'; allowed: senior_it, key_user",
        ),
        (
            "scale: csat_5\n    text",
            "scale: csat5\n    text",
            "27: items.screens.scale: unknown scale 'csat5', did you mean csat_5? allowed: nps, csat_5,",
        ),
        (
            "key: remark",
            "key: recommend_why",
            "30: items.recommend_why.key: 'recommend_why' is the key of the item on line 19 too",
        ),
        (
            "key: remark",
            "key: screens",
            "30: items.screens.key: 'screens' is the key of the item on line 25 too; each key is allowed once",
        ),
        (
            "key: remark",
            "key: screens_why",
            "30: items.screens_why.key: 'screens_why' is the key of the item on line 25 too; each key is allowed once",
        ),
        (
            "    limit: 500\n",
            "    limit: 500\n    text_for: {key_user: {ru: А, en: A}}\n",
            "30: items.remark: has both text and text_for; one of them is allowed",
        ),
        (
            "    text: {ru: Что ещё?, en: Anything else?}\n",
            "",
            "30: items.remark: has no question; give text (for every role) or text_for (by role)",
        ),
        ("    limit: 500", "    limit: 5000", "31: items.remark.limit: should be 4096 or less, not 5000"),
        ("    limit: 500", "    why: none", "31: items.remark.why: follows a score; an item without a scale has none"),
        (
            "    scale: nps\n",
            "    scale: nps\n    limit: 5\n",
            "21: items.recommend.limit: is for open text; an item with a scale has none",
        ),
        ("    limit: 500", "    scale:", "31: items.remark.scale: should be text, not nothing"),
        (
            "      0-6: {",
            "      0-9: {",
            "24: items.recommend.why.0-9: overlaps with 9-10; a score is allowed in one band",
        ),
        ("      9-10: {", "      9-11: {", "23: items.recommend.why.9-11: leaves the scale nps: 0 to 10 are allowed"),
        (
            "      9-10: {",
            "      10-9: {",
            "23: items.recommend.why.10-9: is no band of scores; write them as 0-6 or 5, the lower first",
        ),
        (
            "      9-10: {",
            "      high: {",
            "23: items.recommend.why.high: is no band of scores; write them as 0-6 or 5, the lower first",
        ),
        ("    1-2: {", "    0-2: {", "17: why.csat_5.0-2: leaves the scale csat_5: 1 to 5 are allowed"),
        (
            "why:\n  csat_5:",
            "why:\n  nps:",
            "16: why.nps: no item takes this default: each of this scale has its own why, or there is none",
        ),
        (
            "why:\n  csat_5:",
            "why:\n  csat5:",
            "16: why.csat5: unknown scale 'csat5', did you mean csat_5? allowed: nps, csat_5,",
        ),
        ("    1-2: {ru: Что не так?, en: What is wrong?}", "    {}", "16: why.csat_5: should not be empty, not {}"),
        (
            "    limit: 500",
            "    limt: 500",
            "31: items.remark.limt: unknown key 'limt', did you mean limit? allowed: key, scale,",
        ),
    ],
)
def test_one_mistake_gets_one_sentence(problems, small, good, bad, problem):
    assert small.count(good) == 1
    [found] = problems(small.replace(good, bad))
    assert found.startswith(f"small.yaml:{problem}")
    assert "\n" not in found


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        (
            "minutes: 2",
            "minuts: 2",
            ["1: minutes: is missing", "3: minuts: unknown key 'minuts', did you mean minutes?"],
        ),
        (
            "    low: {ru: нет",
            "    lo: {ru: нет",
            [
                "9: scales.nps.low: is missing",
                "10: scales.nps.lo: unknown key 'lo', did you mean low? allowed: low, high",
            ],
        ),
        (
            "  nps:\n",
            "  nsp:\n",
            [
                "8: scales: no words for the ends of nps, which items use; give its low and high",
                "9: scales.nsp: unknown scale 'nsp', did you mean nps?",
            ],
        ),
        (
            "    scale: nps\n",
            "    scale: ces_5\n",
            [
                "8: scales: no words for the ends of ces_5",
                "9: scales.nps: no item uses this scale",
                "23: items.recommend.why.9-10: leaves the scale ces_5: 1 to 5 are allowed",
                "24: items.recommend.why.0-6: leaves the scale ces_5",
            ],
        ),
        (
            "    component: usability\n",
            "    why: {}\n",
            [
                "16: why.csat_5: no item takes this default",
                "26: items.screens.why: should hold at least one band of scores, or the word none",
            ],
        ),
        (
            "    component: usability\n",
            "    why: off\n",
            [
                "16: why.csat_5: no item takes this default",
                "26: items.screens.why: should be a mapping of bands of scores, or none, not 'off'",
            ],
        ),
        (
            'en: "{vendor} asks',
            'en: "{vender} asks',
            [
                "5: introduction.en: unknown placeholder '{vender}', did you mean {vendor}? allowed: {vendor},",
            ],
        ),
        (
            'en: "{vendor} asks',
            'en: "{vendor.name} asks',
            ["5: introduction.en: unknown placeholder '{vendor.name}', did you mean {vendor}?"],
        ),
        (
            'en: "{vendor} asks',
            'en: "{vendor asks',
            ["5: introduction.en: a brace without its pair"],
        ),
        (
            "{ru: Опрос, en: Survey}",
            '{ru: "{vendor}", en: "{vendor}"}',
            [
                "4: title.en: unknown placeholder '{vendor}'; allowed: none here",
                "4: title.ru: unknown placeholder '{vendor}'; allowed: none here",
            ],
        ),
        (
            "{ru: Согласие, en: Consent}",
            '{ru: "{ticket}", en: "{ticket}"}',
            [
                "6: consent.en: unknown placeholder '{ticket}'; allowed: {vendor},",
                "6: consent.ru: unknown placeholder '{ticket}'; allowed: {vendor},",
            ],
        ),
    ],
)
def test_a_mistake_that_shows_in_several_places_is_told_in_each(problems, small, good, bad, expected):
    assert small.count(good) == 1
    found = problems(small.replace(good, bad))
    assert len(found) == len(expected)
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(f"small.yaml:{start}")


def test_a_language_of_the_title_is_needed_in_every_text(problems, small):
    found = problems(small.replace("en: Survey", "en: Survey, de: Umfrage"))
    assert len(found) == small.count("en: ") - 1
    assert found[0] == "small.yaml:5: introduction: no text in 'de'; every text needs ru, en, de"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "small.yaml:1: the file is empty, it should hold a questionnaire"),
        ("---\n", "small.yaml:1: the file is empty, it should hold a questionnaire"),
        ("# nothing yet\n", "small.yaml:1: the file is empty, it should hold a questionnaire"),
        ("- key: small\n", "small.yaml:1: the file holds a list, it should be a mapping: key, kind, minutes …"),
        ("\nhello", "small.yaml:2: the file holds a bare text, it should be a mapping: key, kind, minutes …"),
        ("key: a\n\tkind: b\n", "small.yaml:2: a tab where only spaces are allowed, indent with spaces"),
        ("key: a\nkind: \0\n", "small.yaml:2: character U+0000 is not allowed, write plain text"),
        ("key: [a\n", "small.yaml:2: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: " + "[" * 5000, "small.yaml:1: nested too deeply, at most 16 levels are allowed"),
        ("a: " + "x" * 300_000, "small.yaml:1: the file is too large, at most 256 KiB are allowed"),
        ("a: &x [*x]\n", "small.yaml:1: anchor 'x': anchors and aliases are not allowed, write it out"),
        ("a: &x 1\nb: &x 2\n", "small.yaml:1: anchor 'x': anchors and aliases are not allowed, write it out"),
        ("a:\n%YAML 9.9\n---\n", "small.yaml:1: not YAML: %YAML names a version that does not exist, leave it out"),
        ("%YAML 1.9\n---\na: 1", "small.yaml:1: not YAML: %YAML names a version that does not exist, leave it out"),
        ("a: *x\n", "small.yaml:1: not YAML: found undefined alias 'x'"),
        (
            "a: 1\nb: !!python/name:os.system x\n",
            "small.yaml:2: tag 'tag:yaml.org,2002:python/name:os.system': tags are not allowed",
        ),
        ("? [a]\n: 1\n", "small.yaml:1: a key should be a word, not a list or a mapping"),
        ("a: 1\n---\nb: 2\n", "small.yaml:2: not YAML: but found another document"),
        ('a: "\\UFFFFFFFF"\n', r"small.yaml:1: not YAML: an escape \U… that stands for no character"),
    ],
)
def test_text_that_is_no_questionnaire_at_all_gets_one_sentence(problems, text, problem):
    assert problems(text) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("    text: {ru: Что, что ещё?, en: Else?}", "32: items.remark.text.что ещё?: a comma ends the text here;"),
        ("    text: {ru: Что, что ещё?, en: Else, pray?}", "32: items.remark.text.pray?: a comma ends the text here;"),
        ("    text: {ru: Что: ещё?, en: Else?}", "32: a colon inside the text;"),
        ("    text:\n      ru: Что: ещё?\n      en: Else?", "33: a colon inside the text;"),
        ("    text: {ru: {vendor}?, en: Else?}", "32: a brace in the text;"),
        ("    text:\n      ru: {vendor} спрашивает\n      en: Else?", "33: a brace in the text;"),
        ("    text: {ru: {vendor}, en: Else?}", "32: items.remark.text.ru: a brace in the text;"),
    ],
)
def test_a_text_that_needs_quotes_is_told_so(problems, small, text, problem):
    found = problems(small.replace("    text: {ru: Что ещё?, en: Anything else?}", text))
    assert f"small.yaml:{problem} put the text in quotes" in found


def test_a_brace_that_is_not_closed_is_told_with_its_line(problems, small):
    text = small.replace(
        "    text: {ru: Что ещё?, en: Anything else?}", "    text: {ru: Что ещё?, en: Else?\n    limit: 5"
    )
    assert problems(text) == ["small.yaml:33: the brace on line 32 is not closed before this line"]


def test_a_line_indented_too_far_is_told_so(problems):
    assert problems("key: a\n  kind: b\n") == ["small.yaml:2: a key does not go here; check the indent"]


def test_of_an_item_key_used_twice_nothing_is_said_but_that(problems, small):
    ways = "    routes: [{when: {answer: {screens: 1}}, go_to: remark}, {when: {skipped: screens}, go_to: end}]\n"
    text = small.replace("    component: usability\n", ways + "    component: usability\n")
    again = "  - {key: screens, when: {answer: {screens: 2}}, text: {ru: Ещё, en: More}}\n"
    assert problems(text + again) == [
        "small.yaml:34: items.screens.key: 'screens' is the key of the item on line 25 too; each key is allowed once"
    ]


def test_a_key_written_twice_is_found(problems, small):
    assert problems(small + "minutes: 3\n") == [
        "small.yaml:3: minutes: written twice, again on line 33; each key is allowed once"
    ]


def test_every_problem_of_a_file_is_told_at_once_in_the_order_of_lines(problems, small):
    spoiled = (
        small.replace("minutes: 2", "minutes: many")
        .replace(", en: Consent", "")
        .replace("component: usability", "component: looks")
        .replace("9-10: {", "6-10: {")
        .replace("limit: 500", "limits: 500")
    )
    assert [line.partition(": ")[2].partition(": ")[0] for line in problems(spoiled)] == [
        "minutes",
        "consent",
        "items.recommend.why.0-6",
        "items.screens.component",
        "items.remark.limits",
    ]


def test_a_bad_file_has_no_document(reading, small):
    assert reading(small.replace("minutes: 2", "minutes: many")).document is None
