"""Methods about the bot itself, chats and files."""

import re
from collections.abc import Mapping
from typing import Any

from telegram import (
    AcceptedGiftTypes,
    BotCommand,
    ChatFullInfo,
    ChatMemberLeft,
    ChatMemberMember,
    File,
    User,
)
from telegram.constants import BotCommandLimit, BotCommandScopeType, BotDescriptionLimit, ChatType, FileSizeLimit

from sandbox.calls import Call
from sandbox.errors import bad_request
from sandbox.rooms import Room, Standing, wire
from sandbox.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
SCOPES_WITH_CHAT = (BotCommandScopeType.CHAT, BotCommandScopeType.CHAT_ADMINISTRATORS, BotCommandScopeType.CHAT_MEMBER)


def get_me(world: World, call: Call) -> object:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return wire(world.bot) | abilities


def get_chat(world: World, call: Call) -> object:
    chat = world.room(call.chat_id).chat
    return wire(
        ChatFullInfo(
            chat.id,
            chat.type,
            accent_color_id=0,
            max_reaction_count=11,
            accepted_gift_types=AcceptedGiftTypes(True, True, True, True, True),
            title=chat.title,
            username=chat.username,
            first_name=chat.first_name,
        )
    )


def get_chat_member(world: World, call: Call) -> object:
    room = world.room(call.chat_id)
    user = {**room.members, world.bot.id: world.bot}.get(call.args["user_id"])
    if user is None:
        raise bad_request("member not found")
    inside = user != world.bot or room.standing is Standing.OPEN
    return wire(ChatMemberMember(user) if inside else ChatMemberLeft(user))


def leave_chat(world: World, call: Call) -> object:
    room = world.room(call.chat_id)
    if room.chat.type == ChatType.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    room.check_writable()
    room.standing = Standing.REMOVED
    room.members.pop(world.bot.id, None)
    return True


def get_file(world: World, call: Call) -> object:
    stored = world.files.by_id.get(call.args["file_id"])
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise bad_request("file is too big")
    return wire(File(stored.file_id, stored.unique_id, len(stored.data), stored.path))


def set_my_commands(world: World, call: Call) -> object:
    commands = call.args["commands"]
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad_request("too many commands specified")
    world.profile.commands[_audience(world, call)] = tuple(_command(item) for item in commands)
    world.feed.publish("commands")
    return True


def get_my_commands(world: World, call: Call) -> object:
    return [wire(command) for command in world.profile.commands.get(_audience(world, call), ())]


def delete_my_commands(world: World, call: Call) -> object:
    world.profile.commands.pop(_audience(world, call), None)
    world.feed.publish("commands")
    return True


def set_my_description(world: World, call: Call) -> object:
    _keep(world.profile.description, call, "description", BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
    world.feed.publish("commands")
    return True


def get_my_description(world: World, call: Call) -> object:
    return {"description": world.profile.description.get(_language(call), "")}


def set_my_short_description(world: World, call: Call) -> object:
    limit = BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    _keep(world.profile.short_description, call, "short_description", limit)
    return True


def get_my_short_description(world: World, call: Call) -> object:
    return {"short_description": world.profile.short_description.get(_language(call), "")}


def set_chat_menu_button(world: World, call: Call) -> object:
    button = call.args.get("menu_button", {"type": "default"})
    if button.get("type") not in ("default", "commands"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    world.profile.menu_buttons[_private_chat(world, call)] = button
    return True


def get_chat_menu_button(world: World, call: Call) -> object:
    chosen = world.profile.menu_buttons
    default = chosen.get(None, {"type": "commands"})
    return dict(chosen.get(_private_chat(world, call), default))


def commands_for(world: World, room: Room, user: User) -> tuple[BotCommand, ...]:
    """The command menu a person sees: the narrowest scope that has one, in their language or the common one."""
    private = room.chat.type == ChatType.PRIVATE
    everyone = BotCommandScopeType.ALL_PRIVATE_CHATS if private else BotCommandScopeType.ALL_GROUP_CHATS
    scopes = (f"chat:{room.chat.id}", str(everyone), str(BotCommandScopeType.DEFAULT))
    keys = ((scope, language) for scope in scopes for language in (user.language_code or "", ""))
    return next((found for key in keys if (found := world.profile.commands.get(key))), ())


def _command(data: object) -> BotCommand:
    if not isinstance(data, Mapping):
        raise bad_request("can't parse BotCommand: expected an Object")
    command, description = data.get("command"), data.get("description")
    if not isinstance(command, str) or not isinstance(description, str):
        raise bad_request('can\'t parse BotCommand: field "command" and "description" must be of type String')
    name = command.removeprefix("/")
    if not name:
        raise bad_request("command must be non-empty")
    if not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description) > BotCommandLimit.MAX_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {int(BotCommandLimit.MAX_DESCRIPTION)}")
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return BotCommand(name, description.strip())


def _audience(world: World, call: Call) -> tuple[str, str]:
    scope = call.args.get("scope", {"type": "default"})
    kind = scope.get("type")
    if kind not in set(map(str, BotCommandScopeType)):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind not in SCOPES_WITH_CHAT:
        return kind, _language(call)
    chat_id = scope.get("chat_id")
    room = world.room(chat_id if isinstance(chat_id, int) else 0)
    member = f":{scope.get('user_id')}" if kind == BotCommandScopeType.CHAT_MEMBER else ""
    return f"{kind}:{room.chat.id}{member}", _language(call)


def _language(call: Call) -> str:
    code = str(call.args.get("language_code", ""))
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _keep(texts: dict[str, str], call: Call, name: str, limit: int) -> None:
    text = call.args.get(name, "")
    if len(text) > limit:
        raise bad_request(f"{name.replace('_', ' ')} length must not exceed {int(limit)}")
    texts[_language(call)] = text


def _private_chat(world: World, call: Call) -> Any:
    if "chat_id" not in call.args:
        return None
    if world.room(call.chat_id).chat.type != ChatType.PRIVATE:
        raise bad_request("chat_id must be a private chat")
    return call.chat_id
