"""The words reports are made of, by what they name. English here; the catalogues have the other languages."""

from collections.abc import Mapping
from typing import Final

from metrics.nps import Band
from surveys.locales import N_
from surveys.reporting import Dimension, Method, Metric

TITLES: Final[Mapping[Metric, str]] = {
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    "csi": "CSI",
    "response": N_("Response rate"),
}

BREAKDOWNS: Final[Mapping[Dimension, str]] = {
    "account": N_("by account"),
    "project": N_("by project"),
    "division": N_("by division"),
    "product": N_("by product"),
    "role": N_("by role"),
    "stage": N_("by stage"),
    "questionnaire": N_("by questionnaire"),
    "item": N_("by question"),
    "component": N_("by component"),
    "block": N_("by block"),
    "touchpoint": N_("by touchpoint"),
    "channel": N_("by channel"),
    "language": N_("by language"),
    "month": N_("by month"),
    "quarter": N_("by quarter"),
    "wave": N_("by wave"),
}

NAMES: Final[Mapping[Dimension, str]] = {
    "account": N_("Account"),
    "project": N_("Project"),
    "division": N_("Division"),
    "product": N_("Product"),
    "role": N_("Role"),
    "stage": N_("Stage"),
    "questionnaire": N_("Questionnaire"),
    "item": N_("Question"),
    "component": N_("Component"),
    "block": N_("Block"),
    "touchpoint": N_("Touchpoint"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "wave": N_("Wave"),
}

BANDS: Final[Mapping[Band, str]] = {
    "alarming": N_("alarming"),
    "good": N_("good"),
    "excellent": N_("excellent"),
    "world_class": N_("world class"),
}

METHODS: Final[Mapping[Method, str]] = {
    "top1": N_("share of the best mark"),
    "top2": N_("share of the two best marks"),
    "mean": N_("mean mark, 0 to 100"),
}
