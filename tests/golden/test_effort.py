"""What it takes to answer: taps, and words to read. `make golden` writes the table of docs/effort.md anew."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from inline_snapshot import external_file

from tests.golden.scripts import CASES, CATALOGUE, LANGUAGES, SETTINGS, Person, Step

PAGE = Path(__file__).parents[2] / "docs" / "effort.md"
TEXT = """\
# Чего стоит ответить

Сколько нажатий и слов на экране в каждой анкете у каждой роли. Таблицу считает тест: он проходит анкеты настоящим
разговором на настоящих карточках; `make golden` записывает её заново.

- **Нажатий**: человек доволен, открытые вопросы пропускает; «Согласиться и начать» входит в счёт. Короткий опрос после
  события начинается сразу с вопроса, и на это нажатие меньше.
- **С жалобами**: нажатия и сообщения того, кто всё оценил низко и каждый раз объяснил почему.
- **Слов**: все слова, которые человек увидит, если доволен: и на карточках, и на кнопках.
- **Карточка**: слов на самой длинной карточке, без кнопок; больше 60 не бывает.

| анкета | роль | нажатий | с жалобами | слов: ru, en, uk | карточка: ru, en, uk |
|---|---|---:|---|---|---|
"""


def taps(steps: Sequence[Step]) -> int:
    return sum(step.pressed is not None for step in steps)


def messages(steps: Sequence[Step]) -> int:
    return sum(step.said is not None for step in steps)


def satisfied(key: str, role: str, language: str = "ru") -> Sequence[Step]:
    return Person(key, role, language).play()


def complaining(key: str, role: str, language: str = "ru", *, after_event: bool = False) -> Sequence[Step]:
    return Person(key, role, language, content=False, after_event=after_event).play()


def longest(key: str, role: str, language: str) -> int:
    pulse = CATALOGUE[key].kind == "pulse"
    wordy = Person(key, role, language, after_event=pulse, remarks=99).play()
    seen = [*satisfied(key, role, language), *complaining(key, role, language, after_event=pulse), *wordy]
    return max(step.words for step in seen)


def row(key: str, role: str) -> str:
    complaints = complaining(key, role)
    cells = [
        f"`{key}`",
        SETTINGS.title(SETTINGS.roles[role].title, "ru", role),
        str(taps(satisfied(key, role))),
        f"{taps(complaints)} + {messages(complaints)}",
        " · ".join(str(sum(step.words_on_screen for step in satisfied(key, role, one))) for one in LANGUAGES),
        " · ".join(str(longest(key, role, one)) for one in LANGUAGES),
    ]
    return f"| {' | '.join(cells)} |\n"


def test_the_table_is_up_to_date() -> None:
    assert TEXT + "".join(row(*case) for case in CASES) == external_file(PAGE, format=".txt")


@pytest.mark.parametrize("role", SETTINGS.roles)
def test_a_support_pulse_without_a_comment_takes_three_taps_at_most(role: str) -> None:
    assert taps(satisfied("support_pulse", role)) <= 3
    assert taps(Person("support_pulse", role, "ru", after_event=True).play()) <= 2


@pytest.mark.parametrize("role", SETTINGS.roles)
def test_a_relationship_questionnaire_takes_sixteen_taps_at_most_content_or_not(role: str) -> None:
    assert taps(satisfied("relationship", role)) <= 16
    assert taps(complaining("relationship", role)) <= 16


@pytest.mark.parametrize("role", SETTINGS.roles)
def test_a_support_pulse_asks_three_things_at_most(role: str) -> None:
    content = [step for step in satisfied("support_pulse", role) if step.pressed or step.said]
    assert len(content) - 1 <= 3
