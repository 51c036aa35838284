"""Read files into side packets, the older way."""

from calculators.inference import inference_pb2
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

FILE_PATH = "FILE_PATH"
CONTENTS = "CONTENTS"


@register
class LocalFileContentsCalculator(Calculator):
    """Reads files, most often models, whose paths come from side packets.

    A file is looked for beside the graph, in the working folder and where packages are installed.

    Input side packets:
        FILE_PATH: str, a path; as many as CONTENTS outputs.

    Output side packets:
        CONTENTS: bytes, the file's content; str with text_mode.

    Options:
        mediapipe.LocalFileContentsCalculatorOptions
        text_mode: the file is UTF-8 text; default false.

    Example:
        node {
          calculator: "LocalFileContentsCalculator"
          input_side_packet: "FILE_PATH:model_path"
          output_side_packet: "CONTENTS:model_blob"
        }
    """

    Options = inference_pb2.LocalFileContentsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        paths = contract.input_side_packets.all_of(FILE_PATH)
        contents = contract.output_side_packets.all_of(CONTENTS)
        if not paths or len(paths) != len(contents):
            raise GraphError(
                f"There are {len(paths)} FILE_PATH and {len(contents)} CONTENTS side packets; "
                "each path needs one."
            )
        is_text = contract.options(cls.Options).text_mode
        for path, content in zip(paths, contents, strict=True):
            path.set(str)
            content.set(str if is_text else bytes)

    def open(self, context: CalculatorContext) -> None:
        is_text = context.options(self.Options).text_mode
        sides = zip(
            context.input_side_packets.all_of(FILE_PATH),
            context.output_side_packets.all_of(CONTENTS),
            strict=True,
        )
        for path, contents in sides:
            file = context.resource(path.value)
            contents.set(file.read_text(encoding="utf-8") if is_text else file.read_bytes())
