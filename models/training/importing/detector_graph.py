"""ONNX graphs of anomaly detectors: raw features in, one score a row or sequence out."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from .scalers import Scaler

INPUT = "features"
SCORE = "score"
OPSET, ML_OPSET = 17, 3
# The IR version of that opset's ONNX release; a newer one shuts out older runtimes for no gain.
IR_VERSION = 8


class DetectorGraph:
    """Nodes and constants in the order in which they are added; a node's output carries the node's name."""

    make = staticmethod(helper.make_node)

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def constant(self, name: str, value) -> str:
        """Adds a float32 constant."""
        self.constants[name] = np.ascontiguousarray(value, np.float32)
        return name

    def integers(self, name: str, value: list[int]) -> str:
        """Adds an int64 constant, as axes and shapes are."""
        self.constants[name] = np.array(value, np.int64)
        return name

    def node(self, kind: str, inputs: list[str], name: str, output: str | None = None, **attributes) -> str:
        """Adds a node and returns the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output or name], name=name, **attributes))
        return output or name

    def scaler(self, source: str, scaler: Scaler) -> str:
        """Mean and scale, feature by feature."""
        centred = self.node("Sub", [source, self.constant("scaler.mean", scaler.mean)], "scaler.centred")
        return self.node("Div", [centred, self.constant("scaler.scale", scaler.scale)], "scaler.scaled")

    def serialise(self, shape: list[int], producer_version: str) -> bytes:
        """The checked model; `shape` is that of one input, and the batch size is free."""
        graph = helper.make_graph(
            self.nodes,
            "detector",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", *shape])],
            [helper.make_tensor_value_info(SCORE, TensorProto.FLOAT, ["batch"])],
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()],
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(
            graph,
            opset_imports=opsets,
            ir_version=IR_VERSION,
            producer_name="mini-xdr-deploy",
            producer_version=producer_version,
        )
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)


def run(model: bytes, inputs: np.ndarray) -> np.ndarray:
    """Scores that ONNX Runtime gives for raw inputs, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run([SCORE], {INPUT: inputs.astype(np.float32)})[0]
