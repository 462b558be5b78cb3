"""A questionnaire file that has everything a file can have."""

RICH = """\
key: rich
kind: pulse
minutes: 3
mode: confidential
validity: 14d
title: {ru: Всё, en: Everything}
introduction: {ru: "{vendor} о {ticket|деле}", en: "{vendor} on {ticket|it}"}
consent_for:
  confidential: {ru: Тайна, en: Secret}
closing: {ru: Спасибо, en: Thank you}
closings:
  - when: {answer: {solved: unsolved}}
    text: {ru: Жаль, en: Sorry}
scales:
  clarity:
    worst: 4
    best: 1
    low: {ru: ясно, en: clear}
    high: {ru: темно, en: dark}
    anchors:
      2: {ru: почти ясно, en: almost clear}
why:
  clarity:
    3-4: {ru: Что неясно?, en: What is dark?}
items:
  - key: hello
    statement: true
    text: {ru: Привет, en: Hello}
  - key: solved
    text: {ru: Решено?, en: Solved?}
    choice:
      options:
        solved: {ru: Да, en: Yes}
        unsolved: {ru: Нет, en: No}
      other: {ru: Иначе, en: Otherwise}
    not_applicable: true
    routes:
      - when: {answer: {solved: unsolved}}
        go_to: end
      - when: {not_applicable: solved}
        go_to: size
  - key: causes
    text: {ru: Почему?, en: Why?}
    choices:
      options:
        price: {ru: Цена, en: Price}
        speed: {ru: Скорость, en: Speed}
        people: {ru: Люди, en: People}
      none: {ru: Ничего, en: Nothing}
      at_least: 2
      at_most: 3
  - key: more
    when:
      any:
        - answer: {causes: [price, none]}
        - skipped: causes
      role: [key_user]
      not: {language: ru}
    text: {ru: Ещё?, en: More?}
    at_least: 3
    limit: 300
  - key: size
    number: {from: 1, to: 500}
    text: {ru: Сколько?, en: How many?}
  - key: since
    when: {answer: {size: {from: 10}}}
    date: {from: 2020-01-01}
    text: {ru: С каких пор?, en: Since when?}
  - key: parts
    scale: clarity
    component: usability
    when: {event: {priority: [high, 1, true]}, stage: rollout}
    text_for:
      key_user: {ru: "Ясно ли:", en: "Is it clear:"}
    grid:
      screens: {text: {ru: экраны, en: screens}}
      help: {component: support, text: {ru: справка, en: help}}
  - key: last
    when: {answer: {parts_help: 1, since: {from: 2021-01-01, to: 2021-12-31}, size: 12}, answered: parts_screens_why}
    text: {ru: Последнее?, en: The last?}
"""
