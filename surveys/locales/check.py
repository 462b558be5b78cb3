"""Compares the sentences in the code with those in the catalogues: `python -m surveys.locales.check`."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final, Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

HERE: Final = Path(__file__).parent
DOMAINS: Final[Mapping[str, tuple[str, ...]]] = {"bot": ("bot", "handlers"), "reports": ("reports",)}
# A module that says much names its gettext `t`.
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "t": None}

Fault = Literal["missing", "fuzzy", "untranslated", "placeholders", "unused"]
Sentence = tuple[str, ...]
"""A sentence with its plural, if it has one."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with a sentence in a language."""

    domain: str
    language: str
    fault: Fault
    sentence: str

    def __str__(self) -> str:
        return f"{self.language}/{self.domain}.po: {self.fault}: {self.sentence!r}"


def problems(
    code: Path = HERE.parents[1], catalogues: Path = HERE, domains: Mapping[str, tuple[str, ...]] = DOMAINS
) -> list[Problem]:
    """Everything that is wrong with the catalogues, in order. `domains`: whose packages, directories of `code`."""
    return sorted(
        Problem(domain, language.name, fault, sentence)
        for domain, packages in domains.items()
        for language in catalogues.iterdir()
        if (language / "LC_MESSAGES").is_dir()
        for fault, sentence in _faults(
            _said(code, packages), _catalogue(language / "LC_MESSAGES" / f"{domain}.po", language.name)
        )
    )


def _said(code: Path, packages: tuple[str, ...]) -> set[Sentence]:
    found = (
        message for package in packages for _, _, message, *_ in extract_from_dir(code / package, keywords=KEYWORDS)
    )
    return {(message,) if isinstance(message, str) else tuple(message) for message in found}


def _catalogue(source: Path, language: str) -> Catalog:
    if not source.is_file():
        return Catalog(locale=language)
    with source.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def _faults(said: set[Sentence], catalogue: Catalog) -> Iterator[tuple[Fault, str]]:
    written = {_forms(message.id): message for message in catalogue if message.id}
    yield from (("missing", sentence[0]) for sentence in said - written.keys())
    yield from (("unused", sentence[0]) for sentence in written.keys() - said)
    for sentence in said & written.keys():
        fault = _fault(sentence, written[sentence], catalogue.num_plurals)
        if fault:
            yield fault, sentence[0]


def _fault(sentence: Sentence, message: Message, plurals: int) -> Fault | None:
    forms = _forms(message.string)
    if message.fuzzy:
        return "fuzzy"
    if len(forms) != (plurals if len(sentence) > 1 else 1) or not all(forms):
        return "untranslated"
    wanted = _placeholders(sentence[-1])
    return None if all(_placeholders(form) == wanted for form in forms) else "placeholders"


def _forms(words: str | list[str] | tuple[str, ...] | None) -> Sentence:
    return (words,) if isinstance(words, str) else tuple(words or ())


def _placeholders(words: str) -> frozenset[str] | None:
    """Names in braces; None where the braces are no placeholders at all."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)
    except ValueError:
        return None


def main() -> int:
    """Lists the problems, one a line; the exit code tells whether there are any."""
    found = problems()
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
