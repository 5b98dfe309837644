"""What proves a detector: that its graph scores as the original does, and golden vectors on both sides of its threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import detector_graph, scalers
from .refused import Refused

# Of scores, in parts of a score or of 1, whichever is larger.
PARITY = 1e-5
TOLERANCE = 1e-4
VECTORS = 8
PROBES = 128


@dataclass(frozen=True)
class Detector:
    """A read detector: how it scores raw inputs, its graph, and what model.json says of it."""

    graph: bytes
    score: object
    threshold: float
    features: list[str]
    inputs: np.ndarray
    shape: list[int]
    chosen_by: str
    forward: str
    scaler: scalers.Scaler


def distance(got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference, in parts of the wanted score or of 1, whichever is larger."""
    return float((np.abs(got - wanted) / np.maximum(1, np.abs(wanted))).max())


def probes(detector: Detector) -> np.ndarray:
    """Random raw inputs in and around the range of the given ones: what is strange must be among the vectors."""
    random = np.random.default_rng(20170703)
    given = detector.inputs.reshape(-1, detector.inputs.shape[-1])
    low, high = given.min(axis=0), given.max(axis=0)
    spread = np.where(high > low, high - low, 1)
    drawn = low + spread * random.uniform(-3, 4, size=(PROBES, *detector.shape))
    # Four digits: a vector is read by people, too.
    return np.array([float(f"{value:.4g}") for value in drawn.ravel()], np.float32).reshape(drawn.shape)


def parity(detector: Detector, probed: np.ndarray) -> tuple[float, int]:
    inputs = np.concatenate([detector.inputs, probed])
    difference = distance(detector_graph.run(detector.graph, inputs), detector.score(inputs))
    if not difference <= PARITY:
        raise Refused(f"the ONNX graph differs by {difference:.2g} on {len(inputs)} inputs; allowed are {PARITY}")
    return difference, len(inputs)


def golden_vectors(detector: Detector, probed: np.ndarray) -> list[dict]:
    """Inputs with their scores, from familiar to strange, on both sides of the threshold. Raises Refused."""
    inputs = np.concatenate([detector.inputs, probed])
    scores = detector.score(inputs)
    clear = np.abs(scores - detector.threshold) > 2 * TOLERANCE * np.maximum(1, np.abs(scores))
    sides = [np.flatnonzero(clear & side) for side in (scores <= detector.threshold, scores > detector.threshold)]
    if any(len(side) == 0 for side in sides):
        what = "below" if len(sides[0]) == 0 else "above"
        raise Refused(
            f"no input scores {what} the threshold of {detector.threshold:g} (scores run from {scores.min():g} to "
            f"{scores.max():g}): rows, scaler and threshold do not belong together"
        )
    chosen = []
    for side in sides:
        order = side[np.argsort(scores[side], kind="stable")]
        chosen += [int(i) for i in np.unique(order[np.linspace(0, len(order) - 1, VECTORS // 2).astype(int)])]
    return [
        {
            "id": f"{at:02d} {'given' if i < len(detector.inputs) else 'drawn'}",
            "input": [[float(str(value)) for value in row] for row in np.atleast_2d(inputs[i])],
            "expected": {"score": float(f"{scores[i]:.7g}"), "anomalous": bool(scores[i] > detector.threshold)},
        }
        for at, i in enumerate(chosen, start=1)
    ]
