"""What was asked of people before, as the policy looks at it, kept up to date while decisions are taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from surveys.contact import AMENDING, YEAR, Busy, Candidate, History, Occasion, Scheduled, ticket_of
from surveys.contact_ports import Past
from surveys.work import Work

Considered = tuple[Occasion, Candidate]
"""A person, and the occasion to ask them."""


class Ledger:
    """The history of everybody considered. What is decided is noted, and the next decision is taken in its light."""

    def __init__(self, people: Mapping[int, History], account_minutes: Mapping[int, int]) -> None:
        self._people = dict(people)
        self._account_minutes = dict(account_minutes)

    def of(self, candidate: Candidate, *, without: int | None = None) -> History:
        """`without`: id of a scheduled question that is to be asked now and is not in its own way."""
        if candidate.person is None or candidate.held is None:
            return History()
        history = self._people[candidate.person.id]
        scheduled = tuple(ask for ask in history.scheduled if ask.id != without)
        minutes = self._account_minutes.get(candidate.held.account.id, 0)
        return replace(history, scheduled=scheduled, account_minutes=minutes)

    def note(self, occasion: Occasion, candidate: Candidate, news: Scheduled | Busy) -> None:
        """This is going to be asked, or has just been asked."""
        if candidate.person is None or candidate.held is None:
            return
        history, account = self._people[candidate.person.id], candidate.held.account.id
        if isinstance(news, Scheduled):
            history = replace(history, scheduled=(*history.scheduled, news))
        else:
            history = replace(history, open=(*history.open, news), last={**history.last, news.kind: news.since})
        self._people[candidate.person.id] = history
        self._account_minutes[account] = self._account_minutes.get(account, 0) + occasion.minutes


async def ledger(work: Work, considered: Sequence[Considered]) -> Ledger:
    """What storage knows of these people, and of the tickets they would be asked about."""
    people = sorted({candidate.person.id for _, candidate in considered if candidate.person})
    accounts = sorted({candidate.held.account.id for _, candidate in considered if candidate.held})
    since = work.now - YEAR
    events = {event for occasion, _ in considered for event in _keys(occasion)}
    reopened = await work.uow.interactions.reopened(sorted(events))
    past = await work.uow.contacts.of(people, since)
    histories = {each: await _history(work, past[each], reopened) for each in people}
    if work.policy.minutes_per_account is None:
        return Ledger(histories, {})
    taken = await work.uow.contacts.of_accounts(accounts, since)
    return Ledger(histories, {each: await _minutes(work, taken[each]) for each in accounts})


def _keys(occasion: Occasion) -> Iterable[tuple[str, str]]:
    tickets = ((event.source, ticket_of(event)) for event in occasion.events)
    return ((source, ticket) for source, ticket in tickets if ticket is not None)


async def _history(work: Work, past: Past, reopened: Mapping[tuple[str, str], datetime]) -> History:
    expire_after = work.policy.expire_after
    return History(
        last=past.last,
        open=tuple(
            replace(each, until=each.since + AMENDING if each.amending else (each.wake_at or each.since) + expire_after)
            for each in past.open
        ),
        scheduled=past.scheduled,
        minutes=await _minutes(work, past.taken),
        reopened=reopened,
    )


async def _minutes(work: Work, taken: Mapping[tuple[str, int], int]) -> int:
    """What these interviews took, as was announced."""
    return sum([times * (await work.library.version(*which)).minutes for which, times in taken.items()])
