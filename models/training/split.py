"""Divides flows into parts that share none."""

from __future__ import annotations

import numpy as np

from dataset import TaskFlows
from errors import DataError
from labels import Task

#: Distinct flows that a class must have: fewer leave nothing to stop on, to measure, or to make golden vectors of.
LEAST_OF_A_CLASS = 10


def refuse_scarce(task: Task, flows: TaskFlows) -> None:
    """Raises DataError that names every class of the task with too few distinct flows."""
    counts = np.bincount(flows.truth, minlength=len(task.classes))
    scarce = [f"{name} has {n}" for name, n in zip(task.classes, counts) if n < LEAST_OF_A_CLASS]
    if scarce:
        raise DataError(
            f"{task.name}: {', '.join(scarce)} distinct complete flows in {flows.file}; a class needs at least "
            f"{LEAST_OF_A_CLASS}. Add the files of the {task.release} release that hold them"
        )


def split(labels: np.ndarray, group: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of two parts; the second holds about `share` of every label's flows.

    Flows of one group stay together. A group counts as the label of its first flow.
    """
    first = np.unique(group, return_index=True)[1]
    generator = np.random.default_rng(seed)
    second: list[np.ndarray] = []
    for label in np.unique(labels):
        candidates = group[first[labels[first] == label]]
        wanted = int(np.floor(len(candidates) * share + 0.5))
        second.append(generator.permutation(candidates)[:wanted])
    in_second = np.isin(group, np.concatenate(second))
    return np.flatnonzero(~in_second), np.flatnonzero(in_second)
