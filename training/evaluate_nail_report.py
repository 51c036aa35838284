"""How the scores of nail models are shown."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from training.evaluate_nail_pictures import NailReport
from training.evaluate_nail_score import NailScores
from training.evaluate_nail_video import MovedReport

MOVED = {
    "iou_rest": "IoU at rest",
    "iou_moving": "moving",
    "recall_rest": "recall at rest",
    "recall_moving": "moving",
    "flicker_rest": "flicker at rest",
    "flicker_moving": "moving",
    "jitter_rest": "jitter at rest",
    "jitter_moving": "moving",
    "lag": "lag",
    "switches": "switches",
    "nail_frames": "of",
}
"""The scores of moved stills that are shown, and their titles."""


def nails_table(report: NailReport) -> Table:
    """The scores by set and by tag, then of all."""
    titles = (
        "pictures",
        "nails",
        "binary IoU",
        "(pictures)",
        "nail IoU",
        "(pictures)",
        "recall",
        "precision",
    )
    table = _table(*titles, "boundary F")
    for title, group in (("set", report.per_set), ("tag", report.per_tag)):
        for name, scores in group.items():
            table.add_row(Text(f"{title} {name}"), *_cells(scores))
        if group:
            table.add_section()
    table.add_row("all", *_cells(report.scores), style="bold")
    return table


def sizes_table(scores: NailScores) -> Table:
    """How well nails of each size are found."""
    table = _table("nails", "recall", "IoU of those found")
    for name, size in scores.sizes.items():
        table.add_row(f"{name} nails", str(size.nails), cell(size.recall), cell(size.iou))
    return table


def labels_table(scores: NailScores) -> Table:
    """False nails where there are none, directions and fingers; what there is of them."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for column in ("", "value", "of"):
        table.add_column(column, justify="left" if not column else "right")
    rows: list[tuple[str, float | None, str]] = [
        (
            "without nails, but some are seen",
            scores.false_pictures,
            f"{scores.empty_pictures} pictures",
        ),
        ("their pixels that are seen as nail", scores.false_pixels, ""),
        ("direction, median error in degrees", scores.direction_median, f"{scores.direction_nails} nails"),
        ("90th percentile", scores.direction_p90, ""),
        ("finger right", scores.finger_accuracy, f"{scores.finger_nails} nails"),
        ("of either hand", scores.finger_accuracy_any_hand, ""),
        ("finger right on whole hands", scores.whole_hand_accuracy, f"{scores.whole_hand_nails} nails"),
        ("of either hand", scores.whole_hand_accuracy_any_hand, ""),
    ]
    for title, value, of in rows:
        if value is not None:
            table.add_row(title, cell(value), of)
    return table


def moved_table(report: MovedReport) -> Table:
    """The scores by clip, then of all."""
    table = _table()
    for title in MOVED.values():
        table.add_column(title, justify="right")
    rows = list(report.clips.items())
    for number, (name, score) in enumerate([*rows, ("all", report.scores)]):
        if number == len(rows):
            table.add_section()
        cells = (cell(getattr(score, title)) for title in MOVED)
        table.add_row(Text(name), *cells, style="bold" if number == len(rows) else None)
    return table


def cell(value: float | None, digits: int = 4) -> str:
    """A score, with so many digits, or a number as text; "-" where there is none."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for title in titles:
        table.add_column(title, justify="right")
    return table


def _cells(scores: NailScores) -> list[str]:
    values = (
        scores.binary_iou,
        scores.binary_iou_pictures,
        scores.nail_iou,
        scores.nail_iou_pictures,
        scores.recall,
        scores.precision,
        scores.boundary_f,
    )
    return [str(scores.pictures), str(scores.nails), *map(cell, values)]
