"""What is asked of the table of interviews, and what is changed in it."""

from typing import Any, Final

from sqlalchemy import Select, bindparam, case, func, or_, select, update

from storage.replicas import ME, free
from storage.tables import LIVE, account, interview, person, project
from surveys.interview import Disposition, Phase

OPENED: Final[Select[Any]] = (
    select(
        interview,
        account.c.name.label("account"),
        project.c.name.label("project"),
        person.c.name.label("person"),
    )
    .join(account, account.c.id == interview.c.account_id)
    .join(project, project.c.id == interview.c.project_id)
    .join(person, person.c.id == interview.c.person_id)
    .order_by(interview.c.id)
)
BEHIND: Final = interview.c.shown_turn < interview.c.turn
MINE: Final = or_(interview.c.drawer.is_(None), interview.c.drawer == ME)
UNSHOWN: Final = OPENED.where(BEHIND, MINE)
THESE: Final = OPENED.where(interview.c.id.in_(bindparam("these", expanding=True)), BEHIND)
STANDING: Final = select(interview.c.id, interview.c.message_id, BEHIND.label("behind")).where(
    interview.c.id.in_(bindparam("these", expanding=True))
)
PERSONS: Final = select(interview.c.person_id).where(interview.c.id.in_(bindparam("these", expanding=True))).distinct()
NOT_DRAWN: Final = (
    select(interview.c.id)
    .where(BEHIND, free(interview.c.drawer))
    .order_by(interview.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("not_drawn")
)
TAKE_OVER: Final = (
    update(interview).where(interview.c.id.in_(select(NOT_DRAWN.c.id))).values(drawer=ME).returning(interview.c.id)
)
# A person is locked before their interviews, always: two replicas then never hold what the other one waits for.
LOCKED: Final = OPENED.with_for_update(of=[person, interview])
OPEN_OF_PERSONS: Final = OPENED.where(
    interview.c.person_id.in_(bindparam("person_ids", expanding=True)), LIVE
).with_for_update(of=interview)
BY_ID: Final = LOCKED.where(interview.c.id == bindparam("which"))
BY_INVITATION: Final = LOCKED.where(interview.c.invitation_id == bindparam("which"))
REFUSED_BY: Final = (
    LOCKED.where(
        interview.c.person_id == bindparam("which"),
        interview.c.disposition.in_([Disposition.REFUSED, Disposition.BREAK_OFF]),
        interview.c.cause.is_(None),
        interview.c.interviewer.is_(None),
    )
    .order_by(None)
    .order_by(interview.c.closed_at.desc(), interview.c.id)
    .limit(1)
)
# Of one account there are few, or the message is too old to be edited.
LATEST: Final = (
    LOCKED.where(or_(interview.c.person_id == bindparam("which"), interview.c.interviewer == bindparam("whose")))
    .order_by(None)
    .order_by(interview.c.touched_at.desc(), interview.c.id)
    .limit(50)
)
# A person has few; of cards in chats to which nobody comes back there may be many.
ENDED_UNSEEN: Final = LOCKED.where(
    interview.c.person_id == bindparam("which"),
    interview.c.phase == Phase.CLOSED,
    interview.c.message_id.is_not(None),
    BEHIND,
).order_by(None)
HELD_BY: Final = LOCKED.where(interview.c.interviewer == bindparam("whose"), LIVE)
CHANGE: Final = update(interview).where(interview.c.id == bindparam("which"))
# Once nobody draws the card any more, word of an older turn, or of an earlier place, comes late.
NEWEST: Final = (interview.c.turn <= bindparam("of_turn")) & (
    func.coalesce(interview.c.message_id, 0) <= bindparam("of_message")
)
NOT_LATE: Final = interview.c.drawer.is_(None) & or_(NEWEST, bindparam("of_turn") < 0)
SHOWN: Final = (
    update(interview)
    .where(interview.c.id == bindparam("which"), or_(interview.c.drawer == ME, NOT_LATE))
    .values(drawer=case((interview.c.turn <= bindparam("of_turn"), None), else_=interview.c.drawer))
)
