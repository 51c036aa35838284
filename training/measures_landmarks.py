"""How well landmarks are found: errors of a face, and of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calculators.face.landmark_layout import LandmarkLayout

FAILED = 0.08
"""Inter-ocular error beyond which a face counts as failed, and where the cumulative curve ends."""


@dataclass(frozen=True)
class FaceErrors:
    """Mean distances of a face's points to the truth, as shares of a distance between the eyes.

    Attributes:
        inter_ocular: all points, against the distance of the outer eye corners.
        inter_pupil: all points, against that of the eyes' centres.
        inner: inner points, against that of the eye corners.
        contour: points on the outline, against the same.
    """

    inter_ocular: float
    inter_pupil: float
    inner: float
    contour: float


@dataclass(frozen=True)
class LandmarkScores:
    """Of many faces: means in percent.

    Attributes:
        faces: how many.
        inter_ocular, inter_pupil, inner, contour: as in `FaceErrors`, in percent.
        median: of the inter-ocular errors, in percent.
        failure_rate: faces with an inter-ocular error above `FAILED`, in percent.
        auc: area under the cumulative curve up to there, 1 if all faces are without error.
    """

    faces: int
    inter_ocular: float
    inter_pupil: float
    inner: float
    contour: float
    median: float
    failure_rate: float
    auc: float


@dataclass(frozen=True)
class FoundScores:
    """Of many faces that had to be found first: means in percent.

    Attributes:
        faces: how many there are.
        missed: those that were not found.
        inter_ocular, inter_pupil, inner, contour, median: as in `LandmarkScores`, of those found; None where
            none was.
        failure_rate, auc: as there, over all; a missed face is a failed one.
    """

    faces: int
    missed: int
    inter_ocular: float | None
    inter_pupil: float | None
    inner: float | None
    contour: float | None
    median: float | None
    failure_rate: float
    auc: float


def face_errors(truth: np.ndarray, found: np.ndarray, layout: LandmarkLayout) -> FaceErrors:
    """Compare the points of a face, float [n, 2] twice in the same unit, which is square."""
    away = np.linalg.norm(found - truth, axis=-1)
    ocular = layout.inter_ocular(truth)
    return FaceErrors(
        float(away.mean()) / ocular,
        float(away.mean()) / layout.inter_pupil(truth),
        float(away[list(layout.inner)].mean()) / ocular,
        float(away[list(layout.contour)].mean()) / ocular,
    )


def auc(errors: Sequence[float] | np.ndarray, limit: float = FAILED) -> float:
    """Area under the share of faces whose error is at most x, over x from 0 to `limit`, by `limit`."""
    return float(np.clip(1 - np.asarray(errors) / limit, 0, 1).mean())


def summarise(errors: Sequence[FaceErrors]) -> LandmarkScores:
    """Scores of one face or more."""
    ocular = np.array([error.inter_ocular for error in errors])
    return LandmarkScores(
        faces=len(errors),
        inter_ocular=100 * float(ocular.mean()),
        inter_pupil=100 * float(np.mean([error.inter_pupil for error in errors])),
        inner=100 * float(np.mean([error.inner for error in errors])),
        contour=100 * float(np.mean([error.contour for error in errors])),
        median=100 * float(np.median(ocular)),
        failure_rate=100 * float((ocular > FAILED).mean()),
        auc=auc(ocular),
    )


def summarise_found(errors: Sequence[FaceErrors | None]) -> FoundScores:
    """Scores of one face or more; None is one that was not found."""
    found = [error for error in errors if error is not None]
    counts = len(errors), len(errors) - len(found)
    if not found:
        return FoundScores(*counts, *(None,) * 5, failure_rate=100.0, auc=0.0)
    scores, share = summarise(found), len(found) / len(errors)
    return FoundScores(
        *counts,
        *(scores.inter_ocular, scores.inter_pupil, scores.inner, scores.contour, scores.median),
        failure_rate=100 - share * (100 - scores.failure_rate),
        auc=share * scores.auc,
    )
