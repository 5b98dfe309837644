"""How well a model answers, in the shape that model.json carries."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

BINS = 10


def _share(value: float) -> float:
    return round(float(value), 4)


def measure(classes: tuple[str, ...], probabilities: np.ndarray, truth: np.ndarray) -> dict:
    """Per-class figures and the confusion matrix; `macroF1` is the mean over the classes that the truth holds."""
    answer = probabilities.argmax(axis=1)
    every = list(range(len(classes)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answer, labels=every, zero_division=0)
    return {
        "rows": len(truth),
        "accuracy": _share((answer == truth).mean()),
        "macroF1": _share(f1[support > 0].mean()),
        "perClass": [
            {
                "class": name,
                "precision": _share(precision[i]),
                "recall": _share(recall[i]),
                "f1": _share(f1[i]),
                "support": int(support[i]),
            }
            for i, name in enumerate(classes)
        ],
        "confusion": confusion_matrix(truth, answer, labels=every).tolist(),
    }


def calibrate(probabilities: np.ndarray, truth: np.ndarray) -> dict:
    """How far confidence can be believed: expected calibration error over ten equal bins, Brier score, the bins.

    A bin without rows is left out.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == truth
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    one_hot = np.eye(probabilities.shape[1])[truth]
    bins, error = [], 0.0
    for index in range(BINS):
        inside = number == index
        if not inside.any():
            continue
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
        bins.append(
            {
                "from": index / BINS,
                "to": (index + 1) / BINS,
                "rows": int(inside.sum()),
                "confidence": round(min(float(confidence[inside].mean()), 1.0), 6),
                "accuracy": round(float(right[inside].mean()), 6),
            }
        )
    return {
        "expectedCalibrationError": round(float(error), 6),
        "brier": round(float(((probabilities - one_hot) ** 2).sum(axis=1).mean()), 6),
        "bins": bins,
    }
