"""What a button carries comes back as it was written, and nothing else comes back at all."""

from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.buttons import Button, CardButton, LanguageButton, RemarkButton, ReportButton, ResumeButton, read, write
from surveys.signals import Action

NUMBERED = {"score": "score", "pick": "option", "change": "option"}
NUMBERS = st.integers(0, 10**18 - 1)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,24}", fullmatch=True)


@st.composite
def cards(draw: st.DrawFn) -> CardButton:
    action = draw(st.sampled_from(get_args(Action)))
    number = {NUMBERED[action]: draw(st.integers(0, 999))} if action in NUMBERED else {}
    return CardButton(draw(IDS), draw(st.integers(0, 999_999)), action, **number)


BUTTONS = st.one_of(
    cards(),
    st.builds(
        ReportButton,
        st.from_regex(r"[a-z]{1,12}", fullmatch=True),
        st.from_regex(r"[a-z_]{0,16}", fullmatch=True),
        st.integers(0, 999),
    ),
    st.builds(LanguageButton, st.from_regex(r"[a-z]{2,3}", fullmatch=True)),
    st.builds(RemarkButton, NUMBERS, st.booleans()),
    st.builds(RemarkButton, NUMBERS, st.just(True), NUMBERS),
    st.just(ResumeButton()),
)


@given(BUTTONS)
def test_a_button_comes_back_as_it_was_written_and_fits(button: Button) -> None:
    data = write(button)
    assert read(data) == button
    assert len(data.encode()) <= 64


@given(st.text())
@example("i.x.1.score9\n")
@example("i.x.٣.score9")
@example("i.x.1.score")
@example("i.x.1.begin5")
@example("i.x.9999999.begin")
@example("i." + "x" * 25 + ".1.begin")
def test_nothing_that_was_not_written_is_read_as_a_card(data: str) -> None:
    button = read(data)
    assert button is None or write(button) == data


@given(st.text(alphabet="i.rl0123456789scoreabegin\n", max_size=30))
def test_nothing_that_looks_alike_raises(data: str) -> None:
    button = read(data)
    assert button is None or isinstance(button, Button)
