"""Writes a recognised checkpoint as an ONNX graph: raw features in, class probabilities out, the scaler inside."""

from __future__ import annotations

import numpy as np

import graph
from graph import Graph

from .forward import Forward
from .scalers import Scaler
from .weights import NORM, Weights

# What nn.BatchNorm1d adds to a variance.
EPSILON = 1e-5


class _Builder(Graph):
    """A graph with the layers of one checkpoint."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.weights = weights

    def tensor(self, name: str) -> np.ndarray:
        """A parameter as float64."""
        return self.weights.tensors[name].numpy().astype(np.float64)

    def layer(self, source: str, layer: str, name: str) -> str:
        """A linear layer of the checkpoint."""
        return self.linear(source, name, self.tensor(f"{layer}.weight"), self.tensor(f"{layer}.bias"))

    def scale(self, scaler: Scaler, clipped: bool) -> str:
        """The scaler, and where training did it the cut to 0…1."""
        rows = self.scaler(graph.INPUT, scaler) if scaler.logarithm else self._centre(scaler)
        if not clipped:
            return rows
        limits = [self.constant("scaler.low", 0), self.constant("scaler.high", 1)]
        return self.node("Clip", [rows, *limits], "scaler.clipped")

    def _centre(self, scaler: Scaler) -> str:
        centred = self.node("Sub", [graph.INPUT, self.constant("scaler.mean", scaler.mean)], "scaler.centred")
        return self.node("Div", [centred, self.constant("scaler.scale", scaler.scale)], "scaler.scaled")

    def interact(self, rows: str, how: str) -> str:
        """What the features do with each other."""
        if how == "none":
            return rows
        made = self.layer(rows, "feature_interaction", "interaction")
        if how == "gate":
            return self.node("Mul", [rows, self.node("Sigmoid", [made], "interaction.gate")], "interaction.gated")
        made = self.node("Relu", [made], "interaction.relu") if how.endswith("relu") else made
        return self.node("Add", [rows, made], "interaction.residual") if how.startswith("add") else made

    def attend(self, rows: str, how: str) -> str:
        """Attention over a single token, without the query and key that change nothing."""
        if how == "none":
            return rows
        made = self.layer(self.layer(rows, "attention.value", "attention.value"), "attention.output", "attention.output")
        return self.node("Add", [rows, made], "attention.residual") if how == "residual" else made

    def block(self, rows: str, number: int, order: str) -> str:
        """A block, its batch normalisation multiplied into the linear layer before it, or as factor and shift behind."""
        layer, name = f"feature_extractor.{number}", f"block{number + 1}"
        gain, shift, mean, variance = (self.tensor(f"{layer}.batch_norm.{part}") for part in NORM)
        factor = gain / np.sqrt(variance + EPSILON)
        weight, bias = self.tensor(f"{layer}.linear.weight"), self.tensor(f"{layer}.linear.bias")
        if order == "norm-relu":
            made = self.linear(rows, name, weight * factor[:, None], (bias - mean) * factor + shift)
            return self.node("Relu", [made], f"{name}.relu")
        made = self.node("Relu", [self.linear(rows, name, weight, bias)], f"{name}.relu")
        made = self.node("Mul", [made, self.constant(f"{name}.factor", factor)], f"{name}.scaled")
        return self.node("Add", [made, self.constant(f"{name}.shift", shift - mean * factor)], f"{name}.norm")

    def join(self, last: str, source: str, first: str, how: str) -> str:
        """The skips, added to the last block."""
        if how == "none":
            return last
        one = self.layer(source, "skip_connections.0", "skip.first.linear")
        if how == "first-only":
            return self.node("Add", [last, self.node("Relu", [one], "skip.first.relu")], "skip.first")
        other = self.layer(first, "skip_connections.1", "skip.second.linear")
        if how == "relu-of-sum":
            both = self.node("Relu", [self.node("Add", [one, other], "skip.both")], "skip.both.relu")
            return self.node("Add", [last, both], "skip.second")
        if how == "relu":
            one, other = (
                self.node("Relu", [made], f"skip.{name}.relu") for made, name in ((one, "first"), (other, "second"))
            )
        return self.node("Add", [self.node("Add", [last, one], "skip.first"), other], "skip.second")


def export(weights: Weights, scaler: Scaler, clipped: bool, forward: Forward, version: str) -> bytes:
    """The serialised graph; `version` is the model's."""
    builder = _Builder(weights)
    scaled = builder.scale(scaler, clipped)
    interacted = builder.interact(scaled, forward.interaction)
    attended = builder.attend(interacted, forward.attention)
    outputs = [attended]
    for number in range(len(weights.widths) - 1):
        outputs.append(builder.block(outputs[-1], number, forward.block))
    source = {"attended": attended, "interacted": interacted, "input": scaled}[forward.first_skip]
    joined = builder.join(outputs[-1], source, outputs[1], forward.skips)
    logits = builder.layer(joined, "classifier", "classifier")
    builder.node("Softmax", [logits], "softmax", output=graph.OUTPUT, axis=1)
    return builder.serialise(weights.features, weights.classes, version)
