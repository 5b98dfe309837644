"""The raw inputs and the numbers that an anomaly detector is imported with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from .metadata import Metadata
from .pickles import read_bytes
from .refused import Refused


def feature_names(metadata: Metadata, given: list[str] | None, width: int) -> list[str]:
    """The features in order: the metadata's, or else the given ones. Raises Refused."""
    names = metadata.features or given
    if names is None:
        raise Refused(f'nothing names the {width} features; list them in the order of training as "feature_names" in the metadata')
    if len(names) != width:
        raise Refused(f"{metadata.source} names {len(names)} features, but the detector takes {width}")
    return names


def read_table(path: Path, metadata: Metadata, width: int) -> tuple[list[str], np.ndarray]:
    """Names and rows (float32) of a CSV file."""
    read_bytes(path)
    try:
        table = pd.read_csv(path, skipinitialspace=True)
        table.columns = [str(column).strip() for column in table.columns]
        names = feature_names(metadata, list(table.columns), width)
        rows = table[names].to_numpy(np.float32)
    except KeyError as error:
        raise Refused(f"{path.name} lacks features of the metadata: {error.args[0]}") from None
    except (ValueError, OSError) as error:
        raise Refused(f"{path.name}: is not a CSV file of numbers with a header ({error})") from None
    if len(rows) == 0 or not np.isfinite(rows).all():
        raise Refused(f"{path.name}: must hold rows, and only finite numbers")
    return names, rows


def read_scored(path: Path) -> tuple[np.ndarray, np.ndarray, list[str] | None]:
    """Sequences, their scores and, where given, the features' names, of a JSON file."""
    try:
        content = json.loads(read_bytes(path))
        sequences, wanted = np.asarray(content["sequences"], np.float32), np.asarray(content["scores"], np.float64)
        names = content.get("features")
    except (ValueError, KeyError, TypeError):
        raise Refused(f'{path.name}: must be JSON with "sequences" [n][steps][features] and "scores" [n]') from None
    if sequences.ndim != 3 or wanted.shape != (len(sequences),) or len(sequences) == 0:
        raise Refused(f"{path.name}: sequences have the shape {sequences.shape} and scores {wanted.shape}; they must match")
    if not np.isfinite(sequences).all() or not np.isfinite(wanted).all():
        raise Refused(f"{path.name}: sequences and scores must be finite")
    return sequences, wanted, names


def one_number(given, carried, what: str, least: float):
    """A number from the command line or the checkpoint; both must say the same. Raises Refused."""
    values = [float(value) for value in (given, carried) if isinstance(value, (int, float, np.number))]
    if not values:
        raise Refused(f"the checkpoint has no {what}; give it with --{what.replace(' ', '-')}")
    if max(values) - min(values) > 1e-9 or not np.isfinite(values[0]) or values[0] <= least:
        raise Refused(f"{what}: given {' and '.join(f'{value:g}' for value in values)}; it must be one number above {least:g}")
    return values[0]
