"""What the contract says beyond the graph: thresholds from validation flows, and what the training flows held."""

from __future__ import annotations

import json
import unittest
from unittest import mock

import numpy as np

from training_support import TrainingCase, flows, write_csv

import contract
import decision
import pipeline
import population
from dataset import read_release
from labels import TASKS
from network import Recipe, brief
from scaling import signed_log, signed_log_inverse

DDOS = next(task for task in TASKS if task.name == "ddos")
RECIPE = brief(Recipe())
THREE = ("Normal", "a", "b")


def exhaustive(risks, labelled, attack) -> float:
    """The best F1 that any threshold up to 0.5 reaches."""
    scores = []
    for threshold in [*risks[(risks > 0) & (risks <= 0.5)], 0.5]:
        flagged = labelled | (risks >= threshold)
        scores.append(f1(flagged, attack))
    return max(scores)


def f1(flagged, attack) -> float:
    found, wrong = (flagged & attack).sum(), (flagged & ~attack).sum()
    return 2 * found / max(found + wrong + attack.sum(), 1)


class AttackThreshold(unittest.TestCase):
    def test_it_is_the_middle_of_where_flagged_rows_and_attacks_agree_best(self):
        risks = np.array([0.1, 0.2, 0.4, 0.45, 0.9])
        attack = np.array([False, False, True, True, True])
        self.assertEqual(decision.attack_threshold(risks, risks > 0.5, attack), 0.3)

    def test_it_is_never_above_a_half_where_every_answer_is_right(self):
        risks, attack = np.array([0.1, 0.9]), np.array([False, True])
        self.assertEqual(decision.attack_threshold(risks, attack, attack), 0.3)

    def test_it_stays_clear_of_zero_where_all_is_right_at_any_threshold(self):
        risks, attack = np.array([0.0, 0.9]), np.array([False, True])
        self.assertEqual(decision.attack_threshold(risks, attack, attack), 0.25)

    def test_a_wide_plateau_is_taken_and_not_a_narrow_one_that_is_as_good(self):
        # Up to 0.2 both attacks and two benign rows are flagged, above 0.4 one attack alone: the same F1.
        risks = np.array([0.2, 0.3, 0.4, 0.9])
        attack = np.array([True, False, False, True])
        self.assertEqual(decision.attack_threshold(risks, risks > 0.5, attack), 0.1)
        narrowed = np.append(risks, 0.15)
        self.assertEqual(decision.attack_threshold(narrowed, narrowed > 0.5, np.append(attack, False)), 0.45)

    def test_no_threshold_is_better_whatever_the_rows(self):
        random = np.random.default_rng(3)
        for _ in range(200):
            risks = random.choice([0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.99], 12)
            attack, labelled = random.random(12) < 0.5, (risks > 0.5) | (random.random(12) < 0.1)
            threshold = decision.attack_threshold(risks, labelled, attack)
            self.assertTrue(0 < threshold <= 0.5)
            self.assertEqual(f1(labelled | (risks >= threshold), attack), exhaustive(risks, labelled, attack))


class ConfidenceThreshold(unittest.TestCase):
    def of(self, **steps: tuple[int, int]) -> float:
        """By the tens of a step, such as `at95`: answers, and how many of them are wrong."""
        confidence, right = [], []
        for name, (rows, wrong) in steps.items():
            confidence += [int(name[2:]) / 100 + 0.02] * rows
            right += [False] * wrong + [True] * (rows - wrong)
        return decision.confidence_threshold(np.array(confidence, np.float32), np.array(right))

    def test_it_goes_down_as_long_as_answers_were_shown_to_be_right(self):
        self.assertEqual(self.of(at95=(900, 1), at90=(100, 2), at85=(100, 9), at80=(100, 0)), 0.9)

    def test_a_step_with_hardly_an_answer_shows_nothing_even_where_all_are_right(self):
        self.assertEqual(self.of(at95=(900, 0), at90=(17, 0)), 0.95)
        self.assertEqual(self.of(at95=(900, 0), at90=(18, 0)), 0.9)

    def test_the_surest_answers_are_never_of_low_confidence(self):
        self.assertEqual(self.of(at95=(20, 20)), 0.95)


class Chosen(unittest.TestCase):
    def test_an_attack_that_is_labelled_normal_lowers_the_threshold_to_where_it_is_flagged(self):
        answers = np.array([[0.9, 0.1, 0], [0.6, 0.2, 0.2], [0.02, 0.98, 0], [0.98, 0.02, 0]])
        chosen = decision.choose(THREE, answers, np.array([0, 2, 1, 0]))
        self.assertEqual(chosen, decision.Decision(attack_at=0.25, confident_at=0.95))


class Measured(unittest.TestCase):
    def test_a_row_is_flagged_for_its_label_or_for_what_speaks_against_normal(self):
        answers = np.array([[0.4, 0.3, 0.3], [0.3, 0.6, 0.1], [0.9, 0.1, 0], [0.45, 0.4, 0.15], [0.45, 0.5, 0.05]])
        truth = np.array([1, 2, 0, 0, 1])
        chosen = decision.Decision(attack_at=0.6, confident_at=0.6)
        outside = np.array([True, False, False, False, False])
        self.assertEqual(
            decision.measure(THREE, chosen, outside, answers, truth),
            {"outside": 0.2, "lowConfidence": 0.6, "rightWhenSure": 0.5, "falseAlarms": 0.0, "missed": 0.0},
        )
        lower = decision.measure(THREE, decision.Decision(0.5, 0.95), outside, answers, truth)
        self.assertEqual((lower["falseAlarms"], lower["rightWhenSure"]), (0.5, None))


