"""What is done to raw features before the network sees them, in Python; graph.py puts the same into the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.preprocessing import StandardScaler


def signed_log(rows: np.ndarray) -> np.ndarray:
    """sign(x) · log(1 + |x|), in float64: flow features span nine decades, and some use −1 for "absent"."""
    wide = rows.astype(np.float64)
    return np.sign(wide) * np.log1p(np.abs(wide))


def signed_log_inverse(values: np.ndarray) -> np.ndarray:
    """The raw values of signed logarithms, in float64."""
    return np.sign(values) * np.expm1(np.abs(values))


@dataclass(frozen=True)
class Scaler:
    """Mean and standard deviation of every feature after the signed logarithm."""

    mean: np.ndarray
    scale: np.ndarray

    @staticmethod
    def fit(rows: np.ndarray) -> Scaler:
        """Learns from raw rows; give training rows only."""
        fitted = StandardScaler().fit(signed_log(rows))
        return Scaler(fitted.mean_.astype(np.float32), fitted.scale_.astype(np.float32))

    def apply(self, rows: np.ndarray) -> np.ndarray:
        """Scaled float32 rows of raw ones."""
        return ((signed_log(rows) - self.mean) / self.scale).astype(np.float32)
