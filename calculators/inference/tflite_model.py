"""A model as a side packet."""

from calculators.inference.model import check_model
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

MODEL_BLOB = "MODEL_BLOB"
MODEL_RESOURCE = "MODEL_RESOURCE"
MODEL = "MODEL"


@register
class TfLiteModelCalculator(Calculator):
    """Hands a model that was read from a file to the nodes that compute it.

    Input side packets:
        MODEL_RESOURCE: bytes, the content of a .tflite file, from ResourceProviderCalculator; exactly one of
            it and MODEL_BLOB is given.
        MODEL_BLOB: the same, from LocalFileContentsCalculator.

    Output side packets:
        MODEL: bytes, the model, for InferenceCalculator.

    Example:
        node {
          calculator: "TfLiteModelCalculator"
          input_side_packet: "MODEL_RESOURCE:model_resource"
          output_side_packet: "MODEL:model"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        sides = contract.input_side_packets
        if (MODEL_BLOB in sides) == (MODEL_RESOURCE in sides):
            raise GraphError("Give exactly one of the side packets MODEL_RESOURCE and MODEL_BLOB.")
        sides[MODEL_BLOB if MODEL_BLOB in sides else MODEL_RESOURCE].set(bytes)
        contract.output_side_packets[MODEL].set(bytes)

    def open(self, context: CalculatorContext) -> None:
        sides = context.input_side_packets
        content = sides[MODEL_BLOB if MODEL_BLOB in sides else MODEL_RESOURCE].value
        check_model(content, "The model")
        context.output_side_packets[MODEL].set(content)
