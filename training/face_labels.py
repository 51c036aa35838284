"""Find faces in pictures with MediaPipe's detectors: `python -m training.face_labels OUT.csv FOLDER ...`.

For the detector's training: pictures whose faces nobody has marked become examples, pictures without any
face become counter-examples. Both bundled detectors look (the extra `mediapipe`), the one for near faces and
the one for far ones. What is in doubt leaves its whole picture out. Beside the table a text of the same name
(.md) counts what was kept and dropped. `--measure` compares MediaPipe's boxes with ours on annotated faces.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from training.data import DataError, read_index, write_file
from training.data_detector import COLUMNS, landmarks_face, read_landmarks, read_rgb

EXAMPLES = """\
examples:
  python -m training.face_labels training/labels/faces.csv DATA/faces DATA/hair DATA/nails
  python -m training.face_labels --measure DATA/faces
"""
SURE, DOUBTFUL = 0.6, 0.3
"""Scores from which on a face is taken for one, and from which on it spoils a picture without being taken."""

SAME = 0.3
"""IoU from which on two boxes are of one face."""


@dataclass(frozen=True)
class Found:
    """A face as MediaPipe gives it, in shares of the picture's sides.

    Attributes:
        score: in [0, 1].
        box: left, top, width, height.
        keypoints: float64 [4, 2]: right eye, left eye, nose, mouth.
    """

    score: float
    box: tuple[float, float, float, float]
    keypoints: np.ndarray


class FaceFinder:
    """MediaPipe's two face detectors.

    Args:
        least: smallest score of a face.
        far: use the detector for far faces, too.

    Raises:
        DataError: mediapipe is not installed.
    """

    def __init__(self, least: float = DOUBTFUL, far: bool = True) -> None:
        if find_spec("mediapipe") is None:
            raise DataError("finding faces needs MediaPipe: pip install mediapipe==0.10.21")
        import mediapipe as mp

        self._detectors = [
            mp.solutions.face_detection.FaceDetection(least, model) for model in range(1 + far)
        ]

    def find(self, image: np.ndarray) -> list[Found]:
        """The faces of a picture, RGB uint8 [H, W, 3], each once, the surest first."""
        found = []
        for detector in self._detectors:
            for detection in detector.process(image).detections or ():
                location = detection.location_data
                box = location.relative_bounding_box
                points = [(p.x, p.y) for p in location.relative_keypoints[:4]]
                sides = box.xmin, box.ymin, box.width, box.height
                found.append(Found(detection.score[0], sides, np.array(points)))
        kept: list[Found] = []
        for face in sorted(found, key=lambda face: -face.score):
            if all(box_iou(face.box, other.box) < SAME for other in kept):
                kept.append(face)
        return kept


def box_iou(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes (left, top, width, height)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1e-12)


def judge(faces: Sequence[Found]) -> str:
    """What becomes of a picture: "faces", "none", or why it is dropped."""
    if not faces:
        return "none"
    if min(face.score for face in faces) < SURE:
        return "dropped: a doubtful face"
    return "faces"


def rows_of(folder: str, picture: str, faces: Sequence[Found]) -> list[tuple[str, ...]]:
    """The rows of a picture in a table of labels."""
    if not faces:
        return [(folder, picture, "0", *("" for _ in COLUMNS[3:]))]
    return [
        (
            folder,
            picture,
            f"{face.score:.2f}",
            *(f"{value:.4f}" for value in (*face.box, *face.keypoints.ravel())),
        )
        for face in faces
    ]


def label(folders: Sequence[Path], finder: FaceFinder, console: Console) -> tuple[str, str]:
    """The table of labels and the report on it."""
    table, lines = io.StringIO(), []
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for folder in folders:
        verdicts: Counter[str] = Counter()
        names = [example.name for example in read_index(folder)]
        for name in track(names, folder.name, console=console, disable=not console.is_terminal):
            faces = finder.find(read_rgb(folder, name))
            verdict = judge(faces)
            verdicts[verdict] += 1
            if not verdict.startswith("dropped"):
                writer.writerows(rows_of(folder.name, name, faces))
                verdicts["faces kept"] += len(faces)
        lines.append(
            f"| {folder.name} | {len(names)} | {verdicts['faces']} | {verdicts['faces kept']} "
            f"| {verdicts['none']} | {verdicts['dropped: a doubtful face']} |"
        )
    return table.getvalue(), report(lines)


def report(lines: Sequence[str]) -> str:
    """What was kept and dropped, as Markdown."""
    return "\n".join(
        [
            "# Faces in pictures that nobody has marked",
            "",
            "Made by `python -m training.face_labels` with the two face detectors of MediaPipe 0.10.21 "
            "(near and far faces).",
            f"A face counts from a score of {SURE} on; one of {DOUBTFUL} to {SURE} drops its picture.",
            "Boxes are MediaPipe's own; `training.data_detector.from_blaze` makes ours of them.",
            "",
            "| folder | pictures | with faces | faces | without | dropped, a face is in doubt |",
            "|---|---:|---:|---:|---:|---:|",
            *lines,
            "",
        ]
    )


def measure(folder: Path, finder: FaceFinder, console: Console) -> str:
    """How our boxes lie against MediaPipe's, on faces whose landmarks are known."""
    ratios = []
    names = [example.name for example in read_index(folder)]
    for name in track(names, folder.name, console=console, disable=not console.is_terminal):
        image = read_rgb(folder, name)
        size = np.array(image.shape[1::-1])
        face = landmarks_face(read_landmarks(folder, name))
        left, top, right, bottom = face.box
        ours = left, top, right - left, bottom - top
        for found in finder.find(image):
            box = tuple((np.array(found.box) * np.tile(size, 2)).tolist())
            if box_iou(box, ours) > SAME:
                down = face.keypoints[3] - face.keypoints[:2].mean(0)
                way = (left + right - 2 * box[0] - box[2], top + bottom - 2 * box[1] - box[3])
                shift = np.dot(way, down / np.linalg.norm(down)) / 2 / box[3]
                apart = np.linalg.norm(found.keypoints * size - face.keypoints, axis=-1) / ours[3]
                ratios.append((ours[2] / box[2], ours[3] / box[3], shift, *apart))
                break
    table = np.percentile(ratios, [10, 50, 90], axis=0).T
    head = ("width", "height", "shift", "right eye", "left eye", "nose", "mouth")
    rows = [
        f"{name:10} {' '.join(f'{value:7.3f}' for value in row)}"
        for name, row in zip(head, table, strict=True)
    ]
    return "\n".join([f"{len(ratios)} of {len(names)} faces found; percentiles 10, 50, 90", *rows])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.face_labels",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("out", type=Path, nargs="?", help="the table to write, .csv")
    parser.add_argument("folders", type=Path, nargs="*", help="data sets: folders with images/")
    parser.add_argument("--measure", type=Path, metavar="FOLDER", help="annotated faces to compare boxes on")
    args = parser.parse_args(arguments)
    if bool(args.measure) == bool(args.folders):
        parser.error("give OUT.csv and folders, or --measure FOLDER")
    console = Console(stderr=True)
    try:
        if args.measure:
            print(measure(args.measure, FaceFinder(far=False), console))
            return
        table, text = label(args.folders, FaceFinder(), console)
        write_file(args.out, table.encode())
        write_file(args.out.with_suffix(".md"), text.encode())
        print(text, end="")
    except (DataError, OSError) as error:
        parser.exit(1, f"error: {error}\n")


if __name__ == "__main__":
    main()
