"""Trains one specialist and writes its folder: what ships is what was measured."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import decision
import golden
import graph
import population
from card import card
from contract import VERSION, contract, write_json
from dataset import Flows, TaskFlows, find_files, flows_of, read_release
from errors import ExportError
from features import DESTINATION_PORT, FEATURES
from figures import calibrate, measure
from labels import BENIGN, TASKS, Task
from network import Recipe, Trained, fit
from split import refuse_scarce, split

SEED = 20170703
HELD_OUT = 0.3
# Of probabilities, PyTorch against ONNX Runtime.
PARITY = 1e-4


@dataclass(frozen=True)
class Parts:
    """Flows of a task and the row numbers of its two parts, which share no flow."""

    flows: TaskFlows
    train: np.ndarray
    held_out: np.ndarray
    seed: int

    @staticmethod
    def of(task: Task, flows: Flows, seed: int = SEED) -> Parts:
        """Splits the distinct flows of a task. Raises DataError where a class has too few."""
        distinct = flows_of(task, flows)
        refuse_scarce(task, distinct)
        return Parts(distinct, *split(distinct.labels, distinct.group, HELD_OUT, seed), seed)

    def take(self, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Raw rows and truth of a part."""
        return self.flows.rows[part], self.flows.truth[part]


def train_on(task: Task, parts: Parts, rows: np.ndarray, recipe: Recipe) -> Trained:
    """The network trained on the training part, with the rows given in place of the raw ones."""
    train = parts.train
    return fit(rows[train], parts.flows.truth[train], parts.flows.group[train], len(task.classes), parts.seed, recipe)


def without_destination_port(rows: np.ndarray) -> np.ndarray:
    """The rows with Destination Port set to zero."""
    changed = rows.copy()
    changed[:, FEATURES.index(DESTINATION_PORT)] = 0
    return changed


def own_and_benign(task: Task, labels: np.ndarray) -> np.ndarray:
    """Which flows are benign or of a binary specialist's own kind."""
    return np.isin(labels, [BENIGN, *task.attacks])


def export(trained: Trained, rows: np.ndarray) -> bytes:
    """The graph of a network. Raises ExportError when it answers otherwise than PyTorch on any of the rows."""
    model = graph.build(trained.network, trained.scaler, VERSION)
    difference = float(np.abs(graph.run(model, rows) - trained.probabilities(rows)).max())
    if not difference < PARITY:
        raise ExportError(f"PyTorch and the exported graph differ by {difference:.2g}; allowed is less than {PARITY}")
    return model


def operation(task: Task, parts: Parts, trained: Trained, model: bytes) -> tuple[decision.Decision, list[dict]]:
    """Thresholds from the validation part, as the exported graph answers it, and the population of the training part."""
    rows, truth = parts.take(parts.train)
    chosen = decision.choose(task.classes, graph.run(model, rows[trained.validation]), truth[trained.validation])
    return chosen, population.describe(rows)


def evaluate(
    task: Task,
    parts: Parts,
    model: bytes,
    other: Flows | None,
    recipe: Recipe,
    thresholds: decision.Decision,
    limits: list[dict],
) -> dict:
    """All figures of model.json but the caveats, from the exported graph."""

    def at_work(rows: np.ndarray, probabilities: np.ndarray, truth: np.ndarray) -> dict:
        return decision.measure(task.classes, thresholds, population.outside(limits, rows), probabilities, truth)

    rows, truth = parts.take(parts.held_out)
    probabilities = graph.run(model, rows)
    figures = {
        "heldOut": {
            **measure(task.classes, probabilities, truth),
            "calibration": calibrate(probabilities, truth),
        }
    }
    if task.attacks:
        own = own_and_benign(task, parts.flows.labels[parts.held_out])
        figures["againstNormal"] = measure(task.classes, probabilities[own], truth[own])
    portless = without_destination_port(parts.flows.rows)
    second = export(train_on(task, parts, portless, recipe), portless[parts.held_out])
    answers = graph.run(second, portless[parts.held_out])
    figures["withoutDestinationPort"] = measure(task.classes, answers, truth)
    work = {"heldOut": at_work(rows, probabilities, truth)}
    if other is not None:
        flows = flows_of(task, other)
        answers = graph.run(model, flows.rows)
        figures["otherCapture"] = {"file": flows.file, **measure(task.classes, answers, flows.truth)}
        work["otherCapture"] = at_work(flows.rows, answers, flows.truth)
    return {**figures, "atWork": work}


def produce(name: str, data: Path, out: Path, leave_out: tuple[str, ...] = (), recipe: Recipe = Recipe()) -> list[str]:
    """Trains, measures, proves and writes one specialist; returns what to tell about it, line by line.

    Raises DataError or ExportError; nothing is written then.
    """
    started = time.monotonic()
    task = next(task for task in TASKS if task.name == name)
    files = find_files(data)
    flows = read_release(task.release, files[task.release], leave_out)
    others = [release for release in files if release != task.release and files[release]]
    other = read_release(others[0], files[others[0]], leave_out) if others else None
    parts = Parts.of(task, flows)
    trained = train_on(task, parts, parts.flows.rows, recipe)
    rows, truth = parts.take(parts.held_out)
    model = export(trained, rows)
    chosen, silent = golden.choose(model, rows, truth, per_class=2 if len(task.classes) > 2 else 5)
    labels = parts.flows.labels[parts.held_out]
    vectors = golden.document(task, FEATURES, rows, graph.run(model, rows), labels, chosen)
    stopped = golden.prove(vectors, model, silent)
    thresholds, limits = operation(task, parts, trained, model)
    evaluation = evaluate(task, parts, model, other, recipe, thresholds, limits)
    content = contract(task, flows, parts, trained, model, evaluation, thresholds, limits)
    folder = out / task.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    write_json(folder / "model.json", content)
    write_json(folder / "golden.json", vectors)
    (folder / "MODEL_CARD.md").write_text(card(content, len(vectors["vectors"]), stopped), encoding="utf-8")
    return _summary(content, flows, parts, len(chosen), stopped, silent, time.monotonic() - started)


def _summary(content: dict, flows: Flows, parts: Parts, vectors: int, stopped: int, silent, seconds: float) -> list[str]:
    evaluation = content["evaluation"]
    kinds = [kind for kind in ("heldOut", "againstNormal", "withoutDestinationPort", "otherCapture") if kind in evaluation]
    lines = [f"{content['name']} {content['version']}: {content['training']['rows']} flows in {seconds:.0f} s"]
    cells = ", ".join(f"{name} {count}" for name, count in flows.broken_cells.items())
    broken = f" (cells: {cells})" if cells else ""
    lines.append(
        f"  left out of {flows.file}: {flows.incomplete} incomplete{broken}, {parts.flows.repeated} repeated, "
        f"other labels {parts.flows.left_out or 'none'}; {parts.flows.contradictory} contradictory kept on one side"
    )
    if flows.ignored:
        lines.append(f"  columns not used: {', '.join(flows.ignored)}")
    for kind in kinds:
        figures = evaluation[kind]
        lines.append(f"  {kind}: macro F1 {figures['macroF1']}, accuracy {figures['accuracy']}, {figures['rows']} flows")
    thresholds, work = content["decision"], evaluation["atWork"]
    lines.append(f"  attack from {thresholds['attackAt']}, sure from {thresholds['confidentAt']}")
    for kind, figures in work.items():
        lines.append(f"  {kind} at work: {', '.join(f'{name} {value}' for name, value in figures.items())}")
    lines.append(f"  {vectors} golden vectors stop {stopped} planted faults; {len(silent)} more change no answer")
    return lines


