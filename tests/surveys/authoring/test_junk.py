"""However a file is spoiled, its author gets sentences: never a traceback, never a broken questionnaire."""

import json
from copy import deepcopy
from functools import reduce
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from surveys.authoring.building import build
from surveys.questionnaire import WhyItem
from tests.surveys.authoring.rich import RICH

words = st.one_of(
    st.sampled_from(
        [
            "",
            "key",
            "none",
            "end",
            "size",
            "solved",
            "when",
            "answer",
            "from",
            "0-6",
            "nps",
            "*",
            "{vendor}",
            "{x.y}",
            "{",
            "ru",
            "recommend",
            "csat_5",
            "а\nб",
        ]
    ),
    st.text(max_size=8),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-3, 5000), st.floats(), words)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=5,
)
quick = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def containers(data):
    """Every mapping and list inside the data, with the keys or positions in it."""
    yield data
    for inner in data.values() if isinstance(data, dict) else data:
        if isinstance(inner, dict | list) and inner:
            yield from containers(inner)


def mutate(data, draw):
    """Deletes, replaces, renames or repeats something, anywhere."""
    place = draw(st.sampled_from([container for container in containers(data) if container]))
    where = draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
    match draw(st.sampled_from(["delete", "replace", "rename", "repeat"])):
        case "delete":
            del place[where]
        case "replace":
            place[where] = draw(junk)
        case "rename" if isinstance(place, dict):
            place[draw(words)] = place.pop(where)
        case "repeat" if isinstance(place, list):
            place.append(deepcopy(place[where]))


def written(data):
    stream = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(data, stream)
    return stream.getvalue()


def assert_sound(reading):
    """Either sentences, each on one line, or a document that a person can be asked from."""
    for problem in reading.problems:
        assert "\n" not in str(problem)
        str(problem).encode()
    assert (reading.document is None) == bool(reading.problems)
    if reading.document is not None:
        assert_askable(build(json.loads(json.dumps(reading.document)), 1))


def assert_askable(questionnaire):
    keys = [item.key for item in questionnaire.items]
    assert keys
    assert len(keys) == len(set(keys))
    for item in questionnaire.items:
        texts = [band.text for band in item.bands] if isinstance(item, WhyItem) else list(item.wording.values())
        assert texts
        assert all({"ru", "en"} <= set(text) and all(text.values()) for text in texts)


@pytest.fixture(params=["small", "rich"])
def data(small, request):
    return YAML(typ="safe", pure=True).load(small if request.param == "small" else RICH)


@quick
@given(st.data())
def test_spoiled_data_gives_problems_or_a_questionnaire(reading, data, draws):
    spoiled = deepcopy(data)
    for _ in range(draws.draw(st.integers(0, 3))):
        mutate(spoiled, draws.draw)
    assert_sound(reading(written(spoiled)))


@quick
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1000), st.integers(0, 4), st.text(max_size=3) | st.sampled_from("{}[]&*!|>%@\t\0:-#\"'\\,?")
        ),
        max_size=4,
    )
)
def test_a_spoiled_text_gives_problems_or_a_questionnaire(reading, small, edits):
    spoiled = reduce(lambda text, edit: text[: edit[0]] + edit[2] + text[edit[0] + edit[1] :], edits, small)
    assert_sound(reading(spoiled))


@quick
@given(st.text())
def test_any_text_gives_problems(reading, text):
    outcome = reading(text)
    assert outcome.document is None
    assert_sound(outcome)
