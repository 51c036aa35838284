"""ConstantSidePacketCalculator."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calculators.core import core_pb2
from calculators.core.families import list_of
from calculators.formats import classification_pb2, landmark_pb2, matrix_data_pb2, time_series_header_pb2
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

PACKET = "PACKET"
TYPES: dict[str, type] = {
    "int_value": int,
    "uint64_value": int,
    "int64_value": int,
    "float_value": float,
    "double_value": float,
    "bool_value": bool,
    "string_value": str,
    "string_vector_value": list_of(str),
    "classification_list_value": classification_pb2.ClassificationList,
    "landmark_list_value": landmark_pb2.LandmarkList,
    "time_series_header_value": time_series_header_pb2.TimeSeriesHeader,
    "matrix_data_value": np.ndarray,
}


@register
class ConstantSidePacketCalculator(Calculator):
    """Makes side packets with the values that its options name.

    Output side packets:
        PACKET: int, float, bool, str, list of str, message, or float32 matrix [rows, cols]; one an entry
            of the option, in its order.

    Options:
        mediapipe.ConstantSidePacketCalculatorOptions
        packet: the values; each has one of int_value, uint64_value, int64_value, float_value,
            double_value, bool_value, string_value, string_vector_value, classification_list_value,
            landmark_list_value, time_series_header_value, matrix_data_value. Default none.

    Example:
        node {
          calculator: "ConstantSidePacketCalculator"
          output_side_packet: "PACKET:0:keep_audio"
          output_side_packet: "PACKET:1:shade"
          node_options {
            [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {
              packet { bool_value: true }
              packet { string_value: "copper" }
            }
          }
        }
    """

    Options = core_pb2.ConstantSidePacketCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        outputs, values = contract.output_side_packets.all_of(PACKET), contract.options(cls.Options).packet
        if len(outputs) != len(values):
            raise GraphError(
                "Number of output side packets has to be same as number of packets configured in options. "
                f"{len(outputs)} have the tag {PACKET}, {len(values)} are configured."
            )
        for index, (output, value) in enumerate(zip(outputs, values, strict=True)):
            kind = value.WhichOneof("value")
            if kind is None:
                raise GraphError(
                    f"None of supported values were specified in options. Packet {index} is empty; "
                    f"give it one of {', '.join(TYPES)}."
                )
            output.set(TYPES[kind])

    def open(self, context: CalculatorContext) -> None:
        for output, packet in zip(
            context.output_side_packets.all_of(PACKET), context.options(self.Options).packet, strict=True
        ):
            output.set(_value(packet))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP


def _value(packet: core_pb2.ConstantSidePacketCalculatorOptions.ConstantSidePacket) -> Any:
    kind = packet.WhichOneof("value") or ""
    if kind == "string_vector_value":
        return list(packet.string_vector_value.string_value)
    if kind == "matrix_data_value":
        return _matrix(packet.matrix_data_value)
    return getattr(packet, kind)


def _matrix(data: matrix_data_pb2.MatrixData) -> NDArray[np.float32]:
    if len(data.packed_data) != data.rows * data.cols:
        raise GraphError(
            f"matrix_data_value has {len(data.packed_data)} elements, not {data.rows} x {data.cols}."
        )
    elements = np.array(data.packed_data, np.float32)
    if data.layout == matrix_data_pb2.MatrixData.ROW_MAJOR:
        return elements.reshape(data.rows, data.cols)
    return np.ascontiguousarray(elements.reshape(data.cols, data.rows).T)
