"""The LSTM autoencoder: scores a sequence by how badly it is reconstructed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from .detector_graph import INPUT, SCORE, DetectorGraph
from .refused import Refused
from .scalers import Scaler
from .weights import check_values, state_of, without_prefixes

PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
# The first value of each is what the source system computed.
CHOICES = {
    # the last hidden state of the encoder at every step; its output of every step
    "decoder-input": ("repeated", "outputs"),
    # zeros; where the encoder ended
    "decoder-state": ("zero", "encoder"),
}


@dataclass(frozen=True)
class Autoencoder:
    """Encoder, decoder and, where the checkpoint has one, the linear layer behind them, in evaluation mode."""

    encoder: nn.LSTM
    decoder: nn.LSTM
    output: nn.Linear | None

    @property
    def features(self) -> int:
        """Values of one step."""
        return self.encoder.input_size

    def members(self, fixed: dict[str, str]) -> Iterator[dict[str, str]]:
        """The forward passes that the shapes allow, with the switches in `fixed` as they are."""
        alike = (self.encoder.hidden_size, self.encoder.num_layers) == (self.decoder.hidden_size, self.decoder.num_layers)
        for source in CHOICES["decoder-input"]:
            for state in CHOICES["decoder-state"] if alike else ("zero",):
                member = {"decoder-input": source, "decoder-state": state}
                if fixed.items() <= member.items():
                    yield member

    def score(self, scaled: np.ndarray, member: dict[str, str]) -> np.ndarray:
        """Mean squared error of the reconstruction, one value a sequence; `scaled` is [sequences, steps, features]."""
        rows = torch.from_numpy(scaled.astype(np.float32))
        with torch.inference_mode():
            outputs, (hidden, cell) = self.encoder(rows)
            if member["decoder-input"] == "repeated":
                outputs = hidden[-1][:, None, :].expand(-1, rows.shape[1], -1)
            state = (hidden, cell) if member["decoder-state"] == "encoder" else None
            made, _ = self.decoder(outputs, state)
            made = made if self.output is None else self.output(made)
            return ((made - rows) ** 2).mean(dim=(1, 2)).numpy()


def _lstm(state: dict[str, Tensor], name: str) -> nn.LSTM:
    """An LSTM of the shape that its tensors have. Raises Refused."""
    layers = {int(found[1]) for key in state if (found := re.match(rf"{name}\.weight_ih_l(\d+)$", key))}
    wanted = {f"{name}.{part}_l{i}" for i in range(max(layers, default=0) + 1) for part in PARTS}
    own = {key for key in state if key.startswith(f"{name}.")}
    if own != wanted:
        problems = [f"missing {', '.join(sorted(wanted - own))}"] if wanted - own else []
        problems += [f"unknown {', '.join(sorted(own - wanted))}"] if own - wanted else []
        raise Refused(f"the state dict is not of an LSTM autoencoder: {'; '.join(problems)}")
    gates, inputs = state[f"{name}.weight_ih_l0"].shape
    module = nn.LSTM(inputs, gates // 4, len(layers), batch_first=True)
    _load(module, {key.removeprefix(f"{name}."): state[key] for key in own}, name)
    return module.eval()


def _load(module: nn.Module, state: dict[str, Tensor], name: str) -> None:
    for key, value in module.state_dict().items():
        given = tuple(state[key].shape) if key in state else None
        if given != tuple(value.shape):
            raise Refused(f"{name}.{key} has the shape {given}, but must have {tuple(value.shape)} beside the others")
    module.load_state_dict(state)


def read_autoencoder(checkpoint, path) -> Autoencoder:
    """The autoencoder of a checkpoint: `encoder`, `decoder` and maybe `output_layer`. Raises Refused."""
    state = without_prefixes(state_of(checkpoint, path))
    known = ("encoder.", "decoder.", "output_layer.")
    strangers = sorted(name for name in state if not name.startswith(known))
    if strangers:
        raise Refused(f"the state dict is not of an LSTM autoencoder: unknown {', '.join(strangers)}")
    check_values(state)
    encoder, decoder = _lstm(state, "encoder"), _lstm(state, "decoder")
    if decoder.input_size != encoder.hidden_size:
        raise Refused(f"decoder takes {decoder.input_size} values, but encoder gives {encoder.hidden_size}")
    output = None
    if any(name.startswith("output_layer.") for name in state):
        output = nn.Linear(decoder.hidden_size, encoder.input_size)
        _load(output, {name.removeprefix("output_layer."): value for name, value in state.items() if name.startswith("output_layer.")}, "output_layer")
    elif decoder.hidden_size != encoder.input_size:
        raise Refused(f"decoder gives {decoder.hidden_size} values and there is no output_layer to make {encoder.input_size} of them")
    return Autoencoder(encoder, decoder, output)


def _onnx_order(value: np.ndarray) -> np.ndarray:
    """Gates in ONNX's order (input, output, forget, cell) from PyTorch's (input, forget, cell, output)."""
    first, forget, cell, last = np.split(value, 4)
    return np.concatenate([first, last, forget, cell])


def _layers(graph: DetectorGraph, module: nn.LSTM, name: str, rows: str, states: list[tuple[str, str]] | None):
    """The layers of an LSTM; names of the last layer's outputs and of every layer's end state."""
    ends = []
    for layer in range(module.num_layers):
        values = {part: getattr(module, f"{part}_l{layer}").detach().numpy() for part in PARTS}
        bias = np.concatenate([_onnx_order(values["bias_ih"]), _onnx_order(values["bias_hh"])])
        inputs = [
            rows,
            graph.constant(f"{name}.{layer}.w", _onnx_order(values["weight_ih"])[None]),
            graph.constant(f"{name}.{layer}.r", _onnx_order(values["weight_hh"])[None]),
            graph.constant(f"{name}.{layer}.b", bias[None]),
        ]
        inputs += ["", *states[layer]] if states is not None else []
        made = [f"{name}.{layer}.{what}" for what in ("steps", "hidden", "cell")]
        graph.nodes.append(graph.make("LSTM", inputs, made, name=f"{name}.{layer}", hidden_size=module.hidden_size))
        rows = graph.node("Squeeze", [made[0], graph.integers(f"{name}.{layer}.direction", [1])], f"{name}.{layer}.rows")
        ends.append((made[1], made[2]))
    return rows, ends


def export(model: Autoencoder, member: dict[str, str], scaler: Scaler, steps: int, version: str) -> bytes:
    """The serialised graph: raw sequences [batch, steps, features] in, one score each out, the scaler inside."""
    graph = DetectorGraph()
    rows = graph.scaler(INPUT, scaler)
    rows = graph.node("Transpose", [rows], "steps", perm=[1, 0, 2])
    outputs, ends = _layers(graph, model.encoder, "encoder", rows, None)
    if member["decoder-input"] == "repeated":
        outputs = graph.node("Tile", [ends[-1][0], graph.integers("repeats", [steps, 1, 1])], "repeated")
    made, _ = _layers(graph, model.decoder, "decoder", outputs, ends if member["decoder-state"] == "encoder" else None)
    if model.output is not None:
        weight, bias = model.output.weight.detach().numpy(), model.output.bias.detach().numpy()
        product = graph.node("MatMul", [made, graph.constant("output.weight", weight.T)], "output.product")
        made = graph.node("Add", [product, graph.constant("output.bias", bias)], "output")
    difference = graph.node("Sub", [made, rows], "difference")
    square = graph.node("Mul", [difference, difference], "square")
    graph.node("ReduceMean", [square], "error", output=SCORE, axes=[0, 2], keepdims=0)
    return graph.serialise([steps, model.features], version)
