"""The command line: `tryon run`, `validate`, `inspect`, `draw`, `list`.

What a command needs is imported when it runs, so that `tryon --help` answers at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tryon.errors import GraphError

INTERRUPTED = 130
FILE_WIDTH = 160  # of tables that go into a file or pipe

if TYPE_CHECKING:
    from rich.console import Console

GraphArgument = Annotated[
    str,
    typer.Argument(
        metavar="GRAPH", help="A graph file (.pbtxt) or the name of an installed effect or subgraph."
    ),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Show the whole traceback of an error.")]

app = typer.Typer(
    name="tryon",
    help="Runs AR try-on effects: graphs of calculators that turn a video into another one.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `tryon`; ends the process with its exit status."""
    app(args=None if arguments is None else list(arguments), prog_name="tryon")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tryon {version('tryon')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before the command."""


def _console() -> "Console":
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=FILE_WIDTH)


@contextmanager
def _one_message(verbose: bool) -> Iterator[None]:
    """Turns what users can get wrong into a message and exit status 1."""
    try:
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


@app.command(
    epilog="[bold]Examples[/bold]\n\n"
    "tryon run graphs/hair_recolor.pbtxt --input in.mp4 --output out.mp4 --look copper.json\n\n"
    "tryon run hair_recolor --input camera:0 --output me.mp4 --look copper.json\n\n"
    "tryon run graph.pbtxt --input 'photos/*.jpg' --set inference.model_path=new.tflite"
)
def run(
    graph: GraphArgument,
    input_name: Annotated[
        str | None,
        typer.Option(
            "--input",
            help="A video file, a folder or pattern of pictures, camera:0, /dev/video0, an rtsp:// or "
            "http:// address.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="The video to write (.mp4, .webm); none is written without."),
    ] = None,
    look: Annotated[Path | None, typer.Option("--look", help="The look's JSON file.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NODE.OPTION=VALUE", help="Change an option of a node; repeatable."),
    ] = None,
    sides: Annotated[
        list[str] | None, typer.Option("--side", metavar="NAME=VALUE", help="Give a side packet; repeatable.")
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", min=1, help="Threads that run nodes; the graph's choice without."),
    ] = None,
    verbose: VerboseOption = False,
) -> None:
    """Run an effect on a video.

    Ctrl-C stops it and leaves a complete video of what was done so far.
    """
    with _one_message(verbose):
        from rich.console import Console

        from tryon.cli.graphs import load_graph
        from tryon.cli.progress import make_reporter, node_table
        from tryon.cli.running import RunRequest
        from tryon.cli.running import run as run_request

        effect = load_graph(graph)
        request = RunRequest(effect, input_name, output, look, settings or (), sides or (), threads)
        result = run_request(request, lambda: make_reporter(Console(stderr=True), Path(effect.name).stem))
        _console().print(node_table(result.profile))
        how = f"{'Cancelled' if result.cancelled else 'Stopped'} by Ctrl-C: " if result.interrupted else ""
        file = result.kept if result.cancelled else output
        written = f" -> {file}" if file else ""
        fps = result.frames / result.seconds
        typer.echo(f"{how}{result.frames} frames in {result.seconds:.2f} s, {fps:.1f} fps{written}")
    if result.interrupted:
        raise typer.Exit(INTERRUPTED)


@app.command(epilog="[bold]Example[/bold]\n\ntryon validate graphs/hair_recolor.pbtxt")
def validate(graph: GraphArgument, verbose: VerboseOption = False) -> None:
    """Check a graph without running it; lists all problems."""
    with _one_message(verbose):
        from tryon.cli.graphs import load_graph
        from tryon.validation import validate as validate_source

        source = load_graph(graph)
        checked = validate_source(source)
        inside = [info.origin.inside for info in checked.nodes]
        subgraphs = {names[: depth + 1] for names in inside for depth in range(len(names))}
        typer.echo(
            f"{source.name}: OK (nodes: {len(checked.nodes)}, streams: {len(checked.producers)}, "
            f"subgraphs expanded: {len(subgraphs)})"
        )


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon inspect InferenceCalculator\n\n"
    "tryon inspect graphs/hair_recolor.pbtxt"
)
def inspect(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CALCULATOR|SUBGRAPH|GRAPH", help="A name from `tryon list`, or a graph file."
        ),
    ],
    verbose: VerboseOption = False,
) -> None:
    """Show what a calculator, subgraph or graph takes, gives and can be set to."""
    with _one_message(verbose):
        from tryon.cli.inspection import inspect as inspect_name

        console = _console()
        for part in inspect_name(name):
            console.print(part)


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon draw graphs/hair_recolor.pbtxt\n\n"
    "tryon draw graphs/hair_recolor.pbtxt --expand --output hair.svg"
)
def draw(
    graph: GraphArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A .md, .mmd (Mermaid) or .svg file; Mermaid to the terminal without."),
    ] = None,
    expand: Annotated[bool, typer.Option("--expand", help="Show what is inside of the subgraphs.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """Draw a graph as Mermaid or SVG."""
    with _one_message(verbose):
        from tryon.cli.draw import draw as draw_graph
        from tryon.cli.graphs import load_graph

        text = draw_graph(load_graph(graph), output.suffix if output else ".mmd", expand)
        if output:
            output.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {output}")
        else:
            typer.echo(text, nl=False)


@app.command("list", epilog="[bold]Example[/bold]\n\ntryon list --effects")
def list_names(
    effects: Annotated[bool, typer.Option("--effects", help="Only effects.")] = False,
    calculators: Annotated[bool, typer.Option("--calculators", help="Only calculators.")] = False,
    subgraphs: Annotated[bool, typer.Option("--subgraphs", help="Only subgraphs.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """List the effects, calculators and subgraphs that are installed here."""
    with _one_message(verbose):
        from tryon.cli.graphs import list_table

        every = not (effects or calculators or subgraphs)
        _console().print(list_table(effects or every, calculators or every, subgraphs or every))
