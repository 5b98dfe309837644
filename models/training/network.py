"""Fits the network of a specialist: class-balanced loss, early stopping, calibrated certainty."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from architecture import Specialist
from scaling import Scaler
from split import split

VALIDATION_SHARE = 0.15
# Rows a forward pass takes at once where nothing is learned: bounds the memory.
SCORED_AT_ONCE = 8192


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. `balance` is the power of a class's rarity in its weight: 0 weighs flows, 1 classes.

    `smoothing` is the part of the truth that is spread over all classes: without it, the certainty on flows that are
    easily told apart grows until no change of the model moves it, and no golden vector can prove anything.
    `remembered` is the share of the averaged weights that one step leaves, and `patience` how many epochs in a row
    that do worse on the validation part end the training.
    """

    epochs: int = 50
    patience: int = 15
    batch: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    dropout: float = 0.2
    balance: float = 0.25
    smoothing: float = 0.01
    remembered: float = 0.995


@dataclass(frozen=True)
class Trained:
    """A fitted network in evaluation mode; its classifier gives logits that are divided by the temperature already.

    `validation` are the numbers of the rows that no weight was fitted to, among those that `fit` was given.
    """

    network: Specialist
    scaler: Scaler
    temperature: float
    epochs: int
    validation: np.ndarray

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Class probabilities of raw rows, from PyTorch."""
        return torch.softmax(score(self.network, self.scaler.apply(rows)), dim=1).numpy()


def score(network: nn.Module, scaled: np.ndarray) -> Tensor:
    """Logits of scaled rows."""
    with torch.inference_mode():
        parts = [
            network(torch.from_numpy(scaled[start : start + SCORED_AT_ONCE]))
            for start in range(0, len(scaled), SCORED_AT_ONCE)
        ]
    return torch.cat(parts)


def class_weights(truth: np.ndarray, classes: int, balance: float) -> np.ndarray:
    """Weight of each class in the loss; their mean over the rows is 1."""
    counts = np.bincount(truth, minlength=classes)
    weights = (len(truth) / np.maximum(counts, 1)) ** balance
    return weights * len(truth) / (weights * counts).sum()


def find_temperature(logits: Tensor, truth: Tensor) -> float:
    """The divisor of the logits, from 1 to 5, at which their probabilities fit best.

    One number, so the classes stay. The bounds hold where there is no mistake to learn from: certainty without end would
    fit best then.
    """

    def loss(exponent: float) -> float:
        return float(nn.functional.cross_entropy(logits.double() / np.exp(exponent), truth))

    return float(np.exp(minimize_scalar(loss, bounds=(0, np.log(5)), method="bounded").x))


def _bake_in(network: Specialist, temperature: float) -> None:
    with torch.no_grad():
        network.classifier.weight /= temperature
        network.classifier.bias /= temperature


class _Training:
    """One run over the data: steps, averaged weights, and the best of them so far."""

    def __init__(self, scaled: np.ndarray, truth: np.ndarray, groups, classes: int, recipe: Recipe, seed: int) -> None:
        self.fit_rows, self.validation = split(truth, groups, VALIDATION_SHARE, seed)
        self.scaled, self.truth, self.recipe = scaled, torch.from_numpy(truth), recipe
        self.rows, self.order = torch.from_numpy(scaled), np.random.default_rng(seed)
        self.network = Specialist(scaled.shape[1], classes, recipe.dropout)
        self.averaged = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.remembered), use_buffers=True
        )
        self.batch = min(recipe.batch, len(self.fit_rows))
        self.steps = len(self.fit_rows) // self.batch
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, recipe.learning_rate, total_steps=recipe.epochs * self.steps, pct_start=0.15
        )
        weights = class_weights(truth[self.fit_rows], classes, recipe.balance)
        self.loss = nn.CrossEntropyLoss(
            torch.tensor(weights, dtype=torch.float32), label_smoothing=recipe.smoothing
        )

    def epoch(self) -> None:
        """Shows every flow once, except the few that fill no batch."""
        self.network.train()
        order = self.order.permutation(self.fit_rows)
        for step in range(self.steps):
            rows = order[step * self.batch : (step + 1) * self.batch]
            self.optimizer.zero_grad()
            self.loss(self.network(self.rows[rows]), self.truth[rows]).backward()
            self.optimizer.step()
            self.schedule.step()
            self.averaged.update_parameters(self.network)

    def validate(self) -> float:
        """Macro F1 of the averaged weights on the validation part.

        Not the loss: a single sure mistake in a rare class weighs so much there that it hides everything else.
        """
        self.averaged.eval()
        answer = score(self.averaged, self.scaled[self.validation]).argmax(dim=1)
        return float(f1_score(self.truth[self.validation].numpy(), answer.numpy(), average="macro"))

    def run(self) -> tuple[Specialist, int]:
        """The averaged network of the best epoch, and that epoch; of equals the last, whose steps are the smallest."""
        best, best_score, best_epoch = self.averaged.module, -np.inf, 0
        for epoch in range(1, self.recipe.epochs + 1):
            self.epoch()
            reached = self.validate()
            if reached >= best_score:
                best, best_score, best_epoch = copy.deepcopy(self.averaged.module), reached, epoch
            elif epoch - best_epoch >= self.recipe.patience:
                break
        return best, best_epoch


def fit(
    rows: np.ndarray, truth: np.ndarray, group: np.ndarray, classes: int, seed: int, recipe: Recipe = Recipe()
) -> Trained:
    """Trains on raw rows with class numbers; the scaler learns from these rows alone.

    Same rows, seed and machine, same weights. Sets PyTorch to one thread for that: with more, sums are added
    up in another order.
    """
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    scaler = Scaler.fit(rows)
    scaled = scaler.apply(rows)
    training = _Training(scaled, truth, group, classes, recipe, seed)
    network, epochs = training.run()
    network.eval()
    validation = training.validation
    temperature = find_temperature(score(network, scaled[validation]), torch.from_numpy(truth[validation]))
    _bake_in(network, temperature)
    return Trained(network, scaler, temperature, epochs, validation)


def brief(recipe: Recipe) -> Recipe:
    """The recipe with few epochs, for tests of everything but the figures."""
    return replace(recipe, epochs=4, patience=4, batch=32, learning_rate=5e-3, remembered=0.9)
