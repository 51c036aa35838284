"""Input policies: when a node is ready, and which packets it then sees together."""

from tryon.config import Config
from tryon.input_policies.barrier import BarrierInputStreamHandler
from tryon.input_policies.default import DefaultInputStreamHandler
from tryon.input_policies.early_close import EarlyCloseInputStreamHandler
from tryon.input_policies.fixed_size import FixedSizeInputStreamHandler
from tryon.input_policies.immediate import ImmediateInputStreamHandler
from tryon.input_policies.mux import MuxInputStreamHandler
from tryon.input_policies.policy import InputPolicy as InputPolicy
from tryon.input_policies.sync_sets import SyncSetInputStreamHandler
from tryon.input_policies.timestamp_align import TimestampAlignInputStreamHandler
from tryon.proto.options_pb2 import InputStreamHandlerConfig
from tryon.validated_graph import NodeInfo

POLICIES: dict[str, type[InputPolicy]] = {
    policy.__name__: policy
    for policy in (
        BarrierInputStreamHandler,
        DefaultInputStreamHandler,
        EarlyCloseInputStreamHandler,
        FixedSizeInputStreamHandler,
        ImmediateInputStreamHandler,
        MuxInputStreamHandler,
        SyncSetInputStreamHandler,
        TimestampAlignInputStreamHandler,
    )
}


def policy_config(info: NodeInfo, config: Config) -> InputStreamHandlerConfig:
    """A node's input policy and its options: the node's own, else the graph's, else its calculator's."""
    if info.node.HasField("input_stream_handler"):
        return info.node.input_stream_handler
    if info.contract.input_stream_handler and not config.HasField("input_stream_handler"):
        return InputStreamHandlerConfig(input_stream_handler=info.contract.input_stream_handler)
    return config.input_stream_handler
