# ruff: noqa: E501 (a row of a Markdown table cannot be broken)
"""Model cards of landmark networks."""

from __future__ import annotations

from typing import Any

LANDMARKS = """# {name}: facial landmarks

Finds the landmarks of a face in a crop of it, and says whether it is one. The network has two stages after
"Lightweight Real-time Makeup Try-on in Mobile Browsers with Tiny CNN Models for Facial Tracking" (Li et al.,
ModiFace, 2019), built in `landmarks.py` beside this card.

| | |
|---|---|
| input | `image`, float32 {input}: RGB in [-1, 1]. A square upright to the eyes, 1.5 times the larger side of the landmarks' box, about its middle (`calculators/face/landmark_crop.py`) |
| output `landmarks` | float32 {output[landmarks]}: x and y as fractions of the square's sides; iBUG's 68 points, in its order |
| output `presence` | float32 {output[presence]}: how sure the network is that it sees a face's crop; the points mean something from 0.5 on |
| parameters | {parameters:,} |
| multiply-adds | {millions:.0f} million |
| file | {kilobytes:.0f} kB, weights in {weights}, arithmetic in float32 |
| operators | {operator_names}: all are taken by the TFLite GPU delegate |
| against Keras | outputs differ by at most {keras_difference:.1g} |

## Scores
{validation[faces]} faces, held out in groups of near-duplicates (`training/splits/faces_val.txt`), the square from
the annotation: `python -m training.evaluate landmarks`. Errors are mean distances in percent. Trained on what these
leave of 64 % of 300-W's training set; the held-out faces chose the best of the run's epochs.

| | |
|---|---|
| error, by the distance of the outer eye corners | {validation[inter_ocular]:.2f} |
| the same, by the distance of the pupils | {validation[inter_pupil]:.2f} |
| inner points alone, by the eye corners | {validation[inner]:.2f} |
| contour points alone, by the eye corners | {validation[contour]:.2f} |
| median of the faces, by the eye corners | {validation[median]:.2f} |
| faces beyond 8 % | {validation[failure_rate]:.1f} % |
| area under the cumulative curve up to 8 % | {validation[auc]:.3f} |
| faces taken for none | {validation[missed]} |

{graph}

![Loss and validation scores by epoch]({name}_curves.png)

## Training
{epochs} epochs, {hours} hours, seed {seed}, `training/configs/{name}.toml`, from random weights; every epoch's
figures are in `{name}.json`. The learning rate fell and rose: [what each step gave](landmarks_training.md).

## Training data
1,766 faces of Helen, LFPW and AFW with 300-W's annotation, which is for research, not for commercial use. Pictures
of hands and the hairless parts of portraits show what is no face; hands cover faces at times.

**Research use: trained on pictures whose licences do not all allow commercial use.** The code and this file are
under Apache-2.0.

How to train on your own pictures: `docs/training.md`.
"""


GRAPH = """Through the users' graph, each picture by itself, the faces found by `face_detector.tflite`:

| | |
|---|---|
| faces missed | {missed} of {faces} |
| error of those found, by the eye corners | {inter_ocular} |
| the same, by the pupils | {inter_pupil} |
| inner points alone | {inner} |
| contour points alone | {contour} |
| faces beyond 8 % or missed | {failure_rate} % |"""

NO_GRAPH = "Not measured through the users' graph: there was no face detector."


def write_landmark_card(facts: dict[str, Any]) -> str:
    """The card of a landmark model as Markdown, from the facts that `training.export` writes as JSON."""
    graph = facts["validation"].get("graph", {})
    # Where no face was found, there are no errors.
    rounded = {key: f"{value:.2f}" if isinstance(value, float) else value for key, value in graph.items()}
    return LANDMARKS.format(
        **facts,
        graph=GRAPH.format(**rounded) if graph else NO_GRAPH,
        millions=facts["multiply_adds"] / 1e6,
        kilobytes=facts["bytes"] / 1000,
        operator_names=", ".join(facts["operators"]),
    )
