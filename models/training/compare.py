"""Compares the network with the baselines on the same flows."""

from __future__ import annotations

import time
from pathlib import Path


from baseline import BASELINES
from card import table
from dataset import find_files, read_release
from figures import calibrate, measure
from labels import TASKS
from network import Recipe
from pipeline import Parts, own_and_benign, train_on

HEADER = ["specialist", "model", "accuracy", "macro F1", "against normal", "calibration error", "seconds"]


def _line(task, parts: Parts, model: str, answer, seconds: float) -> list:
    rows, truth = parts.take(parts.held_out)
    probabilities = answer(rows)
    figures = measure(task.classes, probabilities, truth)
    own = own_and_benign(task, parts.flows.labels[parts.held_out])
    against = measure(task.classes, probabilities[own], truth[own])["macroF1"] if task.attacks else "-"
    error = calibrate(probabilities, truth)["expectedCalibrationError"]
    return [task.name, model, figures["accuracy"], figures["macroF1"], against, round(error, 4), round(seconds, 1)]


def compare(name: str, data: Path, leave_out: tuple[str, ...] = (), recipe: Recipe = Recipe()) -> list[list]:
    """One line a model, in the order of HEADER, all trained on the same flows and asked the same held-out ones.

    A binary specialist also stands there trained on benign flows and its own attacks alone.
    """
    task = next(task for task in TASKS if task.name == name)
    parts = Parts.of(task, read_release(task.release, find_files(data)[task.release], leave_out))
    rows, truth = parts.take(parts.train)
    lines = []
    for model, learn in BASELINES.items():
        started = time.monotonic()
        answer = learn(rows, truth, len(task.classes), parts.seed)
        lines.append(_line(task, parts, model, answer, time.monotonic() - started))
    variants = {"network": parts}
    if task.attacks:
        own = own_and_benign(task, parts.flows.labels[parts.train])
        variants["network, benign only"] = Parts(parts.flows, parts.train[own], parts.held_out, parts.seed)
    for model, variant in variants.items():
        started = time.monotonic()
        trained = train_on(task, variant, parts.flows.rows, recipe)
        lines.append(_line(task, parts, model, trained.probabilities, time.monotonic() - started))
    return lines


def comparison(lines: list[list]) -> str:
    """The lines as a Markdown table."""
    return table(HEADER, lines)
