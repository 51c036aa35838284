"""Measure a model through the effect's graph: on pictures whose masks are known, or on clips.

`hair` and `nail` compare what is found in pictures with the truth; `hair_video` says how steady the masks of
clips are, `nail_video` how exact and how steady nails are in stills that are moved as clips. `landmarks`
compares the points that a model finds in faces with the annotated ones, in the annotated boxes and through
the graph; `landmarks_video` says how calm they are in clips and how promptly they follow. `detector` says how
many faces of each size a face detector finds, and how often it sees one where none is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.table import Table

from training.clip_sheet import check_sheet
from training.data import DataError, read_split, write_file
from training.evaluate_detector_faces import detector_table, score_detector
from training.evaluate_landmarks_clips import FRAMES as FACE_FRAMES
from training.evaluate_landmarks_graph import NO_DETECTOR, find_detector
from training.evaluate_landmarks_pictures import score_landmark_pictures
from training.evaluate_landmarks_pictures import worst_tiles as landmark_tiles
from training.evaluate_landmarks_report import draw_ced, landmark_tables, landmark_video_tables
from training.evaluate_landmarks_sheet import LOOKS, write_makeup
from training.evaluate_landmarks_video import STILLS, score_landmark_clips
from training.evaluate_masks import Report, evaluate_masks, first_frame
from training.evaluate_model import HairModel, SignatureError
from training.evaluate_nail_clips import FRAMES as MOVED_FRAMES
from training.evaluate_nail_pictures import score_nail_pictures
from training.evaluate_nail_pictures import worst_tiles as nail_tiles
from training.evaluate_nail_report import labels_table, moved_table, nails_table, sizes_table
from training.evaluate_nail_sheet import LOOK, write_polish
from training.evaluate_nail_video import CLIPS, score_moved_stills
from training.evaluate_pictures import score_pictures, worst_tiles
from training.evaluate_report import (
    STDOUT,
    encode_png,
    left_out,
    pictures_table,
    progress_bar,
    show,
    write_json,
)
from training.sheet import Tile, draw_sheet
from training.video_clips import find_clips
from training.video_report import clips_table, draw_flicker
from training.video_score import score_clips
from tryon import GraphError

__all__ = ["HairModel", "Report", "evaluate_masks", "first_frame", "main"]

OUT = Path("out")
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

FACES is a folder with images/NAME.jpg and images/NAME.pts (300-W, 68 points), NEGATIVES one with
images/NAME.jpg of which those count that show no face: all, or where training/labels/faces.csv knows the
folder, those in which it has none. Where mediapipe is installed, its near-face detector is measured on the
same frames; as MediaPipe made these labels, it has no false alarms on pictures that they chose.
"""


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = command_line()
    options = parser.parse_args(arguments)
    # Known before the work, not after it.
    for path in filter(None, (options.picture, options.json, getattr(options, "curve", None))):
        if Path(path).is_dir():
            parser.error(f"{path} is a folder; name a file")
    try:
        options.measure(options)
    except (DataError, GraphError, SignatureError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def command_line() -> argparse.ArgumentParser:
    """The parser of the arguments."""
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
        metavar="hair | hair_video | nail | nail_video | landmarks | landmarks_video | detector",
    )
    hair = _task(tasks, "hair", "score a model on pictures and masks", HAIR_EXAMPLES)
    _add_data(hair, "masks/")
    _add_worst(hair)
    hair.set_defaults(measure=_measure_pictures)
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
    video.set_defaults(measure=_measure_clips)
    nail = _task(tasks, "nail", "score a model on pictures and their nails", NAIL_EXAMPLES)
    _add_data(nail, "instances/")
    nail.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="fingers and directions, .csv (default training/labels/nails.csv, if it is of these pictures)",
    )
    _add_worst(nail)
    nail.set_defaults(measure=_measure_nails)
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
    moved.set_defaults(measure=_measure_moved)
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
    detector.set_defaults(measure=_measure_detector, picture=None)
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
    landmarks.set_defaults(measure=_measure_landmarks)
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
    video.set_defaults(measure=_measure_landmark_clips)


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


def _measure_pictures(options: argparse.Namespace) -> None:
    with progress_bar("pictures") as progress:
        report = score_pictures(
            options.model, options.data, _names(options), skip_bad=options.skip_bad, progress=progress
        )
    sheet = _write_worst(options, worst_tiles(report), report.scores.pictures)
    _give(options, report.to_json(), pictures_table(report))
    _tell(*left_out(report.problems, report.absent), f"the worst pictures: {sheet}")


def _measure_nails(options: argparse.Namespace) -> None:
    with progress_bar("pictures") as progress:
        report = score_nail_pictures(
            options.model,
            options.data,
            _names(options),
            labels=options.labels,
            skip_bad=options.skip_bad,
            progress=progress,
        )
    sheet = _write_worst(options, nail_tiles(report), report.scores.pictures)
    tables = nails_table(report), sizes_table(report.scores), labels_table(report.scores)
    _give(options, report.to_json(), *tables)
    labels = f"fingers and directions: {report.labels or 'not known; --labels names a table of them'}"
    _tell(labels, *left_out(report.problems, report.absent), f"the worst pictures: {sheet}")


