"""Read files into side packets."""

from calculators.inference import inference_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

RESOURCE_ID = "RESOURCE_ID"
RESOURCE = "RESOURCE"


@register
class ResourceProviderCalculator(Calculator):
    """Reads files, most often models, whose paths come from side packets or options.

    A file is looked for beside the graph, in the working folder and where packages are installed.

    Input side packets:
        RESOURCE_ID: str, a path; as many as RESOURCE outputs, or none with the option resource_id.

    Output side packets:
        RESOURCE: bytes, the file's content; str with READ_MODE_TEXT.

    Options:
        mediapipe.ResourceProviderCalculatorOptions
        resource_id: the paths, one a RESOURCE output; default none.
        read_mode: READ_MODE_BINARY (also READ_MODE_UNDEFINED, the default) or READ_MODE_TEXT.

    Example:
        node {
          calculator: "ResourceProviderCalculator"
          output_side_packet: "RESOURCE:model_resource"
          node_options {
            [type.googleapis.com/mediapipe.ResourceProviderCalculatorOptions] {
              resource_id: "models/hair_256.tflite"
            }
          }
        }
    """

    Options = inference_pb2.ResourceProviderCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        options = contract.options(cls.Options)
        inputs = contract.input_side_packets.all_of(RESOURCE_ID)
        outputs = contract.output_side_packets.all_of(RESOURCE)
        if bool(inputs) == bool(options.resource_id):
            raise GraphError(
                "Give the paths either as side packets RESOURCE_ID or as the option resource_id."
            )
        if len(outputs) != len(inputs or options.resource_id):
            raise GraphError(
                f"There are {len(inputs or options.resource_id)} paths and {len(outputs)} RESOURCE outputs; "
                "each path needs one."
            )
        for path in inputs:
            path.set(str)
        for content in outputs:
            content.set(str if options.read_mode == cls.Options.READ_MODE_TEXT else bytes)

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        given = [packet.value for packet in context.input_side_packets.all_of(RESOURCE_ID)]
        outputs = context.output_side_packets.all_of(RESOURCE)
        for path, output in zip(given or options.resource_id, outputs, strict=True):
            content = context.resource(path).read_bytes()
            is_text = options.read_mode == self.Options.READ_MODE_TEXT
            output.set(content.decode("utf-8") if is_text else content)
