"""The nodes between the rectangles of one frame and those of the next."""

import numpy as np
import pytest

from calculators.face.types import Face
from tests.calculators.face.faces import face, rect
from tests.calculators.image.run import run_node
from tryon import GraphError

FRAME_TIME = 33_333
SIZE = (640, 480)


def times(values) -> list[tuple[int, object]]:
    return [(FRAME_TIME * i, value) for i, value in enumerate(values) if value is not None]


class TestSchedule:
    def allowed(self, counts, options: str = "") -> list[bool]:
        node = f"""node {{
          calculator: "FaceDetectionScheduleCalculator"
          input_stream: "IMAGE:image" input_stream: "NORM_RECTS:rects" output_stream: "ALLOW:out"
          node_options {{
            [type.googleapis.com/tryon.FaceDetectionScheduleCalculatorOptions] {{ {options} }}
          }}
        }}"""
        rects = times(None if count is None else [rect(0.5, 0.5)] * count for count in counts)
        images = times([np.zeros((4, 4, 3), np.uint8)] * len(counts))
        return [value for _, value in run_node(node, {"image": images, "rects": rects})["out"]]

    @pytest.mark.parametrize(
        ("counts", "options", "expected"),
        [
            ([None, None, 0], "", [1, 1, 1]),
            ([None, 1, 1, 1, None, 1], "", [1, 0, 0, 0, 1, 0]),
            ([None, 1, 1, 1, 1, 1, 1], "max_faces: 2 interval: 3", [1, 0, 0, 1, 0, 0, 1]),
            ([None, 2, 1, 1, 2], "max_faces: 2", [1, 0, 1, 0, 0]),
            ([3], "max_faces: 2", [0]),
        ],
    )
    def test_values(self, counts, options, expected):
        assert self.allowed(counts, options) == [bool(value) for value in expected]

    @pytest.mark.parametrize("name", ["max_faces", "interval"])
    def test_options_out_of_range(self, name):
        with pytest.raises(GraphError, match=f"{name} is 0; it must be at least 1"):
            self.allowed([0], f"{name}: 0")


class TestSlots:
    def chosen(self, frames, options: str) -> list[list[tuple[float, int]]]:
        node = f"""node {{
          calculator: "FaceSlotsCalculator"
          input_stream: "NORM_RECTS:in" output_stream: "NORM_RECTS:out"
          node_options {{ [type.googleapis.com/tryon.FaceSlotsCalculatorOptions] {{ {options} }} }}
        }}"""
        outputs = run_node(node, {"in": times(frames)})["out"]
        return [[(round(r.x_center, 3), r.rect_id) for r in rects] for _, rects in outputs]

    def test_new_faces_get_ids(self):
        frames = [[rect(0.1, 0.5), rect(0.3, 0.5)], [rect(0.7, 0.5), rect(0.3, 0.5, id=1)], []]
        assert self.chosen(frames, "max_faces: 3") == [[(0.1, 0), (0.3, 1)], [(0.3, 1), (0.7, 2)], []]

    def test_followed_faces_first(self):
        frames = [[rect(0.1, 0.5)], [rect(0.7, 0.5), rect(0.1, 0.5, id=0)]]
        assert self.chosen(frames, "") == [[(0.1, 0)], [(0.1, 0)]]

    def test_options_out_of_range(self):
        with pytest.raises(GraphError, match="max_faces is 0; it must be at least 1"):
            self.chosen([], "max_faces: 0")


class TestTensorsToFace:
    def found(self, tensors, options: str = "") -> list[Face]:
        node = f"""node {{
          calculator: "TensorsToFaceCalculator"
          input_stream: "TENSORS:tensors" input_stream: "NORM_RECT:rect" input_stream: "IMAGE_SIZE:size"
          output_stream: "FACE:out"
          node_options {{ [type.googleapis.com/tryon.TensorsToFaceCalculatorOptions] {{ {options} }} }}
        }}"""
        inputs = {"tensors": [(0, tensors)], "rect": [(0, rect(0.5, 0.5, 0.5, 9))], "size": [(0, (200, 200))]}
        return [value for _, value in run_node(node, inputs)["out"]]

    def tensors(self, presence: float) -> list[np.ndarray]:
        return [np.full((1, 68, 2), 0.25, np.float32), np.full((1, 1), presence, np.float32)]

    @pytest.mark.parametrize("order", [1, -1])
    def test_values(self, order):
        (found,) = self.found(self.tensors(0.75)[::order], "input_size: 100")
        assert (found.score, found.id) == (0.75, 9)
        assert found.landmarks.dtype == np.float32
        # A crop as large as it is in the frame: no half pixels
        np.testing.assert_allclose(found.landmarks, 0.375, atol=1e-6)

    @pytest.mark.parametrize(
        ("presence", "options", "count"),
        [(0.49, "", 0), (0.5, "", 1), (0.2, "min_presence: 0.1", 1), (np.nan, "", 0)],
    )
    def test_a_lost_face(self, presence, options, count):
        assert len(self.found(self.tensors(presence), options)) == count

    @pytest.mark.parametrize(
        ("tensors", "options", "message"),
        [
            ([np.zeros((1, 65, 2), np.float32), np.ones((1, 1), np.float32)], "", r"they are \[\[1, 65, 2\]"),
            ([], "min_presence: 2", "min_presence is 2"),
            ([], "input_size: 0", "input_size is 0"),
        ],
    )
    def test_refuses(self, tensors, options, message):
        with pytest.raises(GraphError, match=message):
            self.found(tensors, options)


