"""What a handler returns: the replies that a person is waiting for and that may be drawn again, but not kept.

`trace`: the update or event that brought it about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.trace import TRACE

Keyboard = Sequence[Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class File:
    """What is uploaded. `kind`: its media type."""

    name: str
    data: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Call:
    """A Bot API method and its parameters, JSON values. `files`: uploaded with it, by the parameter they are."""

    method: str
    params: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """The card of an interview as of `turn`, HTML.

    `message_id`: where the card was last known to be. It is edited there, or, when it is to come `below`,
    loses its buttons and a new message takes its place. `paced`: nobody waits for it, so it takes its turn.
    `in_place`: it is edited where it is, or, if that cannot be, it is not shown: no news is in it.
    `silent`: as a new message it arrives without a sound. `stale`: another message that loses its buttons then.
    """

    interview_id: str
    turn: int
    chat_id: int
    message_id: int | None
    text: str
    keyboard: Keyboard = ()
    below: bool = False
    paced: bool = False
    in_place: bool = False
    silent: bool = False
    stale: int | None = None
    trace: str | None = field(default_factory=TRACE.get, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a pressed button: it stops waiting, and shows `text`, if any, for a moment."""

    callback_id: str
    text: str | None = None
    trace: str | None = field(default_factory=TRACE.get, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Acting:
    """What the bot is at for the next moments, under its name in the chat: "upload_photo" and the like."""

    chat_id: int
    action: str
    trace: str | None = field(default_factory=TRACE.get, compare=False, repr=False)


Reply = ShowCard | Toast | Acting
Replies = Sequence[Reply]


def button(text: str, data: str) -> Mapping[str, object]:
    """A button under a message; `data` takes 64 bytes at most."""
    return {"text": text, "callback_data": data}


def toast(reply: Toast) -> Call:
    """As a Bot API call."""
    text = {} if reply.text is None else {"text": reply.text[:200]}
    return Call("answerCallbackQuery", {"callback_query_id": reply.callback_id, **text})


def acting(reply: Acting) -> Call:
    """As a Bot API call."""
    return Call("sendChatAction", {"chat_id": reply.chat_id, "action": reply.action})


def message(
    chat_id: int,
    text: str,
    keyboard: Keyboard = (),
    *,
    edit: int | None = None,
    html: bool = False,
    silent: bool = False,
) -> Call:
    """A message, new or in place of the message `edit`. `silent`: a new one arrives without a sound."""
    markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
    mode = {"parse_mode": "HTML"} if html else {}
    place = {} if edit is None else {"message_id": edit}
    quiet = {"link_preview_options": {"is_disabled": True}}
    mute = {"disable_notification": True} if silent and edit is None else {}
    method = "sendMessage" if edit is None else "editMessageText"
    return Call(method, {"chat_id": chat_id, **place, "text": text, **mode, **quiet, **mute, **markup})


def afresh(call: Call) -> Call | None:
    """An edited message as a new one; None for any other call."""
    if call.method != "editMessageText":
        return None
    return Call("sendMessage", {name: value for name, value in call.params.items() if name != "message_id"})


def strip(chat_id: int, message_id: int) -> Call:
    """Takes the buttons away from a message."""
    return Call("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})
