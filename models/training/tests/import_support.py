"""Small checkpoints for the import's tests, and the network in numpy, written down a second time."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

# `unittest discover` puts the tests' own folder on the path, not the one of what they test.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import import_checkpoint  # noqa: E402

FEATURES = [f"feature {i}" for i in range(6)]
WIDTHS = (9, 8, 7, 6)
MEAN = np.array([40.0, -3.0, 1000.0, 0.5, 7.0, 200.0])
SCALE = np.array([12.0, 2.0, 300.0, 0.25, 3.0, 50.0])
DEFAULT = {
    "interaction": "add-relu",
    "attention": "residual",
    "block": "norm-relu",
    "skips": "relu",
    "first-skip": "attended",
}
#: What the source system's second training script computed with the same names.
OTHER_SCRIPT = {**DEFAULT, "interaction": "linear", "skips": "plain", "first-skip": "interacted"}


def make_state(classes: int = 2, features: int = 6, seed: int = 1) -> dict[str, np.ndarray]:
    """Random parameters by the names of the checkpoints."""
    random = np.random.default_rng(seed)
    state = {}

    def linear(name: str, inputs: int, outputs: int) -> None:
        state[f"{name}.weight"] = random.normal(0, 1.4 / np.sqrt(inputs), (outputs, inputs))
        state[f"{name}.bias"] = random.normal(0, 0.4, outputs)

    linear("feature_interaction", features, features)
    for part in ("query", "key", "value"):
        linear(f"attention.{part}", features, 5)
    linear("attention.output", 5, features)
    widths = (features, *WIDTHS)
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        linear(f"feature_extractor.{i}.linear", inputs, outputs)
        name = f"feature_extractor.{i}.batch_norm"
        state[f"{name}.weight"] = random.uniform(0.5, 1.5, outputs)
        state[f"{name}.bias"] = random.normal(0, 0.4, outputs)
        state[f"{name}.running_mean"] = random.normal(0, 0.4, outputs)
        state[f"{name}.running_var"] = random.uniform(0.5, 2, outputs)
        state[f"{name}.num_batches_tracked"] = np.array(10)
    linear("skip_connections.0", features, WIDTHS[-1])
    linear("skip_connections.1", WIDTHS[0], WIDTHS[-1])
    linear("classifier", WIDTHS[-1], classes)
    linear("uncertainty_head", WIDTHS[-1], 1)
    return state


def compute(state: dict[str, np.ndarray], scaled: np.ndarray, switches: dict[str, str]) -> np.ndarray:
    """Class probabilities in float64 by the given forward pass."""

    def linear(name: str, rows: np.ndarray) -> np.ndarray:
        return rows @ state[f"{name}.weight"].T + state[f"{name}.bias"]

    def norm(name: str, rows: np.ndarray) -> np.ndarray:
        centred = (rows - state[f"{name}.running_mean"]) / np.sqrt(state[f"{name}.running_var"] + 1e-5)
        return centred * state[f"{name}.weight"] + state[f"{name}.bias"]

    def relu(rows: np.ndarray) -> np.ndarray:
        return np.maximum(rows, 0)

    made = linear("feature_interaction", scaled)
    interacted = {
        "add-relu": lambda: scaled + relu(made),
        "linear": lambda: made,
        "relu": lambda: relu(made),
        "gate": lambda: scaled / (1 + np.exp(-made)),
        "add-linear": lambda: scaled + made,
        "none": lambda: scaled,
    }[switches["interaction"]]()
    # Scores of a single token, as the scripts compute them: softmax makes them 1.
    attention = linear("attention.output", linear("attention.value", interacted))
    attended = {"residual": interacted + attention, "replace": attention, "none": interacted}[switches["attention"]]
    rows, outputs = attended, []
    for i in range(len(WIDTHS)):
        rows, name = linear(f"feature_extractor.{i}.linear", rows), f"feature_extractor.{i}.batch_norm"
        rows = relu(norm(name, rows)) if switches["block"] == "norm-relu" else norm(name, relu(rows))
        outputs.append(rows)
    source = {"attended": attended, "interacted": interacted, "input": scaled}[switches["first-skip"]]
    one, other = linear("skip_connections.0", source), linear("skip_connections.1", outputs[0])
    rows = rows + {
        "relu": relu(one) + relu(other),
        "plain": one + other,
        "relu-of-sum": relu(one + other),
        "first-only": relu(one),
        "none": 0,
    }[switches["skips"]]
    logits = linear("classifier", rows)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def raw_rows(count: int = 240, seed: int = 2) -> np.ndarray:
    """Raw rows that the scaler of these tests brings to about unit spread."""
    drawn = MEAN + SCALE * np.random.default_rng(seed).normal(size=(count, len(MEAN)))
    return drawn.astype(np.float32).astype(np.float64)


def balance(state: dict[str, np.ndarray], scaled: np.ndarray, switches: dict[str, str]) -> None:
    """Shifts the classifier so that every class is answered about as often as every other."""
    for _ in range(60):
        shares = compute(state, scaled, switches).argmax(axis=1)
        counts = np.bincount(shares, minlength=len(state["classifier.bias"]))
        state["classifier.bias"] -= 0.3 * (counts / counts.sum() - 1 / len(counts))


def tensors(state: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """The state dict as PyTorch keeps it."""
    whole = "num_batches_tracked"
    return {
        name: torch.tensor(value, dtype=torch.int64 if name.endswith(whole) else torch.float32)
        for name, value in state.items()
    }


class ImportCase(unittest.TestCase):
    """A checkpoint with metadata, expected outputs and labelled rows in a folder of its own."""

    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)
        self.classes = ["Normal", "Attack"]
        self.out = self.folder / "ddos"
        self.checkpoint = self.folder / "ddos.pth"

    def prepare(self, switches: dict[str, str] | None = None, classes: int = 2, scaled=None) -> dict[str, np.ndarray]:
        """Writes everything for a model of that forward pass; returns its parameters."""
        switches = switches or DEFAULT
        self.classes = ["Normal", "Attack"] if classes == 2 else [f"class {i}" for i in range(classes)]
        state = make_state(classes)
        rows = raw_rows()
        scaled = (rows - MEAN) / SCALE if scaled is None else scaled
        balance(state, scaled, switches)
        state = {name: value.astype(np.float32).astype(np.float64) for name, value in state.items()}
        self.probabilities = compute(state, scaled, switches)
        self.save({"model_state_dict": tensors(state)})
        self.write_json("scaler.json", {"mean": MEAN.tolist(), "scale": SCALE.tolist()})
        self.write_json("metadata.json", {"class_names": self.classes, "feature_names": FEATURES})
        self.write_expected(rows, self.probabilities)
        self.write_labelled(rows, [self.classes[i] for i in self.probabilities.argmax(axis=1)])
        return state

    def save(self, content) -> None:
        """Writes the checkpoint."""
        torch.save(content, self.checkpoint)

    def write_json(self, name: str, content) -> Path:
        """Writes a JSON file."""
        (self.folder / name).write_text(json.dumps(content), encoding="utf-8")
        return self.folder / name

    def write_pickle(self, name: str, content) -> Path:
        """Writes a pickle."""
        (self.folder / name).write_bytes(pickle.dumps(content))
        return self.folder / name

    def write_expected(self, rows, probabilities, **more) -> None:
        """Writes expected outputs."""
        content = {"rows": np.asarray(rows).tolist(), "probabilities": np.asarray(probabilities).tolist()}
        named = {"features": FEATURES, "classes": self.classes, **more}
        self.write_json("expected.json", {**content, **{key: names for key, names in named.items() if names}})

    def write_labelled(self, rows, labels, features=FEATURES) -> None:
        """Writes labelled rows as CSV."""
        lines = [",".join([*features, "Label"])]
        lines += [",".join([*(repr(float(value)) for value in row), str(label)]) for row, label in zip(rows, labels)]
        (self.folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run_import(self, *options: str, by: str = "expected", scaler: str | None = "scaler.json") -> tuple[int, str]:
        """Runs the command; exit code and all it printed. The scaler file is taken out of the automatic search."""
        given = [str(self.checkpoint), "--name", "ddos", "--out", str(self.out)]
        given += ["--metadata", str(self.folder / "metadata.json")]
        given += ["--expected", str(self.folder / "expected.json")] if by == "expected" else []
        given += ["--rows", str(self.folder / "rows.csv")] if by == "rows" else []
        if scaler is not None:
            given += ["--scaler", scaler if scaler == "identity" else str(self.folder / scaler)]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = import_checkpoint.main([*given, *options])
        return code, printed.getvalue()

    def assert_refused(self, *reasons: str, options: tuple[str, ...] = (), **how) -> str:
        """The import is refused for these reasons, and nothing is written."""
        before = sorted(path.name for path in self.folder.iterdir())
        code, printed = self.run_import(*options, **how)
        self.assertEqual(code, 1, printed)
        self.assertTrue(printed.startswith("refused: "), printed)
        for reason in reasons:
            self.assertIn(reason, printed)
        self.assertNotIn("Traceback", printed)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), before)
        return printed

    def assert_imported(self, *options: str, **how) -> dict:
        """The import succeeds; the content of model.json."""
        code, printed = self.run_import(*options, **how)
        self.assertEqual(code, 0, printed)
        return json.loads((self.out / "model.json").read_text(encoding="utf-8"))
