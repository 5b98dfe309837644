"""Writes a trained network as an ONNX graph: raw features in, class probabilities out, the scaler inside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from architecture import Specialist
from scaling import Scaler

INPUT = "features"
OUTPUT = "probabilities"
OPSET = 17
# The IR version of that opset's ONNX release; a newer one shuts out older runtimes for no gain.
IR_VERSION = 8


class Graph:
    """Nodes and constants in the order in which they are added; a node's output carries the node's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def constant(self, name: str, value) -> str:
        """Adds a float32 constant."""
        self.constants[name] = np.ascontiguousarray(value, np.float32)
        return name

    def node(self, kind: str, inputs: list[str], name: str, output: str | None = None, **attributes) -> str:
        """Adds a node and returns the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output or name], name=name, **attributes))
        return output or name

    def linear(self, source: str, name: str, weight, bias) -> str:
        """A linear layer; the weight lies as PyTorch keeps it, one row an output."""
        inputs = [source, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        return self.node("Gemm", inputs, name, transB=1)

    def scaler(self, source: str, scaler: Scaler) -> str:
        """Signed logarithm, then the standard scaler."""
        magnitude = self.node("Abs", [source], "scaler.magnitude")
        shifted = self.node("Add", [magnitude, self.constant("one", [1])], "scaler.shifted")
        logarithm = self.node("Log", [shifted], "scaler.logarithm")
        compressed = self.node("Mul", [self.node("Sign", [source], "scaler.sign"), logarithm], "scaler.compressed")
        centred = self.node("Sub", [compressed, self.constant("scaler.mean", scaler.mean)], "scaler.centred")
        return self.node("Div", [centred, self.constant("scaler.scale", scaler.scale)], "scaler.scaled")

    def serialise(self, features: int, classes: int, producer_version: str) -> bytes:
        """The checked model, with a free batch size; the same graph gives the same bytes."""
        graph = helper.make_graph(
            self.nodes,
            "specialist",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", features])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", classes])],
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()],
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="mini-xdr-deploy",
            producer_version=producer_version,
        )
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)


def _weights(layer) -> tuple[np.ndarray, np.ndarray]:
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


def _folded(block) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of a block's linear layer with the batch normalisation behind it multiplied in."""
    weight, bias = (value.astype(np.float64) for value in _weights(block.linear))
    norm = block.batch_norm
    gain, shift = (value.astype(np.float64) for value in _weights(norm))
    factor = gain / np.sqrt(norm.running_var.numpy().astype(np.float64) + norm.eps)
    return weight * factor[:, None], (bias - norm.running_mean.numpy()) * factor + shift


def build(network: Specialist, scaler: Scaler, producer_version: str) -> bytes:
    """Serialises scaler and network.

    Dropout does nothing when a model answers, query and key change nothing (architecture.py), and the uncertainty
    head is not part of what a specialist answers: none of them is written.
    """
    graph = Graph()
    rows = graph.scaler(INPUT, scaler)
    interaction = graph.linear(rows, "interaction", *_weights(network.feature_interaction))
    rows = graph.node("Add", [rows, graph.node("Relu", [interaction], "interaction.relu")], "interaction.residual")
    value = graph.linear(rows, "attention.value", *_weights(network.attention.value))
    attended = graph.linear(value, "attention.output", *_weights(network.attention.output))
    rows = graph.node("Add", [rows, attended], "attention.residual")
    outputs = [rows]
    for number, block in enumerate(network.feature_extractor, start=1):
        linear = graph.linear(outputs[-1], f"block{number}", *_folded(block))
        outputs.append(graph.node("Relu", [linear], f"block{number}.relu"))
    last = outputs[-1]
    skips = zip(("first", "second"), network.skip_connections, outputs[:2], strict=True)
    for name, layer, source in skips:
        skipped = graph.linear(source, f"skip.{name}.linear", *_weights(layer))
        last = graph.node("Add", [last, graph.node("Relu", [skipped], f"skip.{name}.relu")], f"skip.{name}")
    logits = graph.linear(last, "classifier", *_weights(network.classifier))
    graph.node("Softmax", [logits], "softmax", output=OUTPUT, axis=1)
    return graph.serialise(len(scaler.mean), network.classifier.out_features, producer_version)


def answerer(model: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """Opens a graph in ONNX Runtime, on one thread; what comes back gives class probabilities for raw rows."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda rows: session.run([OUTPUT], {INPUT: rows.astype(np.float32)})[0]


def run(model: bytes, rows: np.ndarray) -> np.ndarray:
    """Class probabilities that ONNX Runtime gives for raw rows."""
    return answerer(model)(rows)
