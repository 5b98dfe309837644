"""The content of model.json; models/contract/model-contract.ts holds its schema."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import graph
from decision import Decision
from features import FEATURES
from labels import Task
from network import Trained

VERSION = "2.0.0"
SOURCES = {
    "original": "CICIDS2017 (Sharafaldin, Habibi Lashkari, Ghorbani: ICISSP 2018)",
    "improved": (
        "CICIDS2017 (Sharafaldin, Habibi Lashkari, Ghorbani: ICISSP 2018), "
        "improved release (Liu, Engelen, Lynar, Essam, Joosen: IEEE CNS 2022)"
    ),
}
CAVEATS = (
    "Trained on a public laboratory capture: a reference to run the platform with, not a detector for production.",
    "Class shares in the data are artificial, so precision and false positives say nothing about real traffic.",
    "Destination Port separates several attacks of this capture by itself, and the model may have learned the "
    "testbed: compare evaluation.withoutDestinationPort.",
    "Across captures recall falls steeply: see evaluation.otherCapture.",
)


def _caveats(task: Task, contradictory: int, evaluation: dict) -> list[str]:
    caveats = list(CAVEATS)
    if task.attacks:
        caveats.append('Normal means "nothing of this kind": benign flows and attacks of every other kind.')
    if contradictory > 0:
        caveats.append(
            f"{contradictory} combinations of feature values carry more than one class; they are kept, each on one "
            "side of the split."
        )
    scarce = [line["class"] for line in evaluation["heldOut"]["perClass"] if line["support"] < 30]
    if scarce:
        caveats.append(f"Fewer than 30 held-out flows, so the figures are rough: {', '.join(scarce)}.")
    return caveats


def contract(
    task: Task,
    flows,
    parts,
    trained: Trained,
    model: bytes,
    evaluation: dict,
    decision: Decision,
    population: list[dict],
) -> dict:
    """The content of model.json; `evaluation` are the figures without caveats."""
    return {
        "schemaVersion": 1,
        "name": task.name,
        "version": VERSION,
        "reference": True,
        "description": f"Reference model for {task.name}, trained by this project on a public capture.",
        "graph": {
            "file": "model.onnx",
            "sha256": hashlib.sha256(model).hexdigest(),
            "input": graph.INPUT,
            "output": graph.OUTPUT,
        },
        "features": list(FEATURES),
        "classes": list(task.classes),
        "untrained": [],
        "decision": {"attackAt": decision.attack_at, "confidentAt": decision.confident_at},
        "training": {
            "source": SOURCES[task.release],
            "file": flows.file,
            "algorithm": (
                "signed log, standard scaler, feature interaction, single-token attention and four blocks with two "
                f"skips (models/training/architecture.py); {trained.epochs} epochs, temperature "
                f"{trained.temperature:.3f} in the graph"
            ),
            "seed": parts.seed,
            "rows": len(parts.train),
            "labels": task.labels,
            "leftOut": {
                "incomplete": flows.incomplete,
                "repeated": parts.flows.repeated,
                "otherLabels": parts.flows.left_out,
            },
        },
        "evaluation": {**evaluation, "caveats": _caveats(task, parts.flows.contradictory, evaluation)},
        "population": population,
    }


def write_json(path: Path, content: dict) -> None:
    """Indented, with a list of plain values on one line, and so a feature of a population: one line of a diff each."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    one_line = re.sub(
        r"\[\s*\n([^\[\]{}]*?)\s*\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1].strip()) + "]", text
    )
    one_line = re.sub(
        r'\{\s*\n\s*("low": [^{}]*?"shares": [^{}]*?)\s*\}',
        lambda found: "{ " + re.sub(r"\s*\n\s*", " ", found[1]) + " }",
        one_line,
    )
    path.write_text(one_line + "\n", encoding="utf-8")
