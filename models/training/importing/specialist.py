"""Imports a specialist: from a checkpoint and what belongs to it to the files of its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import figures
import golden
import graph
from labels import Task

from . import forward, scalers, vectors
from .choose import ACCURATE, FITS, Candidate, Tried, choose, probes, scale, table
from .export import export
from .folder import as_json, digest
from .metadata import Metadata, read_metadata
from .pickles import read_bytes, read_checkpoint
from .refused import Refused
from .rows import Rows, read_expected, read_labelled
from .weights import Weights, read_weights

# Of probabilities, PyTorch against ONNX Runtime; golden vectors allow as much.
PARITY = 1e-4


@dataclass(frozen=True)
class Request:
    """What is to be imported, as the command line gives it."""

    checkpoint: Path
    name: str
    version: str = "1.0.0"
    scaler: str | None = None
    metadata: Path | None = None
    expected: Path | None = None
    rows: Path | None = None
    forward: str | None = None
    allow_unsafe_pickle: bool = False


@dataclass(frozen=True)
class Imported:
    """The files of the folder by name, and what a person should know about them."""

    files: dict[str, bytes]
    chosen: Candidate
    tried: str
    largest_difference: float
    parity_rows: int
    scaler: str
    rows: Rows


def _check(request: Request) -> list[dict[str, str]]:
    if not re.fullmatch(r"[a-z][a-z0-9]*", request.name):
        raise Refused(f"--name {request.name!r}: must be lower-case letters and digits, such as ddos")
    if not re.fullmatch(r"\d+\.\d+\.\d+", request.version):
        raise Refused(f"--version {request.version!r}: must be three numbers, such as 1.0.0")
    if (request.expected is None) == (request.rows is None):
        raise Refused("give exactly one of --expected and --rows: without rows nothing tells one forward pass from another")
    return forward.parse_switches(request.forward)


def _read_rows(request: Request, metadata: Metadata, weights: Weights) -> Rows:
    if metadata.classes is None:
        raise Refused(
            f"{metadata.source} does not name the classes; list the {weights.classes} names in the order of the "
            'classifier\'s outputs, as {"class_names": ["Normal", "Attack"]}, in a file for --metadata'
        )
    read, path = (read_labelled, request.rows) if request.expected is None else (read_expected, request.expected)
    rows = read(path, metadata, weights.features, metadata.classes)
    if len(rows.values) == 0:
        raise Refused(f"{path}: has no row to compare with")
    return rows


def _parity(weights: Weights, scaler, chosen: Candidate, model: bytes, rows: Rows) -> tuple[float, int]:
    """The largest difference of any probability between PyTorch and ONNX Runtime, on given and on random rows."""
    values = np.concatenate([rows.values, probes(rows.values)])
    right = forward.one(weights, scale(scaler, values, 1, chosen.clipped), chosen.forward).numpy()
    difference = float(np.abs(graph.run(model, values) - right).max())
    if not difference <= PARITY:
        raise Refused(
            f"the ONNX graph differs from PyTorch by {difference:.2g} on {len(values)} rows; allowed are {PARITY}. "
            "Features whose mean is far larger than their scale lose precision in float32: train on other units"
        )
    return difference, len(values)


def _contract(request: Request, metadata: Metadata, model: bytes, rows: Rows, imported: dict) -> dict:
    default = f"Imported from {request.checkpoint.name}: a team's own model."
    return {
        "schemaVersion": 1,
        "name": request.name,
        "version": request.version,
        "reference": False,
        "description": metadata.description or default,
        "graph": {"file": "model.onnx", "sha256": digest(model), "input": graph.INPUT, "output": graph.OUTPUT},
        "features": rows.features,
        "classes": rows.classes,
        "untrained": metadata.untrained,
        "imported": imported,
    }


def _imported(request: Request, scaler, chosen: Candidate, rows: Rows, difference: float, compared: int) -> dict:
    """The `imported` block of model.json, without the figures."""
    clipping = ", clipped to 0…1" if chosen.clipped else ""
    return {
        "checkpoint": {"file": request.checkpoint.name, "sha256": digest(read_bytes(request.checkpoint))},
        "forward": str(chosen.forward),
        "chosenBy": "labelled rows" if rows.expected is None else "expected outputs",
        "scaler": f"{scaler.describe()}{clipping}",
        "parity": {"rows": compared, "largestDifference": float(f"{difference:.3g}")},
    }


def _check_all(probabilities: np.ndarray, rows: Rows, tried: list[Tried]) -> None:
    """The search may have used some rows only: the graph must hold on all of them."""
    if rows.expected is None:
        wrong, allowed = probabilities.argmax(axis=1) != rows.truth, (1 - ACCURATE) * len(rows.values)
    else:
        wrong, allowed = np.abs(probabilities - rows.expected).max(axis=1) > FITS + PARITY, 0
    if wrong.sum() > allowed:
        raise Refused(
            f"{int(wrong.sum())} of {len(rows.values)} rows of {rows.file} do not fit, though those of the search did:\n"
            f"{table(tried, rows.expected is None)}"
        )


def import_specialist(request: Request) -> Imported:
    """Everything from reading to golden vectors; writes nothing. Raises Refused."""
    parts = _check(request)
    checkpoint = read_checkpoint(request.checkpoint, request.allow_unsafe_pickle)
    metadata = read_metadata(request.metadata, checkpoint)
    weights = read_weights(checkpoint, request.checkpoint, metadata)
    scaler = scalers.find(
        checkpoint, request.checkpoint, request.scaler, weights.features, request.allow_unsafe_pickle
    )
    rows = _read_rows(request, metadata, weights)
    chosen, tried = choose(weights, scaler, rows, parts)
    model = export(weights, scaler, chosen.clipped, chosen.forward, request.version)
    difference, compared = _parity(weights, scaler, chosen, model, rows)
    probabilities = graph.run(model, rows.values)
    _check_all(probabilities, rows, tried)
    imported = _imported(request, scaler, chosen, rows, difference, compared)
    if rows.expected is None:
        imported["labelledRows"] = figures.measure(tuple(rows.classes), probabilities, rows.truth)
    task = Task(request.name, "", tuple(rows.classes), {})
    picked = vectors.choose(model, rows, tried, metadata.untrained)
    files = {
        "golden.json": as_json(
            golden.document(task, rows.features, rows.values, probabilities, rows.labels, picked)
        ),
        "model.json": as_json(_contract(request, metadata, model, rows, imported)),
        "model.onnx": model,
    }
    shown = table(tried, rows.expected is None)
    return Imported(files, chosen, shown, difference, compared, scaler.describe(), rows)
