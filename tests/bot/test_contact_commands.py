"""`otklik event`, `wave`, `why` and `import`: what they say, what lasts, and how they end."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.directory import import_
from bot.commands.event import event
from bot.commands.export import export
from bot.commands.invite import invite
from bot.commands.wave import wave
from bot.commands.why import why
from bot.console import DONE, WITH_PROBLEMS, Trouble
from bot.settings import Settings, load_settings
from storage.database import open_database

CONFIG = """
vendor: {name: Sample, languages: [ru, en]}
database: {url: "sqlite+aiosqlite:///%s/otklik.db"}
waves:
  - {key: all, questionnaire: relationship, cron: "0 10 1 1 *"}
  - {key: lost, questionnaire: gone, cron: "0 10 1 1 *"}
intake:
  sources:
    jira: {kind: jira, mapping: {data: {participants: "issue.fields.customfield_10026[].accountId"}}}
"""
HEADER = "account,project,stage,adoption,person,external_id,roles,on_hold\n"
NOT_LINKED = "not asked: has not opened a personal link yet, and the bot cannot write first [not_linked]"
TOO_OLD = {
    "ru": "p-1: не спрашиваем: это было давно, 31 янв. 2026, 15:00; спрашиваем о том, что случилось после ",
    "en": "p-1: not asked: it happened on 31 Jan 2026, 15:00, too long ago; we ask about what happened since ",
}
Said = Callable[[], tuple[str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG % tmp_path, encoding="utf-8")
    return load_settings(file, {})


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: tuple(capsys.readouterr())  # type: ignore[return-value]


def directory(settings: Settings, tmp_path: Path, *rows: str) -> None:
    file = tmp_path / "directory.csv"
    file.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    assert import_(settings, file) == DONE


def events(tmp_path: Path, *changes: dict[str, Any]) -> Path:
    usual = {"type": "ticket.resolved", "occurred_at": "2026-11-24T09:00:00Z", "person": {"external_id": "p-1"}}
    file = tmp_path / "events.json"
    file.write_text(json.dumps([usual | {"id": f"e-{at}"} | each for at, each in enumerate(changes)]), encoding="utf-8")
    return file


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_events_are_taken_once_and_each_is_told_of(settings: Settings, tmp_path: Path, said: Said) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,")
    file = events(tmp_path, {}, {"person": None}, {"type": "tea.made"}, {"id": 7})
    said()
    assert event(settings, file, "file", "en", "text", dry_run=False) == WITH_PROBLEMS
    out, err = said()
    first, decision, second, nobody, third = out.splitlines()
    assert first.endswith("e-0 ticket.resolved: accepted")
    assert decision == "p-1: not asked: has not opened a personal link yet, and the bot cannot write first [not_linked]"
    assert (second[-8:], nobody[-8:]) == ("accepted", "[nobody]")
    assert third.endswith("e-2 tea.made: accepted; nothing is asked after it; pulses has: ticket.resolved")
    assert "event 4: id: must be a text" in err
    assert event(settings, file, "file", "en", "text", dry_run=False) == WITH_PROBLEMS
    assert said()[0].count(": duplicate") == 3
    assert event(settings, file, "another", "en", "csv", dry_run=True) == WITH_PROBLEMS
    assert [row["rule"] for row in rows(said()[0])] == ["not_linked", "nobody"]


@pytest.mark.parametrize(("language", "words"), TOO_OLD.items())
def test_a_rehearsal_tells_that_an_event_is_too_old_to_be_asked_about(
    settings: Settings, tmp_path: Path, said: Said, language: str, words: str
) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,")
    asyncio.run(bind(settings, "p-1", 501))
    file = events(tmp_path, {"occurred_at": "2026-01-31T12:00:00Z"})
    said()
    assert event(settings, file, "file", language, "text", dry_run=True) == DONE
    decision = said()[0].splitlines()[-1]
    assert decision.startswith(words)
    assert decision.endswith("[too_old]")
    assert event(settings, file, "file", language, "text", dry_run=False) == DONE
    said()
    assert why(settings, "p-1", language, "text") == DONE
    assert len(said()[0].splitlines()) == 1


def test_a_rehearsal_of_many_events_tells_what_then_comes_of_them(
    settings: Settings, tmp_path: Path, said: Said
) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,")
    asyncio.run(bind(settings, "p-1", 501))
    now = {"occurred_at": datetime.now(UTC).isoformat()}
    others = [{"person": None}] * 60
    reopened = now | {"type": "ticket.reopened", "data": {"ticket": "T-1"}}
    anna = [now | {"data": {"ticket": ticket}} for ticket in ("T-1", "T-2")]
    file = events(tmp_path, anna[0], *others, anna[1], *others, reopened, {"id": "e-0"}, {"id": "e-61"}, anna[0])
    told = []
    for dry_run in (True, False):
        said()
        assert event(settings, file, "file", "en", "text", dry_run=dry_run) == DONE
        told.append([line.rpartition(" ")[2] for line in said()[0].splitlines()])
    assert told[0] == told[1]
    assert [word for word in told[0] if word not in ("accepted", "[nobody]")] == [
        *("[asked]", "[merged]", "[reopened]", "duplicate", "duplicate", "[reopened]")
    ]


def test_a_payload_of_a_helpdesk_is_rehearsed_by_its_mapping(settings: Settings, tmp_path: Path, said: Said) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,", "A,P,operation,0.9,Olga,p-2,key_user,")
    asyncio.run(bind(settings, "p-1", 501))
    fields = {"reporter": {"accountId": "p-1"}, "customfield_10026": [{"accountId": "p-2"}, {"accountId": "agent-7"}]}
    payload = {
        "timestamp": int(datetime.now(UTC).timestamp() * 1000),
        "webhookEvent": "jira:issue_updated",
        "issue": {"key": "SD-42", "fields": fields},
        "changelog": {"items": [{"field": "resolution", "from": None, "to": "10000"}]},
    }
    file = tmp_path / "payloads.jsonl"
    file.write_text(f"{json.dumps(payload)}\n{json.dumps(payload | {'changelog': {}})}", encoding="utf-8")
    said()
    came = ["X-Atlassian-Webhook-Identifier: hook-1"]
    assert event(settings, file, "jira", "en", "text", dry_run=True, headers=came) == WITH_PROBLEMS
    out, err = said()
    assert out.splitlines()[0].endswith("payloads.jsonl:1: hook-1 ticket.resolved: accepted")
    assert [line.rpartition(" ")[2] for line in out.splitlines()[1:]] == ["[asked]", "[not_linked]", "[unknown_person]"]
    assert "payloads.jsonl:2: types: no rule of the mapping holds" in err
    assert event(settings, file, "jira", "en", "text", dry_run=True) == WITH_PROBLEMS
    assert "id: is missing: there is nothing at header:X-Atlassian-Webhook-Identifier" in said()[1]
    with pytest.raises(Trouble, match="--header: 'hook-1' is no header"):
        event(settings, file, "jira", "en", "text", dry_run=True, headers=["hook-1"])


async def bind(settings: Settings, name: str, telegram_id: int) -> None:
    async with open_database(str(settings.database.url.get_secret_value())) as database, database.unit_of_work() as uow:
        (person,) = await uow.people.find(name)
        await uow.people.bind(person.id, telegram_id)
        await uow.commit()


def test_why_tells_of_people_and_of_those_only_events_know(settings: Settings, tmp_path: Path, said: Said) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna Bell,p-1,key_user,yes")
    event(settings, events(tmp_path, {}, {"person": {"external_id": "p-9"}}), "file", None, "text", dry_run=False)
    said()
    assert why(settings, "anna bell", "en", "text") == DONE
    assert said()[0].startswith("Anna Bell (p-1): ")
    assert why(settings, "p-9", "ru", "json") == DONE
    (row,) = json.loads(said()[0])
    assert (row["person"], row["event_id"], row["decision"], row["rule"]) == ("p-9", "e-1", "drop", "unknown_person")
    assert row["why"] == "не спрашиваем: в справочнике нет такого человека"
    assert why(settings, "Nobody", None, "text") == WITH_PROBLEMS
    assert "nobody in the directory or in an event is called 'Nobody'" in said()[1]


def test_somebody_about_whom_nothing_was_decided_is_said_to_be_so(
    settings: Settings, tmp_path: Path, said: Said
) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,")
    assert why(settings, "p-1", None, "csv") == WITH_PROBLEMS
    out, err = said()
    assert rows(out.partition("\n")[2]) == []
    assert "nothing has been decided about 'p-1'" in err


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_wave_is_told_of_and_lasts_unless_it_is_a_rehearsal(
    settings: Settings, tmp_path: Path, said: Said, dry_run: bool
) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,", "B,Q,contracting,0,Boris,p-2,key_user,")
    said()
    assert wave(settings, "all", "en", "text", dry_run=dry_run) == DONE
    assert said()[0].splitlines() == [
        f"A / P: Anna (p-1): {NOT_LINKED}",
        f"B / Q: Boris (p-2): {NOT_LINKED}",
        "Would be asked: 0. Would not: 2." if dry_run else "To be asked: 0. Not to be asked: 2.",
        "  not_linked: 2",
    ]
    assert export(settings, "decisions", "jsonl", tmp_path / "decisions.jsonl") == DONE
    kept = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text("utf-8").splitlines()]
    assert [(one["person"], one["rule"], one["event_id"]) for one in kept] == (
        [] if dry_run else [("p-1", "not_linked", None), ("p-2", "not_linked", None)]
    )


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_a_wave_names_everybody_to_other_programs(settings: Settings, tmp_path: Path, said: Said, format_: str) -> None:
    directory(settings, tmp_path, "A,P,operation,0.9,Anna,p-1,key_user,")
    said()
    assert wave(settings, "all", "en", format_, dry_run=True) == DONE
    out = said()[0]
    (one,) = json.loads(out) if format_ == "json" else rows(out)
    found = {name: one[name] for name in ("person", "name", "account", "project", "roles", "decision", "rule")}
    assert found == {
        "person": "p-1",
        "name": "Anna",
        "account": "A",
        "project": "P",
        "roles": "key_user",
        "decision": "drop",
        "rule": "not_linked",
    }


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("none", "otklik wave: there is no wave 'none'; allowed: all, lost"),
        ("lost", "waves.lost.questionnaire: there is no 'gone'; allowed: "),
    ],
)
def test_a_wave_that_cannot_be_is_refused(settings: Settings, key: str, sentence: str) -> None:
    with pytest.raises(Trouble) as refused:
        wave(settings, key, None, "text", dry_run=True)
    assert refused.value.lines[0].startswith(sentence)


@pytest.mark.parametrize("language", ["uk", "xx", ""])
def test_a_language_that_is_not_offered_is_refused(settings: Settings, language: str) -> None:
    with pytest.raises(Trouble, match="--lang: there is no language"):
        why(settings, "p-1", language, "text")


def test_a_directory_file_that_brings_a_project_on_is_an_occasion_to_ask(
    settings: Settings, tmp_path: Path, said: Said
) -> None:
    directory(settings, tmp_path, "A,P,implementation,0.9,Anna,p-1,key_user,")
    assert why(settings, "p-1", None, "text") == WITH_PROBLEMS
    directory(settings, tmp_path, "A,P,rollout,0.9,Anna,p-1,key_user,", "B,Q,rollout,0.9,Boris,p-2,key_user,")
    said()
    assert why(settings, "p-1", "en", "text") == DONE
    assert "relationship" in said()[0]
    assert why(settings, "p-2", "en", "text") == WITH_PROBLEMS


def test_events_and_decisions_are_exported_with_their_columns(settings: Settings, tmp_path: Path, said: Said) -> None:
    event(settings, events(tmp_path, {"data": {"ticket": "=1+1"}}), "file", None, "text", dry_run=False)
    for what in ("events", "decisions"):
        assert export(settings, what, "csv", tmp_path / f"{what}.csv") == DONE
    (row,) = rows((tmp_path / "events.csv").read_text("utf-8-sig"))
    assert (row["source"], row["event_id"], json.loads(row["data"])) == ("file", "e-0", {"ticket": "=1+1"})
    header = (tmp_path / "decisions.csv").read_text("utf-8-sig").splitlines()[0]
    assert header == "decided_at,person,project,questionnaire,event_id,decision,rule,detail"


async def test_whom_a_foreign_messenger_is_barred_to_is_neither_invited_nor_asked_and_why_says_so(
    settings: Settings, tmp_path: Path, said: Said
) -> None:
    people = tmp_path / "people.csv"
    named = ("A,P,operation,0.9,Anna,p-1,key_user,", "B,P,operation,0.9,Boris,p-2,key_user,да")
    header = HEADER.replace("on_hold", "no_foreign_messenger")
    await asyncio.to_thread(people.write_text, header + "\n".join(named), "utf-8")
    assert await asyncio.to_thread(import_, settings, people) == DONE
    async with open_database(settings.database_url) as database, database.unit_of_work() as uow:
        await uow.settings.set("bot", "4242 sample_bot")
        [boris] = await uow.people.find("p-2")
        await uow.people.bind(boris.id, 502)
        await uow.commit()
    said()
    assert await asyncio.to_thread(invite, settings, "relationship", None, None, None, "csv") == WITH_PROBLEMS
    out, problem = said()
    assert [row["person"] for row in rows(out)] == ["p-1"]
    assert problem == ("otklik invite: not invited, for it may not be in a foreign messenger; hold talks instead: B\n")
    happened = {"person": {"external_id": "p-2"}, "project": "P", "account": "B"}
    file = await asyncio.to_thread(events, tmp_path, happened | {"occurred_at": datetime.now(UTC).isoformat()})
    assert await asyncio.to_thread(event, settings, file, "file", "ru", "text", dry_run=False) == DONE
    said()
    assert await asyncio.to_thread(why, settings, "p-2", "ru", "text") == DONE
    assert "«B» нельзя писать в иностранном мессенджере" in said()[0]
