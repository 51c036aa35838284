"""Proves that the core install alone runs an effect: `make core` runs this in an environment of its own.

No pytest, mediapipe or TensorFlow there; numpy 2 and the newest protobuf.
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import google.protobuf
import numpy as np

from tryon import add_calculators
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
    with tempfile.TemporaryDirectory() as folder:
        new = [sys.executable, "-m", "tryon", "new", "calculator", "Sparkle", "--output", folder]
        subprocess.run(new, check=True, capture_output=True)
        add_calculators(str(Path(folder) / "sparkle.py"))
        graph = CalculatorGraph(
            'input_stream: "in" node { calculator: "SparkleCalculator" input_stream: "IMAGE:in" '
            'output_stream: "IMAGE:out" }'
        )
        seen = []
        graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
        with graph:
            graph.start_run()
            graph.add_packet_to_input_stream("in", frame, 0)
    if len(seen) != 1 or seen[0].mean() <= frame.mean():
        raise SystemExit("a new calculator does not do what its template says")
    print("a calculator from tryon new: 1 of 1 frames")


if __name__ == "__main__":
    main()
