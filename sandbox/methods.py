"""Every method the sandbox answers, as data: what it takes, what carries it out."""

from sandbox import profile, talking
from sandbox.calls import Method
from sandbox.params import Kind, boolean, chat, integer, integers, json_array, json_object, string

CHAT: dict[str, Kind] = {"chat_id": chat}
MESSAGE = CHAT | {"message_id": integer}
MARKUP: dict[str, Kind] = {"reply_markup": json_object}
TEXT: dict[str, Kind] = {"parse_mode": string, "entities": json_array, "link_preview_options": json_object}
CAPTION: dict[str, Kind] = {"caption": string, "parse_mode": string, "caption_entities": json_array}
LANGUAGE: dict[str, Kind] = {"language_code": string}
AUDIENCE = LANGUAGE | {"scope": json_object}
SENDING = MARKUP | {"disable_notification": boolean, "protect_content": boolean, "reply_parameters": json_object}

METHODS = {
    "getMe": Method(profile.get_me),
    "sendMessage": Method(talking.send_message, CHAT | {"text": string}, SENDING | TEXT, sends=True),
    "sendPhoto": Method(talking.send_photo, CHAT | {"photo": string}, SENDING | CAPTION, sends=True),
    "sendDocument": Method(
        talking.send_document,
        CHAT | {"document": string},
        SENDING | CAPTION | {"disable_content_type_detection": boolean},
        sends=True,
    ),
    "sendVoice": Method(
        talking.send_voice, CHAT | {"voice": string}, SENDING | CAPTION | {"duration": integer}, sends=True
    ),
    "sendVideo": Method(
        talking.send_video, CHAT | {"video": string}, SENDING | CAPTION | {"duration": integer}, sends=True
    ),
    "sendAudio": Method(
        talking.send_audio, CHAT | {"audio": string}, SENDING | CAPTION | {"duration": integer}, sends=True
    ),
    "sendVideoNote": Method(
        talking.send_video_note, CHAT | {"video_note": string}, SENDING | {"duration": integer}, sends=True
    ),
    "sendSticker": Method(talking.send_sticker, CHAT | {"sticker": string}, SENDING, sends=True),
    "sendChatAction": Method(talking.send_chat_action, CHAT | {"action": string}),
    "editMessageText": Method(talking.edit_message_text, MESSAGE | {"text": string}, MARKUP | TEXT),
    "editMessageCaption": Method(talking.edit_message_caption, MESSAGE, MARKUP | CAPTION),
    "editMessageMedia": Method(talking.edit_message_media, MESSAGE | {"media": json_object}, MARKUP),
    "editMessageReplyMarkup": Method(talking.edit_message_reply_markup, MESSAGE, MARKUP),
    "deleteMessage": Method(talking.delete_message, MESSAGE),
    "deleteMessages": Method(talking.delete_messages, CHAT | {"message_ids": integers}),
    "answerCallbackQuery": Method(
        talking.answer_callback_query,
        {"callback_query_id": string},
        {"text": string, "show_alert": boolean, "url": string, "cache_time": integer},
    ),
    "getChat": Method(profile.get_chat, CHAT),
    "getChatMember": Method(profile.get_chat_member, CHAT | {"user_id": integer}),
    "leaveChat": Method(profile.leave_chat, CHAT),
    "getFile": Method(profile.get_file, {"file_id": string}),
    "setMyCommands": Method(profile.set_my_commands, {"commands": json_array}, AUDIENCE),
    "getMyCommands": Method(profile.get_my_commands, {}, AUDIENCE),
    "deleteMyCommands": Method(profile.delete_my_commands, {}, AUDIENCE),
    "setMyDescription": Method(profile.set_my_description, {}, LANGUAGE | {"description": string}),
    "getMyDescription": Method(profile.get_my_description, {}, LANGUAGE),
    "setMyShortDescription": Method(profile.set_my_short_description, {}, LANGUAGE | {"short_description": string}),
    "getMyShortDescription": Method(profile.get_my_short_description, {}, LANGUAGE),
    "setChatMenuButton": Method(profile.set_chat_menu_button, {}, CHAT | {"menu_button": json_object}),
    "getChatMenuButton": Method(profile.get_chat_menu_button, {}, CHAT),
}
