"""Finds the one forward pass, and the one way of scaling, that a checkpoint was trained with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from . import forward
from .forward import Forward
from .refused import Refused
from .rows import Rows
from .scalers import Scaler
from .weights import Weights

# Of probabilities, from expected ones, which may have been rounded when they were written down.
FITS = 1e-3
# How many times as far off the next pass must be: rounded outputs tell less, and then ask for more distance.
CLEAR, NEAREST = 20, 1e-6
# Share of labelled rows that the right pass must name correctly.
ACCURATE = 0.9
# Accuracy by which it must lead, and how many rows that must be at least.
LEAD, LEAD_ROWS = 0.02, 5
# Candidates whose probabilities differ by less, on the given rows and on random ones, are the same.
SAME = 1e-5
# Rows that take part in the search, evenly over the classes; the winner is measured on all of them.
MOST_ROWS = 1000
PROBES = 128
SHOWN = 8


@dataclass(frozen=True)
class Candidate:
    """A way to get from raw rows to probabilities: how often the scaler is applied, whether clipped to 0…1, and the pass."""

    scaled: str
    clipped: bool
    forward: Forward

    def __str__(self) -> str:
        return f"scaler {self.scaled}{', clipped to 0…1' if self.clipped else ''}; {self.forward}"


@dataclass(frozen=True)
class Tried:
    """A candidate with its probabilities; `loss` is what is to be small: the largest difference, or 1 − accuracy."""

    candidate: Candidate
    probabilities: np.ndarray
    probed: np.ndarray
    loss: float


def probes(rows: np.ndarray, seed: int = 20170703) -> np.ndarray:
    """Random raw rows around the given ones, feature by feature: they tell passes apart where given rows agree by chance."""
    random = np.random.default_rng(seed)
    low, high = rows.min(axis=0), rows.max(axis=0)
    spread = np.where(high > low, high - low, 1)
    drawn = low + spread * random.uniform(-0.25, 1.25, size=(PROBES, rows.shape[1]))
    return drawn.astype(np.float32)


def scale(scaler: Scaler, rows: np.ndarray, times: int, clipped: bool) -> torch.Tensor:
    """Rows as the network takes them."""
    made = rows.astype(np.float64)
    for _ in range(times):
        made = scaler.transform(made)
    if clipped:
        made = made.clip(0, 1)
    return torch.from_numpy(made.astype(np.float32))


def _ways(scaler: Scaler) -> list[tuple[str, int, bool]]:
    """How the scaler may have been applied; one that changes nothing leaves only one way."""
    if scaler.identity:
        return [("once", 1, False)]
    clips = (False, True) if scaler.clips is None else (scaler.clips,)
    return [(name, times, clip) for name, times in (("once", 1), ("twice", 2)) for clip in clips] + [("not applied", 0, False)]


def searched(rows: Rows) -> np.ndarray:
    """Positions of the rows to search with: all, or as many as MOST_ROWS in the order of their classes."""
    if len(rows.values) <= MOST_ROWS:
        return np.arange(len(rows.values))
    order = np.argsort(rows.truth, kind="stable")
    return order[np.linspace(0, len(order) - 1, MOST_ROWS).astype(int)]


def _loss(probabilities: np.ndarray, truth: np.ndarray, expected: np.ndarray | None) -> float:
    if not np.isfinite(probabilities).all():
        return float("inf")
    if expected is not None:
        return float(np.abs(probabilities - expected).max())
    return float((probabilities.argmax(axis=1) != truth).mean())


def try_all(weights: Weights, scaler: Scaler, rows: Rows, parts: list[dict[str, str]]) -> list[Tried]:
    """Every candidate, best first; equals stay in the order of the family, scaled once before all others."""
    at = searched(rows)
    values, truth = rows.values[at], rows.truth[at]
    expected = None if rows.expected is None else rows.expected[at]
    both = np.concatenate([values, probes(rows.values)])
    tried = []
    for name, times, clipped in _ways(scaler):
        scaled = scale(scaler, both, times, clipped)
        for member, probabilities in chain(*(forward.every(weights, scaled, fixed) for fixed in parts)):
            given, probed = np.split(probabilities.numpy(), [len(values)])
            loss = _loss(given, truth, expected)
            tried.append(Tried(Candidate(name, clipped, member), given, probed, loss))
    return sorted(tried, key=lambda each: each.loss)


def unclear(loss: float) -> float:
    """The largest difference at which another pass is too near to one that is `loss` off."""
    return CLEAR * max(loss, NEAREST)


def _same(one: Tried, other: Tried) -> bool:
    pairs = ((one.probabilities, other.probabilities), (one.probed, other.probed))
    return all(bool((np.abs(a - b) <= SAME).all()) for a, b in pairs)


def table(tried: list[Tried], labelled: bool) -> str:
    """The best candidates, one a line, with what they reach."""
    figure = (lambda loss: f"accuracy {1 - loss:.4f}") if labelled else (lambda loss: f"largest difference {loss:.2g}")
    lines = [f"  {figure(each.loss):<26} {each.candidate}" for each in tried[:SHOWN]]
    more = len(tried) - len(lines)
    return "\n".join([*lines, f"  and {more} more that fit no better"] if more > 0 else lines)


def choose(weights: Weights, scaler: Scaler, rows: Rows, parts: list[dict[str, str]]) -> tuple[Candidate, list[Tried]]:
    """The one candidate that fits, and all that were tried.

    Expected outputs: within FITS of every probability, and every other one CLEAR times as far off. Labelled rows: accuracy of at least
    ACCURATE, ahead of every other one by LEAD and by LEAD_ROWS rows. Candidates that are numerically the same count
    as one. Raises Refused, with the table, where none or more than one fits, where the classes stand in another
    order, and where the one that fits applies the scaler twice or not at all.
    """
    labelled = rows.expected is None
    tried = try_all(weights, scaler, rows, parts)
    if not tried:
        raise Refused("--forward: no forward pass of this checkpoint has these switches; it has no attention")
    best = tried[0]
    limit = 1 - ACCURATE if labelled else FITS
    if best.loss > limit + 1e-12:
        _refuse_order(tried, rows, labelled)
        wanted = f"an accuracy of {ACCURATE}" if labelled else f"the expected probabilities within {FITS}"
        raise Refused(f"no known forward pass reaches {wanted} on {rows.file}:\n{table(tried, labelled)}\n{NO_FIT}")
    others = [each for each in tried[1:] if not _same(best, each)]
    lead = max(LEAD, LEAD_ROWS / len(best.probabilities)) if labelled else 0
    reach = best.loss + lead - 1e-12 if labelled else unclear(best.loss)
    if others and others[0].loss <= reach:
        by = f"by an accuracy of {lead:.3f}" if labelled else f"by being {CLEAR} times as near"
        raise Refused(
            f"more than one forward pass fits {rows.file}; the right one must lead {by}:\n"
            f"{table([best, *others], labelled)}\n{AMBIGUOUS}"
        )
    if best.candidate.scaled != "once":
        raise Refused(f"{SCALING[best.candidate.scaled]}:\n{table(tried, labelled)}")
    return best.candidate, tried


NO_FIT = (
    "Check that the rows are raw features in the order of training and that scaler and checkpoint come from the same "
    "training; otherwise the network computes something that this importer does not know"
)
AMBIGUOUS = (
    "Give more rows, or the model's own probabilities with --expected, which tell far more; or say which script trained "
    "it: --forward known for one of the two that are known, or its switches as --forward 'interaction=linear skips=plain'"
)
SCALING = {
    "twice": (
        "the model fits only when the scaler is applied twice: training scaled rows that were scaled already. Merge both "
        "steps into one scaler (mean' = mean + scale · mean, scale' = scale²) after checking which rows callers send"
    ),
    "not applied": (
        "the model fits only without its scaler: either the given rows are scaled already (give raw ones), or the "
        "scaler belongs to another model, or training used raw values (declare that with --scaler identity)"
    ),
}


def _costs(each: Tried, rows: Rows, at: np.ndarray) -> np.ndarray:
    """How badly output j would do as class i: rows of i that j does not name, or the largest difference of their columns."""
    classes = len(rows.classes)
    if rows.expected is not None:
        differences = np.abs(rows.expected[at][:, :, None] - each.probabilities[:, None, :])
        return differences.max(axis=0)
    hits = np.zeros((classes, classes))
    np.add.at(hits, (rows.truth[at], each.probabilities.argmax(axis=1)), 1)
    return -hits


def _refuse_order(tried: list[Tried], rows: Rows, labelled: bool) -> None:
    """Refuses where a candidate fits once its outputs are given to other classes."""
    at = searched(rows)
    for each in tried:
        if each.candidate.scaled != "once" or not np.isfinite(each.probabilities).all():
            continue
        costs = _costs(each, rows, at)
        truth, output = linear_sum_assignment(costs)
        fits = -costs[truth, output].sum() / len(at) >= ACCURATE if labelled else costs[truth, output].max() <= FITS
        if fits and (truth != output).any():
            moves = [f"output {j} is {rows.classes[i]}, not {rows.classes[j]}" for i, j in zip(truth, output) if i != j]
            order = ", ".join(rows.classes[i] for i in np.argsort(output))
            raise Refused(
                f"wrong class order: {each.candidate} fits {rows.file} only when {'; '.join(moves)}. "
                f'If that is so, list "class_names" in the metadata as {order}'
            )
