import math

import numpy as np
import pytest

from calculators.face.rects import crop_to_frame, landmarks_rect, normalized_angle
from calculators.formats.rect_pb2 import NormalizedRect
from calculators.inference.region import Region, crop_region
from tests.calculators.face.faces import detection, face, rect
from tests.calculators.image.run import run_node
from tryon import GraphError

SIZE = (640, 480)
EYES = "rotation_vector_start_keypoint_index: 0 rotation_vector_end_keypoint_index: 1 "


def detection_rects(points, options: str) -> list[list[NormalizedRect]]:
    node = f"""node {{
      calculator: "DetectionsToRectsCalculator"
      input_stream: "DETECTIONS:in" input_stream: "IMAGE_SIZE:size" output_stream: "NORM_RECTS:out"
      node_options {{ [type.googleapis.com/mediapipe.DetectionsToRectsCalculatorOptions] {{ {options} }} }}
    }}"""
    detections = [] if points is None else [detection(0.1, 0.2, 0.3, 0.6, points=points)]
    return [rects for _, rects in run_node(node, {"in": [(0, detections)], "size": [(0, SIZE)]})["out"]]


class TestDetectionsToRects:
    @pytest.mark.parametrize(
        ("points", "options", "rotation"),
        [
            ((), "", 0),
            ((0.1, 0.2, 0.3, 0.2), EYES + "rotation_vector_target_angle_degrees: 0", 0),
            # 64 pixels to the right, 64 down: turned clockwise
            ((0.1, 0.2, 0.2, 0.2 + 64 / 480), EYES + "rotation_vector_target_angle: 0", math.pi / 4),
            ((0.3, 0.2, 0.1, 0.2), EYES + "rotation_vector_target_angle_degrees: 0", -math.pi),
            ((0.1, 0.2, 0.3, 0.2), EYES + "rotation_vector_target_angle_degrees: 90", math.pi / 2),
        ],
    )
    def test_values(self, points, options, rotation):
        (((found,)),) = detection_rects(points, options)
        values = found.x_center, found.y_center, found.width, found.height, found.rotation
        assert values == pytest.approx((0.2, 0.4, 0.2, 0.4, rotation), abs=1e-6)

    def test_nothing_found(self):
        assert detection_rects(None, "") == []

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ("rotation_vector_start_keypoint_index: 0", "Give both rotation_vector_start_keypoint_index and"),
            (EYES, "A rotation needs one of"),
            (
                EYES + "rotation_vector_target_angle: 0",
                "between key points 0 and 1; the detection has only 0",
            ),
        ],
    )
    def test_refuses(self, options, message):
        with pytest.raises(GraphError, match=message):
            detection_rects((), options)


class TestAssociation:
    def associated(self, *streams: list[NormalizedRect] | None) -> list[list[NormalizedRect]]:
        names = [f"in_{i}" for i in range(len(streams))]
        node = f"""node {{
          calculator: "AssociationNormRectCalculator" {" ".join(f'input_stream: "{n}"' for n in names)}
          output_stream: "out"
          node_options {{
            [type.googleapis.com/mediapipe.AssociationCalculatorOptions] {{ min_similarity_threshold: 0.5 }}
          }}
        }}"""
        inputs = {n: [] if s is None else [(0, s)] for n, s in zip(names, streams, strict=True)}
        return [rects for _, rects in run_node(node, inputs)["out"]]

    def test_later_streams_have_precedence(self):
        found, other = rect(0.5, 0.5), rect(0.1, 0.1)
        followed = rect(0.51, 0.5, id=3)
        assert self.associated([found, other], [followed]) == [[other, followed]]

    def test_the_id_is_taken_over(self):
        ((kept,),) = self.associated([rect(0.5, 0.5, id=7)], [rect(0.51, 0.5)])
        assert (kept.rect_id, kept.x_center) == (7, pytest.approx(0.51))

    def test_two_that_slid_onto_one_face(self):
        ((kept,),) = self.associated([], [rect(0.5, 0.5, id=1), rect(0.51, 0.5, id=2)])
        assert kept.rect_id == 1

    @pytest.mark.parametrize("streams", [(None, [rect(0.5, 0.5)]), ([rect(0.5, 0.5)], None)])
    def test_a_stream_without_packet(self, streams):
        assert self.associated(*streams) == [[rect(0.5, 0.5)]]

    def test_neighbours_stay_apart(self):
        assert len(self.associated([rect(0.5, 0.5)], [rect(0.6, 0.5)])[0]) == 2


class TestLandmarks:
    @pytest.mark.parametrize("angle", [0.0, 0.5, -2.0, 3.0])
    def test_rect(self, angle):
        node = """node {
          calculator: "FaceLandmarksToRectCalculator"
          input_stream: "FACES:faces" input_stream: "IMAGE_SIZE:size" output_stream: "NORM_RECTS:out"
        }"""
        inputs = {"faces": [(0, [face(300, 200, 100, angle, id=4)])], "size": [(0, SIZE)]}
        ((_, (found,)),) = run_node(node, inputs)["out"]
        values = found.x_center * 640, found.y_center * 480, found.width * 640, found.height * 480
        assert values == pytest.approx((300, 200, 150, 150), rel=1e-3)
        assert found.rotation == pytest.approx(angle, abs=1e-5)
        assert found.rect_id == 4

    def test_the_landmarks_of_a_crop_are_where_the_picture_has_them(self):
        """What a crop shows at a point is what the frame shows there, to a hundredth of a pixel."""
        given = face(300, 200, 200, 0.4)
        crop = landmarks_rect(given.landmarks, SIZE)
        x, y = (v.astype(np.float32) + 0.5 for v in np.meshgrid(np.arange(640), np.arange(480)))
        region = Region(
            crop.x_center * 640, crop.y_center * 480, crop.width * 640, crop.height * 480, crop.rotation
        )
        inside = (40, 70)
        shown = []
        for values in (x, y):
            # Coordinates as grey levels, a part of them a time.
            levels = np.clip(values - 180, 0, 255).astype(np.uint8)
            shown.append(180.5 + int(crop_region(levels, region, (128, 128), False)[inside[1], inside[0], 0]))
        point = np.array([[(inside[0] + 0.5) / 128, (inside[1] + 0.5) / 128]], np.float32)
        found = crop_to_frame(point, crop, SIZE, 128)[0] * SIZE
        np.testing.assert_allclose(found, shown, atol=1)

    def test_upright_crop_to_frame_to_the_bit(self):
        """128 pixels of the frame as 128 of the crop: pixel for pixel."""
        crop = NormalizedRect(x_center=164 / 640, y_center=264 / 480, width=128 / 640, height=128 / 480)
        points = np.array([[0.5 / 128, 0.5 / 128], [10.5 / 128, 20.5 / 128]], np.float32)
        found = crop_to_frame(points, crop, SIZE, 128) * SIZE
        np.testing.assert_allclose(found, [[100.5, 200.5], [110.5, 220.5]], atol=1e-3)


@pytest.mark.parametrize(
    ("angle", "expected"), [(0, 0), (4, 4 - 2 * math.pi), (math.pi, -math.pi), (-7, -7 + 2 * math.pi)]
)
def test_normalized_angle(angle, expected):
    assert normalized_angle(angle) == pytest.approx(expected)
