"""The parameters of a specialist's network: found in a checkpoint, named as the architecture names them, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch
from torch import Tensor

from .refused import Refused

HOLDERS = ("model_state_dict", "state_dict", "model_state", "model")
PREFIXES = ("module.", "_orig_mod.", "model.")
# Names that other scripts gave to the same parts.
ALIASES = [
    (r"^(?:blocks|layers)\.", "feature_extractor."),
    (r"^skips\.", "skip_connections."),
    (r"^skip_connection_?([01])\.", r"skip_connections.\1."),
    (r"^(feature_extractor\.\d+)\.(?:fc|0)\.", r"\1.linear."),
    (r"^(feature_extractor\.\d+)\.(?:bn|norm|1)\.", r"\1.batch_norm."),
    (r"^interaction\.", "feature_interaction."),
    (r"^attention\.(?:out|output_proj|out_proj)\.", "attention.output."),
]
NORM = ("weight", "bias", "running_mean", "running_var")
LINEAR = ("weight", "bias")


@dataclass(frozen=True)
class Weights:
    """A network's tensors by canonical name, and the shape that they make."""

    tensors: dict[str, Tensor]
    widths: tuple[int, ...]
    features: int
    classes: int
    attention: bool

    def linear(self, name: str, rows: Tensor) -> Tensor:
        """The linear layer of that name."""
        return torch.nn.functional.linear(rows, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"])

    def norm(self, name: str, rows: Tensor) -> Tensor:
        """Batch normalisation of that name, with the running figures."""
        weight, bias, mean, variance = (self.tensors[f"{name}.{part}"] for part in NORM)
        return torch.nn.functional.batch_norm(rows, mean, variance, weight, bias)


def state_of(checkpoint, path) -> dict[str, Tensor]:
    """The state dict of a checkpoint: bare, or under one of the usual keys. Raises Refused where there is none."""
    if not isinstance(checkpoint, dict):
        kind = type(checkpoint).__name__
        raise Refused(f"{path}: holds a {kind}; it must hold a state dict, or a dict with one under {', '.join(HOLDERS)}")
    for key in HOLDERS:
        if isinstance(checkpoint.get(key), dict):
            return {name: value for name, value in checkpoint[key].items() if isinstance(value, Tensor)}
    state = {name: value for name, value in checkpoint.items() if isinstance(value, Tensor) and "." in name}
    if state:
        return state
    raise Refused(f"{path}: has no state dict; its keys are {', '.join(map(str, checkpoint)) or 'none'}")


def without_prefixes(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors without what a wrapper put before every name."""
    for prefix in PREFIXES:
        if state and all(name.startswith(prefix) for name in state):
            return without_prefixes({name[len(prefix) :]: value for name, value in state.items()})
    return state


def _canonical(name: str) -> str:
    for pattern, replacement in ALIASES:
        name = re.sub(pattern, replacement, name)
    return name


def check_values(state: dict[str, Tensor]) -> None:
    """Refuses tensors of another type than float32, and values that are not finite."""
    for name, value in state.items():
        if value.dtype != torch.float32:
            raise Refused(
                f"{name} is of type {str(value.dtype).removeprefix('torch.')}; all weights must be float32. Convert the "
                "checkpoint with model.float(), and give expected outputs of the converted model"
            )
        bad = int((~torch.isfinite(value)).sum())
        if bad:
            raise Refused(f"{name} holds {bad} of {value.numel()} values that are not finite: training diverged, or the file broke")


def _wanted(blocks: int, attention: bool) -> set[str]:
    linears = ["feature_interaction", "skip_connections.0", "skip_connections.1", "classifier"]
    linears += [f"feature_extractor.{i}.linear" for i in range(blocks)]
    if attention:
        linears += [f"attention.{part}" for part in ("query", "key", "value", "output")]
    names = {f"{layer}.{part}" for layer in linears for part in LINEAR}
    return names | {f"feature_extractor.{i}.batch_norm.{part}" for i in range(blocks) for part in NORM}


def _check_names(state: dict[str, Tensor]) -> tuple[int, bool]:
    """How many blocks there are, and whether there is attention; Refused for missing and for unknown names."""
    numbers = {int(found[1]) for name in state if (found := re.match(r"feature_extractor\.(\d+)\.", name))}
    blocks, attention = max(numbers, default=-1) + 1, any(name.startswith("attention.") for name in state)
    wanted = _wanted(max(blocks, 2), attention)
    # The head takes no part in the probabilities: it may be there or not.
    optional = {f"uncertainty_head.{part}" for part in LINEAR}
    missing, unknown = sorted(wanted - set(state)), sorted(set(state) - wanted - optional)
    if missing or unknown:
        problems = [f"missing {', '.join(missing)}"] if missing else []
        problems += [f"unknown {', '.join(unknown)}"] if unknown else []
        raise Refused(f"the state dict is not of the specialists' architecture: {'; '.join(problems)}")
    return blocks, attention


def _check_shapes(state: dict[str, Tensor], blocks: int, attention: bool) -> tuple[int, ...]:
    """The widths from input to last block; Refused where a layer disagrees with the ones before it."""
    interaction = tuple(state["feature_interaction.weight"].shape)
    if len(interaction) != 2:
        raise Refused(f"feature_interaction.weight has the shape {interaction}; it must be a matrix")
    features = interaction[1]
    widths = [features] + [state[f"feature_extractor.{i}.linear.weight"].shape[0] for i in range(blocks)]
    shapes = {"feature_interaction": (features, features)}
    shapes |= {f"feature_extractor.{i}.linear": (widths[i + 1], widths[i]) for i in range(blocks)}
    shapes |= {"skip_connections.0": (widths[-1], features), "skip_connections.1": (widths[-1], widths[1])}
    shapes |= {"classifier": (state["classifier.weight"].shape[0], widths[-1])}
    if attention:
        inner = state["attention.value.weight"].shape[0]
        shapes |= {f"attention.{part}": (inner, features) for part in ("query", "key", "value")}
        shapes |= {"attention.output": (features, inner)}
    expected = {f"{layer}.weight": shape for layer, shape in shapes.items()}
    expected |= {f"{layer}.bias": shape[:1] for layer, shape in shapes.items()}
    expected |= {f"feature_extractor.{i}.batch_norm.{part}": (widths[i + 1],) for i in range(blocks) for part in NORM}
    for name, shape in expected.items():
        if tuple(state[name].shape) != shape:
            raise Refused(
                f"{name} has the shape {tuple(state[name].shape)}, but must have {shape}: feature_interaction takes "
                f"{features} features, and the blocks are {widths[1:]} wide"
            )
    return tuple(widths)


def read_weights(checkpoint, path, metadata) -> Weights:
    """The checked weights of a specialist. Raises Refused, naming the layer."""
    state = {_canonical(name): value for name, value in without_prefixes(state_of(checkpoint, path)).items()}
    state = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    blocks, attention = _check_names(state)
    check_values(state)
    widths = _check_shapes(state, blocks, attention)
    for i in range(blocks):
        if (state[f"feature_extractor.{i}.batch_norm.running_var"] < 0).any():
            raise Refused(f"feature_extractor.{i}.batch_norm.running_var holds variances below zero: the file is broken")
    features, classes = widths[0], state["classifier.weight"].shape[0]
    if metadata.feature_count not in (None, features):
        raise Refused(
            f"feature_interaction and skip_connections.0 take {features} features, but {metadata.source} says "
            f"{metadata.feature_count}. The columns that training used decide: correct the metadata, or find the right checkpoint"
        )
    if metadata.class_count not in (None, classes):
        raise Refused(
            f"classifier gives {classes} classes, but {metadata.source} says {metadata.class_count}. "
            "List the classes in the order of the classifier's outputs"
        )
    return Weights(state, widths, features, classes, attention)
