"""The screens on which an interviewer picks a person, a questionnaire and the language of the talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from handlers.buttons import TalkButton, write
from handlers.notices import LANGUAGE_NAMES, sentence
from handlers.replies import Call, Keyboard, button, message
from handlers.talk import head_of
from storage.database import Database
from storage.roster import PAGE, Names
from storage.unit import StoredUnitOfWork
from surveys.directory import Stakeholder
from surveys.locales import N_, translations
from surveys.piping import fill
from surveys.ports import Library
from surveys.questionnaire import Language, Questionnaire
from surveys.rules import Rules
from surveys.talks import code_of, named, sensible, within

LABEL: Final = 40
LONGEST: Final = 19  # digits of a number that any database holds
SCRIPT: Final = N_(
    "Greet them, introduce yourself and {vendor}. Ask whether this is a good moment to talk.\n\n"
    "Why we ask: to learn what is going well in the project “{project}” and what is not. "
    "It takes about {minutes} min.\n\n"
    "Who will see the answers stands on the next screen: read it out.\n\n"
    "Write down the answers word for word. Do not argue or explain.\n\n"
    "Promise no dates, discounts or fixes. Promise one thing: the answers will be read, and they will hear what was "
    "done."
)
Rows = list[list[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkDesk:
    """Looks up what is on a screen, as far as its reader may see. `usual`: key of the relationship survey."""

    database: Database
    library: Library
    rules: Rules
    usual: str

    async def screen(self, chat_id: int, payload: Mapping[str, object]) -> Call:
        """The screen named in `payload`, new or in place of a message."""
        wanted, language = payload["screen"], str(payload["language"])
        place = payload.get("message_id")
        words = [str(each) for each in wanted] if isinstance(wanted, list) else []
        text, keyboard = await self._face(chat_id, words, language)
        return message(chat_id, text, keyboard, edit=place if isinstance(place, int) else None, html=True)

    async def _face(self, reader: int, screen: Sequence[str], language: Language) -> tuple[str, Keyboard]:
        if not self.rules.access.may_interview(reader):
            return escape(sentence("unknown", language)), ()
        match screen:
            case ["accounts" | "projects" | "people" | "search", *_]:
                return await self._choices(reader, screen, language)
            case ["person", project, person]:
                return await self._person(reader, _id(project), _id(person), language)
            case ["script", project, person, code, spoken]:
                return await self._script(reader, _id(project), _id(person), code, spoken, language)
            case ["occupied", interview_id, spoken]:
                return await self._occupied(reader, interview_id, spoken, language)
            case _:
                return escape(sentence("talk_closed", language)), ()

    async def _choices(self, reader: int, screen: Sequence[str], language: Language) -> tuple[str, Keyboard]:
        t = translations("bot", language).gettext
        scope = self.rules.access.scope(reader)
        async with self.database.reading() as reading:
            match screen:
                case ["accounts", page]:
                    entries = await reading.roster.accounts(scope, _id(page))
                    rows = _page(entries, ("accounts",), _id(page), "projects", ("0",), t("Further"), t("Back"))
                case ["projects", account, page]:
                    entries = await reading.roster.projects(_id(account), scope, _id(page))
                    rows = _page(entries, ("projects", account), _id(page), "people", ("0",), t("Further"), t("Back"))
                case ["people", project, page]:
                    entries = await reading.roster.people(_id(project), scope, _id(page))
                    rows = _people(entries, project, _id(page), t("Further"), t("Back"))
                case _:
                    found = await reading.roster.found(" ".join(screen[1:]).strip(), scope)
                    rows = [[_to(f"{name} · {at}", "person", str(where), str(who))] for who, where, name, at in found]
                    if not rows:
                        rows = [[_to(t("Choose from the list"), "accounts", "0")]]
                        return escape(t("Nobody of this name. Send another one, or choose from the list.")), rows
        close = [_to(t("Close"), "close")]
        return escape(t("Whom are you going to talk with? Send a name, or choose.")), [*rows, close]

    async def _person(self, reader: int, project: int, person: int, language: Language) -> tuple[str, Keyboard]:
        """The questionnaire, or, where there is no choice, the script at once."""
        held = await self._held(reader, project, person)
        keys = sensible(self.library, self.rules, self.usual, held) if held else []
        if held is None or not keys:
            return escape(sentence("talk_nothing", language)), ()
        spoken = self.rules.speaks(held.person.language, language)
        if len(keys) == 1:
            return await self._script(reader, project, person, code_of(keys[0]), spoken, language)
        t = translations("bot", language).gettext
        rows = [
            [
                _to(
                    _title(self.library.current(key), language),
                    "script",
                    str(project),
                    str(person),
                    code_of(key),
                    spoken,
                )
            ]
            for key in keys
        ]
        back = [_to(t("Back"), "people", str(project), "0")]
        return f"{_head(held)}\n\n{escape(t('Which questionnaire?'))}", [*rows, back]

    async def _script(
        self, reader: int, project: int, person: int, code: str, spoken: Language, language: Language
    ) -> tuple[str, Keyboard]:
        """In the language of the talk, which is chosen here."""
        held, key = await self._held(reader, project, person), named(self.library, code)
        asked = self.library.current(key) if key else None
        if held is None or asked is None or spoken not in asked.title:
            return escape(sentence("talk_nothing", language)), ()
        t = translations("bot", spoken).gettext
        known = {
            "vendor": self.rules.calls_itself(spoken),
            "project": held.project.name,
            "account": held.account.name,
            "person": held.person.name,
            "minutes": str(asked.minutes),
        }
        words = fill(asked.script[spoken] if asked.script else t(SCRIPT), known)
        where = str(project), str(person), code
        others = [one for one in self.rules.languages if one in asked.title and one != spoken]
        tongues = [_to(LANGUAGE_NAMES.get(one, one), "script", *where, one) for one in others]
        rows = [[_to(t("Begin the talk"), "start", *where, spoken)], tongues, [_to(t("Back"), "people", where[0], "0")]]
        return f"{_head(held)}\n<b>{escape(asked.title[spoken])}</b>\n\n{escape(words)}", [row for row in rows if row]

    async def _occupied(
        self, reader: int, interview_id: str, spoken: Language, language: Language
    ) -> tuple[str, Keyboard]:
        t = translations("bot", language).gettext
        async with self.database.unit_of_work() as uow:
            opened = await uow.interviews.get(interview_id)
            held = await self._seen(uow, reader, opened.about.project_id, opened.about.person_id) if opened else None
        if opened is None or held is None:
            return escape(sentence("talk_nothing", language)), ()
        asked = await self.library.version(opened.interview.questionnaire, opened.interview.version)
        words = t("They have “{title}” open in Telegram. Shall it go on in the talk, with what they have answered?")
        rows = [
            [_to(t("Go on in the talk"), "take", interview_id, spoken)],
            [_to(t("Choose somebody else"), "accounts", "0")],
        ]
        return f"{_head(held)}\n\n{escape(words.format(title=_title(asked, language)))}", rows

    async def _held(self, reader: int, project: int, person: int) -> Stakeholder | None:
        async with self.database.unit_of_work() as uow:
            return await self._seen(uow, reader, project, person)

    async def _seen(self, uow: StoredUnitOfWork, reader: int, project: int, person: int) -> Stakeholder | None:
        held = await uow.directory.stakeholder(person, project)
        return held if held and await within(uow, self.rules.access, reader, held.project.id) else None


def in_talk(chat_id: int, payload: Mapping[str, object]) -> Call:
    """What becomes of the person's own card once they answer in a talk."""
    place = payload["message_id"]
    words = sentence("in_talk", str(payload["language"]))
    return message(chat_id, words, edit=place if isinstance(place, int) else None)


