import numpy as np
import pytest

from calculators.face.detections import NmsOptions, detection_values, overlaps
from calculators.formats.detection_pb2 import Detection
from tests.calculators.face.faces import detection
from tests.calculators.image.run import run_node
from tryon import GraphError

ANCHORS = np.array([[0.25, 0.5, 1, 1], [0.75, 0.5, 1, 1]], np.float32)
COUNTS = "num_classes: 1 num_boxes: 2 num_coords: 6 x_scale: 10 y_scale: 20 w_scale: 10 h_scale: 10 "
POINTS = "keypoint_coord_offset: 4 num_keypoints: 1 "
XY = "reverse_output_order: true "


def to_detections(boxes, scores, options: str, swapped: bool = False) -> list[Detection]:
    node = f"""node {{
      calculator: "TensorsToDetectionsCalculator"
      input_stream: "TENSORS:tensors" input_side_packet: "ANCHORS:anchors" output_stream: "DETECTIONS:out"
      node_options {{ [type.googleapis.com/mediapipe.TensorsToDetectionsCalculatorOptions] {{ {options} }} }}
    }}"""
    tensors = [np.array([boxes], np.float32), np.array([scores], np.float32)[..., None]]
    inputs = {"tensors": [(7, tensors[::-1] if swapped else tensors)]}
    ((timestamp, found),) = run_node(node, inputs, {"anchors": ANCHORS})["out"]
    assert timestamp == 7
    return found


def suppressed(detections: list[Detection], options: str) -> list[list[Detection]]:
    node = f"""node {{
      calculator: "NonMaxSuppressionCalculator" input_stream: "in" output_stream: "out"
      node_options {{ [type.googleapis.com/mediapipe.NonMaxSuppressionCalculatorOptions] {{ {options} }} }}
    }}"""
    return [found for _, found in run_node(node, {"in": [(3, detections)]})["out"]]


class TestTensorsToDetections:
    @pytest.mark.parametrize("swapped", [False, True])
    def test_values(self, swapped):
        boxes = [[1, 2, 4, 6, -1, 4], [0, 0, 2, 2, 0, 0]]
        first, second = to_detections(boxes, [0.9, 0.2], COUNTS + POINTS + XY, swapped)
        np.testing.assert_allclose(detection_values(first), [0.15, 0.3, 0.55, 0.9, 0.15, 0.7], atol=1e-6)
        np.testing.assert_allclose(detection_values(second), [0.65, 0.4, 0.85, 0.6, 0.75, 0.5], atol=1e-6)
        assert (first.score[0], first.label_id[0]) == (pytest.approx(0.9), 0)

    def test_y_comes_first(self):
        found, _ = to_detections([[2, 1, 6, 4, 4, -1]] * 2, [1, 1], COUNTS.replace("20", "10") + POINTS)
        np.testing.assert_allclose(detection_values(found), [0.15, 0.4, 0.55, 1.0, 0.15, 0.9], atol=1e-6)

    def test_sizes_as_exponents(self):
        options = COUNTS + XY + "apply_exponential_on_box_size: true"
        found, _ = to_detections([[0, 0, 10 * np.log(0.5), 10 * np.log(0.1), 0, 0]] * 2, [1, 1], options)
        np.testing.assert_allclose(detection_values(found), [0, 0.45, 0.5, 0.55], atol=1e-6)

    @pytest.mark.parametrize(
        ("options", "scores", "expected"),
        [
            ("min_score_thresh: 0.5", [0.49, 0.5], [0.5]),
            ("sigmoid_score: true", [0, 100], [0.5, 1]),
            ("sigmoid_score: true score_clipping_thresh: 1", [-9, 9], [0.268941, 0.731059]),
            ("", [0, -1], [0, -1]),
        ],
    )
    def test_scores(self, options, scores, expected):
        found = to_detections([[0] * 6] * 2, scores, COUNTS + options)
        assert [d.score[0] for d in found] == pytest.approx(expected, abs=1e-6)

    def test_boxes_of_no_size_are_left_out(self):
        assert to_detections([[0, 0, -1, 1, 0, 0], [0, 0, np.nan, 1, 0, 0]], [1, 1], COUNTS + XY) == []

    @pytest.mark.parametrize(
        ("boxes", "options", "message"),
        [
            ([[0] * 6] * 3, COUNTS, r"must be float32 \[1, 2, 6\] and \[1, 2, 1\]; they are \[\[1, 3, 6\]"),
            (
                [[0] * 6] * 2,
                COUNTS + "num_keypoints: 4",
                "num_coords is 6; the box and its key points need 8",
            ),
            ([[0] * 6] * 2, COUNTS.replace("w_scale: 10", ""), "w_scale is 0"),
            ([[0] * 6] * 2, COUNTS.replace("boxes: 2", "boxes: 3"), r"anchors are \[2, 4\]"),
        ],
    )
    def test_refuses(self, boxes, options, message):
        with pytest.raises(GraphError, match=message):
            to_detections(boxes, [1] * len(boxes), options)


