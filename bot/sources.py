"""The systems that report events, as the doors know them."""

from bot.settings_sections import Intake, IntakeSource
from intake.signatures import Source, key_of


def sources(intake: Intake) -> tuple[Source, ...]:
    """Every source of the configuration; one without a secret is closed."""
    return tuple(
        Source(name=name, kind=source.kind, keys=_keys(source), mapping=source.mapping)
        for name, source in intake.sources.items()
    )


def _keys(source: IntakeSource) -> tuple[bytes, ...]:
    secrets = (source.secret, source.previous_secret)
    return tuple(key_of(source.kind, secret.get_secret_value()) for secret in secrets if secret)
