"""Joining landmark lists of several models into one, as pure functions."""

from collections.abc import Sequence

import numpy as np

from calculators.formats import landmark_pb2
from calculators.landmarks import landmarks_pb2
from tryon import GraphError

Refinement = landmarks_pb2.LandmarksRefinementCalculatorOptions.Refinement
LandmarkList = landmark_pb2.NormalizedLandmarkList


def refined_count(refinements: Sequence[Refinement]) -> int:
    """How many landmarks the refinements give together.

    Raises:
        GraphError: a refinement is incomplete, or the indexes have a gap.
    """
    for number, refinement in enumerate(refinements):
        if not refinement.indexes_mapping:
            raise GraphError(
                f"Refinement {number} has no indexes_mapping: the index of each of its landmarks."
            )
        if refinement.z_refinement.WhichOneof("z_refinement_options") is None:
            raise GraphError(f"Refinement {number} has no z_refinement: give none, copy or assign_average.")
    indexes = sorted({index for refinement in refinements for index in refinement.indexes_mapping})
    if not indexes:
        raise GraphError("There is no refinement; give one for each LANDMARKS stream.")
    for wanted, index in enumerate(indexes):
        if index != wanted:
            raise GraphError(
                "The indexes of all indexes_mapping together must be 0, 1, 2... without a gap; "
                f"{wanted} is missing."
            )
    for number, refinement in enumerate(refinements):
        z = refinement.z_refinement
        outside = [index for index in z.assign_average.indexes_for_average if not 0 <= index < len(indexes)]
        if z.HasField("assign_average") and (outside or not z.assign_average.indexes_for_average):
            raise GraphError(
                f"Refinement {number} needs indexes_for_average between 0 and {len(indexes) - 1}; "
                f"it has {outside or 'none'}."
            )
    return len(indexes)


def refine(lists: Sequence[LandmarkList], refinements: Sequence[Refinement], count: int) -> LandmarkList:
    """One list of `count` landmarks in which later lists overwrite earlier ones.

    Raises:
        GraphError: a list has another number of landmarks than its mapping.
    """
    result = LandmarkList(landmark=[landmark_pb2.NormalizedLandmark() for _ in range(count)])
    for number, (landmarks, refinement) in enumerate(zip(lists, refinements, strict=True)):
        mapping = refinement.indexes_mapping
        if len(landmarks.landmark) != len(mapping):
            raise GraphError(
                f"LANDMARKS:{number} has {len(landmarks.landmark)} landmarks and its indexes_mapping "
                f"{len(mapping)} indexes."
            )
        z = refinement.z_refinement
        for source, index in zip(landmarks.landmark, mapping, strict=True):
            target = result.landmark[index]
            target.x, target.y = source.x, source.y
            if z.HasField("copy"):
                target.z = source.z
        if z.HasField("assign_average"):
            mean = np.mean([result.landmark[index].z for index in z.assign_average.indexes_for_average])
            for index in mapping:
                result.landmark[index].z = float(mean)
    return result
