"""Where a person is in an interview, as the column `state` keeps it. What is as at the beginning is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.answers import packed, unpacked
from surveys.interview import Interview
from surveys.later import Offer


def place_of(live: Interview) -> dict[str, Any]:
    """JSON values."""
    besides = {
        "draft": None if live.draft is None else packed(live.draft),
        "comment": None if live.comment is None else [live.comment.item, packed(live.comment)],
        "too_late": live.too_late or None,
        "changing": live.changing,
        "page": live.page or None,
        "amended": live.amended or None,
        "offer": None if live.offer is None else _offer_as_json(live.offer),
    }
    answers = {key: packed(given) for key, given in live.answers.items()}
    return {
        "trail": live.trail,
        "answers": answers,
        **{name: value for name, value in besides.items() if value is not None},
    }


def fields_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The same as fields of an interview."""
    trail, changing = tuple(state["trail"]), state.get("changing")
    return {
        "trail": trail,
        "answers": {item: unpacked(item, said) for item, said in state["answers"].items()},
        "draft": unpacked(changing or trail[-1], state["draft"]) if "draft" in state else None,
        "comment": unpacked(*state["comment"]) if "comment" in state else None,
        "too_late": tuple(state.get("too_late", ())),
        "changing": changing,
        "page": state.get("page", 0),
        "amended": state.get("amended", False),
        "offer": _offer_of(state["offer"]) if "offer" in state else None,
    }


def _offer_as_json(offer: Offer) -> dict[str, Any]:
    """With the offset of the person's own time, by which the card names days."""
    return {"until": offer.until.isoformat(), "moments": {key: at.isoformat() for key, at in offer.moments.items()}}


def _offer_of(kept: Mapping[str, Any]) -> Offer:
    moments = {key: datetime.fromisoformat(at) for key, at in kept["moments"].items()}
    return Offer(moments=moments, until=datetime.fromisoformat(kept["until"]))
