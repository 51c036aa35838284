"""Measure a hair model through the effect's graph: on pictures whose masks are known, or on clips.

`hair` compares the masks of pictures with the truth; `hair_video` says how steady the masks of clips are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.data import DataError, read_split
from training.evaluate_masks import Report, evaluate_masks, first_frame
from training.evaluate_model import HairModel, SignatureError
from training.evaluate_pictures import score_pictures, worst_tiles
from training.evaluate_report import (
    STDOUT,
    encode_png,
    left_out,
    pictures_table,
    progress_bar,
    show,
    write_file,
    write_json,
)
from training.sheet import draw_sheet
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


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = command_line()
    options = parser.parse_args(arguments)
    # Known before the work, not after it.
    for path in filter(None, (options.picture, options.json)):
        if Path(path).is_dir():
            parser.error(f"{path} is a folder; name a file")
    try:
        options.measure(options)
    except (DataError, GraphError, SignatureError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def command_line() -> argparse.ArgumentParser:
    """The parser of the arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=__doc__,
        epilog=f"{HAIR_EXAMPLES}\n{VIDEO_EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tasks = parser.add_subparsers(required=True, metavar="hair | hair_video")
    hair = _task(tasks, "hair", "score a model on pictures and masks", HAIR_EXAMPLES)
    hair.add_argument("data", type=Path, help="folder with images/, masks/ and, if wanted, index.csv")
    hair.add_argument("--split", type=Path, metavar="FILE", help="only the pictures named here, one a line")
    hair.add_argument("--skip-bad", action="store_true", help="leave bad pictures out instead of refusing")
    hair.add_argument(
        "--worst",
        type=Path,
        dest="picture",
        help="contact sheet of the worst 20 (default out/worst_MODEL.png)",
    )
    hair.set_defaults(measure=_measure_pictures)
    video = _task(tasks, "hair_video", "measure how steady masks are over clips", VIDEO_EXAMPLES)
    video.add_argument("clips", type=Path, nargs="+", metavar="CLIP", help="video files or folders of them")
    video.add_argument(
        "--peer", type=Path, metavar="MODEL", help="another .tflite, measured on the same frames"
    )
    video.add_argument(
        "--frames",
        type=_count,
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
    return parser


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


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"{text} is no number of frames, 2 or more")
    return int(text)


def _measure_pictures(options: argparse.Namespace) -> None:
    names = read_split(options.split) if options.split else None
    with progress_bar("pictures") as progress:
        report = score_pictures(
            options.model, options.data, names, skip_bad=options.skip_bad, progress=progress
        )
    title = f"{options.model.stem}: the worst {len(report.worst)} of {report.scores.pictures}"
    sheet = options.picture or OUT / f"worst_{options.model.stem}.png"
    write_file(sheet, encode_png(draw_sheet(worst_tiles(report), title)))
    if options.json:
        write_json(report.to_json(), options.json)
    if options.json != STDOUT:
        show(pictures_table(report))
    for line in (*left_out(report), f"the worst pictures: {sheet}"):
        print(line, file=sys.stderr)


def _measure_clips(options: argparse.Namespace) -> None:
    clips = find_clips(options.clips)
    models = {"model": options.model} | ({"peer": options.peer} if options.peer else {})
    with progress_bar("clips") as progress:
        report = score_clips(models, clips, options.frames, progress)
    plot = options.picture or OUT / f"flicker_{options.model.stem}.png"
    write_file(plot, draw_flicker(report))
    if options.json:
        write_json(report.to_json(), options.json)
    if options.json != STDOUT:
        show(clips_table(report))
    print(f"flicker over time: {plot}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
