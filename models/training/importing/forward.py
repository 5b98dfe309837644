"""The forward passes that fit one and the same set of parameter names, as a family of switches.

Two training scripts of the source system wrote identical names with different forward passes:

- interaction=add-relu attention=residual block=norm-relu skips=relu first-skip=attended
- interaction=linear attention=residual block=norm-relu skips=plain first-skip=interacted

The other members are what such scripts differ in otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from .refused import Refused
from .weights import Weights

# The first value of each is the architecture that this project trains (architecture.py).
CHOICES = {
    # x + relu(f(x)); f(x); relu(f(x)); x · sigmoid(f(x)); x + f(x); x
    "interaction": ("add-relu", "linear", "relu", "gate", "add-linear", "none"),
    # x + a(x); a(x); x
    "attention": ("residual", "replace", "none"),
    # linear → batch norm → relu; linear → relu → batch norm
    "block": ("norm-relu", "relu-norm"),
    # x + relu(s0) + relu(s1); x + s0 + s1; x + relu(s0 + s1); x + relu(s0); x
    "skips": ("relu", "plain", "relu-of-sum", "first-only", "none"),
    # what the first skip reads: after attention; between interaction and attention; the scaled input
    "first-skip": ("attended", "interacted", "input"),
}


@dataclass(frozen=True)
class Forward:
    """One setting of every switch."""

    interaction: str = "add-relu"
    attention: str = "residual"
    block: str = "norm-relu"
    skips: str = "relu"
    first_skip: str = "attended"

    def __str__(self) -> str:
        return " ".join(f"{name.replace('_', '-')}={value}" for name, value in asdict(self).items())


KNOWN = (Forward(), Forward(interaction="linear", skips="plain", first_skip="interacted"))


def parse_switches(text: str | None) -> list[dict[str, str]]:
    """The parts of the family to search, each as the switches that are fixed in it.

    All of it without a text; the two known training scripts for `known`; else the members with the given switches,
    such as `interaction=linear skips=plain`. Raises Refused.
    """
    if text == "known":
        return [{name.replace("_", "-"): value for name, value in asdict(script).items()} for script in KNOWN]
    switches = {}
    for part in (text or "").replace(",", " ").split():
        name, _, value = part.partition("=")
        if value not in CHOICES.get(name, ()):
            allowed = "; ".join(f"{switch}={'|'.join(values)}" for switch, values in CHOICES.items())
            raise Refused(f"--forward: {part!r} is no switch; allowed are the word known, and {allowed}")
        switches[name] = value
    return [switches]


def _interact(weights: Weights, rows: Tensor, how: str) -> Tensor:
    if how == "none":
        return rows
    made = weights.linear("feature_interaction", rows)
    if how == "gate":
        return rows * torch.sigmoid(made)
    made = torch.relu(made) if how.endswith("relu") else made
    return rows + made if how.startswith("add") else made


def _attend(weights: Weights, rows: Tensor, how: str) -> Tensor:
    """A flow is a single token: the softmax over one score is 1, and query and key change nothing."""
    if how == "none":
        return rows
    made = weights.linear("attention.output", weights.linear("attention.value", rows))
    return rows + made if how == "residual" else made


def _extract(weights: Weights, rows: Tensor, order: str) -> tuple[Tensor, Tensor]:
    """What the first and the last block give."""
    first = None
    for number in range(len(weights.widths) - 1):
        made, norm = weights.linear(f"feature_extractor.{number}.linear", rows), f"feature_extractor.{number}.batch_norm"
        rows = torch.relu(weights.norm(norm, made)) if order == "norm-relu" else weights.norm(norm, torch.relu(made))
        first = rows if first is None else first
    return first, rows


def _join(weights: Weights, last: Tensor, source: Tensor, first: Tensor, how: str) -> Tensor:
    if how == "none":
        return last
    one, other = weights.linear("skip_connections.0", source), weights.linear("skip_connections.1", first)
    if how == "relu-of-sum":
        return last + torch.relu(one + other)
    if how == "plain":
        return last + one + other
    return last + torch.relu(one) + (torch.relu(other) if how == "relu" else 0)


def _values(switch: str, fixed: dict[str, str]) -> tuple[str, ...]:
    return (fixed[switch],) if switch in fixed else CHOICES[switch]


def every(weights: Weights, scaled: Tensor, fixed: dict[str, str]) -> Iterator[tuple[Forward, Tensor]]:
    """Class probabilities of scaled rows by every forward pass of the family that differs from the others.

    `fixed` holds the switches that are known. Stages that members share are computed once.
    """
    with torch.inference_mode():
        for interaction in _values("interaction", fixed):
            interacted = _interact(weights, scaled, interaction)
            for attention in _values("attention", fixed) if weights.attention else ("none",):
                attended = _attend(weights, interacted, attention)
                sources = {"attended": attended}
                sources |= {"interacted": interacted} if attention != "none" else {}
                sources |= {"input": scaled} if interaction != "none" else {}
                for block in _values("block", fixed):
                    first, last = _extract(weights, attended, block)
                    for skips in _values("skips", fixed):
                        wanted = ("attended",) if skips == "none" else _values("first-skip", fixed)
                        for name in wanted:
                            joined = _join(weights, last, sources.get(name, attended), first, skips)
                            probabilities = torch.softmax(weights.linear("classifier", joined), dim=1)
                            if name in sources:
                                yield Forward(interaction, attention, block, skips, name), probabilities


def one(weights: Weights, scaled: Tensor, forward: Forward) -> Tensor:
    """Class probabilities of scaled rows by one forward pass."""
    with torch.inference_mode():
        interacted = _interact(weights, scaled, forward.interaction)
        attended = _attend(weights, interacted, forward.attention)
        first, last = _extract(weights, attended, forward.block)
        source = {"attended": attended, "interacted": interacted, "input": scaled}[forward.first_skip]
        return torch.softmax(weights.linear("classifier", _join(weights, last, source, first, forward.skips)), dim=1)
