"""What the training flows hold of each feature, so that a flow far outside can be told, and traffic that has moved."""

from __future__ import annotations

import numpy as np

from scaling import signed_log, signed_log_inverse

#: Bins of a feature at most.
BINS = 10
# Significant digits: far finer than the margin, and a feature stays one line that can be read.
DIGITS = 6
# Of the signed logarithm. From zero it reaches to 1 on both sides: one packet or flag more than was ever seen, and the
# −1 that stands for "absent"; from a large value to twice or half of it.
LEAST_MARGIN = np.log(2)
# Of what lies between smallest and largest value: a feature that spans decades may go on for a part of one.
MARGIN_SHARE = 0.1


def _rounded(value: float) -> float | int:
    """Six significant digits; a whole number without a point."""
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _limits(values: np.ndarray) -> tuple[float | int, float | int]:
    """The smallest and the largest value, each moved outwards by the margin."""
    smallest, largest = signed_log(np.array([values.min(), values.max()]))
    margin = max(LEAST_MARGIN, MARGIN_SHARE * (largest - smallest))
    low, high = signed_log_inverse(np.array([smallest - margin, largest + margin]))
    return _rounded(low), _rounded(high)


def _edges(values: np.ndarray, high: float) -> list[float | int]:
    """The deciles; equal ones are one edge.

    Many rows hold the lowest value (mostly zero), often nine of ten. A decile at it is moved to the next value, so that
    the lowest has a bin of its own and a change of its share is seen. A feature that never changed has `high` as its
    edge: nothing of the training flows lies above.
    """
    distinct = np.unique(values)
    if len(distinct) == 1:
        return [high]
    deciles = np.quantile(values, np.arange(1, BINS) / BINS, method="inverted_cdf")
    moved = np.where(deciles == distinct[0], distinct[1], deciles)
    return sorted({_rounded(float(edge)) for edge in moved})


def _shares(values: np.ndarray, edges: list[float | int]) -> list[float | int]:
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return [_rounded(count / len(values)) for count in counts]


def describe(rows: np.ndarray) -> list[dict]:
    """The content of `population`, a feature an entry; give raw training rows only."""
    features = []
    for values in rows.astype(np.float64).T:
        low, high = _limits(values)
        edges = _edges(values, high)
        features.append({"low": low, "high": high, "edges": edges, "shares": _shares(values, edges)})
    return features


def outside(population: list[dict], rows: np.ndarray) -> np.ndarray:
    """Which rows have a feature below its `low` or above its `high`."""
    low, high = (np.array([feature[end] for feature in population], np.float64) for end in ("low", "high"))
    wide = rows.astype(np.float64)
    return ((wide < low) | (wide > high)).any(axis=1)
