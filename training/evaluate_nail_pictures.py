"""Score a nail model on pictures whose nails are known, through the effect's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data import DataError
from training.data_nails import NailLabel, read_labels, read_nails
from training.evaluate_nail_data import Problem, usable_examples
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
    examples, problems, absent = find_examples(data, names, skip_bad, usable_examples)
    chosen = labels or default_labels(data, (example.name for example in examples))
    known = labels_by_picture(chosen) if chosen else {}
    pictures = []
    sets: dict[str, list[NailPicture]] = defaultdict(list)
    tags: dict[str, list[NailPicture]] = defaultdict(list)
    for done, example in enumerate(examples):
        progress(done, len(examples))
        picture, instances = read_nails(data, example.name)
        of_picture = known.get(example.name, {})
        if chosen:
            check_labels(chosen, example.name, of_picture, instances)
        scored = score_nails(example.name, instances, graph.picture(picture), of_picture)
        pictures.append(scored)
        if example.set:
            sets[example.set].append(scored)
        if example.tag:
            tags[example.tag].append(scored)
    progress(len(examples), len(examples))
    return NailReport(
        model=str(model),
        data=str(data),
        labels=str(labels or LABELS.relative_to(ROOT)) if chosen else "",
        scores=summarise(pictures),
        per_set={name: summarise(some) for name, some in sorted(sets.items())},
        per_tag={name: summarise(some) for name, some in sorted(tags.items())},
        pictures=pictures,
        problems=problems,
        absent=absent,
    )


def default_labels(data: Path, names: Iterable[str]) -> Path | None:
    """`LABELS`, if it is of these pictures: it names some, and no nail that their instances do not have."""
    if not LABELS.is_file():
        return None
    known = labels_by_picture(LABELS)
    shared = [name for name in names if name in known]
    try:
        for name in shared:
            check_labels(LABELS, name, known[name], read_nails(data, name)[1])
    except DataError:
        return None
    return LABELS if shared else None


def labels_by_picture(path: Path) -> Mapping[str, dict[int, NailLabel]]:
    """The labels of each picture by the nails' values."""
    labels: dict[str, dict[int, NailLabel]] = defaultdict(dict)
    for (picture, nail), label in read_labels(path).items():
        labels[picture][nail] = label
    return labels


def check_labels(path: Path, name: str, labels: Mapping[int, NailLabel], instances: np.ndarray) -> None:
    """Labels belong to other pictures of the same names where they speak of nails that are not there.

    Raises:
        DataError: a labelled nail is not in the instances.
    """
    for nail in labels:
        if not (instances == nail).any():
            raise DataError(
                f"{path}: labels nail {nail} of {name}, which its instances do not have; the labels are of "
                "other pictures: name theirs with --labels"
            )


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
