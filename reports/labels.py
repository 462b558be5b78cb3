"""How the keys of a dimension are called in the languages of people."""

from collections.abc import Mapping

from surveys.questionnaire import Language, Text
from surveys.reporting import Dimension

Labels = Mapping[Dimension, Mapping[str, Text]]


def label(labels: Labels, dimension: Dimension, key: str, language: Language) -> str:
    """The title of a key; in another language if there is none in this one, else the key itself.

    >>> label({"stage": {"rollout": {"ru": "Ввод в эксплуатацию"}}}, "stage", "rollout", "ru")
    'Ввод в эксплуатацию'
    >>> label({}, "account", "ООО «Пример»", "en")
    'ООО «Пример»'
    """
    titles = labels.get(dimension, {}).get(key, {})
    return titles.get(language) or next(iter(titles.values()), key)
