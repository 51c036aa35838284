"""What the reference pages are put together from: tables, code, whole pages."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by `python -m docs.reference`; do not edit. -->\n\n"


def code(text: str) -> str:
    """Text as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells become one line each."""
    lines = [headings, ["---"] * len(headings), *rows]
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def page(parts: Iterable[str]) -> str:
    """A whole page; empty parts are left out."""
    return NOTE + "\n\n".join(part.rstrip() for part in parts if part.strip()) + "\n"
