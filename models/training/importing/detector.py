"""Imports an anomaly detector: from a checkpoint or pickle to the files of its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import detector_graph, forest, lstm, scalers
from .choose import SCALING, unclear
from .detector_inputs import feature_names, one_number, read_scored, read_table
from .detector_proof import TOLERANCE, Detector, distance, golden_vectors, parity, probes
from .folder import as_json, digest
from .metadata import read_metadata
from .pickles import read_bytes, read_checkpoint, read_pickle
from .refused import Refused

# Of expected scores, in parts of a score or of 1, whichever is larger.
FITS = 1e-3


@dataclass(frozen=True)
class Request:
    """What is to be imported, as the command line gives it."""

    kind: str
    checkpoint: Path
    name: str
    version: str = "1.0.0"
    scaler: str | None = None
    metadata: Path | None = None
    expected: Path | None = None
    rows: Path | None = None
    forward: str | None = None
    threshold: float | None = None
    sequence_length: int | None = None
    allow_unsafe_pickle: bool = False


@dataclass(frozen=True)
class Imported:
    """The files of the folder by name, and what a person should know about them."""

    files: dict[str, bytes]
    lines: list[str]


def _member(model: lstm.Autoencoder, scaler: scalers.Scaler, request: Request, sequences, wanted) -> tuple[dict, str]:
    """The one forward pass that gives the expected scores, or the one that was declared. Raises Refused."""
    fixed = _switches(request.forward)
    members = list(model.members(fixed))
    if wanted is None:
        if set(fixed) != set(lstm.CHOICES) or len(members) != 1:
            raise Refused(
                "without --expected nothing tells one forward pass from another: give expected scores, or declare the "
                "pass, as the source system's is --forward 'decoder-input=repeated decoder-state=zero'"
            )
        return members[0], "declared"
    ways = [("once", 1)] if scaler.identity else [("once", 1), ("twice", 2), ("not applied", 0)]
    tried = []
    for name, times in ways:
        scaled = sequences.astype(np.float64)
        for _ in range(times):
            scaled = scaler.transform(scaled)
        tried += [(distance(model.score(scaled, member), wanted), name, member) for member in members]
    tried.sort(key=lambda each: each[0])
    table = "\n".join(f"  largest difference {loss:<8.2g} scaler {way}; {_spelt(member)}" for loss, way, member in tried)
    loss, way, member = tried[0]
    if loss > FITS:
        raise Refused(f"no known forward pass gives the expected scores within {FITS}:\n{table}")
    if way != "once":
        raise Refused(f"{SCALING[way]}:\n{table}")
    if len(tried) > 1 and tried[1][0] <= unclear(loss):
        raise Refused(f"more than one forward pass gives the expected scores:\n{table}\nGive scores with all their digits")
    return member, "expected scores"


def _spelt(member: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in member.items())


def _switches(text: str | None) -> dict[str, str]:
    switches = dict(part.partition("=")[::2] for part in (text or "").replace(",", " ").split())
    for name, value in switches.items():
        if value not in lstm.CHOICES.get(name, ()):
            allowed = "; ".join(f"{switch}={'|'.join(values)}" for switch, values in lstm.CHOICES.items())
            raise Refused(f"--forward: {name}={value} is no switch; allowed are {allowed}")
    return switches


def _read_lstm(request: Request) -> Detector:
    checkpoint = read_checkpoint(request.checkpoint, request.allow_unsafe_pickle)
    model = lstm.read_autoencoder(checkpoint, request.checkpoint)
    metadata = read_metadata(request.metadata, checkpoint)
    if metadata.feature_count not in (None, model.features):
        raise Refused(f"encoder takes {model.features} features, but {metadata.source} says {metadata.feature_count}")
    carried = checkpoint if isinstance(checkpoint, dict) else {}
    threshold = one_number(request.threshold, carried.get("threshold"), "threshold", 0)
    steps = int(one_number(request.sequence_length, carried.get("sequence_length"), "sequence length", 0))
    scaler = scalers.find(
        checkpoint, request.checkpoint, request.scaler, model.features, request.allow_unsafe_pickle
    )
    _refuse_logarithm(scaler)
    if request.expected is not None:
        inputs, wanted, given = read_scored(request.expected)
        names = feature_names(metadata, given, model.features)
        if inputs.shape[1:] != (steps, model.features):
            raise Refused(f"sequences are {inputs.shape[1:]}; the detector takes {(steps, model.features)}")
        inputs = inputs[:, :, [(given or names).index(name) for name in names]]
    else:
        names, rows = read_table(request.rows, metadata, model.features)
        inputs, wanted = rows[: len(rows) // steps * steps].reshape(-1, steps, model.features), None
    if len(inputs) == 0:
        raise Refused(f"{request.rows}: must hold at least {steps} rows, one sequence")
    member, chosen_by = _member(model, scaler, request, inputs, wanted)
    graph = lstm.export(model, member, scaler, steps, request.version)
    score = lambda values: model.score(scaler.transform(values), member)
    shape = [steps, model.features]
    return Detector(graph, score, threshold, names, inputs, shape, chosen_by, _spelt(member), scaler)


def _refuse_logarithm(scaler: scalers.Scaler) -> None:
    if scaler.logarithm or scaler.clips:
        raise Refused(f"the scaler takes a logarithm or clips ({scaler.describe()}); detectors take mean and scale alone")


def _read_forest(request: Request) -> Detector:
    if request.expected is not None or request.forward is not None:
        raise Refused("an isolation forest needs neither --expected nor --forward: scikit-learn itself is compared with")
    content = read_pickle(request.checkpoint, forest.FOREST, request.allow_unsafe_pickle)
    model = forest.forest_of(content, request.checkpoint)
    width = int(model.n_features_in_)
    names = [str(name) for name in getattr(model, "feature_names_in_", [])]
    metadata = read_metadata(request.metadata, {"feature_names": names} if names else {})
    scaler = scalers.find(content, request.checkpoint, request.scaler, width, request.allow_unsafe_pickle)
    _refuse_logarithm(scaler)
    threshold = -float(model.offset_)
    if request.threshold is not None and abs(request.threshold - threshold) > 1e-9:
        raise Refused(f"--threshold {request.threshold:g}: the forest brings its own, {threshold:g} (minus its offset_)")
    names, rows = read_table(request.rows, metadata, width)
    graph = forest.export(model, scaler, request.version)
    score = lambda values: forest.score(model, scaler, values)
    text = f"{len(model.estimators_)} trees"
    return Detector(graph, score, threshold, names, rows, [width], "scikit-learn", text, scaler)


def import_detector(request: Request) -> Imported:
    """Everything from reading to golden vectors; writes nothing. Raises Refused."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", request.name) or not re.fullmatch(r"\d+\.\d+\.\d+", request.version):
        raise Refused("--name takes lower-case letters, digits and hyphens, --version three numbers such as 1.0.0")
    if (request.rows is None) == (request.expected is None):
        raise Refused("give exactly one of --rows and --expected")
    detector = (_read_lstm if request.kind == "lstm-autoencoder" else _read_forest)(request)
    probed = probes(detector)
    difference, compared = parity(detector, probed)
    contract = {
        "schemaVersion": 1,
        "kind": request.kind,
        "name": request.name,
        "version": request.version,
        "graph": {
            "file": "detector.onnx",
            "sha256": digest(detector.graph),
            "input": detector_graph.INPUT,
            "output": detector_graph.SCORE,
        },
        "features": detector.features,
        **({"sequenceLength": detector.shape[0]} if len(detector.shape) > 1 else {}),
        "threshold": detector.threshold,
        "imported": {
            "checkpoint": {"file": request.checkpoint.name, "sha256": digest(read_bytes(request.checkpoint))},
            "forward": detector.forward,
            "chosenBy": detector.chosen_by,
            "scaler": detector.scaler.describe(),
            "parity": {"inputs": compared, "largestDifference": float(f"{difference:.3g}")},
        },
    }
    vectors = {
        "schemaVersion": 1,
        "detector": request.name,
        "features": detector.features,
        "tolerance": TOLERANCE,
        "vectors": golden_vectors(detector, probed),
    }
    files = {"detector.json": as_json(contract), "detector.onnx": detector.graph, "golden.json": as_json(vectors)}
    lines = [
        f"{request.kind}: {detector.forward}, {len(detector.features)} features, threshold {detector.threshold:g}",
        f"scaler: {detector.scaler.describe()}",
        f"original and ONNX differ by at most {difference:.2g} on {compared} inputs",
    ]
    return Imported(files, lines)
