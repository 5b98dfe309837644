"""Trains the reference model of every specialist on the CICIDS2017 samples and writes it as the project ships it.

    python models/training/baseline.py --data FOLDER [--out models] [--only NAME]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import golden
import graph
from dataset import IMPROVED, ORIGINAL, TASKS, Flows, Task, read_flows

VERSION = "1.0.0"
SEED = 20170703
HELD_OUT = 0.3
SOURCE = "CICIDS2017 (Sharafaldin, Habibi Lashkari, Ghorbani: ICISSP 2018)"
IMPROVED_SOURCE = f"{SOURCE}, improved release (Liu, Engelen, Lynar, Essam, Joosen: IEEE CNS 2022)"
CAVEATS = [
    "Trained on a public laboratory capture: a reference to run the platform with, not a detector for production.",
    "Class shares in the samples are artificial, so precision and false positives say nothing about real traffic.",
    "Destination Port separates several attacks of this capture by itself: the model may have learned the testbed.",
    "Across captures recall falls steeply: see evaluation.otherCapture.",
]


def train(task: Task, rows: np.ndarray, truth: np.ndarray) -> bytes:
    """Fits scaler and multinomial logistic regression, every class weighing the same, and exports both as one graph."""
    compressed = graph.signed_log(rows.astype(np.float64))
    scaler = StandardScaler().fit(compressed)
    classifier = LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
    classifier.fit(scaler.transform(compressed), truth)
    known = [int(index) for index in classifier.classes_]
    weights, bias = graph.spread(classifier.coef_, classifier.intercept_, known, len(task.classes))
    return graph.build(scaler.mean_, scaler.scale_, weights, bias, VERSION)


def predict(model: bytes, rows: np.ndarray) -> np.ndarray:
    """Class probabilities from the exported graph: what is measured is what ships."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run([graph.OUTPUT], {graph.INPUT: rows.astype(np.float32)})[0]


def measure(task: Task, probabilities: np.ndarray, truth: np.ndarray) -> dict:
    """Per-class figures and the confusion matrix (rows are the truth, columns the answer)."""
    answer = probabilities.argmax(axis=1)
    every = list(range(len(task.classes)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answer, labels=every, zero_division=0)
    present = support > 0
    return {
        "rows": len(truth),
        "accuracy": round(float((answer == truth).mean()), 4),
        "macroF1": round(float(f1[present].mean()), 4),
        "perClass": [
            {
                "class": name,
                "precision": round(float(precision[i]), 4),
                "recall": round(float(recall[i]), 4),
                "f1": round(float(f1[i]), 4),
                "support": int(support[i]),
            }
            for i, name in enumerate(task.classes)
        ],
        "confusion": confusion_matrix(truth, answer, labels=every).tolist(),
    }


def contract(task: Task, flows: Flows, other: Flows, model: bytes, parts, evaluation: dict) -> dict:
    """The content of model.json."""
    trained = set(parts["train_truth"].tolist())
    other_rows, other_truth, _ = other.of(task)
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
        "features": flows.features,
        "classes": task.classes,
        "untrained": [name for i, name in enumerate(task.classes) if i not in trained],
        "training": {
            "source": IMPROVED_SOURCE if flows.file == IMPROVED else SOURCE,
            "file": flows.file,
            "algorithm": "signed log, standard scaler, multinomial logistic regression with balanced class weights",
            "seed": SEED,
            "rows": len(parts["train_truth"]),
            "labels": task.labels,
            "leftOut": {
                "incomplete": flows.incomplete,
                "repeated": flows.repeated,
                "otherLabels": flows.left_out(task),
            },
        },
        "evaluation": {
            "heldOut": evaluation,
            "otherCapture": {"file": other.file, **measure(task, predict(model, other_rows), other_truth)},
            "caveats": CAVEATS,
        },
    }


def write_json(path: Path, content: dict) -> None:
    """Indented, with a list of plain values on one line: a row of 78 features stays one line of a diff."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    one_line = re.sub(
        r"\[\s*\n([^\[\]{}]*?)\s*\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1].strip()) + "]", text
    )
    path.write_text(one_line + "\n", encoding="utf-8")


def produce(task: Task, flows: Flows, other: Flows, out: Path) -> dict:
    """Trains, measures and writes one specialist; returns its held-out figures."""
    rows, truth, labels = flows.of(task)
    train_rows, test_rows, train_truth, test_truth, _, test_labels = train_test_split(
        rows, truth, labels, test_size=HELD_OUT, random_state=SEED, stratify=labels
    )
    model = train(task, train_rows, train_truth)
    probabilities = predict(model, test_rows)
    evaluation = measure(task, probabilities, test_truth)
    chosen = golden.choose(probabilities, test_truth, per_class=2 if len(task.classes) > 2 else 5)
    folder = out / task.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    write_json(folder / "model.json", contract(task, flows, other, model, {"train_truth": train_truth}, evaluation))
    write_json(
        folder / "golden.json",
        golden.document(task, flows.features, test_rows, probabilities, test_labels, chosen),
    )
    return evaluation


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help=f"folder that holds {IMPROVED} and {ORIGINAL}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent, help="folder of the specialists")
    parser.add_argument("--only", choices=[task.name for task in TASKS], help="train this specialist alone")
    options = parser.parse_args()
    flows = {file: read_flows(options.data, file) for file in (IMPROVED, ORIGINAL)}
    for task in TASKS:
        if options.only not in (None, task.name):
            continue
        other = flows[ORIGINAL if task.file == IMPROVED else IMPROVED]
        figures = produce(task, flows[task.file], other, options.out)
        print(f"{task.name}: accuracy {figures['accuracy']}, macro F1 {figures['macroF1']}, {figures['rows']} held out")


if __name__ == "__main__":
    main()
