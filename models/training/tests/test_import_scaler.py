"""Every way in which a scaler was saved is read, and a missing, wrong or doubled one is refused."""

from __future__ import annotations

import unittest

import joblib
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from import_support import DEFAULT, MEAN, SCALE, ImportCase, compute, raw_rows, tensors

from importing.scalers import from_value

UNSAFE = ("--allow-unsafe-pickle",)


def fitted_standard() -> StandardScaler:
    """A StandardScaler with the numbers of these tests."""
    scaler = StandardScaler().fit(raw_rows())
    scaler.mean_, scaler.scale_ = MEAN.copy(), SCALE.copy()
    return scaler


class Forms(ImportCase):
    def state(self, switches=None):
        return tensors(self.prepare(switches))

    def check_scaler(self, wanted: str, *options: str, scaler: str | None = None) -> None:
        model = self.assert_imported("--replace", *options, scaler=scaler)
        self.assertIn(wanted, model["imported"]["scaler"])
        graph = onnx.load(self.out / "model.onnx").graph
        constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        np.testing.assert_allclose(constants["scaler.mean"], MEAN, rtol=1e-6)
        np.testing.assert_allclose(constants["scaler.scale"], SCALE, rtol=1e-6)

    def test_inside_the_checkpoint_as_numbers(self) -> None:
        state = self.state()
        (self.folder / "scaler.json").unlink()
        dictionary = {"mean_": MEAN, "scale_": SCALE, "var_": SCALE**2, "n_features_in_": 6}
        forms = [
            ({"scaler": dictionary}, 'under "scaler"'),
            ({"scaler_state": {"center_": torch.tensor(MEAN), "scale_": torch.tensor(SCALE)}}, 'under "scaler_state"'),
            ({"scaler_params": {"mean": MEAN.tolist(), "std": SCALE.tolist()}}, 'under "scaler_params"'),
            ({"scaler_mean": MEAN, "scaler_scale": SCALE}, 'under "scaler_…"'),
            ({"feature_mean": torch.tensor(MEAN), "feature_std": torch.tensor(SCALE)}, 'under "feature_…"'),
        ]
        for more, wanted in forms:
            with self.subTest(wanted):
                self.save({"model_state_dict": state, "threshold": np.float64(0.5), **more})
                self.check_scaler(wanted)

    def test_inside_the_checkpoint_as_a_scikit_learn_object(self) -> None:
        state = self.state()
        (self.folder / "scaler.json").unlink()
        self.save({"model_state_dict": state, "scaler": fitted_standard()})
        self.assert_refused(
            "is an unsafe pickle: it holds sklearn.preprocessing._data.StandardScaler", "--allow-unsafe-pickle", scaler=None
        )
        self.check_scaler('StandardScaler, inside the checkpoint under "scaler"', *UNSAFE)

    def test_beside_the_checkpoint(self) -> None:
        self.state()
        (self.folder / "scaler.json").unlink()
        np.savez(self.folder / "ddos_scaler.npz", mean=MEAN, scale=SCALE)
        self.check_scaler("mean and scale, in ddos_scaler.npz")
        (self.folder / "ddos_scaler.npz").unlink()
        self.write_pickle("scaler.pkl", fitted_standard())
        self.assert_refused(
            "scaler.pkl: is an unsafe pickle and was not opened", options=("--replace",), scaler=None
        )
        self.check_scaler("StandardScaler, in scaler.pkl", *UNSAFE)
        (self.folder / "scaler.pkl").unlink()
        for compress in (0, 3, "gzip"):
            joblib.dump(fitted_standard(), self.folder / "other.joblib", compress=compress)
            self.check_scaler("StandardScaler, in other.joblib", *UNSAFE, scaler="other.joblib")

    def test_scalers_of_every_kind_scale_as_scikit_learn_does(self) -> None:
        raw = raw_rows()
        kinds = [
            StandardScaler(),
            StandardScaler(with_mean=False),
            StandardScaler(with_std=False),
            RobustScaler(),
            RobustScaler(with_centering=False),
            RobustScaler(with_scaling=False),
            MinMaxScaler(feature_range=(-1, 1)),
            MaxAbsScaler(),
        ]
        for scaler in kinds:
            with self.subTest(str(scaler)):
                read = from_value(scaler.fit(raw), "in a test")
                np.testing.assert_allclose(read.transform(raw), scaler.transform(raw), rtol=1e-9, atol=1e-9)
                self.assertIn(type(scaler).__name__, read.describe())

    def test_scalers_of_other_kinds_than_the_standard_one_are_imported(self) -> None:
        raw = raw_rows()
        for scaler in (RobustScaler(), MinMaxScaler(feature_range=(-1, 1)), MinMaxScaler(clip=True)):
            with self.subTest(str(scaler)):
                self.prepare(scaled=scaler.fit(raw_rows(100, seed=9)).transform(raw))
                self.write_pickle("scaler.pkl", scaler)
                model = self.assert_imported("--replace", *UNSAFE, scaler="scaler.pkl")
                self.assertEqual("clipped" in model["imported"]["scaler"], bool(getattr(scaler, "clip", False)))

    def test_standardised_rows_that_training_clipped_are_recognised(self) -> None:
        self.prepare(scaled=((raw_rows() - MEAN) / SCALE).clip(0, 1))
        self.check_scaler("clipped to 0…1", scaler="scaler.json")

    def test_a_signed_logarithm_before_the_scaler(self) -> None:
        raw = raw_rows()
        self.prepare(scaled=(np.sign(raw) * np.log1p(np.abs(raw)) - 1) / 2)
        self.write_json("scaler.json", {"signed_log": True, "mean": [1.0] * 6, "scale": [2.0] * 6})
        self.assertIn("signed log", self.assert_imported()["imported"]["scaler"])

    def test_twice_and_the_same(self) -> None:
        state = self.state()
        self.save({"model_state_dict": state, "scaler": {"mean": MEAN, "scale": SCALE}})
        self.check_scaler('under "scaler", and the same in scaler.json')

    def test_twice_and_different(self) -> None:
        state = self.state()
        self.save({"model_state_dict": state, "scaler": {"mean": MEAN + 1, "scale": SCALE}})
        self.assert_refused("there are two scalers, and they differ", 'under "scaler"', "in scaler.json", scaler=None)

    def test_none_inside_and_a_whole_one_beside(self) -> None:
        state = self.state()
        self.save({"model_state_dict": state, "scaler": None})
        self.check_scaler("in scaler.json")


