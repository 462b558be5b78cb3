"""What no section can know alone: that the parts of a configuration agree with each other."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from bot.settings_outward import endpoints, jira
from intake.signatures import key_of
from surveys.authoring.problems import Fault, Place, unknown

if TYPE_CHECKING:
    from bot.settings import Settings  # which runs these checks

Check = Callable[["Settings"], Iterator[Fault]]


def languages(settings: "Settings") -> Iterator[Fault]:
    """The vendor's own language is one of those offered."""
    vendor = settings.vendor
    if vendor.language not in vendor.languages:
        yield ("vendor", "languages"), f"lacks {vendor.language}, which is the vendor's language"
    for language in vendor.names.keys() - set(vendor.languages):
        yield ("vendor", "names", language), f"is not among vendor.languages: {', '.join(vendor.languages)}"


def titles(settings: "Settings") -> Iterator[Fault]:
    """What has a title has it in the vendor's language, which stands in for every other."""
    language = settings.vendor.language
    for place, title in _titles(settings) if language in settings.vendor.languages else ():
        if title and language not in title:
            yield place, f"has no text in {language}, the vendor's language"


def _titles(settings: "Settings") -> Iterator[tuple[Place, Mapping[str, str]]]:
    for key, role in settings.roles.items():
        yield ("roles", key, "title"), role.title
    for key, stage in settings.journey.items():
        yield ("journey", key, "title"), stage.title
        yield from ((("journey", key, "touchpoints", name), title) for name, title in stage.touchpoints.items())
    for key, block in settings.offer.items():
        yield ("offer", key, "title"), block.title
        yield from ((("offer", key, "components", name), title) for name, title in block.components.items())


def webhook(settings: "Settings") -> Iterator[Fault]:
    """Telegram can only bring updates to an address."""
    if settings.telegram.mode == "webhook" and settings.telegram.webhook.url is None:
        yield ("telegram", "webhook", "url"), "is needed where telegram.mode is webhook"


def components(settings: "Settings") -> Iterator[Fault]:
    """A component belongs to one block."""
    count = Counter(component for block in settings.offer.values() for component in block.components)
    for key, block in settings.offer.items():
        for component in block.components:
            if count[component] > 1:
                yield ("offer", key, "components", component), "stands in several blocks; a component belongs to one"


def stages(settings: "Settings") -> Iterator[Fault]:
    """The relationship survey waits for stages that exist."""
    when = settings.relationship.when
    if when.stages is None and when.since not in settings.journey:
        yield ("relationship", "when", "since"), unknown("stage", when.since, settings.journey)
    for index, stage in enumerate(when.stages or ()):
        if stage not in settings.journey:
            yield ("relationship", "when", "stages", index), unknown("stage", stage, settings.journey)


def waves(settings: "Settings") -> Iterator[Fault]:
    """Waves differ in their keys, and ask stages and roles that exist."""
    count = Counter(wave.key for wave in settings.waves)
    for index, wave in enumerate(settings.waves):
        if count[wave.key] > 1:
            yield ("waves", index, "key"), f"{wave.key} is the key of another wave too; each has its own"
        yield from _wanted(("waves", index, "where", "stage"), wave.where.get("stage", ()), "stage", settings.journey)
        yield from _wanted(("waves", index, "where", "role"), wave.where.get("role", ()), "role", settings.roles)


def _wanted(place: Place, words: tuple[str, ...], what: str, known: Mapping[str, object]) -> Iterator[Fault]:
    return ((place, unknown(what, word, known)) for word in words if word not in known)


def scopes(settings: "Settings") -> Iterator[Fault]:
    """A manager without anything to see is a mistake."""
    for manager, scope in settings.access.managers.items():
        if not (scope.accounts or scope.projects or scope.divisions):
            yield ("access", "managers", str(manager)), "names nothing; give accounts, projects or divisions"


def reports(settings: "Settings") -> Iterator[Fault]:
    """Reports that are sent differ in their keys, and go to members of staff, to each once."""
    count, access = Counter(one.key for one in settings.reports), settings.rules().access
    for index, one in enumerate(settings.reports):
        if count[one.key] > 1:
            yield ("reports", index, "key"), f"{one.key} is the key of another report too; each has its own"
        for at, reader in enumerate(one.to):
            if not access.is_staff(reader):
                yield ("reports", index, "to", at), f"{reader} is not in access: neither an admin, viewer nor manager"
            elif reader in one.to[:at]:
                yield ("reports", index, "to", at), f"{reader} is named twice; each gets a report once"


def signatures(settings: "Settings") -> Iterator[Fault]:
    """Standard Webhooks writes the bytes of a secret in base64, and they alone tell who has signed."""
    seen: set[bytes] = set()
    for place, kind, secret in _secrets(settings):
        key = _bytes_of(secret) if kind == "standard" else b""
        if kind == "standard" and not key:
            yield place, "is not a secret in base64, with or without whsec_ before it"
        elif key in seen:
            yield place, "is the secret of another source, or the same as before; each is used once"
        seen |= {key} - {b""}


def rotation(settings: "Settings") -> Iterator[Fault]:
    """A source without a secret is closed, whatever it had before."""
    for key, source in settings.intake.sources.items():
        if source.previous_secret and not source.secret:
            yield ("intake", "sources", key, "previous_secret"), "is given without secret, which takes its place"


def _secrets(settings: "Settings") -> Iterator[tuple[Place, str, str]]:
    for key, source in settings.intake.sources.items():
        for name, secret in (("secret", source.secret), ("previous_secret", source.previous_secret)):
            if secret is not None:
                yield ("intake", "sources", key, name), source.kind, secret.get_secret_value()


def _bytes_of(secret: str) -> bytes:
    try:
        return key_of("standard", secret)
    except ValueError:
        return b""


CHECKS: Final[Mapping[Check, frozenset[str]]] = {
    languages: frozenset({"vendor"}),
    titles: frozenset({"vendor", "roles", "journey", "offer"}),
    webhook: frozenset({"telegram"}),
    components: frozenset({"offer"}),
    stages: frozenset({"relationship", "journey"}),
    waves: frozenset({"waves", "journey", "roles"}),
    scopes: frozenset({"access"}),
    reports: frozenset({"reports", "access"}),
    signatures: frozenset({"intake"}),
    rotation: frozenset({"intake"}),
    endpoints: frozenset({"webhooks"}),
    jira: frozenset({"jira"}),
}
"""Each check with the sections it needs: it says nothing while one of them is wrong in itself."""
