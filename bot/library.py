"""Every version of every questionnaire, published to storage and ready to use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.settings_sources import ConfigurationError
from surveys.authoring.building import build
from surveys.authoring.catalogue import read_directory
from surveys.authoring.document import Document, digest
from surveys.errors import UnknownQuestionnaire
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:  # `otklik check` reads the catalogue and opens no database
    from storage.database import Database


class PublishedLibrary:
    """The port `Library`: the newest versions as the catalogue has them, older ones as storage kept them."""

    def __init__(
        self, database: "Database", versions: Mapping[tuple[str, int], Questionnaire], newest: Mapping[str, int]
    ):
        self._database = database
        self._versions = dict(versions)
        self._newest = dict(newest)

    def names(self) -> Sequence[str]:
        """Every questionnaire, by key."""
        return sorted(self._newest)

    def current(self, key: str) -> Questionnaire:
        """The newest version. Raises UnknownQuestionnaire."""
        if key not in self._newest:
            raise UnknownQuestionnaire(key=key, allowed=", ".join(sorted(self._newest)))
        return self._versions[key, self._newest[key]]

    async def version(self, key: str, version: int) -> Questionnaire:
        """The version an interview began in; storage is asked for one another process has published since."""
        known = self._versions.get((key, version))
        return known if known is not None else await self._fetch(key, version)

    async def _fetch(self, key: str, version: int) -> Questionnaire:
        async with self._database.reading() as reading:
            found = await reading.questionnaires.get(key, version)
        if found is None:
            raise UnknownQuestionnaire(key=f"{key} v{version}", allowed=", ".join(sorted(self._newest)))
        return self._versions.setdefault((key, version), build(found.document, version))


async def publish(database: "Database", documents: Mapping[str, Document], now: datetime) -> PublishedLibrary:
    """Gives every document of the catalogue its version, a new one where it changed, and loads all there are."""
    newest: dict[str, int] = {}
    async with database.unit_of_work() as uow:
        for key, document in documents.items():
            newest[key] = await uow.questionnaires.publish(document, digest(document), now)
        await uow.commit()
    async with database.reading() as reading:
        published = await reading.questionnaires.all()
    return PublishedLibrary(
        database, {(one.key, one.version): build(one.document, one.version) for one in published}, newest
    )


def read_catalogue(settings: Settings) -> tuple[Mapping[str, Document], tuple[str, ...]]:
    """The documents of the configured catalogue by key, and what is wrong with them, one line each."""
    documents, problems = read_directory(
        settings.catalogue_directory,
        offer=settings.components,
        roles=tuple(settings.roles),
        languages=settings.vendor.languages,
        stages=tuple(settings.journey),
    )
    return documents, tuple(str(problem) for problem in problems)


async def load_library(settings: Settings, database: "Database", now: datetime) -> PublishedLibrary:
    """The configured catalogue, published. Raises ConfigurationError."""
    documents, problems = read_catalogue(settings)
    if problems:
        raise ConfigurationError(problems)
    return await publish(database, documents, now)
