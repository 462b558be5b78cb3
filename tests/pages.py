"""Pages of which a test run writes a part: what stands between two marks."""

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
RELIABILITY = ROOT / "docs" / "reliability.md"


def put(page: Path, name: str, lines: Iterable[str]) -> None:
    """Writes these lines between the marks of this name, in place of what is there. Raises ValueError without them."""
    begin, end = f"<!-- {name}: written by make {name} -->", f"<!-- {name}: end -->"
    text = page.read_text("utf-8")
    before, after = text[: text.index(begin)], text[text.index(end) + len(end) :]
    page.write_text("\n".join([f"{before}{begin}", "", *lines, "", f"{end}{after}"]), encoding="utf-8")
