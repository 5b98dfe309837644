"""Reads the CSV files of CICIDS2017 as they are published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from errors import DataError, some
from features import FEATURES
from labels import LABELS, Task, canonical

RELEASES = ("improved", "original")
LABEL = "Label"
# `Source` names the collection that a row came from; it correlates with the label.
DROPPED = ("Source",)


@dataclass(frozen=True)
class Flows:
    """Complete flows of one release, as read: raw features (float32, one row a flow) and canonical labels.

    `incomplete` counts the rows left out for an empty, NaN or infinite cell, `broken_cells` those cells, and
    `left_out` the flows of each label that was left out on request. `ignored` are columns that no model takes.
    """

    file: str
    rows: np.ndarray
    labels: np.ndarray
    incomplete: int
    broken_cells: dict[str, int]
    left_out: dict[str, int]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class TaskFlows:
    """The distinct flows that a task uses; `truth` are positions in its classes.

    `group` is the same number for flows with the same features. `contradictory` counts the groups that carry
    more than one class: no feature tells their flows apart, so they are kept, all on one side of every split.
    """

    file: str
    rows: np.ndarray
    truth: np.ndarray
    labels: np.ndarray
    group: np.ndarray
    repeated: int
    contradictory: int
    left_out: dict[str, int]


def find_files(folder: Path) -> dict[str, list[Path]]:
    """The CSV files of each release: its subfolder, or by name — `orig` or `_ISCX` in it means the original.

    Raises DataError when the folder is missing or holds no CSV file.
    """
    if not folder.is_dir():
        raise DataError(f"--data {folder}: no such folder; give the folder that holds the CSV files of CICIDS2017")
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name.endswith((".csv", ".csv.gz")))
    if not found:
        raise DataError(f"--data {folder}: holds no .csv or .csv.gz file; put the released files in it, or name another")
    files: dict[str, list[Path]] = {release: [] for release in RELEASES}
    for path in found:
        first = path.relative_to(folder).parts[0]
        by_name = "original" if "orig" in path.name.lower() or "_iscx" in path.name.lower() else "improved"
        files[first if first in RELEASES else by_name].append(path)
    return files


def _named_columns(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the published names: no outer blanks, and `.1` on a repeated name only."""
    seen: dict[str, int] = {}
    names = []
    for column in table.columns:
        name = str(column).strip()
        names.append(f"{name}.{seen[name]}" if name in seen else name)
        seen[name] = seen.get(name, 0) + 1
    table.columns = names
    missing = [name for name in (*FEATURES, LABEL) if name not in table.columns]
    if missing:
        raise DataError(
            f"{path.name}: {len(missing)} of {len(FEATURES) + 1} columns are missing ({some(missing)}); given are "
            f"{some(table.columns)}. Take the CSV files for machine learning, which have all of them"
        )
    return table


def _numbers(path: Path, table: pd.DataFrame) -> np.ndarray:
    """The features as float64; a cell of text is an error, an empty one is NaN."""
    for name in FEATURES:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column):
            continue
        numeric = pd.to_numeric(column, errors="coerce")
        text = column[numeric.isna() & column.notna()].astype(str)
        text = text[~text.str.strip().str.lower().isin(["", "nan"])]
        if len(text) > 0:
            raise DataError(
                f"{path.name}: {len(text)} cells of {name} are no numbers ({some(text.unique(), 3)}); "
                "allowed are numbers, NaN and Infinity. Take the files out of the archive again"
            )
        table[name] = numeric
    return table[list(FEATURES)].to_numpy(np.float64)


def _read_file(path: Path) -> tuple[np.ndarray, pd.Series, list[str]]:
    try:
        # The original release is partly in another encoding; it shows in the dash of the web attacks alone.
        table = pd.read_csv(path, encoding="utf-8", encoding_errors="replace", low_memory=False)
    except (OSError, EOFError, ValueError) as problem:
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise DataError(f"{path.name} cannot be read as CSV ({reason}); fetch it again") from problem
    table = _named_columns(path, table)
    known = {*FEATURES, *DROPPED, LABEL}
    return _numbers(path, table), table[LABEL], [name for name in table.columns if name not in known]


def _refuse_unknown(release: str, labels: pd.Series, leave_out: tuple[str, ...]) -> None:
    counts = labels[~labels.isin([*LABELS, *leave_out])].value_counts().sort_index()
    if len(counts) > 0:
        listed = ", ".join(f'"{label}" ({count} flows)' for label, count in counts.items())
        raise DataError(
            f"the {release} release has labels that no specialist knows: {listed}; known are {', '.join(LABELS)}. "
            "Correct them, add them to models/training/labels.py, or leave them out with --leave-out LABEL"
        )


def read_release(release: str, paths: list[Path], leave_out: tuple[str, ...] = ()) -> Flows:
    """Reads the files of one release; rows with an empty, NaN or infinite cell are left out and counted.

    Raises DataError that names the file and its columns, cells or labels.
    """
    if not paths:
        raise DataError(f"no CSV file of the {release} release; put its files into the subfolder {release}/")
    parts = [_read_file(path) for path in paths]
    values = np.concatenate([part[0] for part in parts])
    raw_labels = pd.concat([part[1] for part in parts], ignore_index=True)
    with np.errstate(over="ignore"):
        # Adding zero makes −0 and 0 the same bytes, by which flows are compared.
        rows = values.astype(np.float32) + np.float32(0)
    bad = ~np.isfinite(rows)
    complete = ~bad.any(axis=1) & raw_labels.notna().to_numpy()
    spellings = {spelling: canonical(str(spelling)) for spelling in raw_labels[complete].unique()}
    labels = raw_labels[complete].map(spellings)
    leave_out = tuple(canonical(label) for label in leave_out)
    _refuse_unknown(release, labels, leave_out)
    used = ~labels.isin(leave_out).to_numpy()
    return Flows(
        file=", ".join(path.name for path in paths),
        rows=rows[complete][used],
        labels=labels.to_numpy(str)[used],
        incomplete=int((~complete).sum()),
        broken_cells={name: int(n) for name, n in zip(FEATURES, bad.sum(axis=0)) if n > 0},
        left_out={str(k): int(n) for k, n in labels[~used].value_counts().sort_index().items()},
        ignored=tuple(sorted({name for part in parts for name in part[2]})),
    )


def group_by_features(rows: np.ndarray) -> np.ndarray:
    """A number for each row; equal for rows that are equal in every feature."""
    if len(rows) == 0:
        return np.zeros(0, np.int64)
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1])))
    return np.unique(whole.ravel(), return_inverse=True)[1]


def flows_of(task: Task, flows: Flows) -> TaskFlows:
    """The flows of a task: those with its labels, each combination of features and class once."""
    used = np.isin(flows.labels, list(task.labels))
    labels, rows = flows.labels[used], flows.rows[used]
    truth = np.array([task.classes.index(task.labels[label]) for label in labels], np.int64)
    group = group_by_features(rows)
    pairs = group * len(task.classes) + truth
    first = np.sort(np.unique(pairs, return_index=True)[1])
    counts = pd.Series(flows.labels[~used]).value_counts().sort_index()
    per_group = np.unique(group[first], return_counts=True)[1]
    return TaskFlows(
        file=flows.file,
        rows=rows[first],
        truth=truth[first],
        labels=labels[first],
        group=group[first],
        repeated=len(labels) - len(first),
        contradictory=int((per_group > 1).sum()),
        left_out={**flows.left_out, **{str(label): int(n) for label, n in counts.items()}},
    )
