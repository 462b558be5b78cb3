"""The page of figures, docs/performance.md."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.figures import TAPS_PER_SECOND, Figure

PARTS: Mapping[str, str] = {
    "statements": "SQLAlchemy, aiosqlite и `storage`: составить запросы, передать их потоку базы, разобрать строки",
    "database": "SQLite в своём потоке, с записью на диск",
    "loop": "цикл событий asyncio и системные вызовы сети",
    "http": "клиент HTTP: два вызова Bot API на ответ",
    "models": "модели aiogram: разобрать обновление, которое не нажатие на карточку",
    "dispatcher": "диспетчер aiogram для таких обновлений",
    "own": "свой код: анкета, карточка, отправка, JSON",
}

TEMPLATE = """\
# Производительность

Страницу пишет `make bench`; `python -m benchmarks answers` измеряет заново одну главу и заменяет её строки. Каждое
число – отношение к точке отсчёта, измеренной в том же прогоне по очереди с тем, что сравнивается: медиана раундов,
рядом наименьшее и наибольшее значение. На другой машине отношения сохраняются лучше, чем секунды, поэтому секунд
здесь нет.

Машина этого прогона: ядер – {cores}, Python {python}, SQLite {sqlite}, {system}.

| что измерено | точка отсчёта | отношение | разброс | лучше |
|---|---|---:|---:|---|
{figures}

## Как измерено

- **Ответы.** `otklik run` и бот на голом aiogram работают отдельными процессами с одним и тем же сервером Bot API,
  который только раздаёт обновления и принимает вызовы. Люди открывают приглашения и нажимают кнопки анкеты
  `relationship`, каждый сразу после новой карточки; оценки случайны, так что почти каждая пятая открывает кейс.
  Процессорное время – всех потоков бота, вместе с ядром.
- **Сохранённый ответ.** SQLite, `synchronous = FULL`, опрос `getUpdates`. После замера процесс убит (`kill -9`),
  и в файле найдена каждая оценка, которую человек увидел принятой; иначе прогон обрывается.
- **Без ожидания диска.** Тот же сервис, которому SQLite отвечает, не дожидаясь записи: во что обходится сама запись.
- **Без базы.** Тот же сервис, в котором сказанное остаётся в памяти одной единицы работы: ни запросов, ни записи,
  ни кейсов. Разница – всё, что база стоит ответу, вместе с SQLAlchemy.
- **Медленный диск.** Каждая фиксация дольше на 3 мс: поток базы спит перед ней, как ждал бы `fsync`. Здесь считаются
  секунды по часам: процессор в это время свободен.
- **Раздача.** Процессорное время диспетчера aiogram на нажатие, обработчик которого почти ничего не делает:
  обработчики всех видов обновлений против одного.
- **Постоянный темп.** Нажатия назначены заранее и не ждут бота; время идёт от назначенного мига, так что очередь в него
  входит.
- **Холодный старт.** Время по часам, база на {small} ответов. aiogram и matplotlib эти команды не загружают,
  это проверяет тест.
- **Готовность и память.** Время по часам от запуска процесса до первого долгого `getUpdates`. Открытые интервью –
  строки базы, у каждого человек и приглашение; резидентная память – когда отработали все частые обходы.
- **Отчёты.** Процессорное время от снимка базы до готовых чисел. Отчёт читает свёрнутые счётчики
  ([решение 4](adr/0004-cubes.md)); рядом с DuckDB и простым SQL – [отдельная страница](performance-reports.md).
- **Обход вопросов.** Процессорное время обходов, которые не находят ничего, чему пора: взгляд в индексы и запрос того,
  что пора спросить. Ждущие вопросы лежат в той же таблице.
- **Остановка цикла.** Задача в том же процессе просыпается каждую миллисекунду; остановка – насколько она опоздала
  больше всего. У APScheduler задания пустые, так что его число – наименьшее возможное; опросы же настоящие, до карточки
  в Телеграме.
- **Рассылка.** Сервер Bot API отвечает `429` на новое сообщение сверх предела в любую скользящую секунду, всего и по
  одному в чат; первый же такой ответ обрывает прогон. Пока сообщения уходят, люди отвечают на анкету, по {pace} нажатий
  в секунду; раунды без рассылки и с нею чередуются в одном и том же сервисе.
