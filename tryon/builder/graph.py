"""Building graphs in Python: the config that a graph file gives, from code."""

import itertools
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import Message

from tryon.builder.streams import TAG, BackEdge, NodeBuilder, Place, Source, Stream
from tryon.calculator import Calculator
from tryon.config import Config, GraphSource, read_graph
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.option_value import find_field, graph_messages, put_options
from tryon.proto import options_pb2
from tryon.proto.pool import POOL
from tryon.registry import find_calculator
from tryon.subgraph import SubgraphLibrary, full_type, unknown_calculator
from tryon.subgraph_class import Subgraph
from tryon.tag_map import parse_tag_index_name
from tryon.validation import validate


class GraphBuilder:
    """A graph, made node by node; errors name the line of the Python file that made the builder.

    Args:
        options: the graph's own options, which option_values of its nodes refer to.
        folder: where files of subgraphs are looked up, as they are beside a graph file.
        subgraphs: graphs with a `type`, usable as nodes besides those found in files.
        fields: other fields of the graph: type="HairSubgraph", max_queue_size=4, ...

    Raises:
        GraphError: a field is unknown or has the wrong type, or a subgraph cannot be read.

    Example:
        >>> graph = GraphBuilder()
        >>> numbers = graph.input("numbers")
        >>> gate = graph.node("GateCalculator", numbers, ALLOW=graph.input("switch"), allow=True)
        >>> graph.output("kept", gate.out[0])
        >>> print(graph.to_pbtxt())
        input_stream: "numbers"
        input_stream: "switch"
        output_stream: "kept"
        ...
    """

    def __init__(
        self,
        options: Message | None = None,
        folder: Path | None = None,
        subgraphs: Iterable[GraphSource | str | Path | Config] = (),
        **fields: Any,
    ) -> None:
        self._file = sys._getframe(1).f_code.co_filename
        self._folder = folder
        self._given = [read_graph(subgraph) for subgraph in subgraphs]
        self._parts: list[GraphBuilder] = []
        self._nodes: list[NodeBuilder] = []
        self._inputs: list[Stream] = []
        self._outputs: list[tuple[str, Stream, Place]] = []
        self._library = SubgraphLibrary(folder, self._given)
        self._head = Config()
        self._positions: dict[tuple[str | int, ...], tuple[int, int]] = {}
        self._fill(self._head, fields, "The graph")
        if options is not None:
            carrier = Node()
            put_options(carrier, options)
            self._head.graph_options.extend(carrier.node_options)

    def input(self, entry: str) -> Stream:
        """A graph input stream: "name" or "TAG:name"."""
        return self._add_input("input_stream", entry)

    def input_side_packet(self, entry: str) -> Stream:
        """A side packet that the caller gives: "name" or "TAG:name"."""
        return self._add_input("input_side_packet", entry)

    def output(self, entry: str, stream: Stream) -> None:
        """Makes a stream or side packet an output of the graph: "name" or "TAG:name"."""
        stream.named(parse_tag_index_name(entry).name)
        self._outputs.append((entry, stream, self._place()))

    def back_edge(self) -> BackEdge:
        """A stream to use now and to `close` when the node that makes it is there."""
        return BackEdge(self._place())

    def executor(self, name: str, kind: str = "ThreadPoolExecutor", num_threads: int = 0) -> str:
        """Declares an executor for nodes to name; "" is the one for all others. Returns the name."""
        executor = self._head.executor.add(name=name, type=kind)
        place = self._place()
        if place:
            self._positions["executor", len(self._head.executor) - 1] = place
        if num_threads:
            executor.options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext].num_threads = num_threads
        return name

    def node(
        self,
        calculator: "str | type[Calculator | Subgraph] | GraphBuilder",
        *inputs: Source,
        name: str = "",
        options: Message | Sequence[Message] = (),
        option_value: Sequence[str] = (),
        input_stream_handler: str | options_pb2.InputStreamHandlerConfig = "",
        executor: str = "",
        max_in_flight: int = 0,
        source_layer: int = 0,
        **entries: Any,
    ) -> NodeBuilder:
        """Adds a node.

        Args:
            calculator: its name or class, or the builder of a subgraph.
            inputs: the inputs without a tag.
            options: options messages, instead of single options.
            entries: by tag in capital letters an input stream or side packet or a list of them, else
                options by name: enum values as text, messages as dictionaries.

        Raises:
            GraphError: the calculator or an option is unknown, or a value has the wrong type.
        """
        if isinstance(calculator, GraphBuilder):
            self._parts.append(calculator)
            calculator = full_type(calculator._head)
        elif isinstance(calculator, type):
            calculator = calculator.__name__
        config = Node(calculator=calculator, name=name, executor=executor, option_value=option_value)
        config.max_in_flight, config.source_layer = max_in_flight, source_layer
        if isinstance(input_stream_handler, str):
            if input_stream_handler:
                config.input_stream_handler.input_stream_handler = input_stream_handler
        else:
            config.input_stream_handler.CopyFrom(input_stream_handler)
        values = {key: value for key, value in entries.items() if not TAG.fullmatch(key)}
        kind = self._options_type(calculator)
        if kind is not None and (values or (option_value and not options)):
            message = kind()
            self._fill(message, values, calculator)
            put_options(config, message)
        elif values:
            raise self._problem(f"{calculator} has no options, such as {next(iter(values))}.")
        for message in [options] if isinstance(options, Message) else options:
            put_options(config, message)
        tagged = {"": list(inputs)} | {key: value for key, value in entries.items() if key not in values}
        for tag, value in tagged.items():
            tagged[tag] = value if isinstance(value, list) else [value]
            for source in tagged[tag]:
                if not isinstance(source, Stream | BackEdge):
                    raise self._problem(f"{calculator}: {tag or 'an input'} takes streams, not {source!r}.")
        self._nodes.append(NodeBuilder(self._place, config, tagged))
        return self._nodes[-1]

    def config(self) -> Config:
        """The graph.

        Raises:
            GraphError: lists all problems, each with the line of the Python file.
        """
        source = self.source()
        validate(source, self.subgraphs())
        return source.config

    def to_pbtxt(self) -> str:
        """The graph as the text of a graph file: what it is, its streams, then node by node."""
        config = self.config()
        title = Config(package=config.package, type=config.type)
        head = Config()
        head.CopyFrom(config)
        for field in ("package", "type", "node"):
            head.ClearField(field)
        nodes = [f"node {{\n{textwrap.indent(_text(node), '  ')}}}\n" for node in config.node]
        return "\n".join(filter(None, [_text(title) + _text(head), *nodes]))

    def build(self, settings: Sequence[str] = ()) -> CalculatorGraph:
        """The graph, ready to run; `settings` as in CalculatorGraph."""
        return CalculatorGraph(self.source(), self.subgraphs(), settings)

    def subgraphs(self) -> list[GraphSource]:
        """The graphs that this one uses: given ones and builders, with what these use."""
        return [
            *self._given,
            *(source for part in self._parts for source in [*part.subgraphs(), part.source()]),
        ]

    def _place(self) -> Place:
        """(line, column) of the call under way in the file that made the builder."""
        frame = sys._getframe(1)
        while frame.f_code.co_filename != self._file:
            if frame.f_back is None:
                return None
            frame = frame.f_back
        line, _, column, _ = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        return (line or frame.f_lineno, (column or 0) + 1)

    def source(self) -> GraphSource:
        """The graph, unchecked, with the Python lines for messages about it.

        Raises:
            GraphError: a back edge was not closed, or a stream is of another graph.
        """
        config = Config()
        config.CopyFrom(self._head)
        positions = dict(self._positions)
        names = self._names()

        def add(field: str, text: str, place: Place, *path: str | int, to: Config | Node = config) -> None:
            getattr(to, field).append(text)
            if place:
                positions[*path, field, len(getattr(to, field)) - 1] = place

        for entry, stream, place in self._outputs:
            self._name_of(stream, names, place)
            add("output_side_packet" if stream.is_side else "output_stream", entry, place)
        for number, built in enumerate(self._nodes):
            node = config.node.add()
            node.CopyFrom(built.config)
            path = ("node", number)
            if built.place:
                positions[path] = built.place
            for tag, sources in built.inputs.items():
                for field, is_side in (("input_stream", False), ("input_side_packet", True)):
                    chosen = [source for source in sources if source.is_side is is_side]
                    for index, source in enumerate(chosen):
                        name = self._name_of(source, names, built.place)
                        add(field, _entry(tag, index, len(chosen), name), built.place, *path, to=node)
                        if isinstance(source, BackEdge):
                            tag_index = f"{tag}:{index}" if index or not tag else tag
                            node.input_stream_info.add(tag_index=tag_index, back_edge=True)
            for field, ports in (("output_stream", built.out), ("output_side_packet", built.side)):
                streams = ports.complete()
                for tag, index, stream in streams:
                    count = sum(other == tag for other, _, _ in streams)
                    add(field, _entry(tag, index, count, names[stream]), stream.place, *path, to=node)
        return GraphSource(config, self._file, self._folder, positions)

    def _names(self) -> dict[Stream, str]:
        """Every stream's name; those without one are called after their node and tag."""
        names = {stream: stream.name for stream in self._inputs}
        unnamed = []
        for built in self._nodes:
            label = built.config.name or re.sub("(Calculator|Subgraph)$", "", built.config.calculator)
            label = re.sub("[^a-z0-9_]", "_", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", label).lower())
            for tag, index, stream in [*built.out.complete(), *built.side.complete()]:
                names[stream] = stream.name
                if not stream.name:
                    unnamed.append((stream, "_".join(filter(None, (label, tag.lower(), str(index or ""))))))
        taken = set(names.values())
        for stream, base in unnamed:
            candidates = itertools.chain([base], (f"{base}_{number}" for number in itertools.count(2)))
            names[stream] = next(name for name in candidates if name not in taken)
            taken.add(names[stream])
        return names

    def _name_of(self, source: Source, names: dict[Stream, str], place: Place) -> str:
        stream = source.stream if isinstance(source, BackEdge) else source
        if stream is None:
            raise self._problem("This back edge was never closed: call close(stream).", source.place)
        if stream not in names:
            raise self._problem(f'The stream "{stream.name or stream.tag}" is of another graph.', place)
        return names[stream]

    def _add_input(self, field: str, entry: str) -> Stream:
        place = self._place()
        stream = Stream(place, "side" in field, parse_tag_index_name(entry).name)
        entries = getattr(self._head, field)
        entries.append(entry)
        self._inputs.append(stream)
        if place:
            self._positions[field, len(entries) - 1] = place
        return stream

    def _options_type(self, calculator: str) -> type[Message] | None:
        part = next((part for part in self._parts if full_type(part._head) == calculator), None)
        found = part._head if part else self._library.resolve(calculator, self._head.package)
        if isinstance(found, GraphSource):
            found = found.config
        if isinstance(found, Config):
            messages = graph_messages(found)
            return type(messages[0]) if messages else None
        known = found or find_calculator(calculator)
        if known is None:
            raise self._problem(unknown_calculator(calculator, self._library))
        return known.Options

    def _fill(self, message: Message, values: Mapping[str, Any], what: str) -> None:
        for name, value in values.items():
            try:
                find_field(message, name)
                message.MergeFrom(type(message)(**{name: value}))
            except (GraphError, TypeError, ValueError) as error:
                problem = error if isinstance(error, GraphError) else f"{name} cannot be {value!r}: {error}."
                raise self._problem(f"{what}: {problem}") from error

    def _problem(self, message: str, place: Place = None) -> GraphError:
        place = place or self._place()
        return GraphError(f"{self._file}:{place[0]}:{place[1]}: {message}" if place else message)


def _entry(tag: str, index: int, count: int, name: str) -> str:
    return ":".join(filter(None, (tag, str(index) if tag and count > 1 else "", name)))


def _text(message: Message) -> str:
    return text_format.MessageToString(message, descriptor_pool=POOL)
