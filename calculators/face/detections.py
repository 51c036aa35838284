"""Boxes in a detector's tensors, as pure functions."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calculators.face import detection_pb2
from calculators.formats import detection_pb2 as formats
from calculators.formats import location_data_pb2
from tryon import GraphError

Numbers = NDArray[np.float32]
Detection = formats.Detection
Options = detection_pb2.TensorsToDetectionsCalculatorOptions
NmsOptions = detection_pb2.NonMaxSuppressionCalculatorOptions

RELATIVE: Final = location_data_pb2.LocationData.RELATIVE_BOUNDING_BOX


def decode_boxes(raw: NDArray[Any], anchors: Numbers, options: Options) -> Numbers:
    """Boxes and key points as shares of the network's input.

    Args:
        raw: float32 [n, num_coords].
        anchors: float32 [n, 4]: x, y, width and height.
        options: where in a row which number is, and its scale.

    Returns:
        float32 [n, 4 + 2 * num_keypoints]: left, top, right, bottom, then x and y of each key point.
    """
    box, points = options.box_coord_offset, options.keypoint_coord_offset
    order = [0, 1, 2, 3] if options.reverse_output_order else [1, 0, 3, 2]
    x, y, width, height = (raw[:, box + i] for i in order)
    anchor_x, anchor_y, anchor_width, anchor_height = anchors.T
    x = x / options.x_scale * anchor_width + anchor_x
    y = y / options.y_scale * anchor_height + anchor_y
    width, height = width / options.w_scale, height / options.h_scale
    if options.apply_exponential_on_box_size:
        width, height = np.exp(width), np.exp(height)
    width, height = width * anchor_width / 2, height * anchor_height / 2
    columns = [x - width, y - height, x + width, y + height]
    for first in range(points, points + 2 * options.num_keypoints, 2):
        key_x, key_y = (raw[:, first + i] for i in order[:2])
        columns += [
            key_x / options.x_scale * anchor_width + anchor_x,
            key_y / options.y_scale * anchor_height + anchor_y,
        ]
    return np.asarray(np.stack(columns, axis=-1), np.float32)


def decode_scores(raw: NDArray[Any], options: Options) -> tuple[Numbers, NDArray[np.intp]]:
    """The best class of each box.

    Args:
        raw: float32 [n, num_classes].
        options: whether they are logits, and how they are clipped.

    Returns:
        Its score, float32 [n], and its number [n].
    """
    classes = raw.argmax(axis=-1)
    scores = np.take_along_axis(raw, classes[:, None], axis=-1)[:, 0].astype(np.float32)
    if options.sigmoid_score:
        if options.HasField("score_clipping_thresh"):
            limit = options.score_clipping_thresh
            scores = np.clip(scores, -limit, limit)
        # The sigmoid, without overflow far from 0.
        scores = (1 + np.tanh(scores / 2)) / 2
    return np.asarray(scores, np.float32), classes


def find_detections(
    boxes: NDArray[Any], scores: NDArray[Any], anchors: Numbers, options: Options
) -> list[Detection]:
    """The boxes that are sure enough and of a size, in the tensors' order.

    Args:
        boxes: float32 [n, num_coords].
        scores: float32 [n, num_classes].
        anchors: float32 [n, 4].
        options: the calculator's.
    """
    best, classes = decode_scores(scores, options)
    keeps = best >= options.min_score_thresh if options.HasField("min_score_thresh") else best == best
    places = np.flatnonzero(keeps)
    found = decode_boxes(boxes[places], anchors[places], options)
    return [
        make_detection(values, float(best[place]), int(classes[place]))
        for place, values in zip(places, found, strict=True)
        # As in the reference, also not a number.
        if values[2] - values[0] >= 0 and values[3] - values[1] >= 0
    ]


def make_detection(values: NDArray[Any], score: float, label_id: int) -> Detection:
    """A detection of left, top, right, bottom and key points, a row of `decode_boxes`."""
    detection = Detection(score=[score], label_id=[label_id])
    detection.location_data.format = RELATIVE
    for _ in range(4, len(values), 2):
        detection.location_data.relative_keypoints.add()
    return moved_detection(detection, values)


def moved_detection(detection: Detection, values: NDArray[Any]) -> Detection:
    """A copy of a detection at another place; `values` as from `detection_values`."""
    result = Detection()
    result.CopyFrom(detection)
    left, top, right, bottom, *points = values.tolist()
    box = result.location_data.relative_bounding_box
    box.xmin, box.ymin, box.width, box.height = left, top, right - left, bottom - top
    for point, x, y in zip(result.location_data.relative_keypoints, points[::2], points[1::2], strict=True):
        point.x, point.y = x, y
    return result


def detection_values(detection: Detection) -> NDArray[np.float64]:
    """Left, top, right, bottom and key points of a detection, [4 + 2 * keypoints].

    Raises:
        GraphError: its place is not given in shares of the picture.
    """
    location = detection.location_data
    if location.format != RELATIVE:
        raise GraphError(
            "A detection has no relative_bounding_box; its location_data must be of this format."
        )
    box = location.relative_bounding_box
    sides = box.xmin, box.ymin, box.xmin + box.width, box.ymin + box.height
    return np.array([*sides, *(value for p in location.relative_keypoints for value in (p.x, p.y))])


def without_padding(detection: Detection, padding: Sequence[float]) -> Detection:
    """A detection in shares of the picture inside the bars; `padding` is (left, top, right, bottom)."""
    left, top, right, bottom = padding
    values = detection_values(detection)
    values[::2] = (values[::2] - left) / (1 - left - right)
    values[1::2] = (values[1::2] - top) / (1 - top - bottom)
    return moved_detection(detection, values)


def suppress(detections: Sequence[Detection], options: NmsOptions) -> list[Detection]:
    """Each object once, the surest first.

    Args:
        detections: with one score each.
        options: the calculator's: which overlap makes two boxes one, and what becomes of them.
    """
    if not detections:
        return []
    values = np.stack([detection_values(detection) for detection in detections])
    scores = np.array([detection.score[0] for detection in detections])
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size and (options.min_score_threshold <= 0 or scores[left[0]] >= options.min_score_threshold):
        first = left[0]
        is_same = (
            overlaps(values[first], values[left], options.overlap_type) > options.min_suppression_threshold
        )
        # Also where nothing is joined, or the box is empty and does not even overlap itself.
        is_same[0] = True
        weights = scores[left[is_same], None]
        detection = detections[first]
        if options.algorithm == NmsOptions.WEIGHTED:
            detection = moved_detection(
                detection, (weights * values[left[is_same]]).sum(0) / max(weights.sum(), 1e-12)
            )
        kept.append(detection)
        left = left[~is_same]
    return kept


def overlaps(box: NDArray[Any], others: NDArray[Any], kind: int) -> NDArray[np.float64]:
    """How much of one box lies in each of others.

    Args:
        box: left, top, right and bottom, and what follows them.
        others: [n, ...] of the same.
        kind: what the intersection is divided by, a NonMaxSuppressionCalculatorOptions.OverlapType.

    Returns:
        float64 [n] in [0, 1].
    """
    width = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    height = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    if kind == NmsOptions.INTERSECTION_OVER_UNION:
        whole = area + areas - shared
    elif kind == NmsOptions.MODIFIED_JACCARD:
        whole = areas
    else:
        whole = (np.maximum(box[2], others[:, 2]) - np.minimum(box[0], others[:, 0])) * (
            np.maximum(box[3], others[:, 3]) - np.minimum(box[1], others[:, 1])
        )
    return np.asarray(np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0))