class TestNonMaxSuppression:
    SAME = "min_suppression_threshold: 0.3 overlap_type: INTERSECTION_OVER_UNION "

    def test_the_surest_stays(self):
        one, other, far = (
            detection(0, 0, 0.4, 0.4, 0.6, (0.1, 0.1)),
            detection(0.1, 0, 0.5, 0.4, 0.9, (0.4, 0.1)),
            detection(0.6, 0.6, 0.9, 0.9, 0.7, (0.7, 0.7)),
        )
        assert suppressed([one, other, far], self.SAME) == [[other, far]]

    def test_the_weighted_mean(self):
        one, other = detection(0, 0, 0.4, 0.4, 0.25, (0, 0)), detection(0.1, 0, 0.5, 0.4, 0.75, (0.4, 0.1))
        (((found,)),) = suppressed([one, other], self.SAME + "algorithm: WEIGHTED")
        np.testing.assert_allclose(detection_values(found), [0.075, 0, 0.475, 0.4, 0.3, 0.075], atol=1e-6)
        assert found.score[0] == 0.75

    def test_by_default_nothing_is_joined(self):
        both = [detection(0, 0, 0.4, 0.4, 0.6), detection(0, 0, 0.4, 0.4, 0.9)]
        assert suppressed(both, "") == [both[::-1]]

    def test_empty_boxes_end(self):
        assert len(suppressed([detection(0.1, 0.1, 0.1, 0.1)] * 3, self.SAME + "algorithm: WEIGHTED")[0]) == 3

    def test_min_score(self):
        one = detection(0, 0, 0.1, 0.1, 0.5)
        assert suppressed([one, detection(0.5, 0, 0.6, 1, 0.4)], "min_score_threshold: 0.45") == [[one]]

    @pytest.mark.parametrize(("options", "expected"), [("", []), ("return_empty_detections: true", [[]])])
    def test_nothing_found(self, options, expected):
        assert suppressed([], options) == expected

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            (NmsOptions.JACCARD, 2 / 9),
            (NmsOptions.MODIFIED_JACCARD, 2 / 6),
            (NmsOptions.INTERSECTION_OVER_UNION, 2 / 8),
        ],
    )
    def test_overlaps(self, kind, expected):
        found = overlaps(
            np.array([0, 0, 2, 2.0]), np.array([[1, 0, 3, 3.0], [5, 5, 6, 6], [1, 1, 1, 1]]), kind
        )
        np.testing.assert_allclose(found, [expected, 0, 0])

    def test_options_out_of_range(self):
        with pytest.raises(GraphError, match="min_suppression_threshold is 2"):
            suppressed([], "min_suppression_threshold: 2")


def test_letterbox_removal():
    node = """node {
      calculator: "DetectionLetterboxRemovalCalculator"
      input_stream: "DETECTIONS:in" input_stream: "LETTERBOX_PADDING:padding" output_stream: "DETECTIONS:out"
    }"""
    given = detection(0.2, 0.25, 0.6, 0.5, points=(0.1, 0.75))
    inputs = {"in": [(0, [given])], "padding": [(0, [0.1, 0.25, 0.1, 0.25])]}
    ((_, (found,)),) = run_node(node, inputs)["out"]
    np.testing.assert_allclose(detection_values(found), [0.125, 0, 0.625, 0.5, 0, 1], atol=1e-6)
    assert found.score == given.score


def test_a_detection_in_pixels_is_refused():
    with pytest.raises(GraphError, match="no relative_bounding_box"):
        detection_values(Detection(score=[1]))
