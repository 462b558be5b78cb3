"""Methods that write into chats: send, edit, delete, answer."""

from collections.abc import Callable
from typing import Any

from telegram import LinkPreviewOptions, Message
from telegram.constants import CallbackQueryLimit, ChatAction, MessageLimit

from sandbox.calls import Call
from sandbox.entities import Formatted, formatted
from sandbox.errors import bad_request
from sandbox.files import FOLDERS, audio, document, photo_sizes, sticker, video, video_note, voice
from sandbox.keyboard import inline_keyboard
from sandbox.markup import utf16_length
from sandbox.rooms import Room, wire
from sandbox.world import CallbackAnswer, World

DELETABLE_SECONDS = 48 * 3600
TYPING_SECONDS = 5
EMPTY: dict[str, Any] = dict.fromkeys(("text", "entities", *FOLDERS))


def send_message(world: World, call: Call) -> object:
    room = _writable(world, call)
    content = _text(call, "message is too long")
    return wire(world.post(room, world.bot, text=content.text, entities=content.entities, **_extras(room, call)))


def send_photo(world: World, call: Call) -> object:
    return _send_file(world, call, "photo", lambda file: photo_sizes(file))


def send_document(world: World, call: Call) -> object:
    return _send_file(world, call, "document", lambda file: document(file))


def send_voice(world: World, call: Call) -> object:
    return _send_file(world, call, "voice", lambda file: voice(file, call.args.get("duration", 0)))


def send_video(world: World, call: Call) -> object:
    return _send_file(world, call, "video", lambda file: video(file, call.args.get("duration", 0)))


def send_video_note(world: World, call: Call) -> object:
    return _send_file(world, call, "video_note", lambda file: video_note(file, call.args.get("duration", 0)))


def send_audio(world: World, call: Call) -> object:
    return _send_file(world, call, "audio", lambda file: audio(file, call.args.get("duration", 0)))


def send_sticker(world: World, call: Call) -> object:
    return _send_file(world, call, "sticker", lambda file: sticker(file))


def send_chat_action(world: World, call: Call) -> object:
    room = _writable(world, call)
    if call.args["action"] not in set(map(str, ChatAction)):
        raise bad_request("wrong parameter action in request")
    world.feed.publish("typing", chat_id=room.chat.id, seconds=TYPING_SECONDS)
    return True


def edit_message_text(world: World, call: Call) -> object:
    room, message = _editable(world, call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    content = _text(call, "MESSAGE_TOO_LONG")
    return _revise(world, room, message, call, text=content.text, entities=content.entities)


def edit_message_caption(world: World, call: Call) -> object:
    room, message = _editable(world, call)
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    return _revise(world, room, message, call, **_caption(call.args, "MEDIA_CAPTION_TOO_LONG"))


def edit_message_media(world: World, call: Call) -> object:
    room, message = _editable(world, call)
    media = call.args["media"]
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is not supported here')
    file = world.files.named(kind, str(media.get("media", "")), call.uploads)
    attached = photo_sizes(file) if kind == "photo" else document(file)
    caption = _caption(media, "MEDIA_CAPTION_TOO_LONG")
    return _revise(world, room, message, call, **(EMPTY | {kind: attached} | caption))


def edit_message_reply_markup(world: World, call: Call) -> object:
    room, message = _editable(world, call)
    return _revise(world, room, message, call, mark=False)


def delete_message(world: World, call: Call) -> object:
    room = world.room(call.chat_id)
    message = room.posts.get(call.args["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if (world.clock() - message.date).total_seconds() > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    world.remove(room, message)
    return True


def delete_messages(world: World, call: Call) -> object:
    """As in Telegram, messages that are not there are skipped."""
    room = world.room(call.chat_id)
    if len(call.args["message_ids"]) > 100:
        raise bad_request("too many message identifiers specified")
    for message_id in call.args["message_ids"]:
        if message := room.posts.get(message_id):
            world.remove(room, message)
    return True


def answer_callback_query(world: World, call: Call) -> object:
    text = call.args.get("text", "")
    if utf16_length(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.args.get("url")
    if url and f"t.me/{world.bot.username}?start=" not in url:
        raise bad_request("URL_INVALID")
    world.answer(call.args["callback_query_id"], CallbackAnswer(text, call.args.get("show_alert", False), url))
    return True


def _writable(world: World, call: Call) -> Room:
    found = world.rooms.get(call.chat_id)
    if found is None:
        raise bad_request("chat not found")
    found.check_writable()
    return found


def _editable(world: World, call: Call) -> tuple[Room, Message]:
    room = _writable(world, call)
    message = room.posts.get(call.args["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.from_user != world.bot:
        raise bad_request("message can't be edited")
    return room, message


def _text(call: Call, too_long: str) -> Formatted:
    content = formatted(call.args["text"], call.args.get("parse_mode"), call.args.get("entities", ()))
    if not content.text:
        raise bad_request("text must be non-empty")
    if utf16_length(content.text) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request(too_long)
    return content


def _caption(args: Any, too_long: str) -> dict[str, Any]:
    content = formatted(args.get("caption", ""), args.get("parse_mode"), args.get("caption_entities", ()))
    if utf16_length(content.text) > MessageLimit.CAPTION_LENGTH:
        raise bad_request(too_long)
    return {"caption": content.text or None, "caption_entities": content.entities}


def _markup(call: Call) -> Any:
    return inline_keyboard(call.args["reply_markup"]) if "reply_markup" in call.args else None


def _extras(room: Room, call: Call) -> dict[str, Any]:
    preview = call.args.get("link_preview_options")
    return {
        "reply_markup": _markup(call),
        "has_protected_content": call.args.get("protect_content") or None,
        "link_preview_options": LinkPreviewOptions.de_json(preview, None) if preview else None,
        "reply_to": _replied(room, call.args.get("reply_parameters")),
    }


def _replied(room: Room, parameters: dict[str, object] | None) -> Message | None:
    if parameters is None:
        return None
    message_id = parameters.get("message_id")
    found = room.posts.get(message_id) if isinstance(message_id, int) else None
    if found is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _send_file(world: World, call: Call, kind: str, describe: Callable[[Any], Any]) -> object:
    room = _writable(world, call)
    file = world.files.named(kind, call.args[kind], call.uploads)
    content = {kind: describe(file)} | _caption(call.args, "message caption is too long")
    return wire(world.post(room, world.bot, **content, **_extras(room, call)))


def _revise(world: World, room: Room, message: Message, call: Call, *, mark: bool = True, **changes: Any) -> object:
    after = changes | {"reply_markup": _markup(call)}
    if all(_same(getattr(message, name), value) for name, value in after.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    return wire(world.revise(room, message, mark=mark, **after))


def _same(before: object, after: object) -> bool:
    return before == after or (not before and not after)
