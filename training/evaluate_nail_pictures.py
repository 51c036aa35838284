"""Score a nail model on pictures whose nails are known, through the effect's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data import DataError
from training.data_check import Problem
from training.data_nails import NailLabel, read_instances, read_labels, read_nails
from training.evaluate_nail_data import find_problems
from training.evaluate_nail_graph import NailGraph
from training.evaluate_nail_score import (
    THRESHOLD,
    NailPicture,
    NailScores,
    nail_mask,
    score_nails,
    summarise,
)
from training.evaluate_pictures import WORST, find_examples, list_problems
from training.sheet import Tile

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "training" / "labels" / "nails.csv"
"""Fingers and directions that are taken where they fit the pictures and no others are named."""


@dataclass(frozen=True)
class NailReport:
    """What a model scored.

    Attributes:
        model, data: what was measured on what.
        labels: the file that fingers and directions come from; "" if none.
        scores: over all pictures.
        per_set, per_tag: as `scores`, for the sets and tags that the data set's index names.
        pictures: each by itself.
        problems: what was wrong with the pictures left out.
        absent: names of the split that the data set does not hold.
    """

    model: str
    data: str
    labels: str
    scores: NailScores
    per_set: dict[str, NailScores]
    per_tag: dict[str, NailScores]
    pictures: list[NailPicture]
    problems: list[Problem]
    absent: list[str]

    @property
    def worst(self) -> list[NailPicture]:
        """Those with the lowest IoU of the nails, worst first."""
        return sorted(self.pictures, key=lambda picture: picture.nail_iou)[:WORST]

    def to_json(self) -> dict[str, Any]:
        """One object, the scores of all pictures at its top."""
        return {
            "model": self.model,
            "data": self.data,
            "labels": self.labels or None,
            **asdict(self.scores),
            "per_set": {name: asdict(scores) for name, scores in self.per_set.items()},
            "per_tag": {name: asdict(scores) for name, scores in self.per_tag.items()},
            "worst": [{"name": picture.name, "nail_iou": picture.nail_iou} for picture in self.worst],
            "left_out": list_problems(self.problems),
            "absent": self.absent,
            "per_picture": [
                {"name": p.name, "nail_iou": p.nail_iou, "binary_iou": p.binary_iou} | asdict(p)
                for p in self.pictures
            ],
        }


def score_nail_pictures(
    model: Path,
    data: Path,
    names: set[str] | None = None,
    *,
    labels: Path | None = None,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> NailReport:
    """Score a model on a folder of pictures and instances, each picture by itself.

    Args:
        model: a .tflite with a nail model's tensors.
        data: folder with images/, instances/ and, if wanted, index.csv (columns name, set, tag).
        names: only these pictures; None is all.
        labels: table of fingers and directions; None is `LABELS` if it is of these pictures.
        skip_bad: leave pictures with problems out instead of refusing the folder.
        progress: told how many of how many pictures are done.

    Raises:
        GraphError: the model cannot be read.
        SignatureError: the model's tensors are others.
        DataError: the folder or the labels cannot be used; lists all problems.
    """
    graph = NailGraph(model)
    examples, problems, absent = find_examples(data, names, skip_bad, find_problems)
    table, known = find_labels(data, [example.name for example in examples], labels)
    pictures = []
    sets: dict[str, list[NailPicture]] = defaultdict(list)
    tags: dict[str, list[NailPicture]] = defaultdict(list)
    for done, example in enumerate(examples):
        progress(done, len(examples))
        picture, instances = read_nails(data, example.name)
        nails = graph.picture(picture)
        scored = score_nails(example.name, instances, nails, known.get(example.name, {}))
        pictures.append(scored)
        if example.set:
            sets[example.set].append(scored)
        if example.tag:
            tags[example.tag].append(scored)
    progress(len(examples), len(examples))
    return NailReport(
        model=str(model),
        data=str(data),
        labels=table,
        scores=summarise(pictures),
        per_set={name: summarise(some) for name, some in sorted(sets.items())},
        per_tag={name: summarise(some) for name, some in sorted(tags.items())},
        pictures=pictures,
        problems=problems,
        absent=absent,
    )


def find_labels(
    data: Path, names: Sequence[str], path: Path | None
) -> tuple[str, Mapping[str, dict[int, NailLabel]]]:
    """The table of fingers and directions, by its name, and its labels by picture and value.

    Args:
        data: folder.
        names: of its pictures that are scored.
        path: None is `LABELS`, or no labels ("") if that is of other pictures.

    Raises:
        DataError: the table cannot be read, or is of other pictures.
    """
    if path is None and not LABELS.is_file():
        return "", {}
    known = labels_by_picture(path or LABELS)
    try:
        check_labels(known, data, names)
    except DataError as error:
        if path is None:
            return "", {}
        raise DataError(f"{path}: {error}; --labels names the table of these pictures") from error
    return str(path or LABELS.relative_to(ROOT)), known


def labels_by_picture(path: Path) -> Mapping[str, dict[int, NailLabel]]:
    """The labels of each picture by the nails' values."""
    labels: dict[str, dict[int, NailLabel]] = defaultdict(dict)
    for (picture, nail), label in read_labels(path).items():
        labels[picture][nail] = label
    return labels


def check_labels(labels: Mapping[str, dict[int, NailLabel]], data: Path, names: Sequence[str]) -> None:
    """Labels are of other pictures where they speak of none of these, or of nails that are not there.

    Raises:
        DataError: they are.
    """
    shared = [name for name in names if name in labels]
    if not shared:
        raise DataError(f"labels none of the pictures in {data}")
    for name in shared:
        if absent := labels[name].keys() - set(np.unique(read_instances(data, name)).tolist()):
            raise DataError(f"labels nail {min(absent)} of {name}, which its instances do not have")


def worst_tiles(report: NailReport) -> list[Tile]:
    """The worst pictures of a report, with truth and prediction, for a contact sheet."""
    graph = NailGraph(Path(report.model))
    tiles = []
    for scored in report.worst:
        picture, instances = read_nails(Path(report.data), scored.name)
        found = nail_mask(graph.picture(picture), *instances.shape) >= THRESHOLD
        nails = sum(nail.iou is not None for nail in scored.nails)
        note = f"IoU {scored.nail_iou:.3f}, {nails} of {len(scored.nails)} nails"
        note += f", {len(scored.false_sides)} false" if scored.false_sides else ""
        tiles.append(Tile(picture, instances > 0, found, scored.name, note))
    return tiles
