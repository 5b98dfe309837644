"""Synthetic flows for the tests of the training: seven kinds that a small network tells apart, no real data."""

from __future__ import annotations

import csv
import gzip
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

# `unittest discover` puts the tests' own folder on the path, not the one of what they test.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from features import FEATURES  # noqa: E402
from labels import LABELS  # noqa: E402

USED = 12


def flows(per_label: int, labels=LABELS, seed: int = 1) -> tuple[np.ndarray, list[str]]:
    """Rows whose first features depend on the label and on chance; the last two are always zero."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).uniform(1, 8, (len(LABELS), USED))
    rows, names = [], []
    for label in labels:
        made = np.zeros((per_label, len(FEATURES)))
        made[:, :-2] = np.expm1(random.normal(3, 1, (per_label, len(FEATURES) - 2)).clip(0))
        made[:, :USED] = np.expm1(random.normal(centres[LABELS.index(label)], 0.4, (per_label, USED)).clip(0))
        rows.append(made.astype(np.float32).astype(np.float64))
        names += [label] * per_label
    return np.concatenate(rows), names


def write_csv(path: Path, rows, labels, header=None, encoding: str = "utf-8", extra: dict[str, str] | None = None) -> Path:
    """A CSV file in the published layout; one whose name ends in .gz is compressed."""
    extra = extra or {}
    header = list(header or [*FEATURES, "Label"]) + list(extra)
    lines = [[*(repr(float(value)) for value in row), label, *extra.values()] for row, label in zip(rows, labels)]
    opener = gzip.open if path.suffix == ".gz" else open
    path.parent.mkdir(parents=True, exist_ok=True)
    with opener(path, "wt", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
    return path


class TrainingCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)
