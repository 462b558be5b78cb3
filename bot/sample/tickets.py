"""Requests of the past half year, as a helpdesk would have reported them: how soon they were answered and resolved."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import log
from typing import Final

from bot.sample.waves import REQUEST, chance_of
from surveys.directory import DirectoryRow
from surveys.interactions import Interaction

SOURCE: Final = "sample-helpdesk"
TOUCHPOINT: Final = "support_ticket"
MOMENTS: Final = ("opened_at", "first_response_at", "resolved_at")
SERVED: Final = frozenset({"rollout", "operation", "expansion"})
SLOW: Final = frozenset({"Мониторинг насосных станций", "Отгрузка цемента"})
EACH: Final = (6, 14)
HALF_A_YEAR: Final = timedelta(days=180)
USUAL_HOURS: Final = (1.5, 9.0)
"""Of half of the requests: to the first answer, and from there to the end."""
SPREAD: Final = 0.8
TIMES_SLOWER: Final = 4


def sample_tickets(rows: Sequence[DirectoryRow], now: datetime) -> Iterator[Interaction]:
    """Those of every project that is in use, each by somebody of it."""
    projects = dict.fromkeys((row.account, row.project) for row in rows if row.stage in SERVED)
    for number, (account, project) in enumerate(projects, 1):
        people = [row.external_id for row in rows if (row.account, row.project) == (account, project)]
        chance = chance_of("tickets", project)
        for each in range(chance.randint(*EACH)):
            opened = now - timedelta(days=2) - HALF_A_YEAR * chance.random()
            slower = TIMES_SLOWER if project in SLOW else 1
            first, rest = (timedelta(hours=slower * chance.lognormvariate(log(usual), SPREAD)) for usual in USUAL_HOURS)
            moments = (opened, opened + first, opened + first + rest)
            person = chance.choice(people)
            if moments[-1] < now:
                yield _resolved(f"S-{100 * number + each}", account, project, person, moments)


def _resolved(ticket: str, account: str, project: str, person: str, moments: Sequence[datetime]) -> Interaction:
    told = {name: moment.isoformat() for name, moment in zip(MOMENTS, moments, strict=True)}
    return Interaction(
        source=SOURCE,
        id=ticket,
        type=REQUEST,
        occurred_at=moments[-1],
        account=account,
        project=project,
        person=person,
        data={"ticket": ticket, "touchpoint": TOUCHPOINT, **told},
    )
