from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.phrases import BREAKDOWNS, TITLES
from surveys.errors import BadQuery
from surveys.locales import translations
from surveys.query import CLAUSES, DIMENSIONS, METHODS, METRICS, parse_report, split_words
from surveys.query_dates import DAYS, MONTHS
from surveys.query_words import (
    CLAUSE_WORDS,
    DAY_WORDS,
    DIMENSION_WORDS,
    METHOD_WORDS,
    METRIC_WORDS,
    MONTH_WORDS,
    normal,
)
from surveys.reporting import ReportQuery

TODAY = date(2026, 8, 20)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def parse(text: str) -> ReportQuery:
    return parse_report(split_words(text), TODAY)


def outcome(text: str) -> ReportQuery | BadQuery:
    try:
        return parse(text)
    except BadQuery as refusal:
        return refusal


def refused(text: str) -> dict[str, object]:
    with pytest.raises(BadQuery) as error:
        parse(text)
    return dict(error.value.values)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", ReportQuery(metric="nps")),
        ("nps", ReportQuery(metric="nps")),
        ("CSAT by component", ReportQuery(metric="csat", by="component")),
        ("нпс по роли", ReportQuery(metric="nps", by="role")),
        ("НПС по ролям", ReportQuery(metric="nps", by="role")),
        ("nps за ролями", ReportQuery(metric="nps", by="role")),
        ("csat за проєктами", ReportQuery(metric="csat", by="project")),
        ("удовлетворённость по клиентам", ReportQuery(metric="csat", by="account")),
        ("отклик по этапам", ReportQuery(metric="response", by="stage")),
        ("nps 'by' «role»", ReportQuery(metric="nps", by="role")),
        ("by role nps", ReportQuery(metric="nps", by="role")),
        ("nps, по ролям", ReportQuery(metric="nps", by="role")),
        ("доля ответивших по клиентам", ReportQuery(metric="response", by="account")),
        ("Рівень відповідей по клієнтах", ReportQuery(metric="response", by="account")),
        ("частка відповідей за точками контакту", ReportQuery(metric="response", by="touchpoint")),
        ("Response rate by role by role", ReportQuery(metric="response", by="role")),
        ("csi top1", ReportQuery(metric="csi", method="top1")),
        ("csi mean по ролям", ReportQuery(metric="csi", by="role", method="mean")),
        ("csat method top1", ReportQuery(metric="csat", method="top1")),
        ("csi методом среднее", ReportQuery(metric="csi", method="mean")),
        ("ces role=key_user", ReportQuery(metric="ces", where={"role": ("key_user",)})),
        ("ces роль=key_user", ReportQuery(metric="ces", where={"role": ("key_user",)})),
        ("ces Role=a role=b role=a", ReportQuery(metric="ces", where={"role": ("a", "b")})),
        ("ces account=a=b", ReportQuery(metric="ces", where={"account": ("a=b",)})),
    ],
)
def test_words_make_a_query(text: str, query: ReportQuery) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since 2026-07-01", day(2026, 7, 1), None),
        ("с 2026-07-01 по 2026-07-31", day(2026, 7, 1), day(2026, 8, 1)),
        ("від 01.07.2026 до 31.07.2026", day(2026, 7, 1), day(2026, 8, 1)),
        ("from 2026-07 to 2026-08", day(2026, 7, 1), day(2026, 9, 1)),
        ("until 2026-12", None, day(2027, 1, 1)),
        ("until 2025", None, day(2026, 1, 1)),
        ("за 2026-02", day(2026, 2, 1), day(2026, 3, 1)),
        ("in 2025", day(2025, 1, 1), day(2026, 1, 1)),
        ("за 2026-02 по ролям", day(2026, 2, 1), day(2026, 3, 1)),
        ("с 01.08", day(2026, 8, 1), None),
        ("с 31.12", day(2025, 12, 31), None),
        ("с 20.08", day(2026, 8, 20), None),
        ("с 21.08", day(2025, 8, 21), None),
        ("за сегодня", day(2026, 8, 20), day(2026, 8, 21)),
        ("since yesterday", day(2026, 8, 19), None),
        ("за август", day(2026, 8, 1), day(2026, 9, 1)),
        ("с июля", day(2026, 7, 1), None),
        ("серпень", day(2026, 8, 1), day(2026, 9, 1)),
        ("вересень", day(2025, 9, 1), day(2025, 10, 1)),
        ("с июля 2024 по август 2024", day(2024, 7, 1), day(2024, 9, 1)),
        ("in July 2025 by role", day(2025, 7, 1), day(2025, 8, 1)),
        ("2026-02", day(2026, 2, 1), day(2026, 3, 1)),
        ("until 2024-02-29", None, day(2024, 3, 1)),
    ],
)
def test_a_period_takes_in_its_last_day(text: str, since: datetime | None, until: datetime | None) -> None:
    query = parse(text)
    assert (query.since, query.until) == (since, until)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("account=Завод", "Завод"),
        ("account=Пример-Сталь (образец)", "Пример-Сталь (образец)"),
        ("account=ООО «Пример» Холдинг 2 по ролям", "ООО «Пример» Холдинг 2"),
        ("account=Завод август", "Завод"),
        ('account="ООО «Пример»"', "ООО «Пример»"),
        ("account='Acme Ltd'", "Acme Ltd"),
        ("account=«Северный завод»", "Северный завод"),
        ("account=«ООО «Пример»»", "ООО «Пример»"),
        ("account=«ООО «Пример» и Ко»", "ООО «Пример» и Ко"),
        ("account=„Північ і Схід“", "Північ і Схід"),
        ("account=“North and East”", "North and East"),
        ("account=ООО «Пример»", "ООО «Пример»"),
        ('account=ООО "Северный завод" by role', 'ООО "Северный завод"'),
        ("клиент=O'Neil", "O'Neil"),
        ("компания=П’ять", "П’ять"),
    ],
)
def test_a_name_of_several_words_is_one_value(text: str, account: str) -> None:
    assert parse(f"nps {text}").where == {"account": (account,)}


