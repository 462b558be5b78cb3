"""The sentences the bot says outside a card, and how each kind of delivery is rendered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

from handlers.buttons import ForgetButton, LanguageButton, ResumeButton, write
from handlers.replies import Call, Keyboard, button, message
from surveys.locales import N_, translations
from surveys.questionnaire import Language

LANGUAGE_NAMES = {"ru": "Русский", "en": "English", "uk": "Українська"}
FORGETTING: Final[tuple[tuple[Literal["name", "all", "no"], str], ...]] = (
    ("name", N_("Forget me, keep my answers")),
    ("all", N_("Forget me and my answers")),
    ("no", N_("No, keep everything")),
)

SENTENCES = {
    "welcome": N_(
        "This bot asks clients of {vendor} for their opinion, by personal invitation. "
        "To take part, open the link from your invitation."
    ),
    "nothing_open": N_("There is no survey for you right now. If you were sent a personal link, please open it."),
    "help": N_(
        "Here {vendor} asks for your opinion. Answer with the buttons or with a message.\n\n"
        "/start – back to the question\n"
        "/language – change the language\n"
        "/stop – stop asking me\n"
        "/privacy – who sees the answers\n"
        "/mydata – what is stored about me\n"
        "/forget – delete my data"
    ),
    "help_staff": N_(
        "/report – all metrics, with buttons\n"
        "/report nps by role – one metric, broken down\n"
        '/report csat account="Name" since 2026-07-01 – one account from a date\n'
        "/report loop – how unhappy clients are helped\n"
        "/verbatims – what clients write\n"
        "/fieldwork – who answered and who did not\n"
        "/cases – unhappy clients to be helped\n"
        "/interview – hold a talk and write down the answers\n"
        "/why Name – why somebody was or was not asked\n"
        "/language – change the language"
    ),
    "help_admin": N_(
        "/report – all metrics, with buttons\n"
        "/report nps by role – one metric, broken down\n"
        '/report csat account="Name" since 2026-07-01 – one account from a date\n'
        "/report loop – how unhappy clients are helped\n"
        "/verbatims – what clients write\n"
        "/fieldwork – who answered and who did not\n"
        "/cases – unhappy clients to be helped\n"
        "/interview – hold a talk and write down the answers\n"
        "/committee – causes that repeat, and what is done about them\n"
        "/why Name – why somebody was or was not asked\n"
        "/language – change the language"
    ),
    "help_viewer": N_(
        "/report – all metrics, with buttons\n"
        "/report nps by role – one metric, broken down\n"
        '/report csat account="Name" since 2026-07-01 – one account from a date\n'
        "/report loop – how unhappy clients are helped\n"
        "/verbatims – what clients write\n"
        "/fieldwork – who answered and who did not\n"
        "/cases – how unhappy clients are helped\n"
        "/language – change the language"
    ),
    "privacy": N_(
        "Your answers are read by the people at {vendor} who are responsible for your project. "
        "They are kept together with your name and role, and are not passed to third parties. "
        "The bot keeps a log of who looked at answers with names, and when. "
        "To stop taking part, send /stop; to have your data deleted, send /forget."
    ),
    "forget": N_(
        "Shall we forget you? Your name, contacts and files are deleted at once and for good, and we will not write "
        "to you again. What you answered can stay without your name, or be deleted as well."
    ),
    "forgotten_name": N_("Done. Your data are deleted; your answers stay without your name."),
    "forgotten_all": N_("Done. Your data and your answers are deleted."),
    "forgotten_no": N_("All right, nothing was deleted."),
    "nothing_held": N_("We hold no data about you."),
    "language": N_("Which language do you prefer?"),
    "language_set": N_("Switched to English."),
    "stopped_already": N_("We are not writing to you already. Should you change your mind, send /start."),
    "stopped": N_("All right, we will not ask you any more. Should you change your mind, send /start."),
    "opted_out": N_("You asked us not to write to you. Shall we resume?"),
    "resumed": N_("Thank you! We will write to you when there is something to ask."),
    "resumed_already": N_("Nothing has changed: we write to you when there is something to ask."),
    "unknown": N_("I do not know this command. /help tells what I can do."),
    "invitation_unknown": N_(
        "This link does not work: perhaps it has expired or was used already, or it is personal and was made for "
        "somebody else. Please ask the person who sent it for a new one."
    ),
    "invitation_staff": N_(
        "Invitations are for clients: staff cannot answer them. "
        "This link is as good as it was: pass it on to the client."
    ),
    "ran_out": N_("The time for these questions is over."),
    "overtaken": N_("We no longer ask this: your manager has what you told us since."),
    "invitation_used": N_("This questionnaire has already been answered. Thank you!"),
    "not_a_score": N_("Please press a button or send a number from {low} to {high}."),
    "not_an_option": N_("Please choose one of the answers on the buttons."),
    "not_a_number": N_("Please send a whole number from {low} to {high}."),
    "not_a_date": N_("Please send a date from {low} to {high}."),
    "too_few": N_("Please choose {limit} answers at least."),
    "too_many": N_("You can choose {limit} answers at most. Take another one away first."),
    "words_wanted": N_("Please write your own answer in a message."),
    "empty": N_("There are no words in this message. Please write your answer or press “Skip”."),
    "too_short": N_("The answer is too short: {length} characters, at least {limit} are needed. Please say more."),
    "too_long": N_("The answer is too long: {length} characters, at most {limit} fit. Please shorten it."),
    "files_unwanted": N_("A file does not answer this question. Please answer it with a button or in words."),
    "too_many_files": N_("An answer holds {limit} files at most; this one was not kept."),
    "file_too_large": N_(
        "This file is larger than {limit} MB and cannot be kept. Please send a smaller one, or words."
    ),
    "buttons_only": N_("Please press one of the buttons above."),
    "button_unknown": N_("This button is no longer in use."),
    "file_coming": N_("The file is being made."),
    "name_wanted": N_("Please write the name and the position in a message, or press a button."),
    "talk_over": N_("This talk is over."),
    "talk_elsewhere": N_("Somebody else is talking with this person right now."),
    "talk_withdrawn": N_("You may no longer hold this talk. What was said is kept."),
    "talk_nothing": N_("There is nothing to ask here. Choose somebody else: /interview"),
    "talk_closed": N_("All right. To choose somebody, send /interview."),
    "in_talk": N_("You are answering these questions in a talk with us, so there is nothing to do here. Thank you!"),
    "redirected": N_("Thank you, that helps. We will not bother you with these questions."),
    "reminder": N_("A gentle reminder: your opinion would help us. It takes a few taps."),
    "woken": N_("You asked me to come back later. Is it a good time now?"),
    "amending_over": N_("The time for changes is over. Thank you for your answers!"),
    "change_by_button": N_("Please change this answer with the button “Change my answers”."),
    "edit_kept": N_("Done: your answer now reads as in the edited message."),
    "edit_late": N_("The time for changes is over: the answer stays as it was."),
    "card_moved": N_("That question is behind you. Here is where you are now."),
    "pass_on": N_(
        "There is nothing to answer right now. Pass this on to your manager? They will see your name. "
        "More messages can be added until you decide."
    ),
    "which_project": N_("Which project is it about?"),
    "passed_on": N_("Passed on. Thank you for telling us!"),
    "not_passed_on": N_("All right, it was not passed on and not kept."),
    "remark_full": N_("That is all that fits. Pass it on first, then send the rest."),
    "remark_gone": N_("This has been settled. If there is more to say, just write it."),
    "opportunity": N_(
        "Thank you for such a high mark! Would you be ready to help others get to know us? It is entirely up to you."
    ),
    "opportunity_taken": N_("Thank you! Your manager will be told."),
    "opportunity_declined": N_("All right. Thank you for your mark!"),
    "group": N_(
        "I only talk to people in private chats, so I will keep silent here. You may remove me from this chat."
    ),
    "improvement_changed": N_("Somebody was faster: this is how things stand now."),
    "improvement_not_now": N_("That is not possible as things stand."),
    "cause_gone": N_("This is not there any more."),
    "improvement_yours": N_("{name} has made you responsible for an improvement: {what}"),
    "case_changed": N_("Somebody was faster: this is how the case stands now."),
    "case_not_now": N_("That is not possible in the state the case is in now."),
    "case_unknown": N_("You cannot work on this case."),
    "empty_note": N_("There are no words in this message. Please write them, or go back with the button."),
    "why_whom": N_("Whom do you mean? Send /why with a name or an external id."),
    "why_nothing": N_("Nothing has been decided about {name} yet, or nothing that you may see."),
    "alert_digest": N_("There was more than we disturb you with in a day:\n\n{lines}"),
    "foreign_link": N_(
        "Somebody else tried to open the personal link of {person} ({account}, {project}). They were refused."
    ),
    "guessed_links": N_(
        "Somebody is trying out invitation links. Refused in the last hour: {guesses}. Nobody got in this way, "
        "and the links of your clients work as before."
    ),
}


def sentence(code: str, language: Language, values: Mapping[str, object] | None = None) -> str:
    """The sentence of this code in a language, with its placeholders filled. Raises KeyError for an unknown code."""
    known = values or {}
    if code == "not_a_date":
        ends = {name: day(date.fromisoformat(str(known[name])), language) for name in ("low", "high")}
        known = {**known, **ends}
    return translations("bot", language).gettext(SENTENCES[code]).format_map(known)


def day(that: date, language: Language) -> str:
    """A date with the name of its month, as it may also be answered.

    >>> day(date(2026, 3, 1), "en"), day(date(2026, 3, 1), "ru")
    ('1 March 2026', '1 марта 2026')
    """
    from babel.dates import format_date  # only who speaks to people pays for the import

    return format_date(that, "d MMMM y", locale=language)


def notice(chat_id: int, payload: Mapping[str, object], languages: Sequence[Language]) -> Call:
    """A delivery of the kind "notice" as a message: plain text, whatever the values hold."""
    language = str(payload["language"])
    values = payload.get("values")
    words = sentence(str(payload["say"]), language, values if isinstance(values, Mapping) else {})
    place = payload.get("message_id")
    keyboard = _buttons(payload.get("buttons"), language, languages)
    return message(chat_id, words, keyboard, edit=place if isinstance(place, int) else None)


def _buttons(which: object, language: Language, languages: Sequence[Language]) -> Keyboard:
    if which == "languages":
        return [[button(LANGUAGE_NAMES.get(one, one), write(LanguageButton(one)))] for one in languages]
    if which == "resume":
        return [[button(translations("bot", language).gettext("Yes, you may write to me"), write(ResumeButton()))]]
    if which == "forget":
        t = translations("bot", language).gettext
        return [[button(t(words), write(ForgetButton(choice)))] for choice, words in FORGETTING]
    return ()
