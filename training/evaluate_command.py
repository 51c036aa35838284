"""Measure a model through the effect's graph: on pictures whose masks are known, or on clips.

`hair` and `nail` compare what is found in pictures with the truth; `hair_video` says how steady the masks of
clips are, `nail_video` how exact and how steady nails are in stills that are moved as clips. `landmarks`
compares the points that a model finds in faces with the annotated ones, in the annotated boxes and through
the graph; `landmarks_video` says how calm they are in clips and how promptly they follow. `detector` says how
many faces of each size a face detector finds, and how often it sees one where none is.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from training.evaluate_landmarks_clips import FRAMES as FACE_FRAMES
from training.evaluate_landmarks_sheet import LOOKS
from training.evaluate_landmarks_video import STILLS
from training.evaluate_nail_clips import FRAMES as MOVED_FRAMES
from training.evaluate_nail_sheet import LOOK
from training.evaluate_nail_video import CLIPS

HAIR_EXAMPLES = """examples:
  python -m training.evaluate hair models/hair_256.tflite DATA
  python -m training.evaluate hair models/hair_256.tflite DATA --split training/splits/hair_val.txt
  python -m training.evaluate hair models/hair_256.tflite DATA --json - --skip-bad

DATA is a folder with images/NAME.jpg (or .jpeg, .png), masks/NAME.png (0 and 255 = hair) and, if wanted,
index.csv with the columns name, set and tag.
"""
VIDEO_EXAMPLES = """examples:
  python -m training.evaluate hair_video models/hair_256.tflite clip.mp4
  python -m training.evaluate hair_video models/hair_256.tflite CLIPS --peer OTHER.tflite
  python -m training.evaluate hair_video models/hair_256.tflite CLIPS --frames 120 --json -
"""
NAIL_EXAMPLES = """examples:
  python -m training.evaluate nail models/nail_352.tflite DATA
  python -m training.evaluate nail models/nail_352.tflite DATA --split training/splits/nail_val.txt
  python -m training.evaluate nail models/nail_352.tflite DATA --json - --skip-bad

DATA is a folder with images/NAME.jpg (or .jpeg, .png), instances/NAME.png (0 = background, 1..n = one nail
each) and, if wanted, index.csv with the columns name, set and tag.
"""
NAIL_VIDEO_EXAMPLES = """examples (DATA as for nail):
  python -m training.evaluate nail_video models/nail_352.tflite DATA
  python -m training.evaluate nail_video models/nail_352.tflite DATA --clips 20 --frames 60 --json -
  python -m training.evaluate nail_video models/nail_352.tflite DATA --clips 4 --sheet out/polish.png
"""
LANDMARK_EXAMPLES = """examples:
  python -m training.evaluate landmarks models/landmarks_tiny.tflite DATA
  python -m training.evaluate landmarks models/landmarks_tiny.tflite DATA --split my/val.txt
  python -m training.evaluate landmarks models/landmarks_tiny.tflite DATA --json - --skip-bad

DATA is a folder of NAME.jpg (or .jpeg, .png) with NAME.pts (300-W, 68 points) beside, or one with these in
images/ and, if wanted, index.csv with the columns name and set. The face's box comes from the points; then
once more from a detector, through the graph that users run.
"""
LANDMARK_VIDEO_EXAMPLES = """examples (DATA as for landmarks):
  python -m training.evaluate landmarks_video models/landmarks_tiny.tflite DATA
  python -m training.evaluate landmarks_video models/landmarks_tiny.tflite DATA --clips 20 --json -
  python -m training.evaluate landmarks_video models/landmarks_tiny.tflite --videos CLIPS --sheet all.png
"""
DETECTOR_EXAMPLES = """examples:
  python -m training.evaluate detector models/face_detector.tflite FACES NEGATIVES
  python -m training.evaluate detector models/face_detector.tflite FACES NEGATIVES --pictures 60 --json -
  python -m training.evaluate detector models/face_detector.tflite FACES NEGATIVES \\
      --landmarks models/landmarks_tiny.tflite

