"""The rules of reports as they held on a past day. The database learns them whenever the service or a report starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.settings import Settings
from storage.database import Database
from surveys.reporting import ReportRules

MODE: Final = "privacy.mode"


def decided(settings: Settings) -> Mapping[str, Any]:
    """What of the settings changes the index."""
    return {"weights": dict(settings.csi_weights), "basis": settings.csi.basis}


async def learn(database: Database, settings: Settings, now: datetime) -> None:
    """Takes down what is decided now, if that is new; the views of analysts name nobody in confidential mode."""
    async with database.reading() as reading:
        known = await reading.rulings.held(now), await reading.settings.get(MODE)
    if known != (decided(settings), settings.privacy.mode):
        async with database.unit_of_work() as uow:
            await uow.rulings.hold(decided(settings), now)
            await uow.settings.set(MODE, settings.privacy.mode)
            await uow.commit()


def as_of(rules: ReportRules, held: Mapping[str, Any] | None) -> ReportRules:
    """The rules with the weights and the basis that held then."""
    return rules if held is None else replace(rules, weights=held["weights"], csi_basis=held["basis"])
