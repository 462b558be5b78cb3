"""What Jira Service Management and Zendesk bring."""

from typing import Any

from tests.intake.bench import Door, body_of, jira, zendesk


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
