import pytest

from surveys.errors import BadQuery
from surveys.report_values import Titles, settled
from surveys.reporting import Dimension, ReportQuery
from surveys.rules import Scope
from tests.surveys.counted import answers, joined

STEEL, OIL, OIL_2 = "Пример-Сталь (образец)", "Пример-Нефть (образец)", "ООО «Звёздный Путь»"
TITLES: Titles = {
    "role": {
        "senior_it": {"ru": "ИТ-руководитель", "en": "IT executive"},
        "key_user": {"ru": "Ключевой пользователь", "en": "Key user"},
    },
    "touchpoint": {"ticket": {"ru": "Обращение"}, "call": {"ru": "Обращение"}},
}
COUNTS = joined(
    answers("nps", {9: 1}, account=STEEL, project="Alpha", wave="2026-1"),
    answers("nps", {9: 1}, account=OIL, project="alpha", wave="2026-2"),
    answers("nps", {9: 1}, role="auditor", account=OIL_2),
)
OWN = Scope(accounts=(STEEL,))


async def keys(dimension: Dimension, *words: str, scope: Scope | None = None) -> tuple[str, ...]:
    query = ReportQuery(metric="nps", where={dimension: words}, scope=scope)
    return (await settled(query, COUNTS, TITLES)).where[dimension]


async def refused(dimension: Dimension, word: str, scope: Scope | None = None) -> dict[str, object]:
    with pytest.raises(BadQuery) as error:
        await keys(dimension, word, scope=scope)
    return dict(error.value.values)


@pytest.mark.parametrize(
    "word", ["senior_it", "Senior_IT", "ИТ-руководитель", "ит-Руководитель", "it executive", "IT ex"]
)
async def test_a_role_is_asked_for_by_key_or_by_title_in_any_language(word: str) -> None:
    assert await keys("role", word) == ("senior_it",)


async def test_a_role_that_answered_without_being_configured_is_known_too() -> None:
    assert await keys("role", "Auditor", "key_user") == ("auditor", "key_user")


@pytest.mark.parametrize("word", [OIL_2, "ооо «звездный путь»", "ООО Звёздный Путь", "ооо звезд"])
async def test_a_name_is_known_in_any_case_without_its_quotation_marks_and_by_its_beginning(word: str) -> None:
    assert await keys("account", word) == (OIL_2,)


async def test_names_that_differ_in_case_alone_are_told_apart_when_written_right() -> None:
    assert await keys("project", "alpha") == ("alpha",)
    assert await keys("project", "ALPHA") == ("Alpha", "alpha")


async def test_a_title_of_two_keys_stands_for_both() -> None:
    assert await keys("touchpoint", "обращение") == ("ticket", "call")


async def test_a_month_without_answers_is_a_month_all_the_same() -> None:
    assert await keys("month", "2020-01") == ("2020-01",)
    assert (await refused("month", "2020-13"))["reason"] == "no_such"
    assert (await refused("quarter", "2020-Q5"))["reason"] == "no_such"


async def test_a_name_nobody_has_is_refused_with_the_nearest_one() -> None:
    values = await refused("account", "пример-неть")
    assert (values["reason"], values["dimension"], values["nearest"]) == ("no_such", "account", OIL)
    assert (await refused("account", "нефьт"))["nearest"] == OIL
    assert (await refused("account", "qwertyuiop"))["nearest"] is None


async def test_a_beginning_of_several_names_is_refused_with_all_of_them() -> None:
    values = await refused("account", "пример")
    assert (values["reason"], values["allowed"]) == ("several_such", (OIL, STEEL))


async def test_a_limited_reader_hears_of_nothing_beyond_their_own() -> None:
    for word in (OIL, "Пример-Неф", "qwertyuiop"):
        values = await refused("account", word, OWN)
        assert values["reason"] == "no_such_yours"
        assert values["allowed"] == (STEEL,)
        assert values["nearest"] in (None, STEEL)
    assert await keys("account", "пример", scope=OWN) == (STEEL,)
    assert (await refused("wave", "2026-2", OWN))["allowed"] == ("2026-1",)