FACES is a folder with images/NAME.jpg and images/NAME.pts (300-W, 68 points), NEGATIVES one with
images/NAME.jpg of which those count that show no face: all, or where training/labels/faces.csv knows the
folder, those in which it has none and which training keeps apart. Where mediapipe is installed, its
near-face detector is measured on the same frames; as MediaPipe made these labels, it has no false alarms on
pictures that they chose.
"""


def command_line() -> argparse.ArgumentParser:
    """The parser of the arguments; `task` is the name of the task."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=__doc__,
        epilog="\n".join(
            (
                HAIR_EXAMPLES,
                VIDEO_EXAMPLES,
                NAIL_EXAMPLES,
                NAIL_VIDEO_EXAMPLES,
                LANDMARK_EXAMPLES,
                LANDMARK_VIDEO_EXAMPLES,
                DETECTOR_EXAMPLES,
            )
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tasks = parser.add_subparsers(
        required=True,
        dest="task",
        metavar="hair | hair_video | nail | nail_video | landmarks | landmarks_video | detector",
    )
    hair = _task(tasks, "hair", "score a model on pictures and masks", HAIR_EXAMPLES)
    _add_data(hair, "masks/")
    _add_worst(hair)
    video = _task(tasks, "hair_video", "measure how steady masks are over clips", VIDEO_EXAMPLES)
    video.add_argument("clips", type=Path, nargs="+", metavar="CLIP", help="video files or folders of them")
    video.add_argument(
        "--peer", type=Path, metavar="MODEL", help="another .tflite, measured on the same frames"
    )
    video.add_argument(
        "--frames",
        type=_count(2, "frames"),
        default=60,
        metavar="N",
        help="frames of each clip (default %(default)s)",
    )
    video.add_argument(
        "--plot",
        type=Path,
        dest="picture",
        metavar="FILE",
        help="curves (default out/flicker_MODEL.png)",
    )
    nail = _task(tasks, "nail", "score a model on pictures and their nails", NAIL_EXAMPLES)
    _add_data(nail, "instances/")
    nail.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="fingers and directions, .csv (default training/labels/nails.csv, if it is of these pictures)",
    )
    _add_worst(nail)
    moved = _task(tasks, "nail_video", "measure nails in stills that are moved as clips", NAIL_VIDEO_EXAMPLES)
    _add_data(moved, "instances/")
    moved.add_argument(
        "--clips",
        type=_count(1, "clips"),
        default=CLIPS,
        metavar="N",
        help="how many stills (default %(default)s)",
    )
    moved.add_argument(
        "--frames",
        type=_count(2, "frames"),
        default=MOVED_FRAMES,
        metavar="N",
        help="frames of each clip (default %(default)s)",
    )
    moved.add_argument(
        "--sheet",
        type=Path,
        dest="picture",
        metavar="FILE",
        help="the clips with a look: a contact sheet (.png) or a video (.mp4)",
    )
    moved.add_argument(
        "--look", type=Path, metavar="FILE", help=f"of --sheet (default graphs/looks/nails/{LOOK.name})"
    )
    _add_landmarks(tasks)
    detector = _task(tasks, "detector", "score a face detector by the size of faces", DETECTOR_EXAMPLES)
    detector.add_argument("data", type=Path, help="folder of annotated faces: images/ with a .pts each")
    detector.add_argument("negatives", type=Path, help="folder of pictures without faces: images/")
    detector.add_argument("--split", type=Path, metavar="FILE", help="only the faces named here, one a line")
    detector.add_argument(
        "--pictures",
        type=_count(1, "pictures"),
        metavar="N",
        help="at most so many faces, and so many pictures without (default all)",
    )
    detector.add_argument(
        "--landmarks",
        type=Path,
        metavar="FILE",
        help="a landmark .tflite: false alarms through the make-up graph, where it has to agree",
    )
    detector.set_defaults(picture=None)
    return parser


def _add_landmarks(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    landmarks = _task(tasks, "landmarks", "score a model on faces and their landmarks", LANDMARK_EXAMPLES)
    _add_data(landmarks, "NAME.pts beside the pictures")
    _add_worst(landmarks)
    _add_detector(landmarks)
    landmarks.add_argument(
        "--curve",
        type=Path,
        metavar="FILE",
        help="share of the faces by their error, a .png (default out/ced_MODEL.png)",
    )
    video = _task(
        tasks,
        "landmarks_video",
        "measure how calm and prompt landmarks are in clips",
        LANDMARK_VIDEO_EXAMPLES,
    )
    video.add_argument("data", type=Path, nargs="?", help="folder of pictures with NAME.pts, moved as clips")
    video.add_argument(
        "--videos", type=Path, nargs="+", default=[], metavar="CLIP", help="video files or folders of them"
    )
    video.add_argument("--split", type=Path, metavar="FILE", help="only the pictures named here, one a line")
    video.add_argument("--skip-bad", action="store_true", help="leave bad pictures out instead of refusing")
    video.add_argument(
        "--clips",
        type=_count(1, "clips"),
        default=STILLS,
        metavar="N",
        help="how many pictures (default %(default)s)",
    )
    video.add_argument(
        "--frames",
        type=_count(2, "frames"),
        default=FACE_FRAMES,
        metavar="N",
        help="frames of each clip (default %(default)s)",
    )
    _add_detector(video)
    video.add_argument(
        "--sheet",
        type=Path,
        dest="picture",
        metavar="FILE",
        help="the clips with looks: a contact sheet (.png) or a video (.mp4)",
    )
    video.add_argument(
        "--look",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=f"of --sheet (default {' and '.join(look.stem for look in LOOKS)} of graphs/looks/makeup)",
    )


def _add_data(task: argparse.ArgumentParser, truth: str) -> None:
    task.add_argument("data", type=Path, help=f"folder with images/, {truth} and, if wanted, index.csv")
    task.add_argument("--split", type=Path, metavar="FILE", help="only the pictures named here, one a line")
    task.add_argument("--skip-bad", action="store_true", help="leave bad pictures out instead of refusing")


def _add_worst(task: argparse.ArgumentParser) -> None:
    task.add_argument(
        "--worst",
        type=Path,
        dest="picture",
        metavar="FILE",
        help="contact sheet of the worst 20, a .png (default out/worst_MODEL.png)",
    )


def _add_detector(task: argparse.ArgumentParser) -> None:
    task.add_argument(
        "--detector",
        type=Path,
        metavar="FILE",
        help="finds the faces in the graph, a .tflite (default models/face_detector.tflite)",
    )


def _task(
    tasks: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, examples: str
) -> argparse.ArgumentParser:
    parser = tasks.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="a .tflite")
    parser.add_argument("--json", metavar="FILE", help="write the scores here; - is standard output")
    return parser


def _count(least: int, what: str) -> Callable[[str], int]:
    """Reads a number of something."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text} is no number of {what}, {least} or more")
        return int(text)

    return read
