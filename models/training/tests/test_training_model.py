"""A model learns from training flows alone, ships as it was trained, and proves that it is the one that was measured."""

from __future__ import annotations

import contextlib
import io
import json
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import onnx
import torch

from training_support import TrainingCase, flows, write_csv

import golden
import graph
import pipeline
import train
from architecture import Specialist, parameter_count
from baseline import BASELINES
from dataset import flows_of, read_release
from errors import DataError, ExportError
from features import DESTINATION_PORT, FEATURES
from figures import calibrate, measure
from labels import TASKS
from mutations import mutations
from network import Recipe, brief, class_weights, find_temperature, fit
from scaling import Scaler, signed_log

DDOS = next(task for task in TASKS if task.name == "ddos")
RECIPE = brief(Recipe())
PER_LABEL = 40


class Architecture(unittest.TestCase):
    def test_it_has_as_many_parameters_as_the_checkpoints(self):
        self.assertEqual(parameter_count(Specialist(79, 7)), 280_647)

    def test_query_and_key_change_no_answer(self):
        network = Specialist(5, 2).eval()
        rows = torch.randn(4, 5)
        before = network(rows)
        with torch.no_grad():
            network.attention.query.weight.add_(1)
            network.attention.key.weight.zero_()
        self.assertTrue(torch.equal(network(rows), before))


class Figures(unittest.TestCase):
    def test_a_confusion_matrix_counts_truths_in_rows(self):
        answers = np.eye(3)[[0, 0, 1, 1]]
        found = measure(("a", "b", "c"), answers, np.array([0, 1, 1, 1]))
        self.assertEqual(found["confusion"], [[1, 0, 0], [1, 2, 0], [0, 0, 0]])
        self.assertEqual(found["perClass"][1], {"class": "b", "precision": 1.0, "recall": 0.6667, "f1": 0.8, "support": 3})
        self.assertEqual(found["macroF1"], round((2 / 3 + 0.8) / 2, 4))

    def test_calibration_is_the_distance_of_confidence_and_accuracy(self):
        answers = np.array([[0.8, 0.2]] * 4 + [[0.0, 1.0]])
        found = calibrate(answers, np.array([0, 0, 1, 1, 1]))
        self.assertAlmostEqual(found["expectedCalibrationError"], 0.8 * 0.3)
        self.assertAlmostEqual(found["brier"], (2 * 0.08 + 2 * 1.28) / 5)
        self.assertEqual([line["rows"] for line in found["bins"]], [4, 1])

    def test_the_temperature_tempers_what_is_too_sure_and_sharpens_nothing(self):
        sure = torch.tensor([[6.0, 0.0]] * 8)
        self.assertGreater(find_temperature(sure, torch.tensor([0] * 6 + [1] * 2)), 4)
        self.assertAlmostEqual(find_temperature(sure, torch.tensor([0] * 8)), 1, places=3)

    def test_class_weights_run_from_flows_to_classes(self):
        truth = np.array([0] * 9 + [1])
        np.testing.assert_allclose(class_weights(truth, 2, 0), [1, 1])
        np.testing.assert_allclose(class_weights(truth, 2, 1) * [9, 1], [5, 5])


