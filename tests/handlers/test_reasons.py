"""Every decision can be told, in every language, as one line."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.reasons import MOMENTS, REASONS, line
from surveys.contact import Told
from surveys.policy import RULES
from tests.surveys.contact.cases import NOW, later
from tests.surveys.contact.test_policy import OBJECTIONS

MOSCOW = ZoneInfo("Europe/Moscow")
ELSEWHERE = (
    ("failed", {}, {}),
    ("wrong_person", {}, {}),
    ("interview", {}, {"interviewer": 1001}),
    ("unknown_stage", {}, {"value": "x"}),
    ("unknown_adoption", {}, {"value": "x"}),
)


def told(rule: str, detail: Mapping[str, object], **changes: object) -> Told:
    usual: dict[str, object] = {"person": "p-1", "project": None, "event_id": "e-1", "wave": None, "decision": "drop"}
    fields = {"decided_at": NOW, "questionnaire": "support_pulse", "rule": rule, "detail": detail}
    return Told(**usual | fields | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["ru", "en", "uk"])
@pytest.mark.parametrize(("rule", "_given", "values"), [*OBJECTIONS, *ELSEWHERE])
def test_a_decision_against_asking_is_one_line_with_everything_its_rule_saw(
    rule: str, _given: object, values: Mapping[str, object], language: str
) -> None:
    said = line(told(rule, values), language, MOSCOW)
    assert said.endswith(f"[{rule}]")
    assert "{" not in said
    assert "\n" not in said
    assert "support_pulse (e-1)" in said
    assert all(str(value) in said for key, value in values.items() if key not in MOMENTS)


def test_no_rule_is_without_its_sentence_and_no_sentence_without_its_rule() -> None:
    assert set(REASONS) == {*RULES, *(rule for rule, _, _ in ELSEWHERE)}


def test_the_page_about_contact_explains_every_rule() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "contact.md").read_text(encoding="utf-8")
    assert [rule for rule in (*RULES, "asked", "merged", "failed") if f"`{rule}`" not in page] == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("scheduled", "will be asked on 24 Nov 2026, 13:00"),
        ("asked", "asked on 24 Nov 2026, 14:00"),
        ("undelivered", "was to be asked on 24 Nov 2026, 14:00, but could not be reached"),
        ("dropped", "was to be asked, and then was not"),
    ],
)
def test_a_decision_to_ask_says_what_became_of_it(state: str, said: str) -> None:
    moments = {"due_at": later(hours=1), "settled_at": later(hours=2)}
    decided = told("asked", {"at": NOW.isoformat()}, decision="ask", state=state, **moments)
    assert line(decided, "en", MOSCOW) == f"24 Nov 2026, 12:00 · support_pulse (e-1) · {said} [asked]"


def test_a_joined_question_names_its_tickets_and_a_wave_is_named_where_there_is_no_event() -> None:
    joined = told("merged", {"tickets": "T-1, T-2"}, decision="ask", state="scheduled", due_at=NOW, event_id=None)
    assert "in one go about T-1, T-2" in line(joined, "en", MOSCOW)
    assert "support_pulse ·" in line(joined, "en", MOSCOW)
    assert "support_pulse (autumn) ·" in line(told("staff", {}, event_id=None, wave="autumn"), "en", MOSCOW)
