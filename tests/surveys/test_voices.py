"""Who was heard at an account, who was not, and why."""

from dataclasses import replace
from typing import Any

import pytest

from surveys.contact import Told
from surveys.directory import Stakeholder
from surveys.interview import Disposition
from surveys.voices import AccountVoices, Contacted, Place, Voice, account_voices
from tests.surveys.contact.cases import NOW, account, held, later, person, project

ROLES = ("senior_it", "key_user")
ANNA = held()
PLACE = (ANNA.person.id, ANNA.project.id)


def told(**changes: Any) -> Told:
    usual: dict[str, Any] = {"person": "p-1", "project": "P", "event_id": None, "wave": "w", "rule": "resting"}
    usual |= {"decided_at": NOW, "questionnaire": "q", "decision": "drop", "detail": {}}
    return Told(**usual | changes)


def contacted(**changes: Any) -> Contacted:
    return Contacted(**{"place": PLACE, "heard": False} | changes)


def voices(
    *people: Stakeholder, invited: tuple[Contacted, ...] = (), decided: dict[Place, Told] | None = None
) -> dict[str, Voice]:
    (one,) = account_voices(people, invited, decided or {}, ROLES, wave=False)
    return {voice.role: voice for voice in one.voices}


@pytest.mark.parametrize(
    ("invited", "why"),
    [
        (contacted(), "not_opened"),
        (contacted(disposition=Disposition.UNREACHED), "not_opened"),
        (contacted(started=True), "not_finished"),
        (contacted(disposition=Disposition.REFUSED), "refused"),
        (contacted(started=True, disposition=Disposition.BREAK_OFF), "refused"),
        (contacted(undeliverable=True, disposition=Disposition.UNREACHED), "unreachable"),
    ],
)
def test_an_invitation_without_an_answer_says_why(invited: Contacted, why: str) -> None:
    found = voices(ANNA, invited=(invited,))["key_user"]
    assert (found.known, found.heard, [one.why for one in found.unheard]) == (1, 0, [why])


def test_whoever_answered_is_heard_whatever_the_last_invitation_brought() -> None:
    found = voices(ANNA, invited=(contacted(heard=True, disposition=Disposition.REFUSED),))["key_user"]
    assert (found.known, found.heard, found.unheard) == (1, 1, ())


@pytest.mark.parametrize(
    ("decision", "why", "rule"),
    [
        (told(), "not_invited", "resting"),
        (told(decision="ask", rule="asked", state="scheduled"), "scheduled", "asked"),
        (told(decision="ask", rule="asked", state="dropped"), "not_invited", "asked"),
    ],
)
def test_whoever_was_not_invited_is_told_of_with_the_decision(decision: Told, why: str, rule: str) -> None:
    (silent,) = voices(ANNA, decided={PLACE: decision})["key_user"].unheard
    assert silent.told is not None
    assert (silent.why, silent.told.rule) == (why, rule)


def test_without_a_decision_one_may_be_out_of_reach_or_simply_not_invited() -> None:
    gone = replace(ANNA, person=person(unreachable_at=NOW))
    assert [one.why for one in voices(gone)["key_user"].unheard] == ["unreachable"]
    assert [one.why for one in voices(ANNA)["key_user"].unheard] == ["not_invited"]


def test_a_role_nobody_holds_is_there_all_the_same() -> None:
    assert voices(ANNA)["senior_it"] == Voice(role="senior_it", known=0, heard=0)


def test_a_person_in_several_projects_of_an_account_is_one_voice_heard_in_any_of_them() -> None:
    other = replace(ANNA, project=project(id=11, name="Сбыт"))
    there = (ANNA.person.id, 11)
    assert voices(ANNA, other, invited=(contacted(), contacted(place=there, heard=True)))["key_user"].heard == 1
    (silent,) = voices(ANNA, other, invited=(contacted(), contacted(place=there, started=True)))["key_user"].unheard
    assert silent.why == "not_finished"
    (silent,) = voices(ANNA, other, decided={PLACE: told(), there: told(decided_at=later(days=1), rule="open")})[
        "key_user"
    ].unheard
    assert silent.told is not None
    assert silent.told.rule == "open"


def test_a_wave_tells_of_the_accounts_it_went_to_and_names_everybody_in_order() -> None:
    def at(number: int, name: str, where: str) -> Stakeholder:
        return held(person=person(id=number, external_id=f"p-{number}", name=name), account=account(name=where))

    people = [at(1, "Яна", "Б"), at(2, "анна", "Б"), at(3, "Глеб", "А")]
    found = account_voices(people, [contacted(place=(1, 10))], {}, ("key_user",), wave=True)
    assert [one.account for one in found] == ["Б"]
    assert [one.person.name for one in found[0].voices[0].unheard] == ["анна", "Яна"]
    whole = account_voices(people, [contacted(place=(1, 10))], {}, ("key_user",), wave=False)
    assert [one.account for one in whole] == ["А", "Б"]
    assert all(isinstance(one, AccountVoices) for one in whole)
