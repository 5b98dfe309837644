"""The source system's local detectors load again: autoencoder and forest are converted, checked, or refused."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import tempfile
import unittest
from pathlib import Path

import import_support  # noqa: F401  puts the training folder on the path
import joblib
import numpy as np
import onnxruntime
import pandas as pd
import torch
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import StandardScaler
from torch import nn

import import_detector
from importing import forest as forests

FEATURES = [f"measure {i:02d}" for i in range(15)]
STEPS = 10


class SourceAutoencoder(nn.Module):
    """The autoencoder as the team's detector computes it."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(15, 12, 2, batch_first=True)
        self.decoder = nn.LSTM(12, 15, 2, batch_first=True)
        self.output_layer = nn.Linear(15, 15)

    def forward(self, rows):
        _, (hidden, _) = self.encoder(rows)
        decoded, _ = self.decoder(hidden[-1].unsqueeze(1).repeat(1, rows.shape[1], 1))
        return self.output_layer(decoded)


def rows(count: int = 300, seed: int = 4) -> np.ndarray:
    random = np.random.default_rng(seed)
    scales = random.uniform(0.5, 40, 15)
    return np.abs(random.normal(2, 1, (count, 15)) * scales).round(2)


class DetectorCase(unittest.TestCase):
    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder, self.rows = Path(made.name), rows()
        self.out = self.folder / "detector"
        pd.DataFrame(self.rows, columns=FEATURES).to_csv(self.folder / "rows.csv", index=False)

    def command(self, kind: str, file: str, *options: str) -> tuple[int, str]:
        given = [kind, str(self.folder / file), "--name", "local", "--out", str(self.out), "--replace"]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = import_detector.main([*given, *(option.replace("@", f"{self.folder}/") for option in options)])
        return code, printed.getvalue()

    def refused(self, reason: str, kind: str, file: str, *options: str) -> None:
        code, printed = self.command(kind, file, *options)
        self.assertEqual(code, 1, printed)
        self.assertIn(reason, printed)
        self.assertFalse(self.out.exists())

    def imported(self, kind: str, file: str, *options: str) -> tuple[dict, dict, onnxruntime.InferenceSession]:
        code, printed = self.command(kind, file, *options)
        self.assertEqual(code, 0, printed)
        read = lambda name: json.loads((self.out / name).read_text(encoding="utf-8"))
        session = onnxruntime.InferenceSession((self.out / "detector.onnx").read_bytes())
        return read("detector.json"), read("golden.json"), session


