"""`POST /v1/hooks/{source}`: helpdesks in their own formats and with their own signatures."""

import pytest

from surveys.interactions import Interaction
from tests.intake.bench import EVENT, KEYS, NOW, Clock, Door, Store, body_of, jira, standard, zendesk
from tests.intake.helpdesks import bring_jira, bring_zendesk, change, issue, ticket

ACCEPTED = (202, {"status": "accepted"})
DUPLICATE = (200, {"status": "duplicate"})
IGNORED = (202, {"status": "ignored"})


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
