"""The importer recognises how a checkpoint computes, and refuses where it cannot tell."""

from __future__ import annotations

import itertools
import unittest

import numpy as np
import onnxruntime
import torch

from import_support import DEFAULT, FEATURES, MEAN, OTHER_SCRIPT, SCALE, WIDTHS
from import_support import ImportCase, make_state, raw_rows, tensors

from architecture import Specialist
from importing import forward
from importing.forward import CHOICES, Forward
from importing.weights import Weights


def spelt(switches: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in switches.items())


MEMBERS = [DEFAULT, OTHER_SCRIPT] + [
    {**DEFAULT, switch: value} for switch, values in CHOICES.items() for value in values[1:]
]


class ForwardPasses(ImportCase):
    def test_each_switch_is_recognised_from_expected_outputs(self) -> None:
        for switches in MEMBERS:
            with self.subTest(spelt(switches)):
                self.prepare(switches)
                model = self.assert_imported("--replace")
                wanted = dict(switches)
                if wanted["skips"] == "none":
                    wanted["first-skip"] = "attended"
                self.assertEqual(model["imported"]["forward"], spelt(wanted))
                self.assertEqual(model["imported"]["chosenBy"], "expected outputs")

    def test_both_known_training_scripts_are_recognised_from_labelled_rows(self) -> None:
        for switches in (DEFAULT, OTHER_SCRIPT):
            with self.subTest(spelt(switches)):
                self.prepare(switches, classes=4)
                model = self.assert_imported("--replace", "--forward", "known", by="rows")
                self.assertEqual(model["imported"]["forward"], spelt(switches))
                self.assertEqual(model["imported"]["chosenBy"], "labelled rows")
                self.assertEqual(model["imported"]["labelledRows"]["accuracy"], 1)

    def test_labelled_rows_alone_are_enough_where_every_other_pass_does_worse(self) -> None:
        for name in ("interaction", "block"):
            self.prepare(classes=4)
            fixed = spelt({switch: value for switch, value in DEFAULT.items() if switch != name})
            model = self.assert_imported("--replace", "--forward", fixed, by="rows")
            self.assertEqual(model["imported"]["forward"], spelt(DEFAULT))

    def test_the_members_of_the_family_all_differ(self) -> None:
        state = tensors(make_state())
        weights = Weights(state, (6, *WIDTHS), 6, 2, True)
        scaled = torch.from_numpy(((raw_rows() - MEAN) / SCALE).astype(np.float32))
        answers = list(forward.every(weights, scaled, {}))
        self.assertEqual(len({member for member, _ in answers}), len(answers))
        for (one, left), (other, right) in itertools.combinations(answers, 2):
            self.assertGreater(float((left - right).abs().max()), 1e-5, f"{one} and {other}")

    def test_the_shared_stages_give_what_each_pass_gives_alone(self) -> None:
        weights = Weights(tensors(make_state()), (6, *WIDTHS), 6, 2, True)
        scaled = torch.from_numpy(((raw_rows() - MEAN) / SCALE).astype(np.float32))
        for member, answer in forward.every(weights, scaled, {}):
            torch.testing.assert_close(forward.one(weights, scaled, member), answer)

    def test_the_network_that_this_project_trains_is_the_first_of_the_family(self) -> None:
        torch.manual_seed(3)
        network = Specialist(6, 2).eval()
        state = {name: value.detach() for name, value in network.state_dict().items()}
        weights = Weights(state, (6, 512, 256, 128, 64), 6, 2, True)
        scaled = torch.randn(50, 6)
        with torch.inference_mode():
            right = torch.softmax(network(scaled), dim=1)
        torch.testing.assert_close(forward.one(weights, scaled, Forward()), right, atol=1e-6, rtol=0)

    def test_a_pass_outside_the_family_is_refused_with_the_table(self) -> None:
        self.prepare()
        state = make_state()
        state["classifier.weight"] *= 0.5
        self.save(tensors(state))
        self.assert_refused("no known forward pass reaches the expected probabilities", "largest difference", "interaction=")

    def test_rows_that_cannot_tell_passes_apart_are_refused(self) -> None:
        self.prepare()
        rows = raw_rows(6)
        self.write_labelled(rows, [self.classes[i] for i in self.probabilities[:6].argmax(axis=1)])
        self.assert_refused("more than one forward pass fits rows.csv", "Give more rows", by="rows")

    def test_labelled_rows_that_the_model_gets_wrong_are_refused(self) -> None:
        self.prepare()
        wrong = np.random.default_rng(5).integers(0, 2, 240)
        self.write_labelled(raw_rows(), [self.classes[i] for i in wrong])
        self.assert_refused("no known forward pass reaches an accuracy of 0.9", "accuracy 0.", by="rows")

    def test_a_switch_that_is_stated_wrongly_is_refused(self) -> None:
        self.prepare(OTHER_SCRIPT)
        self.assert_refused("no known forward pass", options=("--forward", "interaction=add-relu"))
        self.assert_refused("'interaction=mystery' is no switch", options=("--forward", "interaction=mystery"))

    def test_a_checkpoint_without_attention_is_recognised(self) -> None:
        state = self.prepare({**DEFAULT, "attention": "none"})
        self.save({name: value for name, value in tensors(state).items() if not name.startswith("attention.")})
        self.assertIn("attention=none", self.assert_imported()["imported"]["forward"])

    def test_switched_classes_are_refused_by_name(self) -> None:
        self.prepare(classes=3)
        self.write_json("metadata.json", {"class_names": ["class 2", "class 0", "class 1"], "feature_names": FEATURES})
        printed = self.assert_refused("wrong class order", "output 0 is class 0, not class 2", by="rows")
        self.assertIn("as class 0, class 1, class 2", printed)
        self.assert_refused("wrong class order", "as class 0, class 1, class 2")

    def test_switched_features_are_refused(self) -> None:
        self.prepare()
        switched = [*FEATURES[1::-1], *FEATURES[2:]]
        self.write_json("metadata.json", {"class_names": self.classes, "feature_names": switched})
        self.assert_refused("no known forward pass reaches the expected probabilities", "in the order of training")

    def test_expected_outputs_that_do_not_say_what_their_columns_are(self) -> None:
        self.prepare()
        self.write_expected(raw_rows(), self.probabilities, classes=None)
        self.assert_refused('expected.json lacks "classes"', "cannot be checked")
        self.write_expected(raw_rows(), self.probabilities, features=None)
        self.assert_refused('expected.json lacks "features"', "cannot be checked")

    def test_the_written_graph_answers_as_the_network_does(self) -> None:
        for switches in MEMBERS[1:4]:
            self.prepare(switches, classes=3)
            model = self.assert_imported("--replace")
            session = onnxruntime.InferenceSession((self.out / "model.onnx").read_bytes())
            answer = session.run(["probabilities"], {"features": raw_rows().astype(np.float32)})[0]
            self.assertLess(np.abs(answer - self.probabilities).max(), 1e-4)
            self.assertLess(model["imported"]["parity"]["largestDifference"], 1e-4)
            self.assertEqual(model["imported"]["parity"]["rows"], 240 + 128)


if __name__ == "__main__":
    unittest.main()
