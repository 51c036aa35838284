"""Compute a TFLite model."""

from calculators.inference import inference_pb2
from calculators.inference.model import Model
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TENSORS = "TENSORS"
MODEL = "MODEL"
OP_RESOLVER = "OP_RESOLVER"
DEFAULT_THREADS = 1


@register
class InferenceCalculator(Calculator):
    """Computes a TFLite model for each list of input tensors.

    Other nodes run meanwhile: the computation does not hold Python's lock.

    Inputs:
        TENSORS: a list of arrays, one for each input of the model, in the model's order, shapes and types.

    Outputs:
        TENSORS: a list of new arrays, one for each output of the model.

    Input side packets:
        MODEL: bytes, the content of a .tflite file, in the place of the option model_path.
        OP_RESOLVER: optional, accepted and left aside: MediaPipe's own operators are always known.

    Options:
        mediapipe.InferenceCalculatorOptions
        model_path: the .tflite file: beside the graph, in the working folder or installed; exactly one of it
            and MODEL is given.
        try_mmap_model: read and left aside.
        use_gpu: an older form of delegate { gpu {} }; true is refused.
        use_nnapi: an older form of delegate { nnapi {} }; true is refused.
        cpu_num_thread: threads that compute one picture, >= 1; default -1, 1 thread.
        delegate: xnnpack { num_threads }, the default, computes with vectorised kernels (num_threads wins
            over cpu_num_thread); tflite {} without them; gpu {} is not available yet, nnapi {} not
            at all.

    Example:
        node {
          calculator: "InferenceCalculator"
          input_stream: "TENSORS:tensors"
          output_stream: "TENSORS:mask_tensors"
          node_options {
            [type.googleapis.com/mediapipe.InferenceCalculatorOptions] {
              model_path: "models/hair_256.tflite"
              delegate { xnnpack { num_threads: 2 } }
            }
          }
        }
    """

    Options = inference_pb2.InferenceCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        contract.outputs[TENSORS].set(list)
        options = contract.options(cls.Options)
        sides = contract.input_side_packets
        if MODEL in sides:
            sides[MODEL].set(bytes)
        if OP_RESOLVER in sides:
            sides[OP_RESOLVER].set_any()
        if bool(options.model_path) == (MODEL in sides):
            raise GraphError(
                "Either model as side packet or model path in options is required: "
                + ("both are given." if options.model_path else "model_path is missing.")
            )
        if options.delegate.HasField("gpu") or options.use_gpu:
            raise GraphError("delegate { gpu {} } comes later; use delegate { xnnpack {} }.")
        if options.delegate.HasField("nnapi") or options.use_nnapi:
            raise GraphError("delegate { nnapi {} } is Android's; use delegate { xnnpack {} }.")
        _threads(options)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        sides = context.input_side_packets
        self._model = Model(
            sides[MODEL].value if MODEL in sides else context.resource(options.model_path),
            threads=_threads(options),
            xnnpack=not options.delegate.HasField("tflite"),
        )

    def process(self, context: CalculatorContext) -> None:
        if not context.inputs[TENSORS].is_empty:
            tensors = self._model(context.inputs[TENSORS].value)
            context.outputs[TENSORS].add(tensors, context.input_timestamp)


def _threads(options: inference_pb2.InferenceCalculatorOptions) -> int:
    """How many threads the options ask for; -1 leaves it open."""
    for threads in (options.delegate.xnnpack.num_threads, options.cpu_num_thread, DEFAULT_THREADS):
        if threads != -1:
            break
    if threads < 1:
        raise GraphError(f"The number of threads must be at least 1, not {threads}.")
    return threads
