"""Makes the two small detectors that the project's tests load: synthetic data, nobody's traffic.

    python models/training/tests/make_detector_fixtures.py [--out test/golden/detectors]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import torch
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import StandardScaler
from torch import nn

TRAINING = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TRAINING))

import import_detector  # noqa: E402

FEATURES = [f"measure {i:02d}" for i in range(15)]
STEPS = 10


class Autoencoder(nn.Module):
    """The team's autoencoder, with few hidden values."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(15, 4, 2, batch_first=True)
        self.decoder = nn.LSTM(4, 15, 2, batch_first=True)
        self.output_layer = nn.Linear(15, 15)

    def forward(self, rows):
        """Reconstructed sequences."""
        _, (hidden, _) = self.encoder(rows)
        decoded, _ = self.decoder(hidden[-1].unsqueeze(1).repeat(1, rows.shape[1], 1))
        return self.output_layer(decoded)


def behaviour(count: int) -> np.ndarray:
    """Rows of a daily rhythm with noise."""
    random = np.random.default_rng(20170703)
    time = np.arange(count)[:, None]
    rhythm = np.sin(time / 9 + np.arange(15)) + 0.2 * random.normal(size=(count, 15))
    return ((rhythm + 2) * np.linspace(0.5, 60, 15)).round(2)


def train(scaled: np.ndarray) -> tuple[Autoencoder, float]:
    """A fitted autoencoder, and the score that one in twenty training sequences exceeds."""
    torch.manual_seed(20170703)
    torch.set_num_threads(1)
    model, rows = Autoencoder(), torch.tensor(scaled, dtype=torch.float32)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        ((model(rows) - rows) ** 2).mean().backward()
        optimizer.step()
    with torch.inference_mode():
        scores = ((model(rows) - rows) ** 2).mean(dim=(1, 2)).numpy()
    return model.eval(), float(np.percentile(scores, 95))


def make(out: Path) -> None:
    """Trains, saves as a team does, and imports."""
    rows = behaviour(600)
    scaler = StandardScaler().fit(rows)
    scaled = scaler.transform(rows).reshape(-1, STEPS, 15)
    model, threshold = train(scaled)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        carried = {"mean": scaler.mean_, "scale": scaler.scale_}
        content = {"model_state_dict": model.state_dict(), "threshold": threshold, "sequence_length": STEPS}
        torch.save({**content, "scaler": carried}, folder / "lstm_autoencoder.pth")
        values = torch.tensor(scaled, dtype=torch.float32)
        with torch.inference_mode():
            scores = ((model(values) - values) ** 2).mean(dim=(1, 2)).numpy()
        expected = {"features": FEATURES, "sequences": rows.reshape(-1, STEPS, 15).tolist(), "scores": scores.tolist()}
        (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
        pd.DataFrame(rows, columns=FEATURES).to_csv(folder / "rows.csv", index=False)
        forest = IsolationForest(n_estimators=8, max_samples=48, contamination=0.1, random_state=42)
        joblib.dump(forest.fit(scaler.transform(rows)), folder / "isolation_forest.pkl")
        joblib.dump(scaler, folder / "isolation_forest_scaler.pkl")
        calls = [
            ("lstm-autoencoder", "lstm_autoencoder.pth", ["--expected", str(folder / "expected.json")]),
            ("isolation-forest", "isolation_forest.pkl", ["--rows", str(folder / "rows.csv"), "--allow-unsafe-pickle"]),
        ]
        for kind, file, options in calls:
            given = [kind, str(folder / file), "--name", kind, "--out", str(out / kind), "--replace"]
            if import_detector.main([*given, *options]) != 0:
                raise SystemExit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=TRAINING.parent.parent / "test/golden/detectors")
    make(parser.parse_args().out)
