"""Chooses the golden vectors: held-out flows that pin down what a model answers."""

from __future__ import annotations

import numpy as np

# Of softmax probabilities computed by different float32 kernels.
TOLERANCE = 1e-4
# A vector whose two best classes are closer than this could change class within the tolerance's reach.
CLEAR_MARGIN = 0.05
SURE_MARGIN = 0.9


def choose(probabilities: np.ndarray, truth: np.ndarray, per_class: int) -> list[int]:
    """Row numbers, `per_class` for each class that the model names correctly at least once.

    Their certainty runs evenly from hardly to very sure: a probability of 1.000 hides a changed weight or a
    swapped feature, and most rows have one.
    """
    named = probabilities.argmax(axis=1)
    ordered = np.sort(probabilities, axis=1)
    margin = ordered[:, -1] - ordered[:, -2]
    chosen: list[int] = []
    for index in range(probabilities.shape[1]):
        candidates = np.flatnonzero((named == index) & (truth == index) & (margin >= CLEAR_MARGIN))
        if len(candidates) == 0:
            continue
        for wanted in np.linspace(CLEAR_MARGIN, SURE_MARGIN, min(per_class, len(candidates))):
            nearest = int(candidates[np.abs(margin[candidates] - wanted).argmin()])
            chosen.append(nearest)
            candidates = candidates[candidates != nearest]
    return chosen


def _number(value: np.float32):
    """The shortest decimal that reads back as the same float32; whole numbers without a point."""
    whole = float(value).is_integer() and abs(value) < 2**53
    return int(value) if whole else float(str(value))


def document(task, features, rows, probabilities, labels, chosen) -> dict:
    """The content of golden.json."""
    return {
        "schemaVersion": 1,
        "model": task.name,
        "features": features,
        "classes": task.classes,
        "tolerance": TOLERANCE,
        "vectors": [
            {
                "id": f"{position:02d} {labels[row]}",
                "row": [_number(value) for value in rows[row]],
                "expected": {
                    "class": task.classes[int(probabilities[row].argmax())],
                    "probabilities": [float(f"{value:.7g}") for value in probabilities[row]],
                },
            }
            for position, row in enumerate(chosen, start=1)
        ],
    }
