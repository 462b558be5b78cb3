"""The words a report may be asked for in: what people type, in every form they type it in, and what it stands for.

Two words that are one thing are joined by an underscore here.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final, Literal, TypeVar

from surveys.reporting import Dimension, Method, Metric

Clause = Literal["by", "since", "until", "during", "method"]
Day = Literal["today", "yesterday"]
Look = Literal["change", "trend", "roles", "clients", "importance", "service", "loop", "words"]
Key = TypeVar("Key", bound=str)

METRIC_WORDS: Final[Mapping[Metric, str]] = {
    "nps": "nps нпс loyalty лояльность лояльности лояльність лояльності",
    "csat": "csat ксат satisfaction удовлетворенность удовлетворенности задоволеність задоволеності",
    "ces": "ces цес effort усилие усилия зусилля зусиль",
    "csi": "csi кси index индекс індекс",
    "response": (
        "response responses response_rate отклик отклики отклика доля_ответивших доли_ответивших доля_ответов "
        "відгук відгуки відгуку частка_відповідей частки_відповідей рівень_відповідей рівня_відповідей"
    ),
}

DIMENSION_WORDS: Final[Mapping[Dimension, str]] = {
    "account": (
        "account accounts client clients company companies "
        "клиент клиента клиенты клиенту клиентам аккаунт аккаунту аккаунтам компания компании компаниям "
        "клієнт клієнта клієнти клієнту клієнтом клієнтами клієнтам клієнтах акаунт акаунту акаунтом акаунтами "
        "компанія компанії компанією компаніями компаніям компаніях акаунтах"
    ),
    "project": (
        "project projects проект проекта проекты проекту проектам проектом проектами "
        "проєкт проєкту проєкти проєктом проєктами проєктам проєктах"
    ),
    "division": (
        "division divisions дивизион дивизиону дивизионам подразделение подразделению подразделениям "
        "дивізіон дивізіону дивізіоном дивізіонами підрозділ підрозділу підрозділом підрозділами підрозділам "
        "підрозділах дивізіонах"
    ),
    "product": "product products продукт продукта продукты продукту продуктам продукти продуктом продуктами продуктах",
    "role": "role roles роль роли ролям ролі роллю ролями ролях",
    "stage": (
        "stage stages этап этапа этапы этапу этапам стадия стадии стадиям "
        "етап етапу етапи етапом етапами етапам стадія стадії стадією стадіями етапах стадіях"
    ),
    "questionnaire": (
        "questionnaire questionnaires survey surveys анкета анкеты анкете анкетам опрос опросу опросам "
        "опросник опроснику опросникам анкети анкеті анкетою анкетами опитування опитуванням опитуваннями "
        "опитувальник опитувальнику опитувальником опитувальниками анкетах опитуваннях опитувальниках"
    ),
    "item": (
        "item items question questions вопрос вопроса вопросы вопросу вопросам пункт пункту пунктам "
        "питання питанням питаннями запитання запитанням запитаннями пунктом пунктами питаннях запитаннях пунктах"
    ),
    "component": (
        "component components компонент компонента компоненты компоненту компонентам компоненте "
        "компоненти компонентом компонентами компонентах"
    ),
    "block": "block blocks блок блока блоки блоку блокам блоком блоками блоках",
    "touchpoint": (
        "touchpoint touchpoints точка точки точке точкам касание касанию касаниям точці точкою точками точках "
        "точка_контакта точки_контакта точке_контакта точкам_контакта "
        "точка_контакту точки_контакту точці_контакту точками_контакту точках_контакту"
    ),
    "channel": "channel channels канал канала каналы каналу каналам канали каналом каналами каналах",
    "language": "language languages язык языка языки языку языкам мова мови мові мовою мовами мовам мовах",
    "month": (
        "month months месяц месяца месяцы месяцу месяцам місяць місяця місяці місяцю місяцем місяцями місяцям місяцях"
    ),
    "quarter": (
        "quarter quarters квартал квартала кварталы кварталу кварталам квартали кварталом кварталами кварталах"
    ),
    "wave": "wave waves волна волны волне волнам хвиля хвилі хвилею хвилями хвилям хвилях",
}

# "по" and "за" stand before a breakdown ("по ролям", "за ролями") and before a date ("по 31.07.2026", "за 2026-07").
CLAUSE_WORDS: Final[Mapping[Clause, str]] = {
    "by": "by per по за",
    "since": "since from с со от з із зі від",
    "until": "until till to through до по",
    "during": "in for during за в у",
    "method": "method метод методу методом способ способу способом спосіб",
}

METHOD_WORDS: Final[Mapping[Method, str]] = {
    "top1": "top1 top-1 топ1 топ-1",
    "top2": "top2 top-2 топ2 топ-2",
    "mean": "mean average среднее средний средняя середнє середній середня",
}

VIEW_WORDS: Final[Mapping[Look, str]] = {
    "change": "change changes изменение изменения изменений зміна зміни змін",
    "trend": "trend тренд тренда динамика динамику динаміка динаміку",
    "roles": "divergence gap gaps расхождение расхождения разрыв разрывы розбіжність розбіжності розрив",
    "clients": "rules правила правилам",
    "importance": "importance drivers важность важности драйверы важливість важливості драйвери",
    "service": "service сервис обслуживание сервіс обслуговування",
    "loop": "loop круг коло кейсы кейси",
    "words": "verbatims words слова цитаты цитати",
}

AND_WORDS: Final = "and и і й та × x х"
AS_OF_WORDS: Final = "as_of по_состоянию_на станом_на на_дату"

DAY_WORDS: Final[Mapping[Day, str]] = {
    "today": "today сегодня сегодняшний сьогодні",
    "yesterday": "yesterday вчера учора вчора",
}

MONTH_WORDS: Final[Mapping[str, str]] = {
    "01": "january jan январь января январе січень січня січні",
    "02": "february feb февраль февраля феврале лютий лютого лютому",
    "03": "march mar март марта марте березень березня березні",
    "04": "april apr апрель апреля апреле квітень квітня квітні",
    "05": "may май мая мае травень травня травні",
    "06": "june jun июнь июня июне червень червня червні",
    "07": "july jul июль июля июле липень липня липні",
    "08": "august aug август августа августе серпень серпня серпні",
    "09": "september sep sept сентябрь сентября сентябре вересень вересня вересні",
    "10": "october oct октябрь октября октябре жовтень жовтня жовтні",
    "11": "november nov ноябрь ноября ноябре листопад листопада листопаді",
    "12": "december dec декабрь декабря декабре грудень грудня грудні",
}


def normal(word: str) -> str:
    """The word as the tables know it.

    >>> normal("Удовлетворённость,")
    'удовлетворенность'
    """
    return unicodedata.normalize("NFKC", word).casefold().replace("ё", "е").rstrip(",;")


def lookup(table: Mapping[Key, str]) -> dict[str, Key]:
    """Word -> what it stands for."""
    return {normal(word): key for key, words in table.items() for word in words.split()}