def _measure_landmarks(options: argparse.Namespace) -> None:
    detector = find_detector(options.detector)
    with progress_bar("pictures") as progress:
        report = score_landmark_pictures(
            options.model,
            options.data,
            _names(options),
            detector=detector,
            skip_bad=options.skip_bad,
            progress=progress,
        )
    sheet = _write_worst(options, landmark_tiles(report), report.scores.faces)
    curve = options.curve or OUT / f"ced_{options.model.stem}.png"
    write_file(curve, draw_ced(report))
    _give(options, report.to_json(), *landmark_tables(report))
    _tell(
        f"faces taken for none: {report.missed} of {report.scores.faces}",
        *([] if detector else [f"not measured through the graph: {NO_DETECTOR}"]),
        *left_out(report.problems, report.absent),
        f"share of the faces by error: {curve}",
        f"the worst pictures: {sheet}",
    )


def _names(options: argparse.Namespace) -> set[str] | None:
    return read_split(options.split) if options.split else None


def _write_worst(options: argparse.Namespace, tiles: list[Tile], pictures: int) -> Path:
    """Draws the contact sheet and says where it is."""
    sheet = options.picture or OUT / f"worst_{options.model.stem}.png"
    title = f"{options.model.stem}: the worst {len(tiles)} of {pictures}"
    write_file(sheet, encode_png(draw_sheet(tiles, title)))
    return sheet


def _give(options: argparse.Namespace, scores: dict[str, Any], *tables: Table) -> None:
    """Writes the JSON that was asked for, and shows tables unless they would be in its way."""
    if options.json:
        write_json(scores, options.json)
    if options.json != STDOUT:
        show(*tables)


def _tell(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def _measure_clips(options: argparse.Namespace) -> None:
    clips = find_clips(options.clips)
    models = {"model": options.model} | ({"peer": options.peer} if options.peer else {})
    with progress_bar("clips") as progress:
        report = score_clips(models, clips, options.frames, progress)
    plot = options.picture or OUT / f"flicker_{options.model.stem}.png"
    write_file(plot, draw_flicker(report))
    _give(options, report.to_json(), clips_table(report))
    _tell(f"flicker over time: {plot}")


def _measure_moved(options: argparse.Namespace) -> None:
    look = options.look or LOOK
    # Known before the work, not after it.
    if options.picture:
        check_sheet(options.picture, [look])
    elif options.look:
        raise DataError("--look is what --sheet shows: name its file, too")
    with progress_bar("clips") as progress:
        report = score_moved_stills(
            options.model,
            options.data,
            _names(options),
            clips=options.clips,
            frames=options.frames,
            skip_bad=options.skip_bad,
            progress=progress,
        )
    _give(options, report.to_json(), moved_table(report))
    _tell(*left_out(report.problems, report.absent))
    if options.picture:
        with progress_bar("sheet") as progress:
            write_polish(options.picture, report, look, progress)
        _tell(f"the clips with {look.stem}: {options.picture}")


def _measure_landmark_clips(options: argparse.Namespace) -> None:
    looks = options.look or LOOKS
    # Known before the work, not after it.
    if options.picture:
        check_sheet(options.picture, looks)
    elif options.look:
        raise DataError("--look is what --sheet shows: name its file, too")
    if not options.data and not options.videos:
        raise DataError("name a folder of pictures with points, or videos with --videos, or both")
    if not options.data and (options.split or options.skip_bad):
        raise DataError("--split and --skip-bad choose among pictures with points: name their folder, too")
    detector = find_detector(options.detector)
    if detector is None:
        raise DataError(NO_DETECTOR)
    videos = find_clips(options.videos)
    with progress_bar("clips") as progress:
        report = score_landmark_clips(
            options.model,
            detector,
            options.data,
            videos,
            _names(options),
            clips=options.clips,
            frames=options.frames,
            skip_bad=options.skip_bad,
            progress=progress,
        )
    _give(options, report.to_json(), *landmark_video_tables(report))
    _tell(*left_out(report.problems, report.absent))
    if options.picture:
        with progress_bar("sheet") as progress:
            write_makeup(options.picture, report, videos, looks, options.frames, progress)
        _tell(f"the clips as they are, {', '.join(f'with {look.stem}' for look in looks)}: {options.picture}")


def _measure_detector(options: argparse.Namespace) -> None:
    with progress_bar("pictures") as progress:
        report = score_detector(
            options.model, options.data, options.negatives, _names(options), options.pictures, progress
        )
    _give(options, report.to_json(), detector_table(report))


if __name__ == "__main__":
    sys.exit(main())
