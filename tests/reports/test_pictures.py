"""Pictures by what is drawn on them: words that do not overlap or leave the sheet, marks where the values are."""

import re
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from reports.pictures.axis import figures_of
from reports.pictures.overview import overview_sheet
from reports.pictures.palette import BAND, BLUE, GREY, GROUND, INK, MUTED, ORANGE, between, contrast, ink_on
from reports.pictures.sheet import PHONE, TALLY, Sheet, as_png
from reports.speech import Speech
from surveys.headlines import headlines
from surveys.reporting import ReportQuery
from surveys.rules import Scope
from tests.reports.pictured import NOBODY, PICTURES
from tests.reports.screens import AUGUST, EFFORT, JULY, LABELS, LONG, RULES, SATISFIED, SMALL
from tests.surveys.counted import FakeCounts

LANGUAGES = ["ru", "en", "uk"]
SMALLEST = 0.55 * TALLY


def boxes(figure: Figure) -> list[tuple[Text, Bbox]]:
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]
    return [(text, text.get_window_extent(renderer)) for text in texts]


def words(sheet: Sheet) -> list[str]:
    return [text.get_text() for text, _ in boxes(sheet.figure())]


def overlap(one: Bbox, other: Bbox) -> bool:
    """More than the air around letters."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > 1 and high > 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
async def test_no_words_overlap_or_leave_the_picture_and_all_can_be_read(name: str, language: str) -> None:
    figure = (await PICTURES[name](language)).figure()
    found = boxes(figure)
    wide, high = figure.bbox.width, figure.bbox.height
    assert wide == PHONE
    assert high <= 2.6 * PHONE
    for text, box in found:
        said = text.get_text()
        assert 0 <= box.x0 < box.x1 <= wide, said
        assert 0 <= box.y0 < box.y1 <= high, said
        assert float(text.get_fontsize()) * 100 / 72 >= SMALLEST, said
        assert not re.search(r"[{}]", said), said
    crossing = [(a.get_text(), b.get_text()) for (a, one), (b, other) in combinations(found, 2) if overlap(one, other)]
    assert crossing == []


@pytest.mark.parametrize("name", ["breakdown_small", "trend_gaps", "journey_map", "importance", "roles", "fieldwork"])
async def test_a_picture_is_a_png_with_a_ground_of_its_own(name: str, tmp_path: object) -> None:
    from io import BytesIO

    picture = Image.open(BytesIO(as_png((await PICTURES[name]("ru")).figure())))
    assert picture.format == "PNG"
    assert picture.width == PHONE
    assert picture.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)


def test_letters_are_read_on_every_ground() -> None:
    for ink in (INK, MUTED, GREY, BLUE, ORANGE):
        assert contrast(ink, GROUND) >= 4.5
        assert contrast(ink, BAND) >= 4.5
    assert contrast("#FFFFFF", BLUE) >= 4.5
    for part in range(101):
        ground = between(part / 100)
        assert contrast(ink_on(ground), ground) >= 4.5


async def test_what_is_not_known_is_said_in_words() -> None:
    assert "Итого: нет данных" in words(await PICTURES["breakdown_none"]("ru"))
    assert "suppressed" in words(await PICTURES["breakdown_suppressed"]("en"))
    assert "мало голосов" in words(await PICTURES["breakdown_csi"]("ru"))
    assert any(each.startswith("×") for each in words(await PICTURES["heat_suppressed"]("en")))
    assert any(each.startswith("– — ") for each in words(await PICTURES["trend_gaps"]("en")))


@pytest.mark.parametrize(("name", "base"), [("heat_response", "приглашений"), ("journey_map", "ответов")])
async def test_what_the_lower_number_of_a_cell_counts_is_said(name: str, base: str) -> None:
    said = " ".join(words(await PICTURES[name]("ru")))
    assert re.search(rf"под ним число (доставленных )?{base}\.", said)


async def test_every_group_has_its_base_and_interval() -> None:
    found = words(await PICTURES["breakdown_small"]("en"))
    assert "IT executive" in found
    assert any(re.fullmatch(r"−?\+?\d+…\+?−?\d+ +n = 4", each) for each in found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", [NOBODY, FakeCounts([*SMALL.given, *SATISFIED.given, *EFFORT.given])])
async def test_the_first_screen_is_a_page_with_every_metric_its_base_and_interval(
    given: FakeCounts, language: str
) -> None:
    query = ReportQuery(metric="nps", since=JULY, until=AUGUST, scope=Scope(accounts=(LONG, LONG)))
    found = await headlines(query, given, RULES, AUGUST)
    figure = overview_sheet(found, LABELS, language).page()
    drawn = boxes(figure)
    assert [(a.get_text(), b.get_text()) for (a, one), (b, two) in combinations(drawn, 2) if overlap(one, two)] == []
    assert all(0 <= box.x0 < box.x1 <= figure.bbox.width for _, box in drawn)
    assert all(0 <= box.y0 < box.y1 <= figure.bbox.height for _, box in drawn)
    said = [text.get_text() for text, _ in drawn]
    for line in found.lines:
        value, base = figures_of(Speech(language, LABELS), line.report, line.figure)
        assert value in said
        assert base in said


async def test_groups_that_do_not_fit_are_counted_and_stand_on_other_pages() -> None:
    first, last = [words(await PICTURES[name]("en")) for name in ("breakdown_thirty", "breakdown_last_page")]
    assert "and 18 more groups" in first
    assert "Client 01" in first
    assert "Client 30" in last


async def test_a_dot_stands_where_its_value_is() -> None:
    sheet = await PICTURES["fieldwork_one"]("en")
    bars = [patch.get_bbox() for patch in sheet.figure().axes[0].patches]
    assert [round(bar.width / bars[0].width, 2) for bar in bars] == [1.0, 1.0, 0.67, 0.33]
    dots = [
        line for line in (await PICTURES["breakdown_one"]("en")).figure().axes[0].lines if len(line.get_xdata()) == 1
    ]
    assert [dot.get_xdata()[0] for dot in dots] == [PHONE / 2]


async def test_names_are_never_formulas_or_markup() -> None:
    figure = (await PICTURES["roles_long"]("en")).figure()
    assert any("$x^2$" in text.get_text() for text, _ in boxes(figure))
    assert not any(text.get_parse_math() for text, _ in boxes(figure))
