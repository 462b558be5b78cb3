"""`POST /v1/hooks/{source}`: helpdesks in their own formats and with their own signatures."""

from typing import Any

import pytest

from intake.signatures import Source
from surveys.interactions import Interaction
from tests.intake.bench import EVENT, KEYS, NOW, Clock, Door, Store, body_of, jira, mapping, standard, zendesk
from tests.intake.conftest import Serve

ACCEPTED = (202, {"status": "accepted"})
DUPLICATE = (200, {"status": "duplicate"})
IGNORED = (202, {"status": "ignored"})


def issue(**changed: Any) -> dict[str, Any]:
    """An issue of Jira Service Management that was resolved."""
    return {
        "timestamp": 1772441940123,
        "webhookEvent": "jira:issue_updated",
        "user": {"accountId": "5b10a0effa615349cb016cd8", "displayName": "Support agent"},
        "issue": {
            "id": "10042",
            "key": "SD-42",
            "fields": {
                "summary": "The report does not open",
                "created": "2026-03-02T10:00:00.000+0300",
                "resolutiondate": "2026-03-02T11:59:00.000+0300",
                "resolution": {"id": "10000", "name": "Done"},
                "priority": {"name": "High", "id": "2"},
                "project": {"key": "SD", "name": "Service desk"},
                "reporter": {"accountId": "557058:p-1", "displayName": "Sample Person"},
                "customfield_10002": [{"id": "7", "name": "ООО Пример"}],
            },
        },
        "changelog": {
            "id": "10100",
            "items": [
                {"field": "status", "from": "3", "fromString": "In Progress", "to": "5", "toString": "Resolved"},
                {"field": "resolution", "from": None, "fromString": None, "to": "10000", "toString": "Done"},
            ],
        },
        **changed,
    }


def change(field: str, **values: str | None) -> dict[str, Any]:
    return {"changelog": {"items": [{"field": "labels", "to": "x"}, {"field": field, **values}]}}


def ticket(**event: str) -> dict[str, Any]:
    """A ticket of Zendesk whose status changed."""
    return {
        "account_id": 22129848,
        "id": "2b24ef10-19d2-4740-93cf-8f98ec4776c0",
        "subject": "zen:ticket:35436",
        "time": "2026-03-02T08:59:00Z",
        "type": "zen:event-type:ticket.status_changed",
        "zendesk_event_version": "2022-11-06",
        "event": {"previous": "OPEN", "current": "SOLVED"} | event,
        "detail": {
            "id": "35436",
            "created_at": "2026-03-02T07:00:00Z",
            "updated_at": "2026-03-02T08:59:00Z",
            "status": "SOLVED",
            "priority": "HIGH",
            "requester_id": "8447388090494",
            "organization_id": "8447346621310",
            "subject": "The report does not open",
        },
    }


async def bring_jira(door: Door, payload: object, **signed: Any) -> tuple[int, Any]:
    body = body_of(payload)
    return await door.post("/v1/hooks/jira", body, jira(body, **signed))


async def bring_zendesk(door: Door, payload: object, **signed: Any) -> tuple[int, Any]:
    body = body_of(payload)
    return await door.post("/v1/hooks/zendesk", body, zendesk(body, **signed))


async def test_a_standard_source_has_a_door_of_its_own(door: Door, store: Store) -> None:
    body = body_of(EVENT)
    assert await door.post("/v1/hooks/helpdesk", body, standard(body)) == ACCEPTED
    assert await door.send() == DUPLICATE
    assert (await door.post("/v1/hooks/crm", body, standard(body)))[0] == 401
    assert [one.source for one in store.all] == ["helpdesk"]


async def test_jira_tells_of_a_resolved_ticket(door: Door, store: Store) -> None:
    assert await bring_jira(door, issue()) == ACCEPTED
    [taken] = store.all
    assert taken == Interaction(
        source="jira",
        id="hook-1",
        type="ticket.resolved",
        occurred_at=taken.occurred_at,
        person="557058:p-1",
        data={
            "ticket": "SD-42",
            "priority": "High",
            "opened_at": "2026-03-02T07:00:00+00:00",
            "resolved_at": "2026-03-02T08:59:00+00:00",
            "resolution": "Done",
            "touchpoint": "support_ticket",
        },
    )
    assert taken.occurred_at.isoformat(timespec="milliseconds") == "2026-03-02T08:59:00.123+00:00"


async def test_jira_repeats_itself_under_the_same_identifier(door: Door) -> None:
    assert await bring_jira(door, issue()) == ACCEPTED
    assert await bring_jira(door, issue()) == DUPLICATE
    assert await bring_jira(door, issue(), name="hook-2") == ACCEPTED


@pytest.mark.parametrize(
    ("payload", "type_"),
    [
        (issue(webhookEvent="jira:issue_created", changelog=None), "ticket.created"),
        (issue(**change("resolution", **{"from": "10000", "to": None})), "ticket.reopened"),
        (issue(**change("status", toString="Closed")), "ticket.closed"),
        (issue(**change("status", toString="Закрыт")), "ticket.closed"),
    ],
)
async def test_jira_tells_of_the_life_of_a_ticket(door: Door, store: Store, payload: object, type_: str) -> None:
    assert await bring_jira(door, payload) == ACCEPTED
    assert [one.type for one in store.all] == [type_]


@pytest.mark.parametrize(
    "payload",
    [
        issue(**change("status", toString="Waiting for customer")),
        issue(**change("resolution", **{"from": "10000", "to": "10001"})),
        issue(webhookEvent="jira:issue_deleted", changelog=None),
        issue(webhookEvent="comment_created", changelog={"items": "none"}),
        {"webhookEvent": "jira:version_released"},
        {},
    ],
)
async def test_what_a_mapping_does_not_care_about_is_ignored(door: Door, store: Store, payload: object) -> None:
    assert await bring_jira(door, payload) == IGNORED
    assert store.all == []