class Refusals(ImportCase):
    def test_no_scaler(self) -> None:
        self.prepare()
        (self.folder / "scaler.json").unlink()
        self.assert_refused("there is no scaler inside the checkpoint and none beside it", "Normal because of this", scaler=None)

    def test_none_where_the_scaler_should_be(self) -> None:
        state = tensors(self.prepare())
        (self.folder / "scaler.json").unlink()
        self.save({"model_state_dict": state, "scaler": None})
        self.assert_refused('under "scaler" is None', "Normal because of this", scaler=None)
        joblib.dump(None, self.folder / "none.pkl")
        self.assert_refused("in none.pkl is None", options=UNSAFE, scaler="none.pkl")
        self.write_pickle("empty.pkl", StandardScaler())
        self.assert_refused("was never fitted", options=UNSAFE, scaler="empty.pkl")

    def test_the_scaler_of_another_width(self) -> None:
        self.prepare()
        self.write_json("scaler.json", {"mean": [0.0] * 7, "scale": [1.0] * 7})
        self.assert_refused("the scaler has 7 features and the network takes 6", "in scaler.json")

    def test_numbers_that_cannot_scale(self) -> None:
        self.prepare()
        self.write_json("scaler.json", {"mean": [0.0] * 6, "scale": [1.0] * 5 + [0.0]})
        self.assert_refused("divides by 0 at feature 5")
        self.write_json("scaler.json", {"mean": [float("nan")] + [0.0] * 5, "scale": [1.0] * 6})
        self.assert_refused("mean holds 1 values that are not finite")
        self.write_json("scaler.json", {"mean": [0.0] * 6, "scale": [1.0] * 5})
        self.assert_refused("6 means and 5 scales")

    def test_training_that_scaled_twice(self) -> None:
        scaled = (raw_rows() - MEAN) / SCALE
        self.prepare(scaled=(scaled - MEAN) / SCALE)
        self.assert_refused("the model fits only when the scaler is applied twice", "scaler twice")

    def test_rows_that_are_scaled_already(self) -> None:
        self.prepare()
        scaled = (raw_rows() - MEAN) / SCALE
        self.write_expected(scaled, self.probabilities)
        self.assert_refused("the model fits only without its scaler", "scaled already", "scaler not applied")

    def test_double_scaling_shows_in_labelled_rows_too(self) -> None:
        scaled = (raw_rows() - MEAN) / SCALE
        self.prepare(classes=4)
        self.write_labelled(scaled, [self.classes[i] for i in self.probabilities.argmax(axis=1)])
        known = ("--forward", " ".join(f"{name}={value}" for name, value in DEFAULT.items()))
        self.assert_refused("the model fits only without its scaler", options=known, by="rows")

    def test_a_scaler_that_is_declared_away_and_is_there(self) -> None:
        state = tensors(self.prepare())
        self.save({"model_state_dict": state, "scaler": {"mean": MEAN, "scale": SCALE}})
        self.assert_refused("--scaler identity was declared, but there is a scaler", scaler="identity")

    def test_a_model_of_raw_values_is_imported_when_that_is_declared(self) -> None:
        self.prepare(scaled=raw_rows() / 100)
        state = tensors(self.prepare())
        scaled = (raw_rows() - MEAN) / SCALE
        single = {name: value.numpy().astype(np.float64) for name, value in state.items()}
        self.write_expected(scaled, compute(single, scaled, DEFAULT))
        model = self.assert_imported(scaler="identity")
        self.assertIn("declared with --scaler identity", model["imported"]["scaler"])


if __name__ == "__main__":
    unittest.main()
