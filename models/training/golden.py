"""Chooses the golden vectors: held-out flows that tell a model from one with any of the known faults."""

from __future__ import annotations

import json

import numpy as np

import graph
from errors import ExportError, some
from labels import Task
from mutations import Mutation, mutations

# Of softmax probabilities computed by different float32 kernels.
TOLERANCE = 1e-4
# A fault counts as seen in a flow when it moves a probability by this much: clear of what kernels differ by.
SEEN = 2 * TOLERANCE
# A vector whose two best classes are closer than this could change class within the tolerance's reach.
CLEAR_MARGIN = 0.05
# Flows of a class that the choice is made from: the least sure ones show the most, the others stand for the rest.
LEAST_SURE = 200
SPREAD = 100


def _margin(probabilities: np.ndarray) -> np.ndarray:
    ordered = np.sort(probabilities, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def candidates(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Row numbers to choose from: answered right and clearly, some hundreds a class, the least sure first."""
    margin = _margin(probabilities)
    fit = (probabilities.argmax(axis=1) == truth) & (margin >= CLEAR_MARGIN)
    chosen: list[np.ndarray] = []
    for index in range(probabilities.shape[1]):
        own = np.flatnonzero(fit & (truth == index))
        own = own[np.argsort(margin[own], kind="stable")]
        surer = own[LEAST_SURE:]
        chosen += [own[:LEAST_SURE], surer[:: max(1, len(surer) // SPREAD)]]
    return np.concatenate(chosen)


def ladder(probabilities: np.ndarray, truth: np.ndarray, pool: np.ndarray, per_class: int) -> list[int]:
    """`per_class` rows of each class whose certainty runs evenly from hardly to very sure.

    A probability of 1.000 hides a changed weight or a swapped feature, and most rows have one.
    """
    margin = _margin(probabilities)
    chosen: list[int] = []
    for index in range(probabilities.shape[1]):
        own = pool[truth[pool] == index]
        for wanted in np.linspace(CLEAR_MARGIN, 1, min(per_class, len(own))):
            nearest = int(own[np.abs(margin[own] - wanted).argmin()])
            chosen.append(nearest)
            own = own[own != nearest]
    return chosen


def _effects(faults: list[Mutation], rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How far each fault moves a probability of each row."""
    return np.stack([np.abs(fault.answer(rows) - right).max(axis=1) for fault in faults])


def choose(model: bytes, rows: np.ndarray, truth: np.ndarray, per_class: int) -> tuple[list[int], list[str]]:
    """Numbers of the chosen rows, and the faults that no row can show because the model does not use the feature.

    Starts from the ladder, then adds the row that shows the most faults not yet shown, until all are.
    Raises ExportError when a fault that every sound model would show changes no answer.
    """
    probabilities = graph.run(model, rows)
    pool = candidates(probabilities, truth)
    faults = list(mutations(model, rows.shape[1], probabilities.shape[1]))
    shown = _effects(faults, rows[pool], probabilities[pool]) >= SEEN
    possible = shown.any(axis=1)
    silent = [fault for fault, seen in zip(faults, possible) if not seen]
    hopeless = [fault.name for fault in silent if fault.essential]
    if hopeless:
        raise ExportError(
            f"no held-out flow shows these faults: {some(hopeless)}; the model leaves a part of itself unused. "
            "Train it longer or on more flows"
        )
    chosen = ladder(probabilities, truth, pool, per_class)
    left = possible & ~shown[:, np.isin(pool, chosen)].any(axis=1)
    while left.any():
        best = int(shown[left].sum(axis=0).argmax())
        chosen.append(int(pool[best]))
        left &= ~shown[:, best]
    return chosen, [fault.name for fault in silent]


def _number(value: np.float32):
    """The shortest decimal that reads back as the same float32; whole numbers without a point."""
    whole = float(value).is_integer() and abs(value) < 2**53
    return int(value) if whole else float(str(value))


def document(task: Task, features, rows: np.ndarray, probabilities: np.ndarray, labels, chosen: list[int]) -> dict:
    """The content of golden.json."""
    return {
        "schemaVersion": 1,
        "model": task.name,
        "features": list(features),
        "classes": list(task.classes),
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


def passes(content: dict, answer) -> bool:
    """Whether a model passes the self-test: `answer` gives probabilities for raw rows."""
    rows = np.array([vector["row"] for vector in content["vectors"]], np.float32)
    expected = np.array([vector["expected"]["probabilities"] for vector in content["vectors"]])
    classes = [content["classes"].index(vector["expected"]["class"]) for vector in content["vectors"]]
    got = answer(rows)
    near = (np.abs(got - expected) <= content["tolerance"]).all()
    return bool(near and (got.argmax(axis=1) == classes).all())


def prove(content: dict, model: bytes, silent: list[str]) -> int:
    """How many planted faults the golden file stops, as it would be read back.

    Raises ExportError when the model itself fails it, or a model with a fault passes that is not `silent`.
    """
    content = json.loads(json.dumps(content))
    if not passes(content, lambda rows: graph.run(model, rows)):
        raise ExportError("the model fails its own golden vectors: its answers change when rows are written and read")
    width, classes = len(content["features"]), len(content["classes"])
    faults = [fault for fault in mutations(model, width, classes) if fault.name not in silent]
    missed = [fault.name for fault in faults if passes(content, fault.answer)]
    if missed:
        raise ExportError(f"the golden vectors let these faults pass: {some(missed)}; choose more vectors a class")
    return len(faults)
