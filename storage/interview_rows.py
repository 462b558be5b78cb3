"""Interviews as rows of their table."""

from typing import Any

from sqlalchemy.engine import Row

from storage.states import fields_of, place_of
from surveys.interview import Disposition, Interview, Phase
from surveys.ports import Card, Circumstances, OpenInterview


def circumstances_of(opened: OpenInterview) -> dict[str, Any]:
    """Columns that never change after the interview began."""
    about = opened.about
    return {
        "invitation_id": about.invitation_id,
        "person_id": about.person_id,
        "account_id": about.account_id,
        "project_id": about.project_id,
        "division": about.division,
        "product": about.product,
        "stage": about.stage,
        "channel": about.channel,
        "interviewer": about.interviewer,
        "wave": about.wave,
        "touchpoint": about.touchpoint,
        "extra": dict(about.extra),
        "questionnaire": opened.interview.questionnaire,
        "version": opened.interview.version,
        "roles": opened.interview.roles,
        "mode": opened.interview.mode,
    }


def state_of(opened: OpenInterview) -> dict[str, Any]:
    """Columns that change with a turn."""
    live = opened.interview
    return {
        "language": live.language,
        "phase": live.phase,
        "turn": live.turn,
        "state": place_of(live),
        "disposition": live.disposition,
        "cause": live.cause,
        "consented_at": live.consented_at,
        "consent": live.consent,
        "valid_until": live.valid_until,
        "closed_at": live.closed_at,
        "amend_until": live.amend_until,
        "wake_at": live.wake_at,
        **card_of(opened.card),
    }


def card_of(card: Card) -> dict[str, Any]:
    """Columns of the card."""
    return {"chat_id": card.chat_id, "message_id": card.message_id, "shown_turn": card.shown_turn}


def shown_of(card: Card) -> dict[str, Any]:
    """The card as it was drawn, and of which turn."""
    return {"of_turn": card.shown_turn, "of_message": card.message_id or 0, **card_of(card)}


def opened_of(row: Row[Any]) -> OpenInterview:
    """The interview of a row with the names of account, project and person."""
    values = row._mapping
    return OpenInterview(
        interview=Interview(
            id=row.id,
            questionnaire=row.questionnaire,
            version=row.version,
            roles=row.roles,
            language=row.language,
            phase=Phase(row.phase),
            turn=row.turn,
            **fields_of(row.state),
            stage=row.stage,
            event=row.extra,
            mode=row.mode,
            disposition=None if row.disposition is None else Disposition(row.disposition),
            consented_at=row.consented_at,
            consent=row.consent,
            valid_until=row.valid_until,
            closed_at=row.closed_at,
            cause=row.cause,
            amend_until=row.amend_until,
        ),
        about=Circumstances(**{name: values[name] for name in Circumstances.__dataclass_fields__}),
        card=Card(chat_id=row.chat_id, message_id=row.message_id, shown_turn=row.shown_turn),
    )
