"""Builds the ONNX graph of a baseline: raw features in, class probabilities out, the scaler inside."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INPUT = "features"
OUTPUT = "probabilities"
OPSET = 17
# The IR version of that opset's ONNX release; a newer one shuts out older runtimes for no gain.
IR_VERSION = 8
# Logit of a class without training data: its probability is zero in float32.
NEVER = -1e4


def signed_log(rows: np.ndarray) -> np.ndarray:
    """sign(x) · log(1 + |x|): flow features span nine decades, and some use −1 for "absent"."""
    return np.sign(rows) * np.log(np.abs(rows) + 1)


def spread(coefficients: np.ndarray, intercepts: np.ndarray, known: list[int], classes: int):
    """Lays the weights of the known classes out over all classes of the contract."""
    # A binary classifier of scikit-learn has one row of weights: the logit of the second class.
    if len(known) == 2 and len(coefficients) == 1:
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([np.zeros_like(intercepts), intercepts])
    weights = np.zeros((coefficients.shape[1], classes))
    bias = np.full(classes, NEVER)
    weights[:, known] = coefficients.T
    bias[known] = intercepts
    return weights, bias


def build(mean, scale, weights, bias, producer_version: str) -> bytes:
    """Serialises signed log → standard scaler → linear → softmax as an ONNX model with a free batch size."""
    constants = {
        "one": np.array(1, np.float32),
        "scaler.mean": mean.astype(np.float32),
        "scaler.scale": scale.astype(np.float32),
        "linear.weights": weights.astype(np.float32),
        "linear.bias": bias.astype(np.float32),
    }
    nodes = [
        helper.make_node("Abs", [INPUT], ["magnitude"]),
        helper.make_node("Add", ["magnitude", "one"], ["shifted"]),
        helper.make_node("Log", ["shifted"], ["logarithm"]),
        helper.make_node("Sign", [INPUT], ["sign"]),
        helper.make_node("Mul", ["sign", "logarithm"], ["compressed"]),
        helper.make_node("Sub", ["compressed", "scaler.mean"], ["centred"]),
        helper.make_node("Div", ["centred", "scaler.scale"], ["scaled"]),
        helper.make_node("Gemm", ["scaled", "linear.weights", "linear.bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], [OUTPUT], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "baseline",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", len(mean)])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", len(bias)])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
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
