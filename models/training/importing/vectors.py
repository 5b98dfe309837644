"""Chooses the golden vectors of an imported model: rows that tell it from every other reading of its checkpoint."""

from __future__ import annotations

import numpy as np

import golden
import graph

from .choose import Tried, searched
from .refused import Refused
from .rows import Rows

# Rows that single features are tried on; each feature costs two runs of the graph.
MOST_ROWS = 256


def _covered(rows: Rows, pool: np.ndarray, untrained: list[str]) -> None:
    missing = [name for i, name in enumerate(rows.classes) if i not in set(rows.truth[pool]) and name not in untrained]
    if missing:
        raise Refused(
            f"{rows.file} has no row that the model clearly and rightly calls {', '.join(missing)}; golden vectors need "
            'one a class. Give such rows, or list a class that was never trained as "untrained" in the metadata'
        )


def _columns(model: bytes, values: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    """How far a zeroed feature, and one exchanged with its neighbour, move each row's probabilities."""
    effects = []
    for column in range(values.shape[1]):
        zeroed = values.copy()
        zeroed[:, column] = 0
        effects.append(np.abs(graph.run(model, zeroed) - right).max(axis=1))
        order = np.arange(values.shape[1])
        order[[column - 1, column]] = order[[column, column - 1]]
        effects.append(np.abs(graph.run(model, values[:, order]) - right).max(axis=1))
    return effects


def choose(model: bytes, rows: Rows, tried: list[Tried], untrained: list[str]) -> list[int]:
    """Numbers of the chosen rows: of every class, from hardly to very sure, and enough to show every fault.

    A fault is another forward pass or another way of scaling, and a feature that is zeroed or exchanged with its
    neighbour; one that no row shows is left out, since the model does not look there. Raises Refused where the rows
    do not cover every class.
    """
    probabilities = graph.run(model, rows.values)
    pool = golden.candidates(probabilities, rows.truth)
    pool = np.intersect1d(pool, searched(rows))
    _covered(rows, pool, untrained)
    chosen = golden.ladder(probabilities, rows.truth, pool, max(2, 10 // len(rows.classes)))
    place = {int(row): i for i, row in enumerate(searched(rows))}
    at = [place[int(row)] for row in pool]
    shown = [np.abs(each.probabilities[at] - probabilities[pool]).max(axis=1) >= golden.SEEN for each in tried]
    _add(chosen, pool, np.array(shown))
    some = np.unique([*chosen, *pool[np.linspace(0, len(pool) - 1, min(MOST_ROWS, len(pool))).astype(int)]])
    effects = _columns(model, rows.values[some], probabilities[some])
    _add(chosen, some, np.array(effects) >= golden.SEEN)
    return chosen


def _add(chosen: list[int], pool: np.ndarray, shown: np.ndarray) -> None:
    """Adds the row that shows the most faults not yet shown, until all that can be are."""
    left = shown.any(axis=1) & ~shown[:, np.isin(pool, chosen)].any(axis=1)
    while left.any():
        best = int(shown[left].sum(axis=0).argmax())
        chosen.append(int(pool[best]))
        left &= ~shown[:, best]
