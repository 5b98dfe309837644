"""What an answer is taken for: the thresholds of a specialist, chosen on the validation part of its training flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labels import NORMAL

# A row labelled an attack is flagged whatever its probabilities, so a higher threshold would say nothing.
MOST = 0.5
# Confidence is looked at in steps of 1 / STEPS.
STEPS = 20
# Answers that are said to be sure are right this often.
RIGHT = 0.95


@dataclass(frozen=True)
class Decision:
    """`attack_at`: probability of any attack from which a row is flagged; `confident_at`: confidence of a sure answer."""

    attack_at: float
    confident_at: float


def risk(classes: tuple[str, ...], probabilities: np.ndarray) -> np.ndarray:
    """The probability of being any attack, 1 − P(Normal), of each row."""
    return 1 - probabilities[:, classes.index(NORMAL)].astype(np.float64)


def _widest(cuts: np.ndarray, best: np.ndarray) -> tuple[float, float]:
    """The ends of the widest run of best intervals; `cuts[i]` is where interval i ends. Of equals the highest."""
    ends = np.concatenate([[0.0], cuts])
    runs: list[tuple[float, float]] = []
    for number in np.flatnonzero(best):
        start = runs.pop()[0] if runs and runs[-1][1] == ends[number] else float(ends[number])
        runs.append((start, float(ends[number + 1])))
    return max(runs, key=lambda run: (run[1] - run[0], run[1]))


def attack_threshold(risks: np.ndarray, labelled: np.ndarray, attack: np.ndarray) -> float:
    """The threshold up to 0.5 at which flagged rows and attacks agree best, by F1: the middle of the widest plateau.

    Every threshold of a plateau is equally good; its middle is the farthest from becoming worse. `labelled` are the rows
    whose label is an attack, `attack` those that are one.
    """
    open_risks, open_attack = risks[~labelled], attack[~labelled]
    cuts = np.unique(np.append(open_risks[(open_risks > 0) & (open_risks < MOST)], MOST))

    def flagged(of: np.ndarray) -> np.ndarray:
        ordered = np.sort(of)
        return len(ordered) - np.searchsorted(ordered, cuts, side="left")

    found = (labelled & attack).sum() + flagged(open_risks[open_attack])
    wrong = (labelled & ~attack).sum() + flagged(open_risks[~open_attack])
    f1 = 2 * found / np.maximum(found + wrong + attack.sum(), 1)
    low, high = _widest(cuts, f1 == f1.max())
    return float(f"{(low + high) / 2:.4g}")


def confidence_threshold(confidence: np.ndarray, right: np.ndarray) -> float:
    """The lower end of the steps, from the surest down, in which answers were shown to be right often enough.

    By the rule of succession, (right + 1) / (rows + 2), so a step needs 18 rows even where all are right: where the
    validation part has hardly an answer, nothing is known. The surest step counts in any case.
    """
    step = np.minimum((confidence.astype(np.float64) * STEPS).astype(int), STEPS - 1)
    lowest = STEPS - 1
    for number in range(STEPS - 1, 0, -1):
        rows = right[step == number]
        if (rows.sum() + 1) / (len(rows) + 2) < RIGHT:
            break
        lowest = number
    return lowest / STEPS


def choose(classes: tuple[str, ...], probabilities: np.ndarray, truth: np.ndarray) -> Decision:
    """Both thresholds; give the validation part, never held-out rows."""
    answer, normal = probabilities.argmax(axis=1), classes.index(NORMAL)
    return Decision(
        attack_threshold(risk(classes, probabilities), answer != normal, truth != normal),
        confidence_threshold(probabilities.max(axis=1), answer == truth),
    )


def _share(of: np.ndarray) -> float | None:
    return round(float(of.mean()), 4) if len(of) > 0 else None


def measure(
    classes: tuple[str, ...], decision: Decision, outside: np.ndarray, probabilities: np.ndarray, truth: np.ndarray
) -> dict:
    """What the thresholds lead to on rows that they were not chosen on; a share of no rows is null.

    `outside` are the rows that lie far from the training flows.
    """
    answer, normal = probabilities.argmax(axis=1), classes.index(NORMAL)
    flagged = (answer != normal) | (risk(classes, probabilities) >= decision.attack_at)
    sure = probabilities.max(axis=1).astype(np.float64) >= decision.confident_at
    return {
        "outside": _share(outside),
        "lowConfidence": _share(~sure),
        "rightWhenSure": _share((answer == truth)[sure]),
        "falseAlarms": _share(flagged[truth == normal]),
        "missed": _share(~flagged[truth != normal]),
    }