- **Сигналы.** Люди ставят низкую оценку, каждый раз новый кейс; время – от назначенного мига нажатия до карточки у
  менеджера. Раунды в покое и во время рассылки чередуются в одном и том же сервисе.

## Куда уходит процессор

Доли процессорного времени `otklik run` на пути ответа. Главный поток опрошен таймером через каждые 2 мс процессорного
времени, доля потока базы взята у ядра.

| часть | отвечает 1 человек | отвечают {at_once} человек |
|---|---:|---:|
{shares}

Когда отвечает один человек, каждый ответ – отдельная транзакция, и процессор занят ею. Когда отвечают многие,
транзакция общая, и дороже всего становятся сами ответы: карточка, кейсы недовольных, два вызова.

Пока идёт транзакция, запросы к SQLite исполняет тот же поток, который их составил: поиск по ключу короче, чем два
пробуждения чужого потока. В поток базы уходит то, что может ждать: начало транзакции и фиксация.

## Чего не хватает и что помогло бы

- **Без базы.** Недостающее – составление запросов и разбор строк в SQLAlchemy, около пятой части ответа. Запросы пути
  ответа, написанные для SQLite руками, вернули бы большую её часть ценой второго текста тех же запросов для PostgreSQL.
- **Медленный диск.** Группа не быстрее процессора: ответ стоит ему больше миллисекунды, фиксация по одному – ещё
  три. Отношение 15 потребовало бы ответа за 0,2 мс процессора. Вызовы Bot API уже делает клиент HTTP, который умеет
  только их; остались обороты цикла событий, SQLAlchemy и сами карточки.
- **Рассылка.** При пределе в 1 000 сообщений в секунду каждое стоит процессору около 0,7 мс, и цикл занят больше чем
  наполовину: ответ ждёт в общей очереди. При обычном пределе Телеграма, 30 в секунду, рассылка ответам не мешает.
"""


def page(
    figures: Iterable[Figure], alone: Mapping[str, float], many: Mapping[str, float], *, at_once: int, small: int
) -> str:
    """The page in Markdown. `alone`, `many`: part of the program -> share of processor time, 0-1."""
    return TEMPLATE.format(
        cores=os.cpu_count(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        system=platform.system(),
        small=grouped(small),
        pace=f"{TAPS_PER_SECOND:.0f}",
        at_once=at_once,
        figures="\n".join(map(_row, figures)),
        shares="\n".join(_shares(alone, many)),
    )


def amended(old: str, figures: Iterable[Figure]) -> str:
    """The page with the rows of these figures in the place of those measured before, or below them all."""
    rows = {_named(row): row for row in map(_row, figures)}
    lines = [rows.pop(_named(line), line) for line in old.splitlines()]
    last = max(number for number, line in enumerate(lines) if line.endswith(("| больше |", "| меньше |")))
    return "\n".join([*lines[: last + 1], *rows.values(), *lines[last + 1 :]]) + "\n"


def _named(row: str) -> str:
    """What a row measures and against what."""
    return "|".join(row.split("|")[:3])


def _row(figure: Figure) -> str:
    low, high = figure.spread
    better = "больше" if figure.more_is_better else "меньше"
    return _cells(figure.what, figure.baseline, decimal(figure.ratio), f"{decimal(low)}–{decimal(high)}", better)


def _shares(alone: Mapping[str, float], many: Mapping[str, float]) -> Iterable[str]:
    for part in sorted(PARTS, key=lambda part: -many.get(part, 0.0)):
        yield _cells(PARTS[part], *(f"{100 * found.get(part, 0.0):.0f} %" for found in (alone, many)))


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def decimal(value: float) -> str:
    """Three digits, as they are written in Russian.

    >>> [decimal(one) for one in (0.284, 6.97, 10.62, 118.0)]
    ['0,28', '7,0', '10,6', '118']
    """
    digits = 2 if value < 1 else 1 if value < 100 else 0
    return f"{value:.{digits}f}".replace(".", ",")


def grouped(number: int) -> str:
    """A whole number in groups of three digits.

    >>> grouped(100_000)
    '100\\xa0000'
    """
    return f"{number:_}".replace("_", "\N{NO-BREAK SPACE}")


def summary(figures: Sequence[Figure]) -> str:
    """The same figures for a terminal."""
    return "\n".join(
        f"{decimal(one.ratio):>6}  ({decimal(one.spread[0])}–{decimal(one.spread[1])})  {one.what} ÷ {one.baseline}"
        for one in figures
    )
