"""What every life would have to do anew is done once, in the process that they are forked from.

Imported by that process, and nowhere else: importing it is work.
"""

import gc

import pytest

from surveys.authoring.source import parse
from surveys.locales import translations
from tests.chaos import life

IMPORTED = (pytest, life)
READ = parse("read: once")
SPOKEN = [translations("bot", language) for language in ("ru", "en", "uk")]

gc.collect()
gc.freeze()
