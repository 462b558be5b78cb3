"""Two waves in the past: who was asked, who answered, and the answers, made by the conversation itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.sample.directory import PROJECTS
from bot.sample.verbatims import ANYTHING, Tone, phrases, remarks
from bot.settings import Settings
from metrics.scales import score_100
from surveys.directory import DirectoryRow
from surveys.events import Turn
from surveys.flow import advance
from surveys.interview import Interview, Phase
from surveys.questionnaire import (
    ChoiceItem,
    DateItem,
    Language,
    NumberItem,
    Questionnaire,
    Role,
    ScaleItem,
    StatementItem,
    TextItem,
    WhyItem,
)
from surveys.signals import Pressed, Said, Signal

SEED: Final = 2026
WAVES_AGO: Final = (timedelta(days=280), timedelta(days=100))
TUESDAY: Final = 1
OFFICE_HOURS: Final = (9, 18)

RESPONSE_RATES: Final[Mapping[Role, float]] = {"senior_it": 0.62, "business_owner": 0.66, "project_office": 0.86}
USUAL_RESPONSE_RATE: Final = 0.74
REQUEST: Final = "ticket.resolved"
LATELY: Final[Mapping[str, timedelta]] = {
    "sample-005": timedelta(days=1),
    "sample-008": timedelta(days=3),
    "sample-019": timedelta(days=4),
    "sample-009": timedelta(hours=60),
}
"""Who was unhappy lately, and how long ago."""

REFUSED: Final = 0.03
LEFT: Final = 0.09
SKIPPED: Final = 0.03
WORDS: Final[Mapping[Tone, float]] = {"low": 0.9, "middle": 0.55, "high": 0.5}
REMARK: Final = 0.3


@dataclass(frozen=True, slots=True)
class Mood:
    """How content people of a project are, 0-1, in each wave; what they complain of; how far the roles are apart."""

    levels: tuple[float, float]
    weak: tuple[str, ...] = ()
    spread: float = 0.04


_MOODS: Final = (
    Mood((0.76, 0.88), ("support",)),
    Mood((0.80, 0.82), ("implementation",)),
    Mood((0.97, 0.98)),
    Mood((0.78, 0.76), ("usability", "performance"), spread=0.22),
    Mood((0.78, 0.78)),
    Mood((0.42, 0.30), ("stability", "support", "problem_solving", "promises")),
    Mood((0.75, 0.75), ("implementation",)),
    Mood((0.93, 0.95), ("functionality",)),
    Mood((0.90, 0.84), ("communication",)),
    Mood((0.90, 0.90)),
    Mood((0.66, 0.84), ("understanding", "promises")),
    Mood((0.80, 0.82), ("performance",)),
)
MOODS: Final = {project.name: mood for project, mood in zip(PROJECTS, _MOODS, strict=True)}
"""By project. One is unhappy and grows unhappier; in one the sponsors and the operators live in different worlds."""

LEANING: Final[Mapping[Role, float]] = {"business_owner": 1.0, "senior_it": 0.7, "project_office": 0.0}
USUAL_LEANING: Final = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleInvitation:
    """One person asked about one project, in a wave or after an event. `begun_at` None: it was never opened."""

    row: DirectoryRow
    questionnaire: str
    wave: str | None
    invited_at: datetime
    begun_at: datetime | None
    language: Language
    level: float
    weak: tuple[str, ...]
    seed: str


def sample_waves(rows: Sequence[DirectoryRow], settings: Settings, now: datetime) -> list[SampleInvitation]:
    """Everybody the relationship survey makes sense for, asked in two waves before `now`, which is in UTC."""
    asked: dict[str, DirectoryRow] = {}
    for row in filter(lambda row: _ready(row, settings), rows):
        asked.setdefault(row.external_id, row)  # once in a wave, whatever the number of their projects
    return [
        _invitation(row, settings, _start(now - ago), number)
        for number, ago in enumerate(WAVES_AGO)
        for row in asked.values()
    ]


def sample_pulses(rows: Sequence[DirectoryRow], settings: Settings, now: datetime) -> list[SampleInvitation]:
    """Those who were unhappy in the last days, asked what is asked after a request; none where nothing is."""
    pulse = settings.pulses.get(REQUEST)
    if pulse is None:
        return []
    people = {row.external_id: row for row in rows}
    return [
        SampleInvitation(
            row=people[whose],
            questionnaire=pulse.questionnaire,
            wave=None,
            invited_at=now - ago - timedelta(hours=1),
            begun_at=now - ago,
            language=people[whose].language or settings.vendor.language,
            level=0.1,
            weak=(),
            seed=f"pulse/{whose}",
        )
        for whose, ago in LATELY.items()
    ]


def play(questionnaire: Questionnaire, interview: Interview, asked: SampleInvitation) -> Iterator[tuple[Signal, Turn]]:
    """The signals of this person and the turns they bring, until the interview is closed or left as it stands."""
    if asked.begun_at is None:
        return
    dice = chance_of(asked.seed, questionnaire.key)
    patience = dice.randint(2, 6) if dice.random() < LEFT else len(questionnaire.items) + 1
    refuses = dice.random() < REFUSED
    signal: Signal = Pressed(at=asked.begun_at, turn=interview.turn, action="refuse" if refuses else "begin")
    for _ in range(patience + 1):
        turn = advance(questionnaire, interview, signal)
        yield signal, turn
        interview = turn.interview
        if interview.phase is Phase.REVIEW:
            signal = Pressed(at=signal.at + timedelta(seconds=dice.randint(5, 20)), turn=interview.turn, action="send")
            continue
        if interview.current is None:
            return
        signal = _reply(questionnaire, interview, asked, signal.at, dice)


def _ready(row: DirectoryRow, settings: Settings) -> bool:
    enough = settings.relationship.when.adoption_at_least
    return row.stage in settings.judged_stages and (row.adoption or 0.0) >= enough


def _start(moment: datetime) -> datetime:
    """Seven in the morning, UTC, of the last Tuesday up to the moment."""
    day = moment.date() - timedelta(days=(moment.weekday() - TUESDAY) % 7)
    return datetime.combine(day, time(7), moment.tzinfo)


def _invitation(row: DirectoryRow, settings: Settings, start: datetime, number: int) -> SampleInvitation:
    seed = f"wave {number}/{row.external_id}"  # no date in it: whenever the preview starts, people say the same
    dice = chance_of(seed)
    mood = MOODS[row.project]
    role = settings.rules().by_weight(row.roles)[0]
    answers = dice.random() < RESPONSE_RATES.get(role, USUAL_RESPONSE_RATE)
    return SampleInvitation(
        row=row,
        questionnaire=settings.relationship.questionnaire,
        wave=f"{start.year}-q{(start.month + 2) // 3}",
        invited_at=start,
        begun_at=_begun(start, row.timezone or settings.vendor.timezone, dice) if answers else None,
        language=row.language or settings.vendor.language,
        level=mood.levels[number] + mood.spread * LEANING.get(role, USUAL_LEANING) + dice.gauss(0, 0.05),
        weak=mood.weak,
        seed=seed,
    )


def _begun(invited_at: datetime, timezone: str, dice: Random) -> datetime:
    """Most answer within a day, some after the reminder; all in office hours where they are."""
    local = (invited_at + timedelta(hours=min(dice.expovariate(1 / 20), 96))).astimezone(ZoneInfo(timezone))
    opens, closes = OFFICE_HOURS
    if not opens <= local.hour < closes:
        local = (local + timedelta(days=local.hour >= closes)).replace(hour=opens)
    return local.astimezone(invited_at.tzinfo)


def _reply(
    questionnaire: Questionnaire, interview: Interview, asked: SampleInvitation, at: datetime, dice: Random
) -> Signal:
    """What the person does about the item before them, and when."""
    item = questionnaire.item(interview.trail[-1])
    match item:
        case ScaleItem():
            return _judge(item, interview, asked, at, dice)
        case WhyItem():
            tone = _tone(questionnaire, interview, item)
            words, chance = phrases(item.component or ANYTHING, tone, asked.language), WORDS[tone]
        case TextItem():
            words, chance = remarks(asked.language), REMARK
        case ChoiceItem() | NumberItem() | DateItem() | StatementItem():
            words, chance = (), 0.0
        case _:
            assert_never(item)
    if dice.random() < chance:
        return Said(at=at + timedelta(seconds=dice.randint(20, 90)), text=_unsaid(dice.choice(words), words, interview))
    return _skip(interview, at + timedelta(seconds=dice.randint(3, 12)), reads=isinstance(item, StatementItem))


def _unsaid(chosen: str, words: Sequence[str], interview: Interview) -> str:
    """The chosen words, or the next ones that this person has not used in this interview."""
    place = words.index(chosen)
    said = {answer.text for answer in interview.answers.values()}
    return next((each for each in (*words[place:], *words[:place]) if each not in said), chosen)


def _judge(item: ScaleItem, interview: Interview, asked: SampleInvitation, at: datetime, dice: Random) -> Signal:
    later = at + timedelta(seconds=dice.randint(6, 25))
    if dice.random() < SKIPPED:
        return _skip(interview, later)
    return Pressed(at=later, turn=interview.turn, action="score", score=_score(item, asked, dice))


def _skip(interview: Interview, at: datetime, *, reads: bool = False) -> Signal:
    return Pressed(at=at, turn=interview.turn, action="next" if reads else "skip")


def _score(item: ScaleItem, asked: SampleInvitation, dice: Random) -> int:
    scale = item.scale
    weakness = 0.4 if item.component in asked.weak else 0.0
    place = min(max(asked.level - weakness + dice.gauss(0, 0.11), 0.0), 1.0)
    steps = round((place if scale.higher_is_better else 1 - place) * (scale.high - scale.low))
    return scale.low + steps


def _tone(questionnaire: Questionnaire, interview: Interview, why: WhyItem) -> Tone:
    """How content the score was that the words explain."""
    item, answer = questionnaire.item(why.about), interview.answers[why.about]
    if not isinstance(item, ScaleItem) or answer.score is None:
        return "middle"
    place = score_100(answer.score, item.scale)
    return "low" if place <= 60 else "middle" if place < 90 else "high"


def chance_of(*words: str) -> Random:
    """Chance that falls alike every time."""
    return Random(f"{SEED}/{'/'.join(words)}")  # noqa: S311  # the same data every time, and nothing secret in it
