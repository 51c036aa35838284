"""The command line: `tryon run`, `replay`, `validate`, `explain`, `inspect`, `draw`, `list`, `new`; installed
packages may bring more.

What a command needs is imported when it runs, so that `tryon --help` answers at once.
"""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from tryon.cli import new
from tryon.cli.common import (
    CalculatorsOption,
    GraphArgument,
    RendererChoice,
    VerboseOption,
    command,
    console,
)
from tryon.cli.packages import package_commands

INTERRUPTED = 130

app = typer.Typer(
    name="tryon",
    help="Runs AR try-on effects: graphs of calculators that turn a video into another one.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(new.app, name="new", help="Begin a calculator or an effect: files with a test that passes.")


class Delegate(Enum):
    """What `tryon run --delegate` asks of the nodes that compute models."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"

    @property
    def setting(self) -> str:
        """The change of options that it stands for."""
        return f"*.delegate={'xnnpack' if self is Delegate.CPU else self.value}"


class Kind(Enum):
    """What `tryon list` lists."""

    EFFECTS = "effects"
    SUBGRAPHS = "subgraphs"
    CALCULATORS = "calculators"


@cache
def complete_app() -> typer.Typer:
    """The commands of this package and of all installed ones."""
    taken = {group.name for group in app.registered_groups} | {
        info.name or getattr(info.callback, "__name__", None) for info in app.registered_commands
    }
    for name, group in package_commands().items():
        if name not in taken:
            app.add_typer(group, name=name)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `tryon`; ends the process with its exit status."""
    complete_app()(args=None if arguments is None else list(arguments), prog_name="tryon")


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


@app.command(
    epilog="[bold]Examples[/bold]\n\n"
    "tryon run graphs/hair_recolor.pbtxt --input in.mp4 --output out.mp4 --look copper.json\n\n"
    "tryon run hair_recolor --input camera:0 --output me.mp4 --look copper.json\n\n"
    "tryon run graph.pbtxt --input 'photos/*.jpg' --set inference.model_path=new.tflite\n\n"
    "tryon run hair_recolor --input in.mp4 --look copper.json --trace trace.json\n\n"
    "tryon run hair_recolor --input in.mp4 --output out.mp4 --look copper.json --delegate auto"
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
        typer.Option(
            "--set",
            metavar="NODE.OPTION=VALUE",
            help="Change an option of a node, or of all that have it (node '*'); repeatable.",
        ),
    ] = None,
    sides: Annotated[
        list[str] | None, typer.Option("--side", metavar="NAME=VALUE", help="Give a side packet; repeatable.")
    ] = None,
    delegate: Annotated[
        Delegate | None,
        typer.Option(
            "--delegate",
            help="What computes all models: the GPU, the CPU, or the GPU where it can; the graph's choice "
            "without.",
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", min=1, help="Threads that run nodes; the graph's choice without."),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record", metavar="DIR", help="Write every packet to a folder, for `tryon replay` and --replay."
        ),
    ] = None,
    record_streams: Annotated[
        list[str] | None,
        typer.Option(
            "--record-stream",
            metavar="NAME",
            help="Record this stream, or pattern like 'segmentation__*', instead of all that no subgraph "
            "hides; repeatable.",
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="DIR", help="Take what a recording holds as the input."),
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            "--trace",
            metavar="FILE",
            help="Write what ran when (.json), for a look at it in ui.perfetto.dev.",
        ),
    ] = None,
    renderer: Annotated[
        RendererChoice,
        typer.Option(
            "--renderer",
            help="Where nodes draw that can draw on the GPU; auto takes a GPU, but none in software.",
        ),
    ] = RendererChoice.AUTO,
    split: Annotated[
        float | None,
        typer.Option(
            "--split",
            metavar="POSITION",
            min=0,
            max=1,
            help="Show the frames without the effect left of this part of the width, as 0.5.",
        ),
    ] = None,
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Run an effect on a video.

    Ctrl-C stops it and leaves a complete video of what was done so far.

    Ctrl-\\ (SIGQUIT) shows what each node waits for; a run that stalls shows it by itself.
    """
    with command(verbose, calculators):
        from rich.console import Console

        from tryon.cli.graphs import load_graph
        from tryon.cli.progress import histogram_table, make_reporter, node_table
        from tryon.cli.running import RunRequest
        from tryon.cli.running import run as run_request

        effect = load_graph(graph)
        request = RunRequest(
            effect,
            input_name,
            output,
            look,
            [*([delegate.setting] if delegate else []), *(settings or ())],
            sides or (),
            threads,
            record,
            record_streams or (),
            replay,
            trace,
            renderer,
            split,
        )
        result = run_request(request, lambda: make_reporter(Console(stderr=True), Path(effect.name).stem))
        console().print(node_table(result.profile, result.seconds))
        if result.histograms:
            console().print(histogram_table(result.histograms))
        for node, note in result.notes:
            typer.echo(f"{node}: {note}")
        how = f"{'Cancelled' if result.cancelled else 'Stopped'} by Ctrl-C: " if result.interrupted else ""
        file = result.kept if result.cancelled else output
        written = f" -> {file}" if file else ""
        fps = result.frames / result.seconds
        if result.drawing:
            typer.echo(f"drawing: {result.drawing}")
        typer.echo(f"{how}{result.frames} frames in {result.seconds:.2f} s, {fps:.1f} fps{written}")
        if result.recorder:
            size = result.recorder.size / 1e6
            typer.echo(f"recorded {result.recorder.packets} packets, {size:.1f} MB -> {record}")
    if result.interrupted:
        raise typer.Exit(INTERRUPTED)


@app.command(
    "replay",
    epilog="[bold]Examples[/bold]\n\n"
    "tryon run hair_recolor --input in.mp4 --look copper.json --record failure\n\n"
    "tryon replay failure\n\n"
    "tryon replay failure --node refinement\n\n"
    "tryon run changed.pbtxt --replay failure --output out.mp4 --look copper.json",
)
def replay_recording(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `tryon run --record DIR` wrote.")],
    nodes: Annotated[
        list[str] | None,
        typer.Option("--node", metavar="NAME", help="Run only this node, or subgraph node; repeatable."),
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads that run nodes.")] = 1,
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Run a recorded graph again on the recorded packets and compare.

    Sources and sinks do not run: their packets come from the recording. The exit status is 1 when a packet
    differs from the recorded one.
    """
    with command(verbose, calculators):
        from rich.console import Console

        from tryon.cli.progress import make_reporter
        from tryon.cli.replaying import comparison_table
        from tryon.cli.replaying import replay as replay_folder

        result = replay_folder(
            folder, nodes or (), threads, lambda: make_reporter(Console(stderr=True), folder.name)
        )
        console().print(comparison_table(result.comparisons))
        how = "differ" if result.different else "are equal"
        count = f"{result.different} of {result.packets}" if result.different else f"{result.packets}"
        typer.echo(f"ran {', '.join(result.nodes)}: {count} packets {how}")
    if result.interrupted:
        raise typer.Exit(INTERRUPTED)
    if result.different:
        raise typer.Exit(1)


