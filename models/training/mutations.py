"""Faults that a model can be shipped with, planted on purpose: golden vectors must tell each of them from the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import onnx
from onnx import numpy_helper

import graph

RESIDUALS = ("interaction.residual", "attention.residual", "skip.first", "skip.second")


@dataclass(frozen=True)
class Mutation:
    """A fault and what a model with it answers to raw rows.

    An `essential` fault changes answers in any sound model. The others touch single features, which a model may
    rightly not look at.
    """

    name: str
    essential: bool
    answer: Callable[[np.ndarray], np.ndarray]


def _edited(model: bytes, edit: Callable[[onnx.ModelProto], None]) -> Callable[[np.ndarray], np.ndarray]:
    changed = onnx.load_from_string(model)
    edit(changed)
    serialised = changed.SerializeToString(deterministic=True)
    return lambda rows: graph.run(serialised, rows)


def _change(model: onnx.ModelProto, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    constant = next(each for each in model.graph.initializer if each.name == name)
    value = change(numpy_helper.to_array(constant).copy())
    constant.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), name))


def _without_scaler(model: onnx.ModelProto) -> None:
    _change(model, "scaler.mean", np.zeros_like)
    _change(model, "scaler.scale", np.ones_like)


def _redirect(model: onnx.ModelProto, old: str, new: str) -> None:
    for node in model.graph.node:
        for position, source in enumerate(node.input):
            if source == old:
                node.input[position] = new


def _scaled_twice(model: onnx.ModelProto) -> None:
    """Sends the scaled flow through subtraction and division once more."""
    _redirect(model, "scaler.scaled", "scaler.again")
    at = next(i for i, node in enumerate(model.graph.node) if "scaler.scaled" in node.output) + 1
    make = onnx.helper.make_node
    model.graph.node.insert(at, make("Div", ["scaler.shift", "scaler.scale"], ["scaler.again"]))
    model.graph.node.insert(at, make("Sub", ["scaler.scaled", "scaler.mean"], ["scaler.shift"]))


def _keep_only(name: str, side: int) -> Callable[[onnx.ModelProto], None]:
    """Drops an addition: what comes after it gets one of its two inputs."""

    def edit(model: onnx.ModelProto) -> None:
        addition = next(node for node in model.graph.node if node.name == name)
        kept = addition.input[side]
        model.graph.node.remove(addition)
        _redirect(model, name, kept)

    return edit


def _swap_rows(left: int, right: int) -> Callable[[np.ndarray], np.ndarray]:
    def change(values: np.ndarray) -> np.ndarray:
        values[[left, right]] = values[[right, left]]
        return values

    return change


def _swap_classes(left: int, right: int) -> Callable[[onnx.ModelProto], None]:
    def edit(model: onnx.ModelProto) -> None:
        for name in ("classifier.weight", "classifier.bias"):
            _change(model, name, _swap_rows(left, right))

    return edit


def _structural(model: bytes, classes: int) -> Iterator[Mutation]:
    yield Mutation("scaler removed", True, _edited(model, _without_scaler))
    yield Mutation("scaler applied twice", True, _edited(model, _scaled_twice))
    for name in RESIDUALS:
        yield Mutation(f"{name}: only its input kept", True, _edited(model, _keep_only(name, 0)))
        yield Mutation(f"{name}: only what it adds kept", True, _edited(model, _keep_only(name, 1)))
    for left, right in combinations(range(classes), 2):
        yield Mutation(f"classes {left} and {right} swapped", True, _edited(model, _swap_classes(left, right)))
    for constant in onnx.load_from_string(model).graph.initializer:
        name = constant.name
        if name.endswith(".weight"):
            zeroed = _edited(model, lambda changed, name=name: _change(changed, name, np.zeros_like))
            yield Mutation(f"{name} zeroed", True, zeroed)


def _of_columns(model: bytes, features: int) -> Iterator[Mutation]:
    answer = graph.answerer(model)
    for column in range(features):

        def zeroed(rows: np.ndarray, column: int = column) -> np.ndarray:
            changed = rows.copy()
            changed[:, column] = 0
            return answer(changed)

        yield Mutation(f"feature {column} zeroed", False, zeroed)
    for column in range(features - 1):
        order = np.arange(features)
        order[[column, column + 1]] = order[[column + 1, column]]
        yield Mutation(
            f"features {column} and {column + 1} swapped",
            False,
            lambda rows, order=order: answer(rows[:, order]),
        )


def mutations(model: bytes, features: int, classes: int) -> Iterator[Mutation]:
    """Every fault, one at a time."""
    yield from _structural(model, classes)
    yield from _of_columns(model, features)
