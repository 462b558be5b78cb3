"""A sheet that is written from the top down, in pixels, and only then given its height."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any, Final, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from reports.layout import fold
from reports.pictures.palette import GROUND, HATCH, INK

PHONE: Final = 1080
PAGE: Final = 1600
"""As many pixels make the width of an A4 page: the letters of a phone's picture are twelve points there."""
A4: Final = (8.27, 11.69)

MARGIN: Final = 48
TITLE: Final = 46
TEXT: Final = 34
SMALL: Final = 28
TALLY: Final = 24
LEADING: Final = 1.32
DPI: Final = 100
FAMILY: Final = "DejaVu Sans"
STRANGE: Final = "\u25af"

Side = Literal["left", "center", "right"]
Marker = Literal["o", "s", "^", "D", "v", "P"]


@cache
def _font(bold: bool) -> FontProperties:
    return FontProperties(family=FAMILY, weight="bold" if bold else "normal")


@cache
def _letters(bold: bool) -> frozenset[int]:
    return frozenset(get_font(findfont(_font(bold))).get_charmap())


def drawable(text: str, *, bold: bool = False) -> str:
    """The text with a box for every character the font does not have."""
    return "".join(character if ord(character) in _letters(bold) else STRANGE for character in text)


@cache
def width(text: str, size: float, bold: bool = False) -> float:
    """How many pixels the text takes on one line."""
    sized = _font(bold).copy()
    sized.set_size(size)
    wide, _, _ = text_to_path.get_text_width_height_descent(drawable(text, bold=bold), sized, False)
    return float(wide)


def wrapped(text: str, room: float, size: float, lines: int | None = None, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `room` pixels; beyond `lines` the last one holds the end of the text."""
    return fold(drawable(text, bold=bold), int(room), lines, lambda part: int(width(part, size, bold)) + 1)


@dataclass(slots=True)
class Sheet:
    """`y`: how far the sheet is written, in pixels from the top."""

    wide: int = PHONE
    y: float = MARGIN
    marks: list[Callable[[Axes], object]] = field(default_factory=list)

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.wide - 2 * MARGIN

    @property
    def right(self) -> float:
        return self.wide - MARGIN

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = TEXT,
        bold: bool = False,
        colour: str = INK,
        side: Side = "left",
        upright: bool = False,
    ) -> None:
        """One line: its top at `y`; with `upright`, read from below, `y` is where it ends and `x` its middle."""
        shown = drawable(words, bold=bold)
        options: dict[str, Any] = {
            "fontproperties": _font(bold),
            "fontsize": size * 72 / DPI,
            "color": colour,
            "parse_math": False,
        }
        if upright:
            options |= {"rotation": 90, "va": "bottom", "ha": "center"}
        else:
            # Letters hang from one line whatever their height, so that rows stay even.
            y += size
            options |= {"va": "baseline", "ha": side}
        self.marks.append(lambda axes: axes.text(x, y, shown, **options))

    def paragraph(
        self,
        words: str,
        *,
        size: float = TEXT,
        bold: bool = False,
        colour: str = INK,
        lines: int | None = None,
        x: float = MARGIN,
        room: float | None = None,
    ) -> None:
        """Lines from the left edge; goes on below them."""
        for line in wrapped(words, room or self.room, size, lines, bold=bold):
            self.text(x, self.y, line, size=size, bold=bold, colour=colour)
            self.y += size * LEADING

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        colour: str,
        thick: float = 3,
        dashed: bool = False,
        under: bool = False,
    ) -> None:
        """`under`: below dots and other lines, whenever it is drawn."""
        drawn = Line2D(xs, ys, color=colour, linewidth=thick * 72 / DPI, solid_capstyle="butt")
        drawn.set(linestyle=(0, (3, 3)) if dashed else "solid", zorder=1.5 if under else 2)
        self.marks.append(lambda axes: axes.add_line(drawn))

    def dot(
        self, x: float, y: float, *, colour: str, size: float = 26, marker: Marker = "o", hollow: bool = False
    ) -> None:
        face = GROUND if hollow else colour
        drawn = Line2D([x], [y], marker=marker, markersize=size * 72 / DPI, linestyle="none")
        drawn.set(markerfacecolor=face, markeredgecolor=colour, markeredgewidth=2.5, zorder=2.5)
        self.marks.append(lambda axes: axes.add_line(drawn))

    def box(self, x: float, y: float, wide: float, high: float, *, colour: str, hatch: str | None = None) -> None:
        drawn = Rectangle((x, y), wide, high, facecolor=colour, hatch=hatch, linewidth=0)
        drawn.set_edgecolor(HATCH if hatch else "none")
        self.marks.append(lambda axes: axes.add_patch(drawn))

    def figure(self) -> Figure:
        """The sheet, as high as it is written."""
        high = self.y + MARGIN / 2
        figure = Figure(figsize=(self.wide / DPI, high / DPI), dpi=DPI, facecolor=GROUND)
        self._draw(figure, high)
        return figure

    def page(self) -> Figure:
        """The sheet as the upper part of an A4 page."""
        figure = Figure(figsize=A4, facecolor=GROUND)
        # What is too long for the page is drawn smaller, as a whole.
        high = max(self.wide * A4[1] / A4[0], self.y + MARGIN)
        scale = A4[1] * DPI / high
        self._draw(figure, high, across=high * A4[0] / A4[1])
        for text in figure.axes[0].texts:
            text.set_fontsize(float(text.get_fontsize()) * scale)
        for drawn in figure.axes[0].lines:
            drawn.set_linewidth(drawn.get_linewidth() * scale)
            drawn.set_markersize(drawn.get_markersize() * scale)
        return figure

    def _draw(self, figure: Figure, high: float, across: float | None = None) -> None:
        axes = figure.add_axes((0, 0, 1, 1), frame_on=False)
        axes.set_xlim(0, across or self.wide)
        axes.set_ylim(high, 0)
        axes.set_axis_off()
        for mark in self.marks:
            mark(axes)


def as_png(figure: Figure) -> bytes:
    written = BytesIO()
    figure.savefig(written, format="png", dpi=DPI)
    return written.getvalue()


def as_pdf(figure: Figure, title: str) -> bytes:
    """A page whose words can be searched and copied."""
    from matplotlib import rc_context

    written = BytesIO()
    # Without a date in it the same report is the same file.
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(written, format="pdf", metadata={"Title": title, "CreationDate": None})
    return written.getvalue()
