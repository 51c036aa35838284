"""What the commands have in common; imports nothing that is slow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from tryon.errors import GraphError

FILE_WIDTH = 160  # of tables that go into a file or pipe

if TYPE_CHECKING:
    from rich.console import Console


class RendererChoice(Enum):
    """Where nodes draw that can draw on the GPU; AUTO takes a GPU, but no software in place of one."""

    AUTO = "auto"
    GPU = "gpu"
    CPU = "cpu"


GraphArgument = Annotated[
    str,
    typer.Argument(
        metavar="GRAPH", help="A graph file (.pbtxt) or the name of an installed effect or subgraph."
    ),
]
CalculatorsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--calculators",
        metavar="FILE|FOLDER|PACKAGE",
        help="Your own calculators: a Python file, a folder of them, an importable package; repeatable.",
    ),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Show the whole traceback of an error.")]


def console() -> "Console":
    """Where tables go."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=FILE_WIDTH)


@contextmanager
def command(verbose: bool, calculators: Sequence[str] | None = None) -> Iterator[None]:
    """Loads the user's calculators; turns what users can get wrong into a message and exit status 1."""
    try:
        if calculators:
            from tryon.outside import add_calculators

            for source in calculators:
                add_calculators(source)
        yield
    except (GraphError, OSError) as error:
        if verbose:
            import traceback

            traceback.print_exception(error)
        from tryon.run import RUN_FAILED
        from tryon.validation import HEADER

        message = str(error).removeprefix(HEADER).removeprefix(RUN_FAILED)
        typer.secho(f"error: {message}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from error
