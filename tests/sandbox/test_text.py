"""Telegram's HTML and the entities Telegram finds by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.entities import formatted
from sandbox.errors import ApiError
from sandbox.markup import read_html

BROKEN = [
    ("<b>Привет", 'Can\'t find end tag corresponding to start tag "b"'),
    ("Да </b>", "Unexpected end tag at byte offset 5"),
    ("<b>Да</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("1 <3 я", 'Unsupported start tag "3" at byte offset 2'),
    ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ("Да <", "Unclosed start tag at byte offset 5"),
    ('<a href="http://x', 'Unclosed start tag "a" at byte offset 0'),
    ("<b>Да</b", "Unclosed end tag at byte offset 7"),
    ("<span>Да</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


def marked(source: str) -> list[tuple[str, str]]:
    content = formatted(source, "HTML")
    units = content.text.encode("utf-16-le")
    return [
        (str(entity.type), units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"))
        for entity in content.entities
    ]


@pytest.mark.parametrize(("source", "reason"), BROKEN)
def test_broken_html_is_refused_with_the_place(source: str, reason: str) -> None:
    with pytest.raises(ApiError, match="can't parse entities") as refusal:
        read_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        ("<b>а<i>б</i></b>", [("bold", "аб"), ("italic", "б")]),
        ("😀<u>я</u>", [("underline", "я")]),
        ('<a href="https://x.org/?a=1&amp;b=2">тут</a>', [("text_link", "тут")]),
        ('<a href="javascript:alert(1)">тут</a>', []),
        ('<pre><code class="language-python">x</code></pre>', [("pre", "x")]),
        ('<span class="tg-spoiler">x</span> <tg-spoiler>y</tg-spoiler>', [("spoiler", "x"), ("spoiler", "y")]),
        ("<blockquote expandable>x</blockquote>", [("expandable_blockquote", "x")]),
        ("<code>/start</code> /help", [("code", "/start"), ("bot_command", "/help")]),
        ("<b></b>пусто", []),
        ("  <b> жирно </b>  ", [("bold", "жирно")]),
        ("t.me/bot?start=a, см. https://x.org.", [("url", "t.me/bot?start=a"), ("url", "https://x.org")]),
        (
            "a@example.org @username 3/4 #тема",
            [("email", "a@example.org"), ("mention", "@username"), ("hashtag", "#тема")],
        ),
    ],
)
def test_entities_cover_what_they_mark(source: str, entities: list[tuple[str, str]]) -> None:
    assert marked(source) == entities


def test_code_inside_pre_names_the_language() -> None:
    block = formatted('<pre><code class="language-python">x</code></pre>', "HTML").entities
    assert [(str(entity.type), entity.language) for entity in block] == [("pre", "python")]


def test_the_target_of_a_link_is_kept() -> None:
    assert formatted('<a href="https://x.org/?a=1&amp;b=2">тут</a>', "HTML").entities[0].url == "https://x.org/?a=1&b=2"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert read_html(escaped) == (text, [])


@given(st.text("<>/abi& ="))
def test_any_html_is_either_read_or_refused(source: str) -> None:
    try:
        text, entities = read_html(source)
    except ApiError:
        return
    assert "<b>" not in text
    assert all(entity.offset + entity.length <= len(text) for entity in entities)


def test_control_characters_become_spaces_and_carriage_returns_vanish() -> None:
    assert formatted("а\x00б\r\nв").text == "а б\nв"
