"""What is counted for Prometheus. Labels come from short lists of the program's own words, never from outside."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import Counter, Histogram

from bot.outcomes import Outcomes
from handlers.router import ALLOWED_UPDATES

OTHER: Final = "other"
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128)
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

UPDATES: Final = Counter("otklik_updates", "Updates of Telegram, by kind and what became of them.", ["kind", "outcome"])
UPDATE_SECONDS: Final = Histogram("otklik_update_seconds", "From taking an update in to its commit.", buckets=SECONDS)
COMMIT_SIZE: Final = Histogram("otklik_commit_batch_size", "Updates committed together.", buckets=SIZES)
COMMIT_SECONDS: Final = Histogram("otklik_commit_seconds", "How long a group and its commit take.", buckets=SECONDS)
COMMIT_FAILURES: Final = Counter("otklik_commit_failures", "Groups that were not committed, by cause.", ["cause"])
SENDS: Final = Counter(
    "otklik_sends", "Cards and messages, by what became of them; chats that cannot be reached.", ["what", "outcome"]
)
CALLS: Final = Counter("otklik_telegram_calls", "Calls of the Bot API, by method and outcome.", ["method", "result"])
CALL_SECONDS: Final = Histogram("otklik_telegram_call_seconds", "Calls that have been answered.", buckets=SECONDS)
TOO_MANY: Final = Counter("otklik_telegram_429", "Answers of Telegram that ask for a pause.")
SWEEP_SECONDS: Final = Histogram("otklik_sweep_seconds", "How long a sweep takes.", ["sweep"], buckets=SECONDS)
SWEEP_FAILURES: Final = Counter("otklik_sweep_failures", "Sweeps that failed.", ["sweep"])


def sent(outcomes: Outcomes) -> None:
    """Counts what came of sending, once it is committed."""
    in_doubt = sum(doubted for _, _, doubted in outcomes.put_off.values())
    for what, outcome, number in (
        ("card", "shown", len(outcomes.shown)),
        ("message", "sent", len(outcomes.sent)),
        ("message", "failed", len(outcomes.failed)),
        ("message", "in_doubt", in_doubt),
        ("message", "put_off", len(outcomes.put_off) - in_doubt),
        ("chat", "unreachable", len(outcomes.unreachable)),
    ):
        if number:
            SENDS.labels(what, outcome).inc(number)


def kind_of(update: Mapping[str, object]) -> str:
    """The kind of an update.

    >>> kind_of({"update_id": 1, "message": {}}), kind_of({"update_id": 2, "whatever": {}})
    ('message', 'other')
    """
    return next((kind for kind in ALLOWED_UPDATES if kind in update), OTHER)
