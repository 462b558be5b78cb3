"""What the settings say about reports."""

from bot.settings import Settings
from reports.labels import Labels
from surveys.questionnaire import Text
from surveys.reporting import ReportRules


def report_rules(settings: Settings, *, confidential: bool) -> ReportRules:
    """The vendor's decisions about reports.

    `confidential`: somebody was promised confidentiality, so every report keeps it: taken from one that does not, one
    that does would tell of single people.
    """
    return ReportRules(
        weights=settings.csi_weights,
        csi_basis=settings.csi.basis,
        mode="confidential" if confidential else settings.privacy.mode,
        min_group=settings.privacy.min_group,
        order={
            "stage": tuple(settings.journey),
            "role": tuple(settings.weights),
            "block": tuple(settings.offer),
            "component": tuple(key for keys in settings.components.values() for key in keys),
        },
    )


def report_labels(settings: Settings) -> Labels:
    """What the vendor's things are called."""
    blocks, stages = settings.offer, settings.journey
    components: dict[str, Text] = {key: title for block in blocks.values() for key, title in block.components.items()}
    touchpoints: dict[str, Text] = {key: title for one in stages.values() for key, title in one.touchpoints.items()}
    return {
        "role": {key: role.title for key, role in settings.roles.items()},
        "stage": {key: stage.title for key, stage in stages.items()},
        "block": {key: block.title for key, block in blocks.items()},
        "component": components,
        "touchpoint": touchpoints,
    }