def test_a_shell_word_with_spaces_is_taken_as_it_is() -> None:
    query = parse_report(["csat", "by", "role", "account=ООО «Пример»", "until", "2026-07-31"], TODAY)
    assert (query.where, query.by, query.until) == ({"account": ("ООО «Пример»",)}, "role", day(2026, 8, 1))


@pytest.mark.parametrize(
    ("text", "reason", "word", "nearest"),
    [
        ("npss", "unknown", "npss", "nps"),
        ("нпсс", "unknown", "нпсс", "нпс"),
        ("nsp", "unknown", "nsp", "nps"),
        ("wrods", "unknown", "wrods", "words"),
        ("nps by rolle", "unknown", "rolle", "role"),
        ("nps по комонентам", "unknown", "комонентам", "компонентам"),
        ("nps qwertyuiop", "unknown", "qwertyuiop", None),
        ("nps acount=A", "unknown", "acount", "account"),
        ("csat method top3", "unknown", "top3", "top1"),
        ("nps csat", "twice", "csat", None),
        ("nps by role by stage", "two_breakdowns", "stage", None),
        ("nps since 2026 since 2025", "twice", "since", None),
        ("nps in 2026 until 2027", "twice", "until", None),
        ("nps by", "incomplete", "by", None),
        ("nps since", "incomplete", "since", None),
        ("nps role=", "incomplete", "role=", None),
        ("nps role='\x00'", "incomplete", "role=\x00", None),
        ("nps since 2026-02-30", "bad_date", "2026-02-30", None),
        ("nps since 31.02.2026", "bad_date", "31.02.2026", None),
        ("nps since 2026-13", "bad_date", "2026-13", None),
        ("nps since 0000", "bad_date", "0000", None),
        ("nps since tomorrow", "bad_date", "tomorrow", None),
        ("nps since yesterdy", "bad_date", "yesterdy", "yesterday"),
        ("nps method top1", "not_for_metric", "top1", None),
        ("csat method mean", "not_for_metric", "mean", None),
        ("response by item", "not_for_metric", "item", None),
        ("response block=product", "not_for_metric", "block", None),
        ("nps since 2026-08 until 2026-07", "empty_period", "2026-08-01", None),
        ("nps account=«Завод", "unclosed_quote", "«Завод", None),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_right_word(
    text: str, reason: str, word: str, nearest: str | None
) -> None:
    values = refused(text)
    assert (values["reason"], values["word"], values["nearest"]) == (reason, word, nearest)


@pytest.mark.parametrize("text", ["nps role", "nps роли", "nps xy", "nps агуст роли", "nps by by", "nps since since"])
def test_nothing_far_off_and_never_the_word_itself_is_suggested(text: str) -> None:
    assert refused(text)["nearest"] is None


def test_titles_of_every_metric_and_breakdown_are_understood_in_every_language() -> None:
    for language in ("ru", "en", "uk"):
        t = translations("reports", language).gettext
        for metric, title in TITLES.items():
            assert parse(t(title)).metric == metric
        for dimension, words in BREAKDOWNS.items():
            assert parse(f"csat {t(words)}").by == dimension


def test_what_is_allowed_fits_the_place() -> None:
    assert "role" in refused("nps by rolle")["allowed"]
    assert "2026-07-01" in refused("nps since tomorrow")["allowed"]
    assert refused("csat method top3")["allowed"] == ("top1", "top2", "mean")
    assert refused("csat method mean")["allowed"] == ("top1", "top2")
    assert "item" not in refused("response by item")["allowed"]


def test_too_many_and_too_long_words_are_refused_before_they_are_read() -> None:
    assert refused("nps " + "role=a " * 50)["reason"] == "too_many"
    assert refused("x" * 201)["reason"] == "too_long"
    assert refused(f"account='{'x' * 200}'")["reason"] == "too_long"
    assert parse("role=" + "x" * 195).where["role"] == ("x" * 195,)


def test_a_value_holds_no_characters_a_database_refuses() -> None:
    assert parse_report(["account=a\x00b\ud800c"], TODAY).where == {"account": ("abc",)}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (METRICS, METRIC_WORDS),
        (DIMENSIONS, DIMENSION_WORDS),
        (METHODS, METHOD_WORDS),
        (DAYS, DAY_WORDS),
        (MONTHS, MONTH_WORDS),
    ],
)
def test_no_word_stands_for_two_things(table: dict[str, str], words: dict[str, str]) -> None:
    for key, forms in words.items():
        assert {table[normal(form)] for form in forms.split()} == {key}


def test_a_metric_is_never_taken_for_a_clause() -> None:
    assert not METRICS.keys() & CLAUSES.keys()
    assert set(CLAUSE_WORDS) == {clause for clauses in CLAUSES.values() for clause in clauses}


vocabulary = st.sampled_from(
    [*METRICS, *CLAUSES, *DIMENSIONS, *METHODS, *DAYS, "2026-07", "31.02", "9999", "role=", "=x"]
)


@given(st.text(max_size=300) | st.lists(vocabulary | st.text(max_size=8), max_size=60).map(" ".join))
@example("«" * 300)
@example("a=" + "«»" * 150)
@example("за")
@example("\ud800=\ud800")
@example("since ²")
@example("since ١.١")
def test_any_text_is_a_query_or_a_bad_one(text: str) -> None:
    assert isinstance(outcome(text), ReportQuery | BadQuery)


@given(st.text(max_size=60).filter(lambda name: name.strip() and not set(name) & set("\"'«»“”„")))
def test_a_quoted_value_comes_through_whole(name: str) -> None:
    assert split_words(f'nps account="{name}" by role') == ("nps", f"account={name}", "by", "role")