def _page(
    entries: Names, here: tuple[str, ...], page: int, to: str, rest: tuple[str, ...], further: str, back: str
) -> Rows:
    rows: Rows = [[_to(name, to, str(which), *rest)] for which, name in entries[:PAGE]]
    return [*rows, *_ways(len(entries), here, page, further, back)]


def _people(entries: Names, project: str, page: int, further: str, back: str) -> Rows:
    rows: Rows = [[_to(name, "person", project, str(which))] for which, name in entries[:PAGE]]
    return [*rows, *_ways(len(entries), ("people", project), page, further, back)]


def _ways(number: int, here: tuple[str, ...], page: int, further: str, back: str) -> Rows:
    """On, where there is more; back a page, or to the list before."""
    row = [_to(further, *here, str(page + 1))] if number > PAGE else []
    if page:
        row.insert(0, _to(back, *here, str(page - 1)))
    elif here != ("accounts",):
        row.insert(0, _to(back, "accounts", "0"))
    return [row] if row else []


def _id(word: str) -> int:
    """A number that a button carries; 0, which nothing has, for what is none."""
    return int(word) if word.isdecimal() and len(word) < LONGEST else 0


def _to(label: str, screen: str, *args: str) -> Mapping[str, object]:
    shown = label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
    return button(shown, write(TalkButton(screen, args)))


def _head(held: Stakeholder) -> str:
    return head_of(held.person.name, held.account.name, held.project.name)


def _title(asked: Questionnaire, language: Language) -> str:
    return asked.title.get(language) or next(iter(asked.title.values()))
