"""Finding graphs by file or by name."""

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tryon.config import GraphSource, read_graph
from tryon.docstring import parse_docstring
from tryon.errors import GraphError
from tryon.registry import calculator_names, find_calculator, nearest_name
from tryon.subgraph import SubgraphLibrary, installed_folders

SUFFIX = ".pbtxt"


def load_graph(name: str) -> GraphSource:
    """Reads a graph file, or the installed effect of that name.

    Raises:
        GraphError: there is neither, or the graph cannot be read.
    """
    if Path(name).exists() or Path(name).suffix:
        return read_graph(Path(name))
    effects = installed_effects()
    if name in effects:
        return read_graph(effects[name])
    nearest = nearest_name(name, list(effects))
    hint = f'Did you mean "{nearest}"?' if nearest else '"tryon list --effects" shows the installed ones.'
    raise GraphError(f'There is no graph file and no effect "{name}". {hint}')


def installed_effects() -> dict[str, Path]:
    """The graph files that lie beside the `subgraphs` folders of installed packages, by name."""
    files = (path for folder in installed_folders() for path in sorted(folder.parent.glob(f"*{SUFFIX}")))
    return {path.stem: path for path in files}


def graph_lines(path: Path) -> list[str]:
    """The lines of a graph file."""
    return path.read_text(encoding="utf-8").splitlines()


def leading_comment(lines: Sequence[str]) -> list[str]:
    """The comment at the top of a file, without the marks."""
    return [line[1:].strip() for line in takewhile(lambda line: line.startswith("#"), lines)]


def comment_above(lines: Sequence[str], line: int) -> list[str]:
    """The comment right above a line (from 1), without the marks."""
    above = takewhile(lambda text: text.lstrip().startswith("#"), reversed(lines[: line - 1]))
    return [text.lstrip()[1:].strip() for text in above][::-1]


def first_sentence(comment: Sequence[str]) -> str:
    """The first sentence of a comment's first paragraph."""
    sentence, end, _ = " ".join(takewhile(bool, comment)).partition(". ")
    return sentence + end.strip()


def summary(name: str, library: SubgraphLibrary) -> str:
    """What a calculator or subgraph does, in a sentence: from its docstring, from the top of its file."""
    calculator = find_calculator(name)
    if calculator:
        return parse_docstring(calculator.__doc__).summary
    subgraph = library.find(name)
    return first_sentence(leading_comment(graph_lines(Path(subgraph.name)))) if subgraph else ""


def list_table(effects: bool, calculators: bool, subgraphs: bool) -> Table:
    """What is installed, name and one sentence each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()

    def add(title: str, rows: list[tuple[str, str]]) -> None:
        table.add_row(Text(title, style="bold"), "", end_section=False)
        for name, sentence in rows:
            table.add_row(Text(f"  {name}", style="cyan"), Text(sentence))

    library = SubgraphLibrary(Path.cwd(), ())
    if effects:
        files = installed_effects().items()
        add("effects", [(name, first_sentence(leading_comment(graph_lines(path)))) for name, path in files])
    if subgraphs:
        add("subgraphs", [(name, summary(name, library)) for name in library.names()])
    if calculators:
        add("calculators", [(name, summary(name, library)) for name in calculator_names()])
    return table
