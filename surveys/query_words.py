"""The words a report may be asked for in: what people type, in every form they type it in, and what it stands for."""

from collections.abc import Mapping
from typing import Final, Literal

from surveys.reporting import Dimension, Method, Metric

Clause = Literal["by", "since", "until", "during", "method"]
Day = Literal["today", "yesterday"]

METRIC_WORDS: Final[Mapping[Metric, str]] = {
    "nps": "nps нпс loyalty лояльность лояльности лояльність лояльності",
    "csat": "csat ксат satisfaction удовлетворенность удовлетворенности задоволеність задоволеності",
    "ces": "ces цес effort усилие усилия зусилля зусиль",
    "csi": "csi кси index индекс індекс",
    "response": "response responses отклик отклики отклика відгук відгуки відгуку",
}

DIMENSION_WORDS: Final[Mapping[Dimension, str]] = {
    "account": (
        "account accounts client clients company companies "
        "клиент клиента клиенты клиенту клиентам аккаунт аккаунту аккаунтам компания компании компаниям "
        "клієнт клієнта клієнти клієнту клієнтом клієнтами клієнтам акаунт акаунту акаунтом акаунтами "
        "компанія компанії компанією компаніями компаніям"
    ),
    "project": (
        "project projects проект проекта проекты проекту проектам проектом проектами "
        "проєкт проєкту проєкти проєктом проєктами проєктам"
    ),
    "division": (
        "division divisions дивизион дивизиону дивизионам подразделение подразделению подразделениям "
        "дивізіон дивізіону дивізіоном дивізіонами підрозділ підрозділу підрозділом підрозділами підрозділам"
    ),
    "product": "product products продукт продукта продукты продукту продуктам продукти продуктом продуктами",
    "role": "role roles роль роли ролям ролі роллю ролями",
    "stage": (
        "stage stages этап этапа этапы этапу этапам стадия стадии стадиям "
        "етап етапу етапи етапом етапами етапам стадія стадії стадією стадіями"
    ),
    "questionnaire": (
        "questionnaire questionnaires survey surveys анкета анкеты анкете анкетам опрос опросу опросам "
        "опросник опроснику опросникам анкети анкеті анкетою анкетами опитування опитуванням опитуваннями "
        "опитувальник опитувальнику опитувальником опитувальниками"
    ),
    "item": (
        "item items question questions вопрос вопроса вопросы вопросу вопросам пункт пункту пунктам "
        "питання питанням питаннями запитання запитанням запитаннями пунктом пунктами"
    ),
    "component": (
        "component components компонент компонента компоненты компоненту компонентам компоненте "
        "компоненти компонентом компонентами"
    ),
    "block": "block blocks блок блока блоки блоку блокам блоком блоками",
    "touchpoint": "touchpoint touchpoints точка точки точке точкам касание касанию касаниям точці точкою точками",
    "channel": "channel channels канал канала каналы каналу каналам канали каналом каналами",
    "language": "language languages язык языка языки языку языкам мова мови мові мовою мовами мовам",
    "month": "month months месяц месяца месяцы месяцу месяцам місяць місяця місяці місяцю місяцем місяцями місяцям",
    "quarter": "quarter quarters квартал квартала кварталы кварталу кварталам квартали кварталом кварталами",
    "wave": "wave waves волна волны волне волнам хвиля хвилі хвилею хвилями хвилям",
}

# "по" and "за" stand before a breakdown ("по ролям", "за ролями") and before a date ("по 31.07.2026", "за 2026-07").
CLAUSE_WORDS: Final[Mapping[Clause, str]] = {
    "by": "by per по за",
    "since": "since from с со от з із зі від",
    "until": "until till to through до по",
    "during": "in for during за",
    "method": "method метод методу методом способ способу способом спосіб",
}

METHOD_WORDS: Final[Mapping[Method, str]] = {
    "top1": "top1 top-1 топ1 топ-1",
    "top2": "top2 top-2 топ2 топ-2",
    "mean": "mean average среднее средний средняя середнє середній середня",
}

DAY_WORDS: Final[Mapping[Day, str]] = {
    "today": "today сегодня сегодняшний сьогодні",
    "yesterday": "yesterday вчера учора вчора",
}