class Lstm(DetectorCase):
    def setUp(self) -> None:
        super().setUp()
        torch.manual_seed(11)
        self.model = SourceAutoencoder().eval()
        self.scaler = StandardScaler().fit(self.rows)
        self.sequences = self.rows.reshape(-1, STEPS, 15)
        self.save()
        self.expect(self.scores(self.scaled()))

    def scaled(self) -> np.ndarray:
        return self.scaler.transform(self.rows).reshape(-1, STEPS, 15)

    def scores(self, scaled: np.ndarray) -> np.ndarray:
        values = torch.tensor(scaled, dtype=torch.float32)
        with torch.inference_mode():
            return ((self.model(values) - values) ** 2).mean(dim=(1, 2)).numpy()

    def save(self, **more) -> None:
        content = {
            "model_state_dict": self.model.state_dict(),
            "threshold": np.float64(1.5),
            "input_size": 15,
            "hidden_size": 12,
            "sequence_length": STEPS,
            "scaler": {"mean": self.scaler.mean_, "scale": self.scaler.scale_},
            **more,
        }
        torch.save({key: value for key, value in content.items() if value is not None}, self.folder / "lstm.pth")

    def expect(self, scores: np.ndarray) -> None:
        content = {"features": FEATURES, "sequences": self.sequences.tolist(), "scores": scores.tolist()}
        (self.folder / "expected.json").write_text(json.dumps(content), encoding="utf-8")

    def test_it_is_recognised_and_scores_as_before(self) -> None:
        contract, golden, session = self.imported("lstm-autoencoder", "lstm.pth", "--expected", "@expected.json")
        self.assertEqual(contract["imported"]["forward"], "decoder-input=repeated decoder-state=zero")
        self.assertEqual((contract["features"], contract["sequenceLength"], contract["threshold"]), (FEATURES, STEPS, 1.5))
        got = session.run(["score"], {"features": self.sequences.astype(np.float32)})[0]
        np.testing.assert_allclose(got, self.scores(self.scaled()), rtol=1e-5)
        self.assertEqual({vector["expected"]["anomalous"] for vector in golden["vectors"]}, {True, False})
        for vector in golden["vectors"]:
            got = session.run(["score"], {"features": np.array([vector["input"]], np.float32)})[0][0]
            self.assertAlmostEqual(got / vector["expected"]["score"], 1, 4)

    def test_a_model_of_raw_values_whose_pass_is_declared(self) -> None:
        self.save(scaler=None, threshold=9000.0)
        self.refused("there is no scaler", "lstm-autoencoder", "lstm.pth", "--rows", "@rows.csv")
        self.refused("without --expected nothing tells", "lstm-autoencoder", "lstm.pth", "--rows", "@rows.csv", "--scaler", "identity")
        declared = ("--scaler", "identity", "--forward", "decoder-input=repeated decoder-state=zero")
        contract, _, session = self.imported("lstm-autoencoder", "lstm.pth", "--rows", "@rows.csv", *declared)
        self.assertEqual(contract["imported"]["chosenBy"], "declared")
        got = session.run(["score"], {"features": self.sequences.astype(np.float32)})[0]
        np.testing.assert_allclose(got, self.scores(self.sequences), rtol=1e-4)

    def test_a_decoder_that_reads_every_step_and_starts_where_the_encoder_ended(self) -> None:
        self.model = SourceAutoencoder().eval()
        self.model.decoder = nn.LSTM(12, 12, 2, batch_first=True)
        self.model.output_layer = nn.Linear(12, 15)
        self.model.eval()
        self.save()
        values = torch.tensor(self.scaled(), dtype=torch.float32)
        with torch.inference_mode():
            outputs, state = self.model.encoder(values)
            made = self.model.output_layer(self.model.decoder(outputs, state)[0])
            wanted = ((made - values) ** 2).mean(dim=(1, 2)).numpy()
        self.expect(wanted)
        contract, _, session = self.imported("lstm-autoencoder", "lstm.pth", "--expected", "@expected.json")
        self.assertEqual(contract["imported"]["forward"], "decoder-input=outputs decoder-state=encoder")
        got = session.run(["score"], {"features": self.sequences.astype(np.float32)})[0]
        np.testing.assert_allclose(got, wanted, rtol=1e-5)

    def test_what_is_refused(self) -> None:
        known = ("lstm-autoencoder", "lstm.pth", "--expected", "@expected.json")
        self.expect(self.scores(self.sequences))
        self.refused("the model fits only without its scaler", *known)
        self.expect(self.scores(self.scaled()) * 3)
        self.refused("no known forward pass gives the expected scores", *known)
        self.expect(self.scores(self.scaled()))
        self.refused("threshold: given 2 and 1.5", *known, "--threshold", "2")
        self.save(threshold=None)
        self.refused("the checkpoint has no threshold", *known)
        self.save(sequence_length=12)
        self.refused("sequences are (10, 15); the detector takes (12, 15)", *known)
        self.save(threshold=1e9)
        self.refused("no input scores above the threshold", *known)
        state = self.model.state_dict()
        del state["decoder.weight_hh_l1"]
        self.save(model_state_dict=state)
        self.refused("missing decoder.weight_hh_l1", *known)
        state = {**self.model.state_dict(), "output_layer.bias": torch.full((15,), float("inf"))}
        self.save(model_state_dict=state)
        self.refused("output_layer.bias holds 15 of 15 values that are not finite", *known)
        self.save(input_size=79)
        self.refused("encoder takes 15 features, but the checkpoint says 79", *known)


