"""Messages while nothing is asked: offered to be passed on to whoever is responsible for this person."""

from collections.abc import Mapping, Sequence

from aiogram.types import CallbackQuery, Message, User

from handlers.attachments import MEGABYTE, files_of
from handlers.buttons import RemarkButton, write
from handlers.desk import Desk
from handlers.notices import sentence
from handlers.old_buttons import beside, place_of, unknown
from handlers.received import received
from handlers.replies import Call, Keyboard, Replies, Toast, button, message
from surveys import remarks
from surveys.attachments import LARGEST, Attachment, Kind
from surveys.directory import Person, Stakeholder
from surveys.locales import translations
from surveys.questionnaire import Language
from surveys.remarks import RemarkFull, RemarkGone, pieces
from surveys.typed import clean

NAME, LABEL, CHOICES = 100, 40, 50
SENDING: Mapping[Kind, tuple[str, str]] = {
    "voice": ("sendVoice", "voice"),
    "video_note": ("sendVideoNote", "video_note"),
    "photo": ("sendPhoto", "photo"),
    "document": ("sendDocument", "document"),
    "sticker": ("sendSticker", "sticker"),
    "video": ("sendVideo", "video"),
    "audio": ("sendAudio", "audio"),
}
WITHOUT_WORDS = {"sticker", "video_note"}


async def hear(desk: Desk, said: Message, user: User) -> bool:
    """Offers to pass the message on; False where there is nobody whose it could be, or nothing in it."""
    person = await desk.uow.people.by_telegram(user.id)
    words, files = clean(said.text or said.caption or ""), files_of(said)
    if person is None or desk.rules.access.is_staff(user.id):
        return False
    if files.too_large and desk.albums.is_first(said):
        await desk.say(user, "file_too_large", {"limit": LARGEST // MEGABYTE})
    if not words and not files.kept:
        return files.too_large
    try:
        draft = await remarks.hear(desk.uow, person, words, files.kept, said.media_group_id, desk.now)
        if draft is not None:
            await _say(desk, user, "pass_on", draft=draft.id)
    except RemarkFull as full:
        await _say(desk, user, full.code, draft=full.values["draft"])
    return True


async def press(desk: Desk, query: CallbackQuery, pressed: RemarkButton) -> Replies:
    """Yes, no, or a project."""
    person = await desk.uow.people.by_telegram(query.from_user.id)
    if person is None:
        return await unknown(desk, query)
    try:
        code, more = await _settled(desk, person, pressed)
    except RemarkGone as gone:
        note = await desk.sentence(query.from_user, gone.code)
        return [Toast(query.id, note), *await beside(desk, query)]
    await _say(desk, query.from_user, code, message_id=place_of(query), **more)
    return [Toast(query.id), *await beside(desk, query)]


async def _settled(desk: Desk, person: Person, pressed: RemarkButton) -> tuple[str, Mapping[str, object]]:
    """What the person is told, and what that is about. Raises RemarkGone."""
    if not pressed.yes:
        await remarks.decline(desk.uow, person, pressed.draft_id, desk.now)
        return "not_passed_on", {}
    loop = desk.cases.loop
    kept = await remarks.pass_on(desk.uow, desk.rules, loop, person, pressed.draft_id, pressed.project_id, desk.now)
    return ("which_project", {"draft": pressed.draft_id, "person": person.id}) if kept is None else ("passed_on", {})


async def _say(desk: Desk, user: User, code: str, **more: object) -> None:
    payload = {"say": code, "language": await desk.language(user), **more}
    await desk.uow.deliveries.add(user.id, "remark_said", payload, at=desk.now)


def reply(chat_id: int, payload: Mapping[str, object], places: Sequence[Stakeholder]) -> Call:
    """What the person is asked and told, in the place of what stood there before. `places`: to choose from."""
    code, language = str(payload["say"]), str(payload["language"])
    place = payload.get("message_id")
    keyboard: Keyboard = ()
    if draft := payload.get("draft"):
        draft_id = int(str(draft))
        keyboard = _projects(draft_id, places, language) if places else _yes_or_no(draft_id, language)
    return message(chat_id, sentence(code, language), keyboard, edit=place if isinstance(place, int) else None)


def _yes_or_no(draft_id: int, language: Language) -> Keyboard:
    t = translations("bot", language).gettext
    return [
        [button(t("Pass it on"), write(RemarkButton(draft_id, True)))],
        [button(t("No"), write(RemarkButton(draft_id, False)))],
    ]


def _projects(draft_id: int, places: Sequence[Stakeholder], language: Language) -> Keyboard:
    """Named by the project; where several are called alike, by the account as well."""
    names = [one.project.name for one in places]
    rows = []
    for one in places[:CHOICES]:
        alike = names.count(one.project.name) > 1
        label = f"{one.account.name}: {one.project.name}" if alike else one.project.name
        rows.append([button(cut(label, LABEL), write(RemarkButton(draft_id, True, one.project.id)))])
    refusal = translations("bot", language).gettext("No")
    return [*rows, [button(refusal, write(RemarkButton(draft_id, False)))]]


def letter(chat_id: int, about: Mapping[str, object], roles: Sequence[str], piece: int, language: Language) -> Call:
    """A piece of what a client said, for the manager: plain text, whatever it holds. The first piece tells of whom."""
    text, files = about["text"], about["files"]
    words = pieces(text if isinstance(text, str) else None)[piece]
    if piece:
        return message(chat_id, words)
    t = translations("bot", language).gettext
    lines = [t("A client asks to pass this on:"), signature(about, roles), "", words]
    if isinstance(files, Mapping) and files:
        lines += ["", t("With it: {files}").format(files=received(files.values(), language))]
    return message(chat_id, "\n".join(lines).replace("\n\n\n", "\n\n"))


def enclosure(chat_id: int, about: Mapping[str, object], roles: Sequence[str], file: Attachment) -> Call:
    """A file of it."""
    method, name = SENDING[file.kind]
    words = {} if file.kind in WITHOUT_WORDS else {"caption": signature(about, roles)}
    return Call(method, {"chat_id": chat_id, name: file.file_id, **words})


def signature(about: Mapping[str, object], roles: Sequence[str]) -> str:
    """Who, in which role, about which project."""
    known = (about["person"], ", ".join(roles), about["account"], about["project"])
    return " · ".join(cut(str(one), NAME) for one in known if one)


def cut(text: str, longest: int) -> str:
    """The text, or its beginning.

    >>> cut("Rolling mill", 8)
    'Rolling…'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
