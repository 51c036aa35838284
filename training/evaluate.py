"""Measure a model through the effect's graph: on pictures whose truth is known, or on clips.

`python -m training.evaluate --help` names the tasks; `training.evaluate_command` is their command line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.table import Table

from training.clip_sheet import check_sheet
from training.data import DataError, read_split, write_file
from training.evaluate_command import command_line
from training.evaluate_detector_faces import detector_table, score_detector
from training.evaluate_landmarks_graph import NO_DETECTOR, find_detector
from training.evaluate_landmarks_pictures import score_landmark_pictures
from training.evaluate_landmarks_pictures import worst_tiles as landmark_tiles
from training.evaluate_landmarks_report import draw_ced, landmark_tables, landmark_video_tables
from training.evaluate_landmarks_sheet import LOOKS, write_makeup
from training.evaluate_landmarks_video import score_landmark_clips
from training.evaluate_model import SignatureError
from training.evaluate_nail_pictures import score_nail_pictures
from training.evaluate_nail_pictures import worst_tiles as nail_tiles
from training.evaluate_nail_report import labels_table, moved_table, nails_table, sizes_table
from training.evaluate_nail_sheet import LOOK, write_polish
from training.evaluate_nail_video import score_moved_stills
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

OUT = Path("out")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = command_line()
    options = parser.parse_args(arguments)
    # Known before the work, not after it.
    for path in filter(None, (options.picture, options.json, getattr(options, "curve", None))):
        if Path(path).is_dir():
            parser.error(f"{path} is a folder; name a file")
    try:
        TASKS[options.task](options)
    except (DataError, GraphError, SignatureError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


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
            options.model,
            options.data,
            options.negatives,
            _names(options),
            options.pictures,
            options.landmarks,
            progress,
        )
    _give(options, report.to_json(), detector_table(report))


TASKS = {
    "hair": _measure_pictures,
    "hair_video": _measure_clips,
    "nail": _measure_nails,
    "nail_video": _measure_moved,
    "landmarks": _measure_landmarks,
    "landmarks_video": _measure_landmark_clips,
    "detector": _measure_detector,
}
"""Each takes the options."""


if __name__ == "__main__":
    sys.exit(main())
