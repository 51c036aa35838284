"""Which inputs of a node wait for each other: what its input policy says, for explanations."""

from tryon.config import Config
from tryon.input_policies.input_policies_pb2 import SyncSetInputStreamHandlerOptions
from tryon.tag_map import parse_tag_index
from tryon.validated_graph import NodeInfo

DEFAULT_POLICY = "DefaultInputStreamHandler"


def policy_name(info: NodeInfo, config: Config) -> str:
    """The registered name of the policy that the node runs with."""
    return info.policy or config.input_stream_handler.input_stream_handler or DEFAULT_POLICY


def sync_groups(info: NodeInfo, config: Config) -> list[list[int]]:
    """The positions of the node's inputs, those together that are only processed together."""
    name = policy_name(info, config)
    tags = info.contract.inputs.tags
    everything = list(range(len(tags)))
    if name == "ImmediateInputStreamHandler":
        return [[position] for position in everything]
    if name != "SyncSetInputStreamHandler":
        return [everything]
    own = info.node.input_stream_handler if info.node.HasField("input_stream_handler") else None
    handler = own or config.input_stream_handler
    options = handler.options.Extensions[SyncSetInputStreamHandlerOptions.ext]
    groups = [
        [tags.position(parse_tag_index(text)) for text in sync_set.tag_index] for sync_set in options.sync_set
    ]
    rest = [position for position in everything if not any(position in group for group in groups)]
    return [*groups, rest] if rest else groups