class TestSmoothing:
    def smooth(self, frames, options: str = "", sizes=None) -> list[list[Face]]:
        node = f"""node {{
          calculator: "FaceSmoothingCalculator"
          input_stream: "FACES:in" input_stream: "IMAGE_SIZE:size" output_stream: "FACES:out"
          node_options {{ [type.googleapis.com/tryon.FaceSmoothingCalculatorOptions] {{ {options} }} }}
        }}"""
        inputs = {"in": times(frames), "size": times(sizes or [SIZE] * len(frames))}
        outputs = run_node(node, inputs)["out"]
        assert [time for time, _ in outputs] == [FRAME_TIME * i for i in range(len(frames))]
        return [faces for _, faces in outputs]

    def test_no_face(self):
        assert self.smooth([None, [], None]) == [[], [], []]

    def test_trembling_drops_several_fold(self):
        rng = np.random.default_rng(1)
        frames = []
        for _ in range(60):
            given = face(300, 200, 150)
            noise = rng.normal(0, 0.5, (68, 2)) / SIZE
            frames.append([Face((given.landmarks + noise).astype(np.float32), 1.0, 0)])
        calm = self.smooth(frames)
        raw, smooth = (
            np.abs(np.diff([faces[0].landmarks for faces in sequence[10:]], axis=0)).mean()
            for sequence in (frames, calm)
        )
        assert raw / smooth > 4

    def test_movement_does_not_lag(self):
        """Half a face a second; 5 pixels a frame."""
        frames = [[face(100 + 5 * i, 200, 300)] for i in range(40)]
        ways = [
            np.abs(calm[0].landmarks - given[0].landmarks).max() * 640
            for given, calm in zip(frames, self.smooth(frames), strict=True)
        ]
        assert max(ways[10:]) < 3

    @pytest.mark.parametrize(
        "cut",
        [
            face(380, 200, 150),  # beside
            face(300, 200, 300),  # nearer
            face(300, 200, 150, 0.8),  # turned
            face(300, 200, 150, id=5),  # another one
        ],
    )
    def test_a_cut_starts_anew(self, cut):
        calm = self.smooth([[face(300, 200, 150)]] * 10 + [[cut]] * 2)
        for (found,) in calm[10:]:
            np.testing.assert_allclose(found.landmarks, cut.landmarks, atol=1e-6)

    def test_faces_that_change_places_in_the_list(self):
        one, other = face(150, 200, 100, id=0), face(450, 200, 100, id=1)
        for faces in self.smooth([[one, other], [other, one], [one, other]]):
            for found in faces:
                given = one if found.id == 0 else other
                np.testing.assert_allclose(found.landmarks, given.landmarks, atol=1e-6)

    def test_a_face_that_was_gone_starts_anew(self):
        calm = self.smooth([[face(300, 200, 150)]] * 5 + [[], [face(310, 200, 150)]])
        np.testing.assert_allclose(calm[-1][0].landmarks, face(310, 200, 150).landmarks, atol=1e-6)

    def test_another_size_starts_anew(self):
        second = face(310, 200, 150, size=(320, 240))
        calm = self.smooth([[face(300, 200, 150)], [second]], sizes=[SIZE, (320, 240)])
        np.testing.assert_allclose(calm[1][0].landmarks, second.landmarks, atol=1e-6)

    def test_faces_without_id_pass(self):
        frames = [[face(300, 200, 150, id=None)], [face(303, 200, 150, id=None)]]
        np.testing.assert_array_equal(self.smooth(frames)[1][0].landmarks, frames[1][0].landmarks)

    @pytest.mark.parametrize(
        ("options", "message"),
        [("min_cutoff: 0", "min_cutoff is 0"), ("jump: 0", "jump is 0"), ("beta: -1", "beta is -1")],
    )
    def test_options_out_of_range(self, options, message):
        with pytest.raises(GraphError, match=message):
            self.smooth([], options)
