"""Score a hair model on pictures whose masks are known, through the effect's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2

from training.data import DataError, Example, read_index, read_pair
from training.data_check import NAMES_SHOWN, BadData, Problem, find_problems, usable_examples
from training.evaluate_graph import HairGraph
from training.metrics import Scores, Totals, roc_histogram, score_picture
from training.sheet import Tile

WORST = 20


@dataclass(frozen=True)
class PicturesReport:
    """What a model scored.

    Attributes:
        scores: of the effect's `hair_mask`, over all pictures.
        network: of the network's own mask, enlarged without a look at the picture.
        per_set, per_tag: as `scores`, for the sets and tags that the data set's index names.
        worst: name and IoU of the pictures with the lowest IoU, worst first.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    data: str
    scores: Scores
    network: Scores
    per_set: dict[str, Scores]
    per_tag: dict[str, Scores]
    worst: list[tuple[str, float]]
    problems: list[Problem]
    absent: list[str]

    def to_json(self) -> dict[str, Any]:
        """One object, the scores of `hair_mask` at its top."""
        return {
            "model": self.model,
            "data": self.data,
            **asdict(self.scores),
            "per_set": {name: asdict(scores) for name, scores in self.per_set.items()},
            "per_tag": {name: asdict(scores) for name, scores in self.per_tag.items()},
            "network": asdict(self.network),
            "worst": [{"name": name, "iou": iou} for name, iou in self.worst],
            "left_out": list_problems(self.problems),
            "absent": self.absent,
        }


def list_problems(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """What was wrong with the pictures left out, for JSON."""
    return [{"name": p.name, "problem": p.kind.value, "detail": p.detail} for p in problems]


def find_examples(
    data: Path,
    names: set[str] | None,
    skip_bad: bool,
    find: Callable[[Path, set[str] | None], list[Problem]] = find_problems,
    index: Callable[[Path], list[Example]] = read_index,
) -> tuple[list[Example], list[Problem], list[str]]:
    """The pictures to score, what is wrong with those left out, and the names that the folder does not hold.

    Args:
        data: folder.
        names: only these; None is all.
        skip_bad: go on without what is bad or absent.
        find: finds what is wrong with a folder.
        index: lists a folder's examples.

    Raises:
        DataError: the folder cannot be read; or, without `skip_bad`, there is a problem: lists all.
    """
    try:
        examples, problems = usable_examples(data, names, skip_bad=skip_bad, find=find, index=index)
    except BadData as error:
        raise DataError(f"{error}\n--skip-bad goes on without") from error
    absent = sorted((names or set()) - {e.name for e in examples} - {p.name for p in problems})
    if absent and not skip_bad:
        raise DataError(f"{data}: {describe_absent(absent)}; --skip-bad goes on without")
    return examples, problems, absent


def describe_absent(names: list[str]) -> str:
    """Names of the split that are not there, counted and named, about ten of them."""
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"not there, though in the split: {len(names)} ({', '.join(names[:NAMES_SHOWN])}{more})"


def score_pictures(
    model: Path,
    data: Path,
    names: set[str] | None = None,
    *,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> PicturesReport:
    """Score a model on a folder of pictures and masks, each picture by itself.

    Args:
        model: a .tflite with a hair model's tensors.
        data: folder with images/, masks/ and, if wanted, index.csv (columns name, set, tag).
        names: only these pictures; None is all.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many pictures are done.

    Raises:
        GraphError: the model cannot be read.
        SignatureError: the model's tensors are others.
        DataError: the folder cannot be used; lists all problems.
    """
    graph = HairGraph(model)
    examples, problems, absent = find_examples(data, names, skip_bad)
    everything, network = Totals(), Totals()
    sets: dict[str, Totals] = defaultdict(Totals)
    tags: dict[str, Totals] = defaultdict(Totals)
    found: list[tuple[str, float]] = []
    for done, example in enumerate(examples):
        progress(done, len(examples))
        picture, truth = read_pair(data, example.name)
        masks, target = graph.mask(picture), truth > 127
        probability = cv2.resize(masks.network, target.shape[::-1], interpolation=cv2.INTER_LINEAR)
        histogram = roc_histogram(probability, target)
        score = score_picture(masks.hair > 0.5, target, histogram)
        network.add(score_picture(probability > 0.5, target, histogram))
        groups = [everything]
        groups += [sets[example.set]] if example.set else []
        groups += [tags[example.tag]] if example.tag else []
        for totals in groups:
            totals.add(score)
        found.append((example.name, score.iou))
    progress(len(examples), len(examples))
    return PicturesReport(
        model=str(model),
        data=str(data),
        scores=everything.scores(),
        network=network.scores(),
        per_set={name: totals.scores() for name, totals in sorted(sets.items())},
        per_tag={name: totals.scores() for name, totals in sorted(tags.items())},
        worst=sorted(found, key=lambda pair: pair[1])[:WORST],
        problems=problems,
        absent=absent,
    )


def worst_tiles(report: PicturesReport) -> list[Tile]:
    """The worst pictures of a report, with truth and prediction, for a contact sheet."""
    graph = HairGraph(Path(report.model))
    return [
        Tile(picture, truth > 127, graph.mask(picture).hair > 0.5, name, f"IoU {iou:.3f}")
        for name, iou in report.worst
        for picture, truth in [read_pair(Path(report.data), name)]
    ]
