"""SwitchContainer."""

from collections.abc import Iterable

from calculators.core import core_pb2
from calculators.core.switch_channels import ENABLE, SELECT, Key
from calculators.core.switch_names import SELECTIONS, Names, channel_entries, entries_of, stream_names
from tryon import GraphError
from tryon.config import Config
from tryon.contract import Node, node_options
from tryon.subgraph_class import Subgraph, register_subgraph
from tryon.tag_map import TagMap, parse_tag_index


@register_subgraph
class SwitchContainer(Subgraph):
    """Routes packets to one of several nodes, which a stream, a side packet or an option selects.

    The contained nodes are calculators or subgraphs with the container's tags. The node that is not
    selected gets nothing; its last packets still come out after a change.

    Inputs:
        0: anything that the contained nodes take, under any tag.
        SELECT: int, the number of the node that works from its timestamp on (optional).
        ENABLE: bool, True selects node 1 and False node 0, from its timestamp on (optional).

    Outputs:
        0: what the selected node sends, under any tag.

    Input side packets:
        0: anything that the contained nodes take; all of them get it (optional).
        SELECT: int, the node that works until the stream says otherwise (optional).
        ENABLE: bool, the same as SELECT 1 or 0 (optional).

    Output side packets:
        0: from the node that is selected at the start (optional).

    Options:
        mediapipe.SwitchContainerOptions
        contained_node: the nodes, numbered from 0; they name no streams. Default none.
        select: the node that works at the start, default 0.
        enable: True is node 1 at the start, default false; not together with select.
        synchronize_io: True waits until all inputs are known for a timestamp, default false.
        async_selection: True lets a selection count from the next frame on, whatever its timestamp;
            false from its timestamp on, default false.
        tick_input_stream: the inputs ("TAG" or "TAG:index") whose packets are the frames, default all.

    Example:
        node {
          calculator: "SwitchContainer"
          input_stream: "FLOAT:hair_share"
          input_stream: "ENABLE:is_strict"
          output_stream: "FLAG:has_hair"
          node_options {
            [type.googleapis.com/mediapipe.SwitchContainerOptions] {
              contained_node { calculator: "ThresholdingCalculator" }
              contained_node {
                calculator: "ThresholdingCalculator"
                node_options {
                  [type.googleapis.com/mediapipe.ThresholdingCalculatorOptions] { threshold: 0.1 }
                }
              }
            }
          }
        }
    """

    Options = core_pb2.SwitchContainerOptions

    @classmethod
    def get_config(cls, node: Node) -> Config:
        options = node_options(node, cls.Options)
        _check_selection(node, options)
        inputs, side_inputs = stream_names(node.input_stream), stream_names(node.input_side_packet)
        outputs, side_outputs = stream_names(node.output_stream), stream_names(node.output_side_packet)
        config = Config()
        streams, sides = [], []
        for tag, name in SELECTIONS.items():
            if tag in TagMap(node.input_stream):
                ticks = [inputs[key] for key in _ticks(inputs, options.tick_input_stream)]
                config.node.append(_sequencer(name, ticks, options.async_selection))
                config.input_stream.append(f"{tag}:{name}")
                streams.append(f"{tag}:{name}_timed")
            if tag in TagMap(node.input_side_packet):
                config.input_side_packet.append(f"{tag}:{name}")
                sides.append(f"{tag}:{name}")
        config.input_stream.extend(entries_of(inputs))
        config.output_stream.extend(entries_of(outputs))
        config.input_side_packet.extend(entries_of(side_inputs))
        config.output_side_packet.extend(entries_of(side_outputs))

        demux, mux = config.node.add(), config.node.add()
        for end, calculator in ((demux, "SwitchDemuxCalculator"), (mux, "SwitchMuxCalculator")):
            end.calculator = calculator
            end.input_stream.extend(streams)
            end.input_side_packet.extend(sides)
            _copy_options(node, end)
        demux.input_stream.extend(entries_of(inputs))
        demux.input_side_packet.extend(entries_of(side_inputs))
        mux.output_stream.extend(entries_of(outputs))
        mux.output_side_packet.extend(entries_of(side_outputs))
        for channel, contained in enumerate(options.contained_node):
            inner = config.node.add()
            inner.CopyFrom(contained)
            inner.input_stream.extend(entries_of(inputs, f"c{channel}__"))
            inner.output_stream.extend(entries_of(outputs, f"c{channel}__"))
            inner.input_side_packet.extend(entries_of(side_inputs, f"c{channel}__"))
            inner.output_side_packet.extend(entries_of(side_outputs, f"c{channel}__"))
            demux.output_stream.extend(channel_entries(inputs, channel))
            demux.output_side_packet.extend(channel_entries(side_inputs, channel))
            mux.input_stream.extend(channel_entries(outputs, channel))
            mux.input_side_packet.extend(channel_entries(side_outputs, channel))
        return config


def _check_selection(node: Node, options: core_pb2.SwitchContainerOptions) -> None:
    if options.HasField("select") and options.HasField("enable"):
        raise GraphError("Only one of SwitchContainer options 'enable' and 'select' can be specified.")
    for streams in (TagMap(node.input_stream), TagMap(node.input_side_packet)):
        if SELECT in streams and ENABLE in streams:
            raise GraphError("Only one of SwitchContainer inputs 'ENABLE' and 'SELECT' can be specified.")


def _ticks(inputs: Names, wanted: Iterable[str]) -> list[Key]:
    """The inputs whose packets are frames: the wanted ones, or all."""
    keys = [parse_tag_index(text) for text in wanted]
    return [key for key in inputs if not keys or key in keys]


def _sequencer(name: str, ticks: list[str], is_async: bool) -> Node:
    """The node that puts selections in step with the frames."""
    node = Node(calculator="PacketSequencerCalculator")
    node.input_stream.append(f"INPUT:{name}")
    node.input_stream.extend(entries_of({("TICK", index): tick for index, tick in enumerate(ticks)}))
    node.output_stream.append(f"OUTPUT:{name}_timed")
    if not is_async:
        node.input_stream_handler.input_stream_handler = "DefaultInputStreamHandler"
    return node


def _copy_options(node: Node, end: Node) -> None:
    """The container's options but for the contained nodes, in the form in which the node carries them."""
    if node.HasField("options"):
        end.options.CopyFrom(node.options)
    end.node_options.MergeFrom(node.node_options)
    if end.options.HasExtension(core_pb2.SwitchContainerOptions.ext):
        end.options.Extensions[core_pb2.SwitchContainerOptions.ext].ClearField("contained_node")
    for carrier in end.node_options:
        if carrier.Is(core_pb2.SwitchContainerOptions.DESCRIPTOR):
            given = core_pb2.SwitchContainerOptions()
            carrier.Unpack(given)
            given.ClearField("contained_node")
            carrier.Pack(given)