@pytest.mark.parametrize(
    ("payload", "headers", "field", "said"),
    [
        (issue(), {"X-Atlassian-Webhook-Identifier": ""}, "id", "there is nothing at header:X-Atlassian-Webhook-Ident"),
        (issue(timestamp=None), {}, "occurred_at", "is missing: there is nothing at timestamp"),
        (issue(timestamp="soon"), {}, "occurred_at", "is not a moment"),
        (issue(timestamp=10**18), {}, "occurred_at", "is not a moment"),
        (issue(issue={"key": ["SD-42"]}), {}, "data.ticket", "must be a text"),
        (issue(issue={"fields": {"created": "2026-03-02T10:00:00"}}), {}, "data.opened_at", "with its time zone"),
        (issue(issue={"fields": {"reporter": {"accountId": {}}}}), {}, "person.external_id", "must be a text"),
    ],
)
async def test_a_payload_in_which_a_mapping_finds_no_event_is_refused(
    door: Door, store: Store, payload: object, headers: dict[str, str], field: str, said: str
) -> None:
    body = body_of(payload)
    status, answer = await door.post("/v1/hooks/jira", body, jira(body) | headers)
    assert (status, answer["field"]) == (422, field)
    assert said in answer["error"]
    assert store.all == []


async def test_either_secret_of_jira_signs(door: Door) -> None:
    assert await bring_jira(door, issue(), key=KEYS["old"]) == ACCEPTED
    assert (await bring_jira(door, issue(), key=KEYS["zendesk"]))[0] == 401


JIRA = jira(body_of(issue()))
ZENDESK = zendesk(body_of(ticket()))
TIME = "X-Zendesk-Webhook-Signature-Timestamp"
FORGED: list[tuple[str, object, dict[str, str]]] = [
    ("jira", issue(), {}),
    ("jira", issue(), JIRA | {"X-Hub-Signature": ""}),
    ("jira", issue(), JIRA | {"X-Hub-Signature": JIRA["X-Hub-Signature"].removeprefix("sha256=")}),
    ("jira", issue(), JIRA | {"X-Hub-Signature": "sha256=подпись"}),
    ("jira", issue(timestamp=1), JIRA),
    ("jira", issue(), standard(body_of(issue()), KEYS["jira"])),
    ("closed_jira", issue(), jira(body_of(issue()), b"")),
    ("closed", EVENT, standard(body_of(EVENT), b"")),
    ("zendesk", ticket(), {}),
    ("zendesk", ticket(current="CLOSED"), ZENDESK),
    ("zendesk", ticket(), zendesk(body_of(ticket()), KEYS["jira"])),
    ("zendesk", ticket(), ZENDESK | {TIME: "2026-03-02T09:00:01Z"}),
    ("zendesk", ticket(), ZENDESK | {TIME: "2026-03-02T09:00:00"}),
    ("zendesk", ticket(), ZENDESK | {TIME: "now"}),
    ("zendesk", ticket(), ZENDESK | {TIME: "2026-03-02Я09:00:00Z"}),
]


@pytest.mark.parametrize(("source", "payload", "headers"), FORGED)
async def test_a_payload_that_is_not_signed_is_refused(
    door: Door, store: Store, source: str, payload: object, headers: dict[str, str]
) -> None:
    status, answer = await door.post(f"/v1/hooks/{source}", body_of(payload), headers)
    assert (status, answer["field"]) == (401, None)
    assert store.all == []


async def test_zendesk_tells_of_a_resolved_ticket(door: Door, store: Store) -> None:
    assert await bring_zendesk(door, ticket()) == ACCEPTED
    assert await bring_zendesk(door, ticket()) == DUPLICATE
    [taken] = store.all
    assert (taken.id, taken.type, taken.person) == (ticket()["id"], "ticket.resolved", "8447388090494")
    assert taken.data == {
        "ticket": "35436",
        "priority": "HIGH",
        "opened_at": "2026-03-02T07:00:00+00:00",
        "touchpoint": "support_ticket",
    }


@pytest.mark.parametrize(
    ("event", "type_"),
    [
        ({"current": "CLOSED", "previous": "SOLVED"}, "ticket.closed"),
        ({"current": "OPEN", "previous": "SOLVED"}, "ticket.reopened"),
        ({"current": "PENDING", "previous": "OPEN"}, None),
    ],
)
async def test_zendesk_tells_of_the_life_of_a_ticket(
    door: Door, store: Store, event: dict[str, str], type_: str | None
) -> None:
    assert await bring_zendesk(door, ticket(**event)) == (ACCEPTED if type_ else IGNORED)
    assert [one.type for one in store.all] == ([type_] if type_ else [])


async def test_zendesk_without_an_id_in_the_body_is_known_by_its_invocation(door: Door, store: Store) -> None:
    await bring_zendesk(door, ticket() | {"id": None})
    assert [one.id for one in store.all] == ["8350205582"]


@pytest.mark.parametrize(("seconds", "answer"), [(-301, 401), (-300, 202), (300, 202), (301, 401)])
async def test_a_signature_of_zendesk_lives_five_minutes(door: Door, clock: Clock, seconds: int, answer: int) -> None:
    clock.move(seconds=seconds)
    assert (await bring_zendesk(door, ticket(), at=NOW))[0] == answer


async def test_an_unknown_source_is_not_told_which_ones_exist(door: Door) -> None:
    status, answer = await door.post("/v1/hooks/nobody", b"{}", {})
    assert (status, answer) == (404, {"error": "There is no such source.", "field": None})


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