class Population(unittest.TestCase):
    def of(self, *values: float) -> dict:
        return population.describe(np.array(values, np.float32)[:, None])[0]

    def test_the_signed_logarithm_is_undone(self):
        values = np.array([-5e6, -1, 0, 0.5, 9e8])
        np.testing.assert_allclose(signed_log_inverse(signed_log(values)), values)

    def test_limits_leave_twice_the_value_or_a_tenth_of_what_lies_between(self):
        self.assertEqual(self.of(0, 0, 0, 0, 1)["low"], -1)
        self.assertEqual(self.of(0, 0, 0, 0, 1)["high"], 3)
        wide = self.of(0, 1e9)
        self.assertAlmostEqual(wide["high"], (1e9 + 1) ** 1.1 - 1, delta=1e6)

    def test_every_training_row_lies_inside_and_one_far_from_them_outside(self):
        rows = flows(30)[0].astype(np.float32)
        described = population.describe(np.concatenate([rows, -rows]))
        self.assertFalse(population.outside(described, np.concatenate([rows, -rows])).any())
        far = rows[:3].copy()
        far[1, 5] = 1e20
        far[2, 7] = -1e20
        self.assertEqual(population.outside(described, far).tolist(), [False, True, True])

    def test_bins_are_tenths_of_the_rows_and_equal_edges_are_one(self):
        spread = self.of(*range(100))
        self.assertEqual(spread["edges"], [9, 19, 29, 39, 49, 59, 69, 79, 89])
        self.assertEqual(spread["shares"], [0.09, *[0.1] * 8, 0.11])
        self.assertEqual(self.of(*[5] * 50, *[6] * 30, *[7] * 20)["edges"], [6, 7])
        self.assertEqual(self.of(*[5] * 50, *[6] * 30, *[7] * 20)["shares"], [0.5, 0.3, 0.2])

    def test_the_lowest_value_has_a_bin_of_its_own_however_many_rows_hold_it(self):
        mostly = self.of(*[0] * 95, *range(3, 8))
        self.assertEqual((mostly["edges"], mostly["shares"]), ([3], [0.95, 0.05]))

    def test_a_feature_that_never_changed_shows_when_it_does(self):
        constant = self.of(0, 0, 0)
        self.assertEqual(constant, {"low": -1, "high": 1, "edges": [1], "shares": [1, 0]})

    def test_edges_ascend_and_shares_add_up_after_rounding(self):
        random = np.random.default_rng(8)
        rows = np.concatenate([random.normal(1e7, 3, (500, 4)), random.integers(-2, 3, (500, 4))], axis=1)
        for feature in population.describe(rows.astype(np.float32)):
            self.assertTrue((np.diff(feature["edges"]) > 0).all())
            self.assertEqual(len(feature["shares"]), len(feature["edges"]) + 1)
            self.assertLessEqual(len(feature["shares"]), population.BINS)
            self.assertAlmostEqual(sum(feature["shares"]), 1, places=4)


class Pipeline(TrainingCase):
    def setUp(self) -> None:
        super().setUp()
        write_csv(self.folder / "data" / "improved" / "a.csv.gz", *flows(40))
        write_csv(self.folder / "data" / "original" / "b.csv", *flows(12, seed=2))
        self.parts = pipeline.Parts.of(DDOS, read_release("improved", [self.folder / "data" / "improved" / "a.csv.gz"]))

    def test_thresholds_come_from_the_validation_part_and_the_population_from_the_training_part(self):
        trained = pipeline.train_on(DDOS, self.parts, self.parts.flows.rows, RECIPE)
        model = pipeline.export(trained, self.parts.take(self.parts.held_out)[0])
        validation = self.parts.train[trained.validation]
        self.assertFalse(set(validation) & set(self.parts.held_out))
        self.assertAlmostEqual(len(validation) / len(self.parts.train), 0.15, places=1)
        with mock.patch.object(decision, "choose", wraps=decision.choose) as choose:
            _, described = pipeline.operation(DDOS, self.parts, trained, model)
        np.testing.assert_array_equal(choose.call_args.args[2], self.parts.flows.truth[validation])
        self.assertEqual(described, population.describe(self.parts.take(self.parts.train)[0]))
        self.assertNotEqual(described, population.describe(self.parts.flows.rows))

    def test_both_are_written_and_measured_on_other_flows_a_feature_a_line(self):
        pipeline.produce("ddos", self.folder / "data", self.folder / "out", recipe=RECIPE)
        text = (self.folder / "out" / "ddos" / "model.json").read_text()
        model = json.loads(text)
        self.assertTrue(0 < model["decision"]["attackAt"] <= 0.5)
        self.assertTrue(0 < model["decision"]["confidentAt"] < 1)
        self.assertEqual(len(model["population"]), len(model["features"]))
        self.assertEqual(set(model["evaluation"]["atWork"]), {"heldOut", "otherCapture"})
        self.assertEqual(sum(line.startswith('    { "low": ') for line in text.splitlines()), len(model["features"]))
        card = (self.folder / "out" / "ddos" / "MODEL_CARD.md").read_text()
        self.assertIn(f"is {model['decision']['attackAt']} or more", card)
        self.assertIn(f"{100 * model['evaluation']['atWork']['otherCapture']['outside']:.2f} %", card)

    def test_a_population_on_single_lines_reads_back_the_same(self):
        content = {"rows": [[1, 2], [3]], "population": population.describe(flows(3)[0]), "end": {"low": 1}}
        contract.write_json(self.folder / "a.json", content)
        self.assertEqual(json.loads((self.folder / "a.json").read_text()), content)


if __name__ == "__main__":
    unittest.main()
