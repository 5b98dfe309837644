"""The rows that decide an import: raw features with labels, or with the probabilities that the model gave for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .pickles import read_bytes
from .refused import Refused

LABELS = ("Label", "label", "class", "Class", "target")


@dataclass(frozen=True)
class Rows:
    """Raw features (float32), the class of each row by position, and where given the probabilities to expect."""

    file: str
    features: list[str]
    classes: list[str]
    values: np.ndarray
    truth: np.ndarray
    labels: list[str]
    expected: np.ndarray | None = None
    dropped: int = 0


def _feature_order(named: list[str] | None, given: list[str], width: int, file: str) -> list[str]:
    """The features' names in the model's order: the metadata's, or else those of the file."""
    names = named or given
    if len(names) != width:
        raise Refused(f"{file} has {len(names)} features and the network takes {width}; they must be the same columns")
    missing = sorted(set(names) - set(given))
    if missing:
        raise Refused(f"{file} lacks {len(missing)} of the model's features: {', '.join(missing[:8])}")
    return names


def read_labelled(path: Path, metadata, features: int, classes: list[str]) -> Rows:
    """Rows of a CSV file whose header names the features and a label; rows with a cell that is not finite are dropped.

    A label is a class, a label that the metadata's "labels" maps to one, or a class's position. Raises Refused.
    """
    read_bytes(path)
    try:
        table = pd.read_csv(path, skipinitialspace=True)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: is not a CSV file ({error})") from None
    table.columns = [str(column).strip() for column in table.columns]
    label = next((name for name in LABELS if name in table.columns), None)
    if label is None:
        raise Refused(f"{path.name} has no label column; it must be called one of {', '.join(LABELS)}")
    given = [column for column in table.columns if column != label]
    if metadata.features is None and len(given) != features:
        raise Refused(f"{path.name} has {len(given)} feature columns and the network takes {features}")
    names = _feature_order(metadata.features, given, features, path.name)
    try:
        values = table[names].to_numpy(np.float32)
    except (TypeError, ValueError) as error:
        raise Refused(f"{path.name}: features must be numbers ({error})") from None
    whole = np.isfinite(values).all(axis=1)
    labels = [str(value) for value in table[label][whole]]
    index = _positions(classes, metadata.labels)
    strangers = sorted(set(labels) - set(index))
    if strangers:
        raise Refused(
            f"{path.name}: label {strangers[0]!r} is no class; classes are {', '.join(classes)}. Map labels to classes "
            'with "labels" in the metadata, and leave out the rows that belong to none'
        )
    truth = np.array([index[value] for value in labels], dtype=np.int64)
    return Rows(path.name, names, classes, values[whole], truth, labels, dropped=int((~whole).sum()))


def _positions(classes: list[str], labels: dict[str, str]) -> dict[str, int]:
    index = {str(position): position for position in range(len(classes))}
    index |= {name: position for position, name in enumerate(classes)}
    return index | {label: classes.index(name) for label, name in labels.items()}


def read_expected(path: Path, metadata, features: int, classes: list[str]) -> Rows:
    """Rows with the probabilities that the model gave when it was right.

    JSON `{features, classes, rows, probabilities}`, the same arrays in an npz file, or a `golden.json`. The names
    are wanted here although the metadata has them: an order that is written down once cannot be checked. Raises
    Refused.
    """
    content = _read_arrays(path)
    if isinstance(content.get("vectors"), list):
        vectors = content["vectors"]
        content = {**content, "rows": [each["row"] for each in vectors]}
        content["probabilities"] = [each["expected"]["probabilities"] for each in vectors]
    try:
        values = np.asarray(content["rows"], dtype=np.float32)
        expected = np.asarray(content["probabilities"], dtype=np.float64)
    except (KeyError, TypeError, ValueError):
        raise Refused(f'{path.name} must hold "rows" and "probabilities", both arrays of arrays of numbers') from None
    given, named = _listed(content.get("features")), _listed(content.get("classes"))
    if given is None or named is None:
        what = '"features"' if given is None else '"classes"'
        raise Refused(
            f"{path.name} lacks {what}: list the names in the order of its own columns, from the code that computed them; "
            "an order that only the metadata knows cannot be checked"
        )
    if values.ndim != 2 or values.shape[1] != features or len(values) == 0:
        raise Refused(f"{path.name}: rows have the shape {values.shape}; the network takes [rows, {features}]")
    if expected.shape != (len(values), len(classes)):
        raise Refused(f"{path.name}: probabilities have the shape {expected.shape}, but must have {(len(values), len(classes))}")
    names = _feature_order(metadata.features, given, features, path.name)
    if len(given) != features:
        raise Refused(f"{path.name} names {len(given)} features and has {features} columns")
    values = values[:, [given.index(name) for name in names]]
    if not np.isfinite(values).all():
        raise Refused(f"{path.name}: rows hold values that are not finite")
    if (expected < 0).any() or not np.allclose(expected.sum(axis=1), 1, atol=0.01):
        raise Refused(f"{path.name}: probabilities must be between 0 and 1 and add up to 1 in every row; logits need a softmax")
    expected = expected[:, _class_order(named, classes, path.name)]
    truth = expected.argmax(axis=1)
    return Rows(path.name, names, classes, values, truth, [classes[i] for i in truth], expected)


def _class_order(given: list[str], classes: list[str], file: str) -> list[int]:
    if set(given) != set(classes):
        raise Refused(f"{file} names the classes {', '.join(given)}; the metadata names {', '.join(classes)}")
    return [given.index(name) for name in classes]


def _listed(value) -> list[str] | None:
    return None if value is None else [str(name) for name in value]


def _read_arrays(path: Path) -> dict:
    content = read_bytes(path)
    try:
        if path.suffix.lower() == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        parsed = json.loads(content)
    except (ValueError, OSError) as error:
        raise Refused(f"{path}: is neither JSON nor npz ({error})") from None
    if not isinstance(parsed, dict):
        raise Refused(f"{path.name}: must hold an object with rows and probabilities")
    return parsed
