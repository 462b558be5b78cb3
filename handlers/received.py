"""How people are told that their files arrived."""

from collections import Counter
from collections.abc import Iterable

from surveys.attachments import Attachment
from surveys.locales import N_, translations
from surveys.questionnaire import Language

NAMES = {
    "voice": N_("voice message"),
    "video_note": N_("video message"),
    "photo": N_("photo"),
    "document": N_("file"),
    "sticker": N_("sticker"),
    "video": N_("video"),
    "audio": N_("audio"),
}


def received(attachments: Iterable[Attachment], language: Language) -> str:
    """The files in words.

    >>> received([Attachment("photo", "f", "u"), Attachment("photo", "g", "v"), Attachment("voice", "h", "w")], "en")
    'photo (2), voice message'
    """
    t = translations("bot", language).gettext
    counted = Counter(one.kind for one in attachments)
    return ", ".join(t(NAMES[kind]) + (f" ({number})" if number > 1 else "") for kind, number in counted.items())
