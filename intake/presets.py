"""The formats that are known: what a mapping says where the configuration says nothing.

Neither Jira nor Zendesk knows which account and project of the directory a ticket belongs to: they are the person's,
unless a mapping of the vendor's own finds them in the payload.
"""

from collections.abc import Mapping
from typing import Any, Final

_RESOLUTION: Final = "changelog.items[field=resolution]"
_STATUS_CHANGED: Final = {"type": "zen:event-type:ticket.status_changed"}

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "jira": {
        "types": [
            {"type": "ticket.created", "when": {"webhookEvent": "jira:issue_created"}},
            {"type": "ticket.resolved", "when": {f"{_RESOLUTION}.from": False, f"{_RESOLUTION}.to": True}},
            {"type": "ticket.reopened", "when": {f"{_RESOLUTION}.from": True, f"{_RESOLUTION}.to": False}},
            {
                "type": "ticket.closed",
                "when": {"changelog.items[field=status].toString": ["Closed", "Закрыт", "Закрыто", "Закрито"]},
            },
        ],
        "id": "header:X-Atlassian-Webhook-Identifier",
        "occurred_at": "timestamp",
        "person": ["issue.fields.reporter.accountId", "issue.fields.reporter.name"],
        "data": {
            "ticket": "issue.key",
            "priority": "issue.fields.priority.name",
            "opened_at": "issue.fields.created",
            "resolved_at": "issue.fields.resolutiondate",
            "resolution": "issue.fields.resolution.name",
            "touchpoint": {"default": "support_ticket"},
        },
    },
    "zendesk": {
        "types": [
            {"type": "ticket.created", "when": {"type": "zen:event-type:ticket.created"}},
            {"type": "ticket.resolved", "when": _STATUS_CHANGED | {"event.current": "SOLVED"}},
            {"type": "ticket.closed", "when": _STATUS_CHANGED | {"event.current": "CLOSED"}},
            {
                "type": "ticket.reopened",
                "when": _STATUS_CHANGED
                | {"event.previous": "SOLVED", "event.current": ["NEW", "OPEN", "PENDING", "HOLD"]},
            },
        ],
        "id": ["id", "header:X-Zendesk-Webhook-Invocation-Id"],
        "occurred_at": "time",
        "person": "detail.requester_id",
        "data": {
            "ticket": "detail.id",
            "priority": "detail.priority",
            "opened_at": "detail.created_at",
            "touchpoint": {"default": "support_ticket"},
        },
    },
}


def completed(kind: object, given: object) -> object:
    """The mapping of a source of this kind: what is given, over what is known of the kind.

    Keys of `data` stand one by one; null takes a key away. None: the source needs no mapping.
    """
    preset = PRESETS.get(kind) if isinstance(kind, str) else None
    if preset is None or not isinstance(given, dict | None):
        return given
    own = given or {}
    data = own.get("data", {})
    return {**preset, **own, "data": {**preset["data"], **data} if isinstance(data, dict) else data}
