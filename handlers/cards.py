"""The card of an interview: what the person sees, in their language."""

from collections.abc import Callable
from html import escape

from handlers import later, talk
from handlers.hints import hints
from handlers.keyboards import of_first_item, of_introduction, of_item, of_naming, of_refusal
from handlers.notices import sentence
from handlers.replies import Keyboard, ShowCard
from handlers.review import buttons_of, of_closing, review, text_of
from surveys.comments import beside
from surveys.interview import Disposition, Interview, Phase
from surveys.locales import translations
from surveys.piping import OF_EVENT, fill
from surveys.ports import OpenInterview
from surveys.questionnaire import Language, Questionnaire, StatementItem, Text
from surveys.routing import asking, closing, progress, wording
from surveys.rules import Rules

BAR = 10


def show(
    opened: OpenInterview,
    questionnaire: Questionnaire,
    rules: Rules,
    *,
    at: int | None = None,
    below: bool = False,
    paced: bool = False,
    greeting: str = "",
) -> ShowCard:
    """The card of the interview as it stands now. `at`: the message it is in, when storage does not know it yet.

    `greeting`: a line above it, plain text.
    """
    interview = opened.interview
    face = _face if opened.about.interviewer is None else _talk
    text, keyboard = face(opened, questionnaire, rules)
    text = f"{escape(greeting)}\n\n{text}" if greeting else text
    return ShowCard(
        interview_id=interview.id,
        turn=interview.turn,
        chat_id=opened.card.chat_id,
        message_id=opened.card.message_id if at is None else at,
        text=text,
        keyboard=keyboard,
        below=below,
        paced=paced,
    )


def _face(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    interview = opened.interview
    match interview.phase:
        case Phase.INTRODUCTION:
            return _introduction(opened, questionnaire, rules), of_introduction(interview)
        case Phase.ASKING:
            item = asking(questionnaire, interview)
            if interview.consented_at is None:
                return _first_question(opened, questionnaire, rules), of_first_item(item, interview)
            keyboard = [*of_item(item, interview), *of_refusal(interview)]
            return _question(opened, questionnaire, rules), keyboard
        case Phase.NAMING:
            return _naming(interview.language), of_naming(interview)
        case Phase.POSTPONING:
            return _plain(later.when_to_come(interview))
        case Phase.ASLEEP:
            return _plain(later.promise(interview))
        case Phase.REVIEW:
            answers, choices = _review(opened, questionnaire, rules)
            return answers, [*choices, *of_refusal(interview)]
        case Phase.CLOSED:
            return _closing(opened, questionnaire, rules), of_closing(interview)


def _plain(face: tuple[str, Keyboard]) -> tuple[str, Keyboard]:
    words, keyboard = face
    return escape(words), keyboard


def _talk(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    """What an interviewer sees: what is read out stands in bold."""
    about = opened.about
    if opened.interview.cause == "withdrawn":
        return escape(sentence("talk_withdrawn", opened.interview.language)), ()
    head = talk.head_of(about.person, about.account, about.project)
    if opened.interview.phase is Phase.REVIEW:
        answers, keyboard = _review(opened, questionnaire, rules)
        return f"{head}\n\n{answers}", [*keyboard, *talk.end_of(opened.interview)]
    parts = [head]
    for kind, words in talk.words_of(opened.interview, questionnaire):
        shown = escape(words) if isinstance(words, str) else _fill(words, opened, questionnaire, rules)
        parts.append(f"<b>{shown}</b>" if kind == "aloud" else shown)
    return "\n\n".join(parts), talk.keyboard_of(opened.interview, questionnaire)


def _introduction(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    title, purpose, consent = _preamble(opened, questionnaire, rules)
    return f"<b>{title}</b>\n\n{purpose}\n\n{consent}"


def _first_question(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    """A question that comes without a word before it says itself who asks, and what answering it agrees to.

    Once something is chosen or said, who asks has been read.
    """
    _, purpose, consent = _preamble(opened, questionnaire, rules)
    introduced = [] if opened.interview.draft or opened.interview.comment else [purpose]
    return "\n\n".join([*introduced, _question(opened, questionnaire, rules), f"<i>{consent}</i>"])


def _preamble(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, str, str]:
    """Title, introduction and consent."""
    consent = questionnaire.consent[opened.interview.mode]
    title, purpose, agreed = (
        _fill(text, opened, questionnaire, rules) for text in (questionnaire.title, questionnaire.introduction, consent)
    )
    return title, purpose, agreed


def _question(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    interview = opened.interview
    item = asking(questionnaire, interview)
    words = _fill(wording(item, interview), opened, questionnaire, rules)
    if isinstance(item, StatementItem):
        return words
    how = hints(item, interview, beside(questionnaire, interview, item))
    parts = [_progress(questionnaire, interview), f"<b>{words}</b>", *map(escape, how)]
    return "\n\n".join(parts)


def _naming(language: Language) -> str:
    t = translations("bot", language).gettext
    return escape(t("Who should we ask instead? Please send the name and the position in one message."))


def _review(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> tuple[str, Keyboard]:
    page = review(
        questionnaire, opened.interview, rules.components, lambda text: _filled(text, opened, questionnaire, rules)
    )
    return text_of(page, opened.interview), buttons_of(page, opened.interview)


def _closing(opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    interview = opened.interview
    if interview.disposition is Disposition.COMPLETE:
        return _fill(closing(questionnaire, interview), opened, questionnaire, rules)
    t = translations("bot", interview.language).gettext
    if interview.cause == "wrong_person":
        return escape(t("Thank you, that helps. We will not bother you with these questions."))
    if interview.cause == "overtaken":
        return escape(sentence("overtaken", interview.language))
    if ran_out(interview):
        return escape(_too_late(interview, t))
    return escape(t("All right, we will not ask you any more. Should you change your mind, send /start."))


def _too_late(interview: Interview, t: Callable[[str], str]) -> str:
    """Thanks are for those who have said something."""
    if interview.answers:
        return t("The time for these questions is over. Thank you for what you have told us.")
    return t("The time for these questions is over. There is nothing you need to do.")


def ran_out(interview: Interview) -> bool:
    """Whether the interview ended because nobody went on with it. A refusal without an answer is no break-off."""
    left = interview.disposition is Disposition.BREAK_OFF and not interview.answers
    return left or interview.disposition in {Disposition.PARTIAL, Disposition.UNREACHED}


def _progress(questionnaire: Questionnaire, interview: Interview) -> str:
    number, total = progress(questionnaire, interview)
    t = translations("bot", interview.language).gettext
    done = round(BAR * (number - 1) / total)
    counted = t("Question {number} of {total}").format(number=number, total=total)
    return f"{escape(counted)}\n{'▰' * done}{'▱' * (BAR - done)}"


def _fill(text: Text, opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    """The words with what is known filled in, as HTML: neither they nor the values are ever markup."""
    return escape(_filled(text, opened, questionnaire, rules))


def _filled(text: Text, opened: OpenInterview, questionnaire: Questionnaire, rules: Rules) -> str:
    known = {
        **opened.about.extra,
        **{f"{OF_EVENT}{name}": value for name, value in opened.about.extra.items()},
        "vendor": rules.calls_itself(opened.interview.language),
        "person": opened.about.person,
        "account": opened.about.account,
        "project": opened.about.project,
        "minutes": str(questionnaire.minutes),
    }
    return fill(text[opened.interview.language], known)
