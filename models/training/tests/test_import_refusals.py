"""What an import refuses about checkpoint, metadata and rows; and that it writes whole folders or nothing."""

from __future__ import annotations

import json
import os
import pickle
import unittest

import numpy as np
import torch
from torch import nn

from import_support import FEATURES, ImportCase, make_state, raw_rows, tensors


class Runs:
    """Unpickling this would run a command."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


class Pickles(ImportCase):
    def test_a_checkpoint_that_would_run_code_is_refused_with_and_without_the_flag(self) -> None:
        self.prepare()
        trap = self.folder / "trap"
        for options in ((), ("--allow-unsafe-pickle",)):
            self.save({"model_state_dict": {}, "extra": Runs(str(trap))})
            self.assert_refused("is an unsafe pickle: it holds posix.mkdir", options=options)
            torch.save({"extra": Runs(str(trap))}, self.checkpoint, _use_new_zipfile_serialization=False)
            self.assert_refused("is an unsafe pickle: it holds posix.mkdir", options=options)
        self.assertFalse(trap.exists())

    def test_a_scaler_file_that_would_run_code_is_refused_even_with_the_flag(self) -> None:
        self.prepare()
        trap = self.folder / "trap"
        self.write_pickle("bad.pkl", Runs(str(trap)))
        self.assert_refused("holds posix.mkdir, which is not allowed", options=("--allow-unsafe-pickle",), scaler="bad.pkl")
        nested = np.array([Runs(str(trap))], dtype=object)
        import joblib

        joblib.dump(nested, self.folder / "bad.joblib")
        self.assert_refused("an array of objects", options=("--allow-unsafe-pickle",), scaler="bad.joblib")
        self.assertFalse(trap.exists())

    def test_a_whole_model_instead_of_its_weights(self) -> None:
        self.prepare()
        self.save(nn.Sequential(nn.Linear(2, 2)))
        self.assert_refused("it holds torch.nn.modules", "Save model.state_dict()")

    def test_files_that_are_no_checkpoints(self) -> None:
        self.prepare()
        self.checkpoint.write_bytes(b"not a checkpoint")
        self.assert_refused("is not a checkpoint that torch.save wrote")
        self.save({"model_state_dict": tensors(make_state())})
        whole = self.checkpoint.read_bytes()
        self.checkpoint.write_bytes(whole[: len(whole) // 2])
        self.assert_refused("is not a checkpoint that torch.save wrote")
        self.checkpoint.unlink()
        self.assert_refused("no such file")


class State(ImportCase):
    def save_changed(self, **changes) -> None:
        state = tensors(make_state())
        for name, change in changes.items():
            state[name] = change(state[name])
        self.save(state)

    def test_bare_and_wrapped_state_dicts_and_other_names_are_read(self) -> None:
        state = tensors(self.prepare())
        renamed = {
            name.replace("feature_extractor", "blocks").replace(".batch_norm.", ".bn.").replace("skip_connections", "skips"): value
            for name, value in state.items()
        }
        forms = [
            state,
            {"state_dict": {f"module.{name}": value for name, value in state.items()}, "epoch": 4},
            {"model": {f"_orig_mod.{name}": value for name, value in state.items()}},
            renamed,
            {name: value for name, value in state.items() if not name.startswith("uncertainty_head")},
        ]
        for content in forms:
            self.save(content)
            self.assert_imported("--replace")

    def test_missing_and_unknown_names(self) -> None:
        self.prepare()
        state = tensors(make_state())
        del state["skip_connections.1.bias"]
        state["temporal.weight"] = torch.zeros(3)
        self.save(state)
        self.assert_refused("missing skip_connections.1.bias; unknown temporal.weight")
        self.save({"epoch": 3})
        self.assert_refused("has no state dict; its keys are epoch")

    def test_values_that_are_not_finite(self) -> None:
        self.prepare()
        self.save_changed(**{"classifier.weight": lambda value: value.index_fill(1, torch.tensor([0]), float("nan"))})
        self.assert_refused("classifier.weight holds 2 of 12 values that are not finite")
        self.save_changed(**{"attention.query.bias": lambda value: value / 0})
        self.assert_refused("attention.query.bias holds 5 of 5 values that are not finite")

    def test_other_types_than_float32(self) -> None:
        self.prepare()
        for kind, name in ((torch.float16, "float16"), (torch.float64, "float64"), (torch.int8, "int8")):
            self.save_changed(**{"classifier.bias": lambda value, kind=kind: value.to(kind)})
            self.assert_refused(f"classifier.bias is of type {name}; all weights must be float32")

    def test_layers_that_disagree(self) -> None:
        self.prepare()
        self.save_changed(**{"skip_connections.0.weight": lambda value: value[:, :-1]})
        self.assert_refused("skip_connections.0.weight has the shape (6, 5), but must have (6, 6)", "takes 6 features")
        self.save_changed(**{"feature_extractor.1.batch_norm.running_var": lambda value: -value})
        self.assert_refused("feature_extractor.1.batch_norm.running_var holds variances below zero")

    def test_another_number_of_features_or_classes_than_the_metadata_says(self) -> None:
        self.prepare()
        self.write_json("metadata.json", {"class_names": ["Normal", "Attack"], "features": 79})
        self.assert_refused("feature_interaction and skip_connections.0 take 6 features, but metadata.json says 79")
        self.write_json("metadata.json", {"class_names": ["Normal", "Attack", "Other"], "feature_names": FEATURES})
        self.assert_refused("classifier gives 2 classes, but metadata.json says 3")


class Metadata(ImportCase):
    def test_names_in_the_spellings_of_the_training_scripts(self) -> None:
        self.prepare()
        forms = [
            {"class_names": self.classes, "feature_names": FEATURES, "num_classes": 2, "features": 6},
            {"class_mapping": {"Attack": 1, "Normal": 0}, "feature_columns": FEATURES},
            {"idx_to_class": {"0": "Normal", "1": "Attack"}, "features": FEATURES},
            {"classes": self.classes, "feature_names": FEATURES, "input_dim": 6},
        ]
        for content in forms:
            self.write_json("metadata.json", content)
            self.assertEqual(self.assert_imported("--replace")["classes"], self.classes)

    def test_names_that_the_checkpoint_itself_carries(self) -> None:
        state = tensors(self.prepare())
        self.write_json("metadata.json", {"description": "Trained in spring."})
        self.save({"state_dict": state, "class_names": self.classes, "feature_names": FEATURES})
        model = self.assert_imported()
        self.assertEqual((model["features"], model["description"]), (FEATURES, "Trained in spring."))
        self.write_json("metadata.json", {"class_names": ["Attack", "Normal"]})
        self.assert_refused("metadata.json and the checkpoint disagree on classes", options=("--replace",))

    def test_metadata_that_says_too_little_or_contradicts_itself(self) -> None:
        self.prepare()
        refusals = [
            ({"feature_names": FEATURES}, "does not name the classes"),
            ({"class_names": ["A", "A"], "feature_names": FEATURES}, "names A more than once"),
            ({"class_mapping": {"A": 0, "B": 2}}, "every position from 0 to 1"),
            ({"class_names": self.classes, "num_classes": 7}, "says 7 as class count, but names 2"),
            ({"class_names": self.classes, "labels": {"DDoS": "Flood"}}, "Flood is no class"),
        ]
        for content, reason in refusals:
            self.write_json("metadata.json", content)
            self.assert_refused(reason)


class RowsAndFolder(ImportCase):
    def test_labelled_rows_name_their_columns_in_any_order(self) -> None:
        self.prepare(classes=4)
        rows, labels = raw_rows(), [self.classes[i] for i in self.probabilities.argmax(axis=1)]
        rows[3, 2] = np.inf
        self.write_labelled(rows[:, ::-1], labels, [f" {name}" for name in FEATURES[::-1]])
        known = ("--forward", "attention=residual block=norm-relu first-skip=attended")
        code, printed = self.run_import(*known, by="rows")
        self.assertEqual(code, 0, printed)
        self.assertIn("1 rows of rows.csv have cells that are not finite", printed)

    def test_labels_may_be_positions_or_names_that_the_metadata_maps(self) -> None:
        self.prepare(classes=4)
        spelt = ["class 0", "1", "Flood", "3"]
        labels = [spelt[i] for i in self.probabilities.argmax(axis=1)]
        self.write_labelled(raw_rows(), labels)
        known = ("--forward", "attention=residual block=norm-relu first-skip=attended")
        self.assert_refused("label 'Flood' is no class", options=known, by="rows")
        content = {"class_names": self.classes, "feature_names": FEATURES, "labels": {"Flood": "class 2"}}
        self.write_json("metadata.json", content)
        self.assert_imported(*known, by="rows")

    def test_rows_that_do_not_fit_the_network(self) -> None:
        self.prepare()
        self.write_labelled(raw_rows(), [0] * 240, [*FEATURES[:5], "another"])
        self.assert_refused("rows.csv lacks 1 of the model's features: feature 5", by="rows")
        self.write_expected(raw_rows()[:, :5], self.probabilities)
        self.assert_refused("rows have the shape (240, 5); the network takes [rows, 6]")
        self.write_expected(raw_rows(), np.log(self.probabilities))
        self.assert_refused("logits need a softmax")
        self.write_expected(raw_rows(), self.probabilities[:, :1])
        self.assert_refused("probabilities have the shape (240, 1)")

    def test_rows_that_do_not_cover_a_class(self) -> None:
        self.prepare(classes=3)
        some = self.probabilities.argmax(axis=1) != 1
        self.write_expected(raw_rows()[some], self.probabilities[some])
        self.assert_refused("no row that the model clearly and rightly calls class 1")
        content = {"class_names": self.classes, "feature_names": FEATURES, "untrained": ["class 1"]}
        self.write_json("metadata.json", content)
        self.assertEqual(self.assert_imported()["untrained"], ["class 1"])

    def test_the_folder_holds_what_the_contract_asks_for(self) -> None:
        self.prepare()
        model = self.assert_imported("--version", "2.1.0")
        golden = json.loads((self.out / "golden.json").read_text(encoding="utf-8"))
        self.assertEqual(sorted(path.name for path in self.out.iterdir()), ["golden.json", "model.json", "model.onnx"])
        self.assertEqual((model["name"], model["version"], model["reference"]), ("ddos", "2.1.0", False))
        self.assertEqual((golden["model"], golden["features"], golden["classes"]), ("ddos", FEATURES, self.classes))
        self.assertNotIn("training", model)
        answered = {vector["expected"]["class"] for vector in golden["vectors"]}
        self.assertEqual(answered, set(self.classes))
        self.assertGreaterEqual(len(golden["vectors"]), 10)

    def test_a_folder_is_replaced_only_when_that_is_asked_for(self) -> None:
        self.prepare()
        self.assert_imported()
        before = (self.out / "model.json").read_bytes()
        self.assert_refused("is there already; choose another folder, or give --replace")
        (self.out / "stale.txt").write_text("stale")
        self.write_json("scaler.json", {"mean": [0.0] * 6, "scale": [1.0] * 6})
        self.assert_refused("no known forward pass", options=("--replace",))
        self.assertEqual((self.out / "model.json").read_bytes(), before)
        self.write_json("scaler.json", {"mean": [0.0] * 7, "scale": [1.0] * 7})
        self.prepare()
        self.assert_imported("--replace")
        self.assertFalse((self.out / "stale.txt").exists())

    def test_names_and_versions_that_the_contract_does_not_know(self) -> None:
        self.prepare()
        self.assert_refused("must be three numbers", options=("--version", "2"))
        self.assert_refused("must be lower-case letters and digits", options=("--name", "Brute-Force"))


if __name__ == "__main__":
    unittest.main()
