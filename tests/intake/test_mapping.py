"""Mappings of the vendor's own: over a preset, or for a format that nobody knows."""

import pytest

from intake.signatures import Source
from tests.intake.bench import EVENT, KEYS, Store, body_of, mapping, standard
from tests.intake.conftest import Serve
from tests.intake.helpdesks import bring_jira, issue

ACCEPTED = (202, {"status": "accepted"})
IGNORED = (202, {"status": "ignored"})


async def test_a_mapping_of_the_vendors_own_goes_over_the_preset(serve: Serve, store: Store) -> None:
    own = {
        "account": "issue.fields.customfield_10002.0.name",
        "project": {"path": "issue.fields.project.key", "values": {"SD": "Портал"}},
        "person": {"path": ["issue.fields.nobody", "issue.fields.reporter.accountId"], "default": "p-0"},
        "data": {"touchpoint": None, "agent": "user.accountId", "status": "changelog.items[field=status].to"},
    }
    async with serve(Source(name="jira", kind="jira", keys=(KEYS["jira"],), mapping=mapping("jira", own))) as door:
        assert await bring_jira(door, issue()) == ACCEPTED
    [taken] = store.all
    assert (taken.account, taken.project, taken.person) == ("ООО Пример", "Портал", "557058:p-1")
    assert taken.data["status"] == "5"
    assert taken.data["agent"] == "5b10a0effa615349cb016cd8"
    assert "touchpoint" not in taken.data


@pytest.mark.parametrize(
    "path",
    [
        "issue.fields.nobody",
        "issue.fields.customfield_10002.1.name",
        "issue.fields.customfield_10002.name",
        "issue.fields[id=1].reporter",
        "changelog.items[field=assignee].to",
        "changelog.items[field=resolution].fromString",
        "header:X-Nobody",
    ],
)
async def test_a_default_stands_in_for_what_is_not_found(serve: Serve, store: Store, path: str) -> None:
    own = {"person": {"path": path, "default": "p-0"}}
    async with serve(Source(name="jira", kind="jira", keys=(KEYS["jira"],), mapping=mapping("jira", own))) as door:
        assert await bring_jira(door, issue()) == ACCEPTED
    assert store.all[0].person == "p-0"


@pytest.mark.parametrize("members", [None, [], "p-2", [{"accountId": None}, {}, 5]])
async def test_a_list_is_gathered_member_by_member_and_nothing_is_made_of_no_list(
    serve: Serve, store: Store, members: object
) -> None:
    own = {"data": {"participants": "issue.asked[].accountId", "labels": "issue.labels[]"}}
    brought = issue() | {"issue": issue()["issue"] | {"asked": members, "labels": [7, "x"]}}
    async with serve(Source(name="jira", kind="jira", keys=(KEYS["jira"],), mapping=mapping("jira", own))) as door:
        assert await bring_jira(door, brought) == ACCEPTED
    assert "participants" not in store.all[0].data
    assert store.all[0].data["labels"] == ["7", "x"]


async def test_a_standard_source_may_speak_a_format_of_its_own(serve: Serve, store: Store) -> None:
    own = {
        "types": [
            {"type": "training.finished", "when": {"what": ["course", "training"], "done": True, "failed": False}},
            {"type": "milestone.accepted", "when": {"what": "milestone", "number": 3}},
        ],
        "id": "n",
        "occurred_at": "at",
    }
    body = body_of({"what": "training", "done": 1, "n": 5, "at": 1772441940})
    source = Source(name="lms", kind="standard", keys=(KEYS["crm"],), mapping=mapping("standard", own))
    async with serve(source) as door:
        assert await door.post("/v1/hooks/lms", body, standard(body, KEYS["crm"])) == ACCEPTED
        milestone = body_of({"what": "milestone", "number": 3, "n": 6, "at": "2026-03-02T08:59:00Z"})
        assert await door.post("/v1/hooks/lms", milestone, standard(milestone, KEYS["crm"])) == ACCEPTED
        other = body_of({"what": "training", "done": True, "failed": "yes", "n": 7, "at": 1772441940})
        assert await door.post("/v1/hooks/lms", other, standard(other, KEYS["crm"])) == IGNORED
        plain = body_of(EVENT)
        assert await door.post("/v1/events", plain, standard(plain, KEYS["crm"])) == ACCEPTED
    assert [(one.type, one.id) for one in store.all] == [
        ("training.finished", "5"),
        ("milestone.accepted", "6"),
        ("ticket.resolved", "evt-1"),
    ]
    assert store.all[0].occurred_at == store.all[1].occurred_at