class Trained(TrainingCase):
    """One model, trained once for all tests here."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        rows, labels = flows(PER_LABEL)
        cls.rows, cls.truth = rows.astype(np.float32), np.array([int(DDOS.labels[label] == "Attack") for label in labels])
        cls.group = np.arange(len(rows))
        cls.trained = cls.train()
        cls.model = graph.build(cls.trained.network, cls.trained.scaler, "9.9.9")

    @classmethod
    def train(cls, seed: int = 4):
        return fit(cls.rows, cls.truth, cls.group, 2, seed, RECIPE)

    def test_the_same_seed_gives_the_same_bytes_and_another_one_others(self):
        again, other = self.train(), self.train(seed=5)
        self.assertEqual(graph.build(again.network, again.scaler, "9.9.9"), self.model)
        self.assertNotEqual(graph.build(other.network, other.scaler, "9.9.9"), self.model)

    def test_the_graph_answers_like_the_network_from_raw_features(self):
        rows = np.concatenate([self.rows, -self.rows, np.zeros_like(self.rows[:1]), self.rows[:1] + 1e9])
        difference = np.abs(graph.run(self.model, rows) - self.trained.probabilities(rows)).max()
        self.assertLess(difference, pipeline.PARITY)

    def test_a_graph_that_answers_otherwise_is_not_written(self):
        with mock.patch.object(graph, "_folded", lambda block: graph._weights(block.linear)):
            with self.assertRaisesRegex(ExportError, "PyTorch and the exported graph differ"):
                pipeline.export(self.trained, self.rows)

    def test_the_graph_names_what_others_look_for(self):
        model = onnx.load_from_string(self.model)
        names = {node.name for node in model.graph.node}
        self.assertLessEqual({"interaction.residual", "attention.residual", "skip.first", "skip.second"}, names)
        for name, kind in (("scaler.mean", "Sub"), ("scaler.scale", "Div")):
            self.assertEqual([node.op_type for node in model.graph.node if name in node.input], [kind])
        self.assertEqual((model.opset_import[0].version, model.ir_version), (17, 8))
        self.assertEqual([port.name for port in model.graph.output], ["probabilities"])
        self.assertFalse({"Dropout", "BatchNormalization"} & {node.op_type for node in model.graph.node})

    def choose(self):
        return golden.choose(self.model, self.rows, self.truth, per_class=4)

    def document(self, chosen):
        labels = np.array(["a flow"] * len(self.rows))
        return golden.document(DDOS, FEATURES, self.rows, graph.run(self.model, self.rows), labels, chosen)

    def test_golden_vectors_stop_every_planted_fault_that_changes_an_answer(self):
        chosen, silent = self.choose()
        content = self.document(chosen)
        stopped = golden.prove(content, self.model, silent)
        faults = [fault.name for fault in mutations(self.model, len(FEATURES), 2)]
        self.assertEqual(stopped + len(silent), len(faults))
        self.assertEqual({vector["expected"]["class"] for vector in content["vectors"]}, {"Normal", "Attack"})
        for fault in ("scaler removed", "scaler applied twice", "interaction.residual: only its input kept"):
            self.assertIn(fault, faults)
        last = len(FEATURES) - 1
        self.assertIn(f"features {last - 1} and {last} swapped", silent)
        self.assertNotIn("features 0 and 1 swapped", silent)

    def test_golden_vectors_that_let_a_fault_pass_are_not_written(self):
        chosen, silent = self.choose()
        content = self.document(chosen)
        content["vectors"] = content["vectors"][:1]
        content["vectors"][0]["row"] = [0] * len(FEATURES)
        answer = graph.run(self.model, np.zeros((1, len(FEATURES)), np.float32))[0]
        expected = {"class": DDOS.classes[int(answer.argmax())], "probabilities": answer.tolist()}
        content["vectors"][0]["expected"] = expected
        with self.assertRaisesRegex(ExportError, "let these faults pass: .*feature 0 zeroed"):
            golden.prove(content, self.model, silent)

    def test_a_model_that_leaves_a_part_of_itself_unused_is_not_written(self):
        unused = onnx.load_from_string(self.model)
        for constant in unused.graph.initializer:
            if constant.name.startswith("skip.first.linear"):
                constant.raw_data = bytes(len(constant.raw_data))
        with self.assertRaisesRegex(ExportError, "no held-out flow shows these faults: skip.first: only its input kept"):
            golden.choose(unused.SerializeToString(), self.rows, self.truth, per_class=4)

    def test_the_baselines_answer_with_a_probability_for_every_class(self):
        for learn in BASELINES.values():
            answer = learn(self.rows[::4], self.truth[::4], 3, 1)(self.rows[:5])
            self.assertEqual(answer.shape, (5, 3))
            np.testing.assert_allclose(answer.sum(axis=1), 1, rtol=1e-5)


class Pipeline(TrainingCase):
    def setUp(self) -> None:
        super().setUp()
        self.data = self.folder / "data"
        rows, labels = flows(PER_LABEL)
        write_csv(self.data / "improved" / "a.csv.gz", rows, labels)
        write_csv(self.data / "original" / "b.csv", *flows(12, seed=2))

    def test_the_scaler_knows_training_flows_alone(self):
        parts = pipeline.Parts.of(DDOS, read_release("improved", [self.data / "improved" / "a.csv.gz"]))
        trained = pipeline.train_on(DDOS, parts, parts.flows.rows, RECIPE)
        expected = signed_log(parts.take(parts.train)[0])
        np.testing.assert_allclose(trained.scaler.mean, expected.mean(axis=0), rtol=1e-5, atol=1e-6)
        changed = parts.flows.rows.copy()
        changed[parts.held_out] = 7e6
        np.testing.assert_array_equal(pipeline.train_on(DDOS, parts, changed, RECIPE).scaler.mean, trained.scaler.mean)
        self.assertFalse(np.allclose(Scaler.fit(changed).mean, trained.scaler.mean))

    def produce(self, out: Path) -> list[str]:
        return pipeline.produce("ddos", self.data, out, recipe=RECIPE)

    def test_a_specialist_is_written_whole_and_the_same_twice(self):
        lines = self.produce(self.folder / "one")
        self.produce(self.folder / "two")
        names = ["MODEL_CARD.md", "golden.json", "model.json", "model.onnx"]
        for name in names:
            one, two = (self.folder / out / "ddos" / name for out in ("one", "two"))
            self.assertEqual(one.read_bytes(), two.read_bytes(), name)
        self.assertEqual(sorted(path.name for path in (self.folder / "one" / "ddos").iterdir()), names)
        model = json.loads((self.folder / "one" / "ddos" / "model.json").read_text())
        kinds = {"heldOut", "againstNormal", "withoutDestinationPort", "otherCapture", "atWork", "caveats"}
        self.assertEqual(set(model["evaluation"]), kinds)
        self.assertEqual(model["evaluation"]["heldOut"]["rows"] + model["training"]["rows"], 16 * PER_LABEL)
        self.assertEqual(model["evaluation"]["againstNormal"]["rows"], 6 * PER_LABEL * 3 // 10)
        self.assertIn("heldOut: macro F1", "\n".join(lines))
        card = (self.folder / "one" / "ddos" / "MODEL_CARD.md").read_text()
        for said in ("ICISSP 2018", "nothing of that kind", str(model["evaluation"]["heldOut"]["macroF1"])):
            self.assertIn(said, card)

    def test_without_destination_port_is_measured_without_it(self):
        rows, _ = flows(1)
        changed = pipeline.without_destination_port(rows)
        self.assertTrue((changed[:, FEATURES.index(DESTINATION_PORT)] == 0).all())
        self.assertEqual((changed != rows).sum(), len(rows))

    def test_nothing_is_written_when_a_class_is_scarce(self):
        write_csv(self.data / "improved" / "a.csv.gz", *flows(20, ["BENIGN"]))
        with self.assertRaisesRegex(DataError, "ddos: Attack has 0 distinct complete flows"):
            self.produce(self.folder / "out")
        self.assertFalse((self.folder / "out").exists())

    def test_the_command_says_what_is_wrong_without_a_stack_trace(self):
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            status = train.main(["--data", str(self.folder / "nowhere"), "--only", "ddos", "--jobs", "1"])
        self.assertEqual(status, 1)
        self.assertRegex(stderr.getvalue(), r"^error: --data .*nowhere: no such folder; give the folder")
        self.assertNotIn("Traceback", stderr.getvalue())

    def test_wrong_usage_is_told_from_refused_data(self):
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr), self.assertRaises(SystemExit) as ended:
            train.main(["--data", str(self.data), "--jobs", "0"])
        self.assertEqual(ended.exception.code, 64)
        self.assertIn("--jobs 0: give 1 or more; ", stderr.getvalue())

    def test_flows_of_a_binary_specialist_keep_attacks_of_other_kinds_as_normal(self):
        found = flows_of(DDOS, read_release("improved", [self.data / "improved" / "a.csv.gz"]))
        self.assertEqual(np.bincount(found.truth).tolist(), [11 * PER_LABEL, 5 * PER_LABEL])


if __name__ == "__main__":
    unittest.main()
