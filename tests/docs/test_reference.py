"""`python -m docs.reference`: what docstrings and commands become; `make check` says when pages are stale."""

from pathlib import Path
from typing import Annotated

import pytest
import typer

from docs import reference
from docs.reference import pages, stale
from docs.reference_command_line import command_section, commands
from docs.reference_python import docstring_markdown


def test_every_page_has_its_anchors() -> None:
    found = pages()
    assert {"README.md", "python.md", "command_line.md", "graphs.md", "core.md"} <= set(found)
    headings = {line[3:] for line in found["core.md"].splitlines() if line.startswith("## ")}
    assert {"PassThroughCalculator", "GateCalculator", "SwitchContainer"} <= headings
    assert "[PassThroughCalculator](core.md#passthroughcalculator)" in found["README.md"]


def test_calculators_that_differ_in_a_type_share_a_section() -> None:
    sections = [part for part in pages()["core.md"].split("\n## ") if "`BeginLoopIntCalculator`" in part]
    assert len(sections) == 1
    assert "The same for other types: " in sections[0]


def test_docstring_markdown() -> None:
    docstring = """Does it.

    More words.

    Args:
        first, second: what they are,
            in two lines.

    Raises:
        GraphError: it cannot.

    Example:
        >>> double(2)
        4
    """
    assert docstring_markdown(docstring.replace("\n    ", "\n"), "from here import double") == [
        "Does it.\n\nMore words.",
        "Args:\n\n- `first, second`: what they are, in two lines.",
        "Raises:\n\n- `GraphError`: it cannot.",
        "```pycon\n>>> from here import double\n>>> double(2)\n4\n```",
    ]


def test_command_section() -> None:
    app = typer.Typer()

    @app.command(epilog="[bold]Example[/bold]\n\ntryon paint red")
    def paint(
        color: Annotated[str, typer.Argument(metavar="A|B", help="Which [bold]colour[/bold].")],
        output: Annotated[Path | None, typer.Option("--output", help="Where to.")] = None,
        coats: Annotated[int, typer.Option(help="How many.")] = 1,
        dry: Annotated[bool, typer.Option("--dry", help="Wait.")] = False,
    ) -> None:
        """Paint it."""

    assert command_section("tryon paint", commands("tryon", app)["tryon paint"]) == [
        "## tryon paint",
        "Paint it.",
        "|  |  |\n| --- | --- |\n"
        "| `A\\|B` | Which colour. |\n"
        "| `--output FILE` | Where to. |\n"
        "| `--coats INT` | How many. |\n"
        "| `--dry` | Wait. |",
        "```text\ntryon paint red\n```",
    ]


def test_stale_pages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    for name, text in {"same.md": "a", "changed.md": "b", "gone.md": "c"}.items():
        (tmp_path / name).write_text(text)
    assert stale({"same.md": "a", "changed.md": "B", "new.md": "d"}) == ["changed.md", "gone.md", "new.md"]
