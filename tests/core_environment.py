"""Proves that the core install alone runs an effect: `make core` runs this in an environment of its own.

No pytest, mediapipe or TensorFlow there; numpy 2 and the newest protobuf.
"""

import importlib.util
from pathlib import Path

import google.protobuf
import numpy as np

from tryon.graph import CalculatorGraph

ROOT = Path(__file__).resolve().parents[1]
LOOK = ROOT / "graphs" / "looks" / "hair" / "copper.json"


def main() -> None:
    print(f"numpy {np.__version__}, protobuf {google.protobuf.__version__}")
    if int(np.__version__.split(".")[0]) < 2 or int(google.protobuf.__version__.split(".")[0]) < 5:
        raise SystemExit("the core environment should have numpy 2 and a new protobuf")
    for absent in ("mediapipe", "tensorflow", "keras"):
        if importlib.util.find_spec(absent):
            raise SystemExit(f"{absent} is installed: this is not the core alone")
    frame = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    results = []
    graph = CalculatorGraph(ROOT / "graphs" / "hair_recolor.pbtxt")
    graph.observe_output_stream("output_video", lambda name, packet: results.append(packet.value))
    with graph:
        graph.start_run({"look_path": str(LOOK)})
        for index in range(5):
            graph.add_packet_to_input_stream("input_video", frame, index * 33_333)
    if [result.shape for result in results] != [frame.shape] * 5:
        raise SystemExit(f"the effect gave {len(results)} of 5 frames")
    print("hair_recolor: 5 of 5 frames")


if __name__ == "__main__":
    main()
