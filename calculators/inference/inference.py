"""Compute a TFLite model."""

from calculators.inference import inference_pb2
from calculators.inference.delegate import on_external, on_gpu, on_gpu_or_cpu
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
        TENSORS: a list of arrays, one for each output of the model; an array is written anew once nobody
            holds it, or a view of it, any more.

    Input side packets:
        MODEL: bytes, the content of a .tflite file, in the place of the option model_path.
        OP_RESOLVER: optional, accepted and left aside: MediaPipe's own operators are always known.

    Options:
        mediapipe.InferenceCalculatorOptions
        model_path: the .tflite file: beside the graph, in the working folder or installed; exactly one of it
            and MODEL is given.
        try_mmap_model: read and left aside.
        use_gpu: an older form of delegate { gpu {} }.
        use_nnapi: an older form of delegate { nnapi {} }; true is refused.
        cpu_num_thread: threads that compute one picture, >= 1; default -1, 1 thread.
        delegate: xnnpack { num_threads }, the default, computes with vectorised kernels (num_threads wins
            over cpu_num_thread); tflite {} without them; gpu { allow_precision_loss } on the GPU, in
            float16 by default, as a whole or not at all; auto {} there or else on the CPU; external
            { library options } on a delegate library of one's own; nnapi {} is refused.

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
        if _delegate(options) == "nnapi":
            raise GraphError("delegate { nnapi {} } is Android's; use delegate { xnnpack {} }.")
        if _delegate(options) == "external" and not options.delegate.external.library:
            raise GraphError("delegate { external { library } } is missing: name the shared library.")
        _threads(options)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        sides = context.input_side_packets
        source = sides[MODEL].value if MODEL in sides else context.resource(options.model_path)
        threads, delegate = _threads(options), options.delegate
        match _delegate(options):
            case "gpu":
                self._model, note = on_gpu(source, delegate.gpu.allow_precision_loss)
            case "auto":
                self._model, note = on_gpu_or_cpu(source, delegate.auto.allow_precision_loss, threads)
            case "external":
                library = context.resource(delegate.external.library)
                self._model, note = on_external(source, library, delegate.external.options, threads)
            case kind:
                self._model, note = Model(source, threads, xnnpack=kind != "tflite"), ""
        if note:
            context.note(note)

    def process(self, context: CalculatorContext) -> None:
        if not context.inputs[TENSORS].is_empty:
            tensors = self._model(context.inputs[TENSORS].value)
            context.outputs[TENSORS].add(tensors, context.input_timestamp)

    def close(self, context: CalculatorContext) -> None:
        self._model.close()


def _delegate(options: inference_pb2.InferenceCalculatorOptions) -> str:
    """The name of the delegate that the options ask for."""
    older = "gpu" if options.use_gpu else "nnapi" if options.use_nnapi else "xnnpack"
    return options.delegate.WhichOneof("delegate") or older


def _threads(options: inference_pb2.InferenceCalculatorOptions) -> int:
    """How many threads the options ask for; -1 leaves it open."""
    for threads in (options.delegate.xnnpack.num_threads, options.cpu_num_thread, DEFAULT_THREADS):
        if threads != -1:
            break
    if threads < 1:
        raise GraphError(f"The number of threads must be at least 1, not {threads}.")
    return threads
