"""Bands of scores as files write them."""


def scores_of(band: str) -> range | None:
    """The scores of a band; empty when it runs backwards, None when it is no band.

    >>> scores_of("0-6"), scores_of("5"), scores_of("6-0"), scores_of("low")
    (range(0, 7), range(5, 6), range(6, 1), None)
    """
    low, dash, high = band.partition("-")
    if not _is_number(low) or (dash and not _is_number(high)):
        return None
    return range(int(low), int(high if dash else low) + 1)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
