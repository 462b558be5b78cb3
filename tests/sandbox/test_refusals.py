"""What Telegram refuses, the sandbox refuses, in the same words."""

import io
from typing import Any

import pytest
from PIL import Image

from sandbox.people import Person
from sandbox.server import Sandbox

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TEXT = {"chat_id": 1001, "text": "Привет"}
EDIT = {"chat_id": 1001, "message_id": 2}


def keyboard(*buttons: object) -> dict[str, object]:
    return {"inline_keyboard": [list(buttons)]}


def command(**fields: object) -> dict[str, object]:
    return {"commands": [{"command": "start", "description": "Начать"} | fields]}


REFUSED: list[tuple[str, dict[str, object], str]] = [
    ("sendMessage", {"text": "Привет"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 1001}, "message text is empty"),
    ("sendMessage", TEXT | {"text": ""}, "message text is empty"),
    ("sendMessage", TEXT | {"text": " \n "}, "text must be non-empty"),
    ("sendMessage", TEXT | {"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ("sendMessage", TEXT | {"text": "ы" * 4097}, "message is too long"),
    ("sendMessage", TEXT | {"text": "😀" * 2049}, "message is too long"),
    ("sendMessage", TEXT | {"chat_id": 5}, "chat not found"),
    ("sendMessage", TEXT | {"chat_id": "@ann"}, "chat not found"),
    ("sendMessage", TEXT | {"parse_mode": "BBCode"}, "unsupported parse_mode"),
    ("sendMessage", TEXT | {"txet": "Привет"}, 'unknown parameter "txet" of sendMessage'),
    ("sendMessage", TEXT | {"text": 5}, 'parameter "text" must be a String'),
    ("sendMessage", TEXT | {"text": "\ud800"}, "strings must be encoded in UTF-8"),
    ("sendMessage", TEXT | {"protect_content": "perhaps"}, 'parameter "protect_content" must be a Boolean'),
    ("sendMessage", TEXT | {"entities": "{}"}, 'parameter "entities" must be an Array'),
    ("sendMessage", TEXT | {"entities": [{"type": "loud"}]}, "can't parse MessageEntity: unsupported type specified"),
    (
        "sendMessage",
        TEXT | {"entities": [{"type": "bold", "offset": 3, "length": 9}]},
        "entity beginning at UTF-16 offset 3 ends after the end of the text",
    ),
    ("sendMessage", TEXT | {"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ("sendMessage", TEXT | {"reply_markup": "[["}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", TEXT | {"reply_markup": "[" * 100_000}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", TEXT | {"reply_markup": "[]"}, "object expected as reply markup"),
    ("sendMessage", TEXT | {"reply_markup": {"keyboard": []}}, "only inline keyboards are supported here"),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [{}]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard({"text": "Да"})},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard({"callback_data": "y"})},
        'can\'t parse inline keyboard button: Field "text" must be of type String',
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard({"text": " ", "callback_data": "y"})},
        "inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard({"text": "Да", "callback_data": "ы" * 33})},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard({"text": "Да", "url": "javascript:alert(1)"})},
        "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": keyboard(*[{"text": "Да", "callback_data": "y"}] * 9)},
        "reply markup is too long",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]] * 101}},
        "reply markup is too long",
    ),
    ("editMessageText", {"chat_id": 1001, "text": "Два"}, "message identifier is not specified"),
    ("editMessageText", EDIT | {"message_id": 99, "text": "Два"}, "message to edit not found"),
    ("editMessageText", EDIT | {"message_id": 1, "text": "Два"}, "message can't be edited"),
    ("editMessageText", EDIT | {"text": "Один"}, NOT_MODIFIED),
    ("editMessageText", EDIT | {"text": "ы" * 4097}, "MESSAGE_TOO_LONG"),
    ("editMessageText", EDIT | {"message_id": "two", "text": "Два"}, 'parameter "message_id" must be an Integer'),
    ("editMessageReplyMarkup", EDIT, NOT_MODIFIED),
    ("editMessageCaption", EDIT | {"caption": "Подпись"}, "there is no caption in the message to edit"),
    ("editMessageText", EDIT | {"message_id": 4, "text": "Два"}, "there is no text in the message to edit"),
    ("editMessageMedia", EDIT, "media is empty"),
    (
        "editMessageMedia",
        EDIT | {"media": {"type": "video", "media": "document-1"}},
        'can\'t parse InputMedia: type "video" is not supported here',
    ),
    ("deleteMessage", EDIT | {"message_id": 99}, "message to delete not found"),
    ("deleteMessages", {"chat_id": 1001, "message_ids": [1] * 101}, "too many message identifiers specified"),
    ("answerCallbackQuery", {}, TOO_OLD),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "ы" * 201}, "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", {"callback_query_id": "1", "url": "https://example.org"}, "URL_INVALID"),
    ("sendDocument", {"chat_id": 1001}, "there is no document in the request"),
    ("sendDocument", {"chat_id": 1001, "document": "attach://x"}, "there is no document in the request"),
    ("sendDocument", {"chat_id": 1001, "document": "nothing"}, "wrong file identifier/HTTP URL specified"),
    (
        "sendDocument",
        {"chat_id": 1001, "document": "https://example.org/a.pdf"},
        "failed to get HTTP URL content",
    ),
    ("sendPhoto", {"chat_id": 1001, "photo": "document-1"}, "can't use file of type Document as Photo"),
    (
        "sendDocument",
        {"chat_id": 1001, "document": "document-1", "caption": "ы" * 1025},
        "message caption is too long",
    ),
    ("sendChatAction", {"chat_id": 1001, "action": "dancing"}, "wrong parameter action in request"),
    ("getFile", {"file_id": "nothing"}, "wrong file_id or the file is temporarily unavailable"),
    ("getChat", {"chat_id": 5}, "chat not found"),
    ("getChatMember", {"chat_id": 1001, "user_id": 5}, "member not found"),
    ("leaveChat", {"chat_id": 1001}, "chat member status can't be changed in private chats"),
    ("setMyCommands", {}, "can't parse commands JSON object"),
    ("setMyCommands", command(command="Старт"), "BOT_COMMAND_INVALID"),
    ("setMyCommands", command(command="/"), "command must be non-empty"),
    ("setMyCommands", command(command="x" * 33), "BOT_COMMAND_INVALID"),
    ("setMyCommands", command(description=" "), "command description must be non-empty"),
    ("setMyCommands", command(description="ы" * 257), "command description length must not exceed 256"),
    ("setMyCommands", {"commands": command()["commands"] * 101}, "too many commands specified"),
    ("setMyCommands", command() | {"language_code": "rus"}, "invalid language code specified"),
    (
        "setMyCommands",
        command() | {"scope": {"type": "mine"}},
        "can't parse BotCommandScope: unsupported type specified",
    ),
    ("setMyCommands", command() | {"scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ("setMyDescription", {"description": "ы" * 513}, "description length must not exceed 512"),
    ("setMyShortDescription", {"short_description": "ы" * 121}, "short description length must not exceed 120"),
    ("setChatMenuButton", {"menu_button": {"type": "web"}}, "can't parse menu button: MenuButton has unsupported type"),
    ("getUpdates", {"limit": 0}, 'parameter "limit" must be from 1 to 100'),
    ("getUpdates", {"limit": 101}, 'parameter "limit" must be from 1 to 100'),
    ("setWebhook", {"url": "http://example.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "http://127.0.0.1", "secret_token": "да"}, "secret token contains unallowed characters"),
    (
        "setWebhook",
        {"url": "http://127.0.0.1", "max_connections": 101},
        'parameter "max_connections" must be from 1 to 100',
    ),
]


@pytest.fixture
async def talk(call: Any, ann: Person) -> None:
    """Message 2 is a text of the bot, message 4 its document; file `document-1` is known."""
    await call("sendMessage", chat_id=1001, text="Один")
    await ann.send_document("a.txt", b"1")
    await call("sendDocument", chat_id=1001, document="document-1")


@pytest.mark.parametrize(("method", "params", "reason"), REFUSED)
async def test_a_wrong_call_is_refused_in_words(
    call: Any, talk: None, method: str, params: dict[str, object], reason: str
) -> None:
    status, answer = await call(method, **params)
    assert (status, answer) == (400, {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"})


async def test_the_longest_allowed_are_let_through(call: Any, ann: Person) -> None:
    """4096 characters count after the markup is read, and in UTF-16."""
    status, _ = await call("sendMessage", chat_id=1001, text=f"<b>{'ы' * 4094}😀</b>", parse_mode="HTML")
    assert status == 200
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y" * 64}] * 8] * 12}
    status, _ = await call("sendMessage", chat_id=1001, text="Да?", reply_markup=markup)
    assert status == 200


async def test_what_is_not_a_picture_is_no_photo(sandbox: Sandbox, base: str, http: Any, ann: Person) -> None:
    thin = io.BytesIO()
    Image.new("RGB", (2100, 100)).save(thin, "PNG")
    for data, reason in ((b"text", "IMAGE_PROCESS_FAILED"), (thin.getvalue(), "PHOTO_INVALID_DIMENSIONS")):
        form = {"chat_id": "1001", "photo": io.BytesIO(data)}
        async with http.post(f"{base}/bot4242:abcDEF-_1/sendPhoto", data=form) as response:
            assert (await response.json())["description"] == f"Bad Request: {reason}"


async def test_an_empty_file_is_refused(base: str, http: Any, ann: Person) -> None:
    form = {"chat_id": "1001", "document": io.BytesIO(b"")}
    async with http.post(f"{base}/bot4242:abcDEF-_1/sendDocument", data=form) as response:
        assert (await response.json())["description"] == "Bad Request: file must be non-empty"


async def test_a_bot_cannot_speak_first(sandbox: Sandbox, call: Any) -> None:
    ann = sandbox.person(1001, "Анна", "ru")
    status, answer = await call("sendMessage", **TEXT)
    assert (status, answer["description"]) == (400, "Bad Request: chat not found")
    await sandbox.group(-5, "Проект").add_bot(ann)
    status, answer = await call("sendMessage", **TEXT)
    assert (status, answer["description"]) == (403, "Forbidden: bot can't initiate conversation with a user")
    await ann.send("/start")
    assert (await call("sendMessage", **TEXT))[0] == 200


async def test_who_blocked_the_bot_or_left_hears_nothing(call: Any, ann: Person) -> None:
    await ann.block()
    status, answer = await call("sendMessage", **TEXT)
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    await ann.unblock()
    assert (await call("sendMessage", **TEXT))[0] == 200
    await ann.deactivate()
    status, answer = await call("sendMessage", **TEXT)
    assert (status, answer["description"]) == (403, "Forbidden: user is deactivated")


async def test_a_group_that_became_a_supergroup_says_where_it_is_now(sandbox: Sandbox, call: Any, ann: Person) -> None:
    group = sandbox.group(-5, "Проект")
    await group.add_bot(ann)
    group.migrate(ann, -1005)
    status, answer = await call("sendMessage", chat_id=-5, text="слова")
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": -1005})


async def test_a_group_that_removed_the_bot_is_closed_to_it(sandbox: Sandbox, call: Any, ann: Person) -> None:
    group = sandbox.group(-5, "Проект")
    await group.add_bot(ann)
    assert (await call("sendMessage", chat_id=-5, text="Всем привет"))[0] == 200
    await group.remove_bot(ann)
    status, answer = await call("sendMessage", chat_id=-5, text="Всем привет")
    assert (status, answer["description"]) == (403, "Forbidden: bot was kicked from the group chat")


async def test_two_days_later_a_message_stays(call: Any, clock: Any, ann: Person) -> None:
    await call("sendMessage", **TEXT)
    clock.move(hours=48, seconds=1)
    _, answer = await call("deleteMessage", chat_id=1001, message_id=2)
    assert answer["description"] == "Bad Request: message can't be deleted for everyone"


async def test_a_press_goes_stale(call: Any, clock: Any, ann: Person) -> None:
    await call("sendMessage", **TEXT, reply_markup=keyboard({"text": "Да", "callback_data": "y"}))
    query_id = await ann.press("Да")
    clock.move(minutes=15, seconds=1)
    _, answer = await call("answerCallbackQuery", callback_query_id=query_id)
    assert answer["description"] == f"Bad Request: {TOO_OLD}"
