"""The sentences of the interface: gettext catalogues, a domain for each room that speaks to people.

A sentence in the code is its English wording, with {placeholders} for str.format; catalogues are the PO files
themselves, compiled when first needed.
"""

import gettext
import io
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def translations(domain: str, language: str) -> gettext.NullTranslations:
    """The sentences of a domain ("bot", "reports") in a language; in English where there is no catalogue."""
    source = HERE / language / "LC_MESSAGES" / f"{domain}.po"
    return _compiled(source, language) if source.is_file() else gettext.NullTranslations()


def N_(words: str) -> str:  # noqa: N802 - the mark gettext's tools look for
    """Marks a sentence that is looked up elsewhere than where it stands."""
    return words


def _compiled(source: Path, language: str) -> gettext.GNUTranslations:
    # Only who speaks to people pays for the import.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
