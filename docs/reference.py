"""Writes the reference pages in docs/reference/ from docstrings, contracts, .proto files, the command line.

usage: python -m docs.reference [--check]; with --check nothing is written, and stale pages are an error.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from docs.reference_calculators import Kind, domain_page, domains, summary
from docs.reference_command_line import command_line_page
from docs.reference_graphs import graphs_page, language_page
from docs.reference_markdown import page, table
from docs.reference_python import python_page
from tryon.cli.graphs import first_sentence, graph_lines, installed_effects, leading_comment

FOLDER = Path(__file__).resolve().parent / "reference"


def index_page(found: dict[str, list[list[Kind]]]) -> str:
    """What there is."""
    parts = ["# Reference", "Made from the code: what `tryon inspect` shows, as pages."]
    effects = [
        (f"[{name}](graphs.md#{name.lower()})", first_sentence(leading_comment(graph_lines(path))))
        for name, path in sorted(installed_effects().items())
    ]
    pages = {"python": "Python", "command_line": "Command line", "graph_language": "The graph language"}
    pages["graphs"] = "Effects and subgraphs"
    parts.append("\n".join(f"- [{title}]({name}.md)" for name, title in pages.items()))
    parts += ["## Effects", table(("effect", ""), effects)]
    for domain, families in found.items():
        rows = [
            (
                ", ".join(f"[{kind.__name__}]({domain}.md#{family[0].__name__.lower()})" for kind in family),
                summary(family[0]),
            )
            for family in families
        ]
        parts += [f"## Calculators: {domain}", table(("calculator", ""), rows)]
    return page(parts)


def pages() -> dict[str, str]:
    """All pages, by the name of the file."""
    found = domains()
    return {
        "README.md": index_page(found),
        "python.md": python_page(),
        "command_line.md": command_line_page(),
        "graphs.md": graphs_page(),
        "graph_language.md": language_page(),
        **{f"{domain}.md": domain_page(domain, families) for domain, families in found.items()},
    }


def stale(wanted: dict[str, str]) -> list[str]:
    """The names of the files that differ from `wanted`, are missing or too many."""
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in present.keys() | wanted.keys() if present.get(name) != wanted.get(name))


def main(arguments: Sequence[str]) -> int:
    """Writes the pages, or checks them."""
    wanted = pages()
    differing = stale(wanted)
    if "--check" in arguments:
        for name in differing:
            print(f"docs/reference/{name} is stale: python -m docs.reference", file=sys.stderr)
        return 1 if differing else 0
    for name in differing:
        path = FOLDER / name
        if name in wanted:
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
