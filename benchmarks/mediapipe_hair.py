"""MediaPipe's hair model in MediaPipe's C++ graph, driven from Python: what ours is measured against.

Needs the extra mediapipe. `import mediapipe` takes seconds and brings TensorFlow along: call
`time_mediapipe` in a process of its own.
"""

import time
from collections.abc import Sequence

import numpy as np

from benchmarks.common import Timing

GRAPH = """
    input_stream: "image"
    output_stream: "mask"
    node {
      calculator: "ImageTransformationCalculator"
      input_stream: "IMAGE:image"
      output_stream: "IMAGE:small_image"
      options {
        [mediapipe.ImageTransformationCalculatorOptions.ext] { output_width: 512 output_height: 512 }
      }
    }
    node {
      calculator: "PreviousLoopbackCalculator"
      input_stream: "MAIN:image"
      input_stream: "LOOP:mask"
      input_stream_info { tag_index: "LOOP" back_edge: true }
      output_stream: "PREV_LOOP:previous_mask"
    }
    # The mask is an Image, SetAlphaCalculator takes an ImageFrame.
    node {
      calculator: "FromImageCalculator"
      input_stream: "IMAGE:previous_mask"
      output_stream: "IMAGE_CPU:previous_mask_frame"
    }
    node {
      calculator: "SetAlphaCalculator"
      input_stream: "IMAGE:small_image"
      input_stream: "ALPHA:previous_mask_frame"
      output_stream: "IMAGE:rgba"
    }
    node {
      calculator: "TensorConverterCalculator"
      input_stream: "IMAGE:rgba"
      output_stream: "TENSORS:input"
      options {
        [mediapipe.TensorConverterCalculatorOptions.ext] {
          output_tensor_float_range { min: 0 max: 1 }
          max_num_channels: 4
        }
      }
    }
    node {
      calculator: "InferenceCalculator"
      input_stream: "TENSORS:input"
      output_stream: "TENSORS:output"
      options {
        [mediapipe.InferenceCalculatorOptions.ext] {
          model_path: "%(model)s"
          delegate { xnnpack { num_threads: %(threads)d } }
        }
      }
    }
    node {
      calculator: "TensorsToSegmentationCalculator"
      input_stream: "TENSORS:output"
      output_stream: "MASK:mask"
      options {
        [mediapipe.TensorsToSegmentationCalculatorOptions.ext] { activation: SOFTMAX output_layer_index: 1 }
      }
    }
"""


def time_mediapipe(frames: Sequence[np.ndarray], count: int, model: str, threads: int) -> Timing:
    """Finds the hair in `count` frames, going round in `frames`; times it from the first mask to the last."""
    import mediapipe as mp
    from mediapipe.python import packet_creator

    times: list[float] = []
    graph = mp.CalculatorGraph(graph_config=GRAPH % {"model": model, "threads": threads})
    graph.observe_output_stream("mask", lambda name, packet: times.append(time.perf_counter()))
    graph.start_run()
    for index in range(count):
        frame = packet_creator.create_image_frame(
            image_format=mp.ImageFormat.SRGB, data=frames[index % len(frames)]
        )
        graph.add_packet_to_input_stream("image", frame.at(index * 33_333))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return Timing(len(times) - 1, times[-1] - times[0])
