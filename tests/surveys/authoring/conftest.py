"""A vendor, and a small questionnaire that is in order, to be spoiled by the tests."""

from collections.abc import Callable

import pytest

from surveys.authoring.catalogue import Reading, read

HOUSE = {
    "offer": {"product": ["usability", "stability"], "service": ["support"]},
    "roles": ["senior_it", "key_user"],
    "languages": ["ru", "en"],
    "stages": ["rollout", "operation"],
}

SMALL = """\
key: small
kind: relationship
minutes: 2
title: {ru: Опрос, en: Survey}
introduction: {ru: "{vendor} спрашивает о {project}", en: "{vendor} asks about {project}"}
consent: {ru: Согласие, en: Consent}
closing: {ru: Спасибо, en: Thank you}
scales:
  nps:
    low: {ru: нет, en: "no"}
    high: {ru: да, en: "yes"}
  csat_5:
    low: {ru: плохо, en: bad}
    high: {ru: хорошо, en: good}
why:
  csat_5:
    1-2: {ru: Что не так?, en: What is wrong?}
items:
  - key: recommend
    scale: nps
    text: {ru: Порекомендуете?, en: Would you recommend us?}
    why:
      9-10: {ru: Что сохранить?, en: What should we keep?}
      0-6: {ru: Чего не хватает?, en: What is missing?}
  - key: screens
    component: usability
    scale: csat_5
    text_for:
      key_user: {ru: Удобны ли экраны?, en: Are the screens easy to use?}
  - key: remark
    limit: 500
    text: {ru: Что ещё?, en: Anything else?}
"""


@pytest.fixture
def house() -> dict[str, object]:
    """What the vendor offers, whom it asks and in which languages."""
    return HOUSE


@pytest.fixture
def small() -> str:
    """The text of a file that is in order."""
    return SMALL


@pytest.fixture
def reading() -> Callable[[str], Reading]:
    """Reads a text as the file small.yaml of this vendor."""
    return lambda text: read(text, name="small.yaml", **HOUSE)


@pytest.fixture
def problems(reading: Callable[[str], Reading]) -> Callable[[str], list[str]]:
    """Everything wrong with a text, as the person who wrote it is told."""
    return lambda text: [str(problem) for problem in reading(text).problems]
