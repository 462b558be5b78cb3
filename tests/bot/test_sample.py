"""The sample data: the same every time, marked as a sample, and such as a real survey could have brought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from bot.directory_file import read_directory_file
from bot.sample import SampleInvitation, play, sample_directory, sample_waves, telegram_ids
from bot.sample.tickets import SLOW, sample_tickets
from bot.sample.verbatims import ANYTHING, COMPLAINTS, GENERAL, REMARKS, phrases, remarks
from bot.settings import Settings, load_settings
from metrics.scales import Scale, score_100
from surveys.authoring.building import build
from surveys.authoring.catalogue import read_directory
from surveys.directory import DirectoryRow
from surveys.events import AnswerGiven, AnswerRejected, ButtonStale, Turn
from surveys.interview import Disposition, Interview
from surveys.questionnaire import MODES, Questionnaire, ScaleItem, WhyItem
from surveys.service import lasted
from surveys.signals import Signal

Questionnaires = Mapping[str, Questionnaire]
Played = list[tuple[SampleInvitation, list[tuple[Signal, Turn]]]]

SETTINGS = Settings()
ROWS = sample_directory(SETTINGS)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
WAVES = sample_waves(ROWS, SETTINGS, NOW)


@pytest.fixture(scope="module")
def questionnaires() -> Questionnaires:
    documents, _ = read_directory(
        SETTINGS.catalogue_directory,
        offer=SETTINGS.components,
        roles=tuple(SETTINGS.roles),
        languages=SETTINGS.vendor.languages,
    )
    return {key: build(documents[key], 1) for key in ("relationship", "support_pulse")}


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Questionnaires) -> Questionnaire:
    return questionnaires["relationship"]


@pytest.fixture(scope="module")
def played(questionnaire: Questionnaire) -> Played:
    return [(asked, list(play(questionnaire, fresh(questionnaire, asked), asked))) for asked in WAVES]


def fresh(questionnaire: Questionnaire, asked: SampleInvitation) -> Interview:
    roles = SETTINGS.rules().by_weight(asked.row.roles)
    return Interview(
        id="i", questionnaire=questionnaire.key, version=questionnaire.version, roles=roles, language=asked.language
    )


def answers(turns: Sequence[tuple[Signal, Turn]]) -> Iterator[AnswerGiven]:
    return (event for _, turn in turns for event in turn.events if isinstance(event, AnswerGiven))


def recommendations(played: Played) -> dict[str, list[AnswerGiven]]:
    found = defaultdict(list)
    for asked, turns in played:
        found[asked.row.project] += [given for given in answers(turns) if given.answer.item == "recommend"]
    return found


def score(given: AnswerGiven) -> int:
    assert given.answer.score is not None
    return given.answer.score


# The directory


def test_the_directory_is_the_size_of_a_small_vendor() -> None:
    assert len({row.account for row in ROWS}) == 8
    assert len({row.project for row in ROWS}) == 12
    assert len({row.external_id for row in ROWS}) == len({row.person for row in ROWS}) == 60
    assert {role for row in ROWS for role in row.roles} == set(SETTINGS.roles)
    assert sum(len(row.roles) == 2 for row in ROWS) == 4
    assert {row.language for row in ROWS} == {"ru", "en", "uk"}
    assert len({row.timezone for row in ROWS}) >= 4
    assert len({row.stage for row in ROWS}) >= 4


def test_everything_in_the_directory_is_marked_as_a_sample() -> None:
    assert all(row.account.endswith("(образец)") for row in ROWS)
    assert all(row.external_id.startswith("sample-") for row in ROWS)
    assert all(row.email == f"{row.external_id}@example.org" for row in ROWS)


def test_the_directory_could_be_imported_from_a_file(tmp_path: Path) -> None:
    columns = list(DirectoryRow.__dataclass_fields__)
    lines = [";".join(columns)]
    for row in ROWS:
        values = {column: getattr(row, column) for column in columns} | {"roles": "|".join(row.roles)}
        lines.append(";".join("" if values[column] is None else str(values[column]) for column in columns))
    path = tmp_path / "sample.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_directory_file(
        path, roles=tuple(SETTINGS.roles), stages=tuple(SETTINGS.journey), languages=SETTINGS.vendor.languages
    )
    assert read.problems == ()
    assert read.rows == tuple(ROWS)


def test_staff_and_respondents_have_telegram_ids_of_their_own() -> None:
    respondents = set(telegram_ids(ROWS).values())
    managers = {row.account_manager for row in ROWS} | {row.project_manager for row in ROWS}
    assert len(respondents) == 60
    assert respondents <= set(range(5001, 5100))
    assert not respondents & (managers | {1001})


def test_the_directory_keeps_to_another_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "vendor: {language: en, languages: [en]}\nroles: {sponsor: {weight: 2}, user: {weight: 1}}\n"
        "journey: {early: {}, late: {}}\nrelationship: {when: {stages: [late]}}",
        encoding="utf-8",
    )
    other = load_settings(path, {})
    rows = sample_directory(other)
    assert {role for row in rows for role in row.roles} == {"sponsor", "user"}
    assert {row.stage for row in rows} == {"late"}
    assert {row.language for row in rows} == {"en"}
    assert len(sample_waves(rows, other, NOW)) > 0


# The waves


def test_the_waves_are_the_same_every_time(questionnaire: Questionnaire) -> None:
    again = sample_waves(sample_directory(Settings()), Settings(), NOW)
    assert again == WAVES
    for asked in WAVES[:20]:
        once, twice = (list(play(questionnaire, fresh(questionnaire, asked), asked)) for _ in range(2))
        assert once == twice


def test_people_say_the_same_whenever_the_preview_starts(questionnaire: Questionnaire, played: Played) -> None:
    later = sample_waves(ROWS, SETTINGS, NOW + timedelta(days=140))
    said = [list(answers(list(play(questionnaire, fresh(questionnaire, asked), asked)))) for asked in later]
    assert said == [list(answers(turns)) for _, turns in played]


def test_two_waves_lie_in_the_past_beyond_the_rest_period() -> None:
    starts = sorted({asked.invited_at for asked in WAVES})
    assert len(starts) == len({asked.wave for asked in WAVES}) == 2
    rest = SETTINGS.contact.relationship_rest
    assert starts[0] + rest < starts[1]
    assert starts[1] + rest < NOW


def test_only_those_are_asked_for_whom_it_makes_sense_and_once_in_a_wave() -> None:
    assert {asked.row.stage for asked in WAVES} == {"rollout", "operation", "expansion"}
    assert min(asked.row.adoption or 0 for asked in WAVES) >= 0.7
    people = [(asked.wave, asked.row.external_id) for asked in WAVES]
    assert len(people) == len(set(people)) == 100


def test_people_answer_within_the_week_in_office_hours_where_they_are() -> None:
    begun = [(asked, asked.begun_at) for asked in WAVES if asked.begun_at]
    assert all(asked.invited_at <= at < asked.invited_at + timedelta(days=7) for asked, at in begun)
    assert all(9 <= at.astimezone(ZoneInfo(asked.row.timezone or "UTC")).hour < 18 for asked, at in begun)


def test_about_seven_in_ten_answer_and_some_leave_or_refuse(
    played: Played,
) -> None:
    last = [turns[-1][1].interview for _, turns in played if turns]
    ended = [interview.disposition for interview in last]
    assert 0.6 < len(last) / len(WAVES) < 0.85
    assert ended.count(Disposition.COMPLETE) / len(WAVES) > 0.55
    assert ended.count(Disposition.REFUSED) > 0
    assert any(interview.disposition is None and interview.answers for interview in last)


def test_the_conversation_accepts_every_signal(
    played: Played,
) -> None:
    events = [event for _, turns in played for _, turn in turns for event in turn.events]
    assert len(events) > 500
    assert not [event for event in events if isinstance(event, AnswerRejected | ButtonStale)]


def test_time_goes_forward_and_an_interview_takes_minutes(
    played: Played,
) -> None:
    for asked, turns in played:
        times = [signal.at for signal, _ in turns]
        assert times == sorted(times)
        assert not turns or times[0] == asked.begun_at
    complete = [turns for _, turns in played if turns and turns[-1][1].interview.disposition is Disposition.COMPLETE]
    minutes = [(turns[-1][0].at - turns[0][0].at).total_seconds() / 60 for turns in complete]
    assert 2 < mean(minutes) < 6


def test_one_project_is_unhappier_than_every_other(
    played: Played,
) -> None:
    means = {project: mean(map(score, given)) for project, given in recommendations(played).items() if given}
    worst, second = sorted(means.values())[:2]
    assert min(means, key=lambda project: means[project]) == "Мониторинг насосных станций"
    assert worst < 5 < second
    assert max(means.values()) > 8.5


def test_in_one_project_sponsors_and_operators_live_in_different_worlds(
    played: Played,
) -> None:
    by_role = defaultdict(list)
    for given in recommendations(played)["Контроль реакторного отделения"]:
        by_role[given.role].append(score(given))
    assert mean(by_role["business_owner"]) - mean(by_role["key_user"]) >= 3


def test_what_a_project_is_weak_in_gets_lower_scores(played: Played) -> None:
    scores = defaultdict(list)
    for asked, turns in played:
        for given in answers(turns):
            if asked.row.project == "Контроль реакторного отделения" and given.scale == "csat_5":
                scores[given.component in {"usability", "performance"}].append(score(given))
    assert mean(scores[True]) + 1 < mean(scores[False])


@pytest.mark.parametrize(("higher_is_better", "bounds"), [(True, (1, 3)), (False, (3, 5))])
def test_the_unhappy_give_bad_scores_whichever_end_of_the_scale_is_bad(
    higher_is_better: bool, bounds: tuple[int, int]
) -> None:
    scale = Scale("any", "csat", 1, 5, higher_is_better)
    item = ScaleItem(key="one", wording={"*": {"ru": "?"}}, scale=scale, low={}, high={})
    text = {"ru": "…"}
    short = Questionnaire(
        key="q", version=1, kind="pulse", minutes=1, title=text, introduction=text, consent=dict.fromkeys(MODES, text),
        closing=text, items=(item,),
    )  # fmt: skip
    unhappy = [asked for asked in WAVES if asked.row.project == "Мониторинг насосных станций"]
    given = [score(one) for asked in unhappy for one in answers(list(play(short, fresh(short, asked), asked)))]
    assert given
    assert bounds[0] <= mean(given) <= bounds[1]


def test_words_fit_the_score_they_explain(questionnaire: Questionnaire, played: Played) -> None:
    tones = set()
    for asked, turns in played:
        said = {given.answer.item: given.answer for given in answers(turns)}
        for answer in said.values():
            item = questionnaire.item(answer.item)
            if isinstance(item, WhyItem):
                scale_item, points = questionnaire.item(item.about), said[item.about].score
                assert isinstance(scale_item, ScaleItem)
                assert points is not None
                place = score_100(points, scale_item.scale)
                tone = "low" if place <= 60 else "middle" if place < 90 else "high"
                assert answer.text in phrases(item.component or ANYTHING, tone, asked.language)
                tones.add((tone, item.component is None))
    assert tones >= {("low", False), ("low", True), ("middle", True), ("high", True)}


def test_nobody_says_the_same_words_twice_in_one_interview(questionnaires: Questionnaires) -> None:
    after_support = questionnaires["support_pulse"]
    unhappy = [replace(asked, level=0.1, seed=f"unhappy {number}") for number, asked in enumerate(WAVES)]
    played = [list(answers(list(play(after_support, fresh(after_support, asked), asked)))) for asked in unhappy]
    said = [[given.answer.text for given in spoken if given.answer.text] for spoken in played]
    assert sum(len(words) > 1 for words in said) > 10
    assert all(len(words) == len(set(words)) for words in said)


def test_words_come_in_every_language(played: Played) -> None:
    spoken = {asked.language for asked, turns in played for given in answers(turns) if given.answer.text}
    assert spoken == {"ru", "en", "uk"}


def test_there_are_words_for_every_component_in_every_language() -> None:
    components = {component for block in SETTINGS.components.values() for component in block}
    assert set(COMPLAINTS) == components
    pools = [*COMPLAINTS.values(), *GENERAL.values(), REMARKS]
    assert all(set(pool) == {"ru", "en", "uk"} for pool in pools)
    everything = [phrase for pool in pools for spoken in pool.values() for phrase in spoken]
    assert len(everything) == len(set(everything))
    assert phrases("colour", "low", "de") == GENERAL["low"]["en"]
    assert remarks("de") == REMARKS["en"]


def test_who_never_answered_gives_no_signal(questionnaire: Questionnaire) -> None:
    silent = replace(WAVES[0], begun_at=None)
    assert list(play(questionnaire, fresh(questionnaire, silent), silent)) == []


def test_requests_are_the_same_every_time_end_in_the_past_and_some_clients_wait_longer() -> None:
    tickets = list(sample_tickets(ROWS, NOW))
    assert tickets == list(sample_tickets(ROWS, NOW))
    assert len({ticket.id for ticket in tickets}) == len(tickets) > 60
    assert max(ticket.occurred_at for ticket in tickets) < NOW
    waited = {
        slow: median(lasted(one.data, "first_response_at") or 0 for one in tickets if (one.project in SLOW) is slow)
        for slow in (True, False)
    }
    assert waited[True] > 2 * waited[False]
