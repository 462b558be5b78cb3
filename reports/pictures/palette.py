"""Colours told apart by people who see no red or no green, and readable on their grounds: contrast 4.5 and more."""

from typing import Final

Rgb = tuple[float, float, float]

GROUND: Final = "#FFFFFF"
BLACK: Final = "#000000"
INK: Final = "#1B1F24"
MUTED: Final = "#57606A"
RULE: Final = "#D0D7DE"
BAND: Final = "#F3F5F7"
HATCH: Final = "#C3CAD1"
BLUE: Final = "#0B5CAD"
ORANGE: Final = "#A84300"
GREY: Final = "#5F6975"

LOW: Final = (0.85, 0.45, 0.13)
MIDDLE: Final = (0.97, 0.97, 0.95)
HIGH: Final = (0.13, 0.44, 0.75)


def rgb(colour: str) -> Rgb:
    """The parts, 0-1, of a colour written #RRGGBB.

    >>> rgb("#FF0000")
    (1.0, 0.0, 0.0)
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def between(share: float) -> str:
    """The colour of a value 0-1: orange, through white, to blue.

    >>> between(0.5)
    '#F7F7F2'
    """
    end, part = (LOW, 1 - 2 * share) if share < 0.5 else (HIGH, 2 * share - 1)
    mixed = (middle + (away - middle) * part for middle, away in zip(MIDDLE, end, strict=True))
    return "#" + "".join(f"{round(255 * each):02X}" for each in mixed)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1-21: WCAG 2.

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    light, dark = sorted((_luminance(rgb(one)), _luminance(rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(ground: str) -> str:
    """Black or white, whichever is read better on it."""
    return max((BLACK, GROUND), key=lambda ink: contrast(ink, ground))


def _luminance(parts: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
