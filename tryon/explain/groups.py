"""Which inputs of a node wait for each other, by its input policy."""

from tryon.config import Config
from tryon.input_policies import policy_config
from tryon.input_policies.input_policies_pb2 import SyncSetInputStreamHandlerOptions
from tryon.tag_map import parse_tag_index
from tryon.validated_graph import NodeInfo

IMMEDIATE = "ImmediateInputStreamHandler"
BARRIER = "BarrierInputStreamHandler"
MUX = "MuxInputStreamHandler"

DEFAULT_POLICY = "DefaultInputStreamHandler"

Groups = tuple[tuple[int, ...], ...]


def policy_name(info: NodeInfo, config: Config) -> str:
    """The registered name of the input policy that the node runs with."""
    return policy_config(info, config).input_stream_handler or DEFAULT_POLICY


def sync_groups(info: NodeInfo, config: Config) -> Groups:
    """The positions of the node's inputs, those together that are processed together."""
    tags = info.contract.inputs.tags
    everything = tuple(range(len(tags)))
    name = policy_name(info, config)
    if name == IMMEDIATE:
        return tuple((position,) for position in everything)
    if name == MUX:  # the last input says which other one is taken with it
        return tuple((position, everything[-1]) for position in everything[:-1])
    if name != "SyncSetInputStreamHandler":
        return (everything,)
    options = policy_config(info, config).options.Extensions[SyncSetInputStreamHandlerOptions.ext]
    groups = [
        tuple(tags.position(parse_tag_index(text)) for text in sync_set.tag_index)
        for sync_set in options.sync_set
    ]
    rest = tuple(position for position in everything if not any(position in group for group in groups))
    return (*groups, rest) if rest else tuple(groups)
