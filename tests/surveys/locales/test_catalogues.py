from pathlib import Path

import pytest

from surveys.locales import translations
from surveys.locales.check import DOMAINS, problems

HEADER = """msgid ""
msgstr ""
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) "
"? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
CODE = 't.gettext("Hello, {name}")\nN_("Bye")\nt.ngettext("{n} answer", "{n} answers", n)\n'
GOOD = (
    HEADER
    + """msgid "Hello, {name}"
msgstr "Привет, {name}"

msgid "Bye"
msgstr "Пока"

msgid "{n} answer"
msgid_plural "{n} answers"
msgstr[0] "{n} ответ"
msgstr[1] "{n} ответа"
msgstr[2] "{n} ответов"
"""
)


def faults(root: Path, catalogue: str) -> list[tuple[str, str]]:
    room = root / "locales" / "ru" / "LC_MESSAGES"
    room.mkdir(parents=True)
    (root / "desk").mkdir()
    (root / "desk" / "words.py").write_text(CODE, "utf-8")
    (room / "desk.po").write_text(catalogue, "utf-8")
    found = problems(root, root / "locales", {"desk": ("desk",)})
    return [(problem.fault, problem.sentence) for problem in found]


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_of_the_interface_is_in_every_catalogue(domain: str) -> None:
    assert [str(problem) for problem in problems(domains={domain: DOMAINS[domain]})] == []


def test_a_whole_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('msgid "Bye"\nmsgstr "Пока"\n', "", ("missing", "Bye")),
        ('msgstr "Пока"', 'msgstr ""', ("untranslated", "Bye")),
        ('msgstr[2] "{n} ответов"\n', "", ("untranslated", "{n} answer")),
        ('msgstr[2] "{n} ответов"', 'msgstr[2] ""', ("untranslated", "{n} answer")),
        ('msgid "Bye"', '#, fuzzy\nmsgid "Bye"', ("fuzzy", "Bye")),
        ("Привет, {name}", "Привет, {имя}", ("placeholders", "Hello, {name}")),
        ("Привет, {name}", "Привет, {name", ("placeholders", "Hello, {name}")),
        ('"{n} ответа"', '"несколько ответов"', ("placeholders", "{n} answer")),
        (HEADER, HEADER + 'msgid "Old"\nmsgstr "Старое"\n\n', ("unused", "Old")),
    ],
)
def test_each_flaw_of_a_catalogue_is_named(tmp_path: Path, before: str, after: str, problem: tuple[str, str]) -> None:
    assert GOOD.count(before) == 1
    assert faults(tmp_path, GOOD.replace(before, after)) == [problem]


def test_a_domain_without_a_catalogue_misses_every_sentence(tmp_path: Path) -> None:
    (tmp_path / "locales" / "uk" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "words.py").write_text(CODE, "utf-8")
    found = problems(tmp_path, tmp_path / "locales", {"desk": ("desk",)})
    assert [problem.fault for problem in found] == ["missing"] * 3


@pytest.mark.parametrize("language", ["ru", "en", "uk"])
def test_numbers_bend_the_words_of_every_language(language: str) -> None:
    forms = {translations("reports", language).ngettext("{n} answer", "{n} answers", n) for n in (1, 2, 5, 21)}
    assert len(forms) == (2 if language == "en" else 3)


def test_an_unknown_language_speaks_english() -> None:
    assert translations("reports", "xx").gettext("no data") == "no data"
