"""MediaPipe's own face detector, read by our nodes, against its own graph."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.face.detections import detection_values
from tests.calculators.image.run import run_node

DATA = Path(__file__).parents[4] / "shared/data/faces/images"
NODES = """
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image"
  output_stream: "TENSORS:input" output_stream: "LETTERBOX_PADDING:padding"
  node_options { [type.googleapis.com/mediapipe.ImageToTensorCalculatorOptions] {
    output_tensor_width: 128 output_tensor_height: 128 keep_aspect_ratio: true
    output_tensor_float_range { min: -1 max: 1 } border_mode: BORDER_ZERO
  } }
}
node {
  calculator: "InferenceCalculator" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  node_options { [type.googleapis.com/mediapipe.InferenceCalculatorOptions] { model_path: "MODEL" } }
}
node {
  calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
  node_options { [type.googleapis.com/mediapipe.SsdAnchorsCalculatorOptions] {
    num_layers: 4 min_scale: 0.1484375 max_scale: 0.75 input_size_height: 128 input_size_width: 128
    anchor_offset_x: 0.5 anchor_offset_y: 0.5 strides: [8, 16, 16, 16] aspect_ratios: 1.0
    fixed_anchor_size: true
  } }
}
node {
  calculator: "TensorsToDetectionsCalculator"
  input_stream: "TENSORS:output" input_side_packet: "ANCHORS:anchors" output_stream: "DETECTIONS:all"
  node_options { [type.googleapis.com/mediapipe.TensorsToDetectionsCalculatorOptions] {
    num_classes: 1 num_boxes: 896 num_coords: 16 box_coord_offset: 0 keypoint_coord_offset: 4
    num_keypoints: 6 sigmoid_score: true score_clipping_thresh: 100 reverse_output_order: true
    x_scale: 128 y_scale: 128 w_scale: 128 h_scale: 128 min_score_thresh: 0.5
  } }
}
node {
  calculator: "NonMaxSuppressionCalculator" input_stream: "all" output_stream: "joined"
  node_options { [type.googleapis.com/mediapipe.NonMaxSuppressionCalculatorOptions] {
    min_suppression_threshold: 0.3 overlap_type: INTERSECTION_OVER_UNION algorithm: WEIGHTED
  } }
}
node {
  calculator: "DetectionLetterboxRemovalCalculator"
  input_stream: "DETECTIONS:joined" input_stream: "LETTERBOX_PADDING:padding" output_stream: "DETECTIONS:out"
}
"""


def test_detections():
    if not DATA.is_dir():
        pytest.skip(f"no pictures of faces: {DATA} is absent")
    mediapipe = pytest.importorskip("mediapipe")
    model = Path(mediapipe.__file__).parent / "modules/face_detection/face_detection_short_range.tflite"
    nodes = NODES.replace("MODEL", str(model))
    reference = mediapipe.solutions.face_detection.FaceDetection(0.5, 0)
    for path in sorted(DATA.glob("*.jpg"))[:400:40]:
        # Wider than high, so that there are bars
        image = np.ascontiguousarray(cv2.imread(str(path))[40:, :, ::-1])
        expected = reference.process(image).detections or []
        ((_, found),) = run_node(nodes, {"image": [(0, image)]}, observe=["out"])["out"] or [(0, [])]
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.score[0] == pytest.approx(other.score[0], abs=5e-3)
            box, points = other.location_data.relative_bounding_box, other.location_data.relative_keypoints
            values = [box.xmin, box.ymin, box.xmin + box.width, box.ymin + box.height]
            values += [value for point in points for value in (point.x, point.y)]
            np.testing.assert_allclose(detection_values(one), values, atol=3e-3)