@app.command(epilog="[bold]Example[/bold]\n\ntryon validate graphs/hair_recolor.pbtxt")
def validate(
    graph: GraphArgument, calculators: CalculatorsOption = None, verbose: VerboseOption = False
) -> None:
    """Check a graph without running it; lists all problems."""
    with command(verbose, calculators):
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
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show what a calculator, subgraph or graph takes, gives and can be set to."""
    with command(verbose, calculators):
        from tryon.cli.inspection import inspect as inspect_name

        output = console()
        for part in inspect_name(name):
            output.print(part)


@app.command(
    epilog="[bold]Example[/bold]\n\ntryon explain graphs/hair_recolor.pbtxt\n\n"
    "A run that hangs explains itself: Ctrl-\\ in its terminal, or kill -QUIT to its process."
)
def explain(
    graph: GraphArgument, calculators: CalculatorsOption = None, verbose: VerboseOption = False
) -> None:
    """Show what each node of a graph waits for, and what may make it wait for ever."""
    with command(verbose, calculators):
        from tryon.cli.explanation import explain as explain_source
        from tryon.cli.graphs import load_graph

        shown = console()
        for part in explain_source(load_graph(graph)):
            shown.print(part)


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
    gpu: Annotated[
        bool,
        typer.Option("--gpu", help="Show what `tryon run --renderer gpu` runs, subgraphs expanded."),
    ] = False,
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Draw a graph as Mermaid or SVG."""
    with command(verbose, calculators):
        from tryon.cli.draw import draw as draw_graph
        from tryon.cli.graphs import load_graph

        text = draw_graph(load_graph(graph), output.suffix if output else ".mmd", expand, gpu)
        if output:
            output.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {output}")
        else:
            typer.echo(text, nl=False)


@app.command(
    "list",
    epilog="[bold]Examples[/bold]\n\ntryon list\n\ntryon list effects\n\n"
    "tryon list calculators --calculators sparkle.py",
)
def list_names(
    kind: Annotated[
        Kind | None, typer.Argument(metavar="KIND", help="Only effects, subgraphs or calculators.")
    ] = None,
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List the effects, subgraphs and calculators that are there."""
    with command(verbose, calculators):
        from tryon.cli.graphs import list_table

        kinds = [kind] if kind else list(Kind)
        console().print(list_table(Kind.EFFECTS in kinds, Kind.CALCULATORS in kinds, Kind.SUBGRAPHS in kinds))
