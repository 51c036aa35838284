"""`tryon run`: runs an effect on a video and tells how far it is."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tryon.cli.common import RendererChoice
from tryon.cli.host import SPLIT, host
from tryon.cli.memory import keep_freed_memory
from tryon.cli.progress import Reporter
from tryon.cli.rendering import make_graph, warn
from tryon.cli.side_packets import side_packets
from tryon.cli.threads import leave_threads_to_nodes
from tryon.cli.waiting import Watch, wait
from tryon.config import GraphSource
from tryon.errors import GraphError
from tryon.profile import NodeProfile
from tryon.profiler_config import Histogram
from tryon.recording import Recorder, Recording
from tryon.renderer import DeviceLost
from tryon.trace import Trace
from tryon.trace_file import write_trace
from tryon.validated_graph import ValidatedGraph

# Sources that send the same frames in another run; a camera does not.
REPEATABLE = ("VideoSourceCalculator", "ImageSequenceSourceCalculator", "RecordingSourceCalculator")


@dataclass(frozen=True)
class RunRequest:
    """What the command line asks for.

    Attributes:
        effect: the graph.
        input_name: where the frames come from; None for a graph that has its own source.
        output: the video to write; None writes nothing.
        look: the file of the look; None for a graph without, or with one of its own.
        settings: changes of options, "node.option=value".
        side_packets: more side packets, "name=value".
        threads: how many threads run calculators; None leaves that to the graph.
        record: the folder to write what streams carry to; None records nothing.
        record_streams: names or patterns of these streams; empty for those that no subgraph hides.
        replay: a recording that takes the place of the input and of the graph's sources.
        trace: the file to write the run's trace to, also after an error; None writes none.
        renderer: where nodes draw that can draw on the GPU.
        split: shows the left part of each frame, up to here in parts of the width, as it came in; None shows
            the effect alone.
    """

    effect: GraphSource
    input_name: str | None = None
    output: Path | None = None
    look: Path | None = None
    settings: Sequence[str] = ()
    side_packets: Sequence[str] = ()
    threads: int | None = None
    record: Path | None = None
    record_streams: Sequence[str] = ()
    replay: Path | None = None
    trace: Path | None = None
    renderer: RendererChoice = RendererChoice.AUTO
    split: float | None = None


@dataclass(frozen=True)
class RunResult:
    """How a run went.

    Attributes:
        frames: how many were finished.
        seconds: from the start to the end, opening models and files included.
        profile: the per-node table.
        histograms: how long calls took, where the graph's `profiler_config` asks for it.
        drawing: what drew and why; "" where no node can draw on the GPU.
        interrupted, cancelled: Ctrl-C was pressed once, twice.
        kept: what was encoded before the run was cancelled.
        recorder: what recorded the run, None where nothing did.
        notes: what nodes said about the run: (node, text).
    """

    frames: int
    seconds: float
    profile: list[NodeProfile]
    histograms: list[Histogram]
    drawing: str
    interrupted: bool
    cancelled: bool
    kept: Path | None = None
    recorder: Recorder | None = None
    notes: Sequence[tuple[str, str]] = ()


def run(request: RunRequest, make_reporter: Callable[[], Reporter]) -> RunResult:
    """Runs an effect to its end, or until Ctrl-C.

    The first Ctrl-C ends the sources: the frames under way are finished and the output is complete. The
    second cancels the run; the third kills the process. When the GPU is lost the run starts over on the CPU,
    if its frames come from files and it is not recorded.

    Raises:
        GraphError: the graph is not valid, something asked for does not fit, or the run failed.
    """
    try:
        return _run(request, make_reporter)
    except DeviceLost as lost:
        warn(f"{lost}\nThe run starts over, on the CPU.")
    result = _run(replace(request, renderer=RendererChoice.CPU), make_reporter)
    return replace(result, drawing="cpu (the GPU was lost, see above)")


def _run(request: RunRequest, make_reporter: Callable[[], Reporter]) -> RunResult:
    """Runs an effect once.

    Raises:
        DeviceLost: the run failed as the GPU was lost, and can start over.
        GraphError: it failed otherwise.
    """
    if request.trace and not request.trace.parent.is_dir():
        raise GraphError(f'--trace: there is no folder "{request.trace.parent}".')
    recording = Recording(request.replay) if request.replay else None
    splits = request.split is not None
    hosted = host(request.effect, request.input_name, request.output, request.threads, recording, splits)
    settings = [f"{SPLIT}.position={request.split}", *request.settings] if splits else request.settings
    graph, drawing = make_graph(hosted.source, settings, request.renderer)
    values = side_packets(
        graph.validated, request.effect.name, hosted.side_packets, request.look, request.side_packets
    )
    watch = Watch()
    frames = hosted.frames or _first_source_stream(graph.validated)
    if frames:
        graph.observe_output_stream(frames, watch.frame)
    if hosted.header:
        graph.observe_output_stream(hosted.header, watch.header)
    partial = _PartialOutput(request.output)
    keep_freed_memory()
    leave_threads_to_nodes()
    start = time.perf_counter()
    recorder = None
    with ExitStack() as stack:
        if request.record:
            recorder = Recorder(graph, request.record, values, request.record_streams, request.effect.name)
            stack.enter_context(recorder)
        trace = Trace() if request.trace else None
        if request.trace and trace:
            stack.callback(write_trace, trace, graph.validated, request.trace)
        graph.start_run(values, trace)
        for stream in hosted.unfed:
            graph.close_input_stream(stream)
        try:
            interrupts = wait(graph, watch, make_reporter())
            seconds = time.perf_counter() - start
        except GraphError as error:
            can_start_over = not request.record and is_repeatable(graph.validated)
            if isinstance(error.__cause__, DeviceLost) and can_start_over:
                raise DeviceLost(str(error)) from error
            if partial.kept() is None:
                raise
            raise GraphError(f'{error}\nWhat was encoded so far is kept in "{partial.kept()}".') from error
    return RunResult(
        watch.frames,
        seconds,
        graph.profile(),
        graph.histograms(),
        drawing,
        interrupts > 0,
        interrupts > 1,
        partial.kept(),
        recorder,
        graph.notes(),
    )


class _PartialOutput:
    """The file that a sink leaves when it cannot finish its video."""

    def __init__(self, output: Path | None) -> None:
        self._path = Path(f"{output}.partial")
        self._before = self._state()

    def _state(self) -> tuple[int, int] | None:
        if not self._path.is_file():
            return None
        stat = self._path.stat()
        return stat.st_size, stat.st_mtime_ns

    def kept(self) -> Path | None:
        """The file, if this run wrote it."""
        return self._path if self._state() not in (None, self._before) else None


def is_repeatable(graph: ValidatedGraph) -> bool:
    """True when another run gets the same frames."""
    sources = (info for info in graph.nodes if info.is_source and info.node.output_stream)
    return all(info.calculator.__name__ in REPEATABLE for info in sources)


def _first_source_stream(graph: ValidatedGraph) -> str:
    streams = (entry.name for info in graph.nodes if info.is_source for entry in info.contract.outputs.tags)
    return next(streams, "")