class Forest(DetectorCase):
    FILE = ("isolation-forest", "forest.pkl", "--rows", "@rows.csv")
    UNSAFE = ("--allow-unsafe-pickle",)

    def setUp(self) -> None:
        super().setUp()
        self.scaler = StandardScaler().fit(self.rows)
        self.save(IsolationForest(n_estimators=30, contamination=0.1, random_state=42))

    def save(self, forest: IsolationForest) -> None:
        self.forest = forest.fit(self.scaler.transform(self.rows))
        joblib.dump(self.forest, self.folder / "forest.pkl")
        joblib.dump(self.scaler, self.folder / "forest_scaler.pkl")

    def test_every_row_scores_as_scikit_learn_scores_it(self) -> None:
        forms = [
            IsolationForest(n_estimators=30, contamination=0.1, random_state=42),
            IsolationForest(n_estimators=10, max_features=0.5, max_samples=64, random_state=np.random.RandomState(1)),
        ]
        for form in forms:
            with self.subTest(str(form)):
                self.save(form)
                contract, golden, session = self.imported(*self.FILE, *self.UNSAFE)
                self.assertIn("StandardScaler, in forest_scaler.pkl", contract["imported"]["scaler"])
                asked = np.concatenate([self.rows, rows(500, seed=8) * 3]).astype(np.float32)
                scaled = self.scaler.transform(asked.astype(np.float64))
                got = session.run(["score"], {"features": asked})[0]
                np.testing.assert_allclose(-got, self.forest.score_samples(scaled), atol=1e-6)
                flagged = got > contract["threshold"]
                self.assertEqual((flagged != (self.forest.predict(scaled) == -1)).sum(), 0)
                self.assertEqual({vector["expected"]["anomalous"] for vector in golden["vectors"]}, {True, False})

    def test_values_exactly_at_a_cut_go_where_scikit_learn_sends_them(self) -> None:
        trees = [each.tree_ for each in self.forest.estimators_]
        _, _, session = self.imported(*self.FILE, *self.UNSAFE)
        asked = []
        for tree in trees[:10]:
            column, cut = tree.feature[0], tree.threshold[0] * self.scaler.scale_[tree.feature[0]] + self.scaler.mean_[tree.feature[0]]
            for towards in (-np.inf, np.inf):
                row = self.rows[0].astype(np.float32)
                row[column] = np.float32(cut)
                for _ in range(4):
                    asked.append(row.copy())
                    row[column] = np.nextafter(row[column], np.float32(towards))
        asked = np.array(asked)
        got = session.run(["score"], {"features": asked})[0]
        wanted = self.forest.score_samples(self.scaler.transform(asked.astype(np.float64)))
        np.testing.assert_allclose(-got, wanted, atol=1e-6)

    def test_forest_and_scaler_in_one_file(self) -> None:
        (self.folder / "forest_scaler.pkl").unlink()
        (self.folder / "forest.pkl").write_bytes(pickle.dumps({"model": self.forest, "scaler": self.scaler}))
        contract, _, _ = self.imported(*self.FILE, *self.UNSAFE)
        self.assertIn("inside the checkpoint", contract["imported"]["scaler"])

    def test_what_is_refused(self) -> None:
        self.refused("forest.pkl: is an unsafe pickle and was not opened", *self.FILE)
        (self.folder / "forest_scaler.pkl").unlink()
        self.refused("there is no scaler", *self.FILE, *self.UNSAFE)
        joblib.dump(None, self.folder / "forest_scaler.pkl")
        self.refused("in forest_scaler.pkl is None", *self.FILE, *self.UNSAFE)
        joblib.dump(self.scaler, self.folder / "forest_scaler.pkl")
        joblib.dump(IsolationForest(), self.folder / "forest.pkl")
        self.refused("was never fitted", *self.FILE, *self.UNSAFE)
        joblib.dump(StandardScaler().fit(self.rows), self.folder / "forest.pkl")
        self.refused("holds a StandardScaler, not an IsolationForest", *self.FILE, *self.UNSAFE)
        joblib.dump(os.getcwd, self.folder / "forest.pkl")
        self.refused("holds posix.getcwd, which is not allowed", *self.FILE, *self.UNSAFE)

    def test_trees_that_point_outside_of_themselves(self) -> None:
        tree = self.forest.estimators_[3].tree_
        state = tree.__getstate__()
        state["nodes"]["right_child"][0] = 10_000
        tree.__setstate__(state)
        with self.assertRaisesRegex(forests.Refused, "tree 3 points outside of itself"):
            forests.forest_of(self.forest, "forest.pkl")


if __name__ == "__main__":
    unittest.main()
