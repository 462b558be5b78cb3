from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.errors import SENTENCES, query_problem
from surveys.errors import BadQuery
from surveys.query import parse_report, split_words
from surveys.requests import requested
from tests.reports.screens import LABELS


def problem(text: str, language: str, *, chat: bool = False) -> str:
    with pytest.raises(BadQuery) as error:
        parse_report(split_words(text), date(2026, 8, 20))
    return query_problem(error.value, language, chat=chat)


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("npss", "en", "I don’t understand “npss”. Did you mean “nps”?"),
        ("нпсс", "ru", "Не понимаю «нпсс». Может быть, «нпс»?"),
        ("csat за компонентамы", "uk", "Не розумію «компонентамы». Можливо, «компонентам»?"),
        ("nps с завтра", "ru", "«завтра» — не дата. Можно: 2026-07-01, 2026-07, 01.07.2026."),
        ("csat method mean", "ru", "«mean» не подходит к этому показателю. Можно: top1, top2."),
        ("nps by", "ru", "После «by» чего-то не хватает. Можно: account, project, division, product, role, stage,"),
        ("nps since 2026 until 2025", "ru", "Период заканчивается раньше, чем начинается: 2026-01-01."),
        ("nps account=«Завод", "uk", "Лапки не закрито: «Завод"),
        ("nps csat", "en", "“csat” is one too many: this was said already."),
        ("nps " + "role=a " * 50, "ru", "Слишком много слов, лишние начинаются здесь: role=a"),
    ],
)
def test_the_sentence_names_the_word_and_the_way_out(text: str, language: str, sentence: str) -> None:
    assert problem(text, language).replace("\u00a0", " ").startswith(sentence)


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("nps скоро", "ru", "Не понимаю «скоро». Пример: /report nps по ролям с 2026-07-01"),
        ("nps soon", "en", "I don’t understand “soon”. Example: /report nps by role since 2026-07-01"),
        ("nps скоро", "uk", "Не розумію «скоро». Приклад: /report nps за ролями з 2026-07-01"),
        ("response by", "ru", "После «by» чего-то не хватает. Можно: по ролям, по клиентам, по проектам, по этапам,"),
        ("nps по ролям по клиентам", "ru", "Разрез может быть только один: по ролям или по клиентам."),
    ],
)
def test_a_chat_is_told_the_main_ways_out_in_its_own_words(text: str, language: str, sentence: str) -> None:
    assert problem(text, language, chat=True).replace("\u00a0", " ").startswith(sentence)


def test_a_chat_is_told_what_does_not_go_with_the_metric_and_what_is_too_much_in_its_own_words() -> None:
    unfit = BadQuery(reason="not_for_metric", word="role", allowed=("account", "stage"), nearest=None)
    said = "«Роль» не подходит к этому показателю. Можно: по клиентам, по этапам."
    assert query_problem(unfit, "ru", chat=True).replace("\u00a0", " ") == said
    with pytest.raises(BadQuery) as error:
        requested(["nps", "by", "role", "by", "stage", "by", "month"], date(2026, 8, 20))
    said = "Не больше двух разрезов сразу: по этапам или по месяцам."
    assert query_problem(error.value, "ru", chat=True).replace("\u00a0", " ") == said


@given(st.sampled_from(list(SENTENCES)), st.text(), st.sampled_from(["ru", "en", "uk"]))
def test_any_word_makes_one_line(reason: str, word: str, language: str) -> None:
    error = BadQuery(reason=reason, word=word, allowed=(), nearest=None)
    assert len(query_problem(error, language).splitlines()) == 1


@pytest.mark.parametrize(
    ("reason", "nearest", "language", "sentence"),
    [
        ("no_such", "Завод-Пример", "ru", "Нет клиента «Завд». Может быть, «Завод-Пример»?"),
        ("no_such", None, "en", "There is no account “Завд”. Allowed: A, B, C, D, E, …"),
        ("no_such_yours", None, "uk", "Серед ваших немає клієнта «Завд». Можна: A, B, C, D, E, …"),
        ("several_such", None, "ru", "Под «Завд» подходит несколько названий. Можно: A, B, C, D, E, …"),
    ],
)
def test_a_name_that_nothing_has_gets_the_nearest_or_a_few_that_there_are(
    reason: str, nearest: str | None, language: str, sentence: str
) -> None:
    error = BadQuery(reason=reason, dimension="account", word="Завд", allowed=tuple("ABCDEF"), nearest=nearest)
    assert query_problem(error, language) == sentence


def test_the_nearest_value_is_named_by_its_title() -> None:
    error = BadQuery(reason="no_such", dimension="role", word="ИТ", allowed=(), nearest="senior_it")
    assert query_problem(error, "ru", LABELS) == "Нет роли «ИТ». Может быть, «ИТ-руководитель»?"
