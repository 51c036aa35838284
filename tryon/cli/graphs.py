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
from tryon.subgraph_class import find_subgraph, subgraph_names

SUFFIX = ".pbtxt"


def load_graph(name: str) -> GraphSource:
    """Reads a graph file, or the installed effect or subgraph of that name.

    Raises:
        GraphError: there is none, or it cannot be read.
    """
    graph = find_graph(name)
    if graph is None:
        raise GraphError(f'There is no graph file, effect or subgraph "{name}". {did_you_mean(name, [])}')
    return graph


def find_graph(name: str) -> GraphSource | None:
    """The graph that a file's name, an effect's or a subgraph's stands for, or None.

    Raises:
        GraphError: it cannot be read.
    """
    if Path(name).is_file() or name.endswith(SUFFIX):
        return read_graph(Path(name))
    effect = installed_effects().get(name)
    return read_graph(effect) if effect else SubgraphLibrary(Path.cwd(), ()).find(name)


def did_you_mean(name: str, others: Sequence[str]) -> str:
    """A hint at the nearest name of `others` and all graphs."""
    names = [*others, *installed_effects(), *SubgraphLibrary(Path.cwd(), ()).names()]
    nearest = nearest_name(name, names)
    return f'Did you mean "{nearest}"?' if nearest else '"tryon list" shows what is installed.'


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
    node_class = find_calculator(name) or find_subgraph(name)
    if node_class:
        return parse_docstring(node_class.__doc__).summary
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
        add(
            "subgraphs",
            [(name, summary(name, library)) for name in sorted({*library.names(), *subgraph_names()})],
        )
    if calculators:
        add("calculators", [(name, summary(name, library)) for name in calculator_names()])
    return table
