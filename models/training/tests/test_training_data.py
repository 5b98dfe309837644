"""What is read is what was published, and nothing is dropped without being counted."""

from __future__ import annotations

import unittest

import numpy as np

from training_support import TrainingCase, flows, write_csv

from dataset import find_files, flows_of, read_release
from errors import DataError
from features import FEATURES
from labels import LABELS, TASKS, WEB_ATTACKS, canonical
from split import refuse_scarce, split

GENERAL, *BINARY = TASKS


class LabelMap(unittest.TestCase):
    def test_every_label_has_a_class_or_is_named_as_left_out(self):
        self.assertEqual(set(LABELS) - set(GENERAL.labels), {"Heartbleed"})
        for task in BINARY:
            self.assertEqual(set(task.labels), set(LABELS), task.name)

    def test_every_class_has_a_label_and_every_label_a_class_of_the_task(self):
        for task in TASKS:
            self.assertEqual(set(task.labels.values()), set(task.classes), task.name)

    def test_an_attack_of_another_kind_is_normal_to_a_binary_specialist(self):
        for task in BINARY:
            attacks = {label for label, name in task.labels.items() if name == "Attack"}
            self.assertEqual(attacks, set(task.attacks), task.name)
            self.assertNotIn("BENIGN", attacks)

    def test_both_kinds_of_port_scan_are_one_class(self):
        self.assertEqual(GENERAL.labels["PortScan"], GENERAL.labels["Infiltration - Portscan"])

    def test_a_web_attack_is_known_by_whatever_stands_for_its_dash(self):
        for dash in ("–", "-", "\x96", "\ufffd", "ï¿½", "â€“", "Â–"):
            for label in WEB_ATTACKS:
                self.assertEqual(canonical(f" {label.replace('–', dash)} "), label)
        self.assertEqual(canonical("Web Attack – Telnet"), "Web Attack – Telnet")


class Reading(TrainingCase):
    def setUp(self) -> None:
        super().setUp()
        self.rows, self.labels = flows(2)

    def read(self, *paths, **options):
        return read_release("improved", list(paths), **options)

    def test_the_published_header_with_blanks_and_a_name_twice_is_read_in_order(self):
        names = [f" {name}" for name in FEATURES]
        names[FEATURES.index("Fwd Header Length.1")] = " Fwd Header Length"
        blank = write_csv(self.folder / "a.csv", self.rows, self.labels, [*names, " Label"])
        uneven = names.copy()
        uneven[FEATURES.index("Fwd Header Length")] = "Fwd Header Length "
        mixed = write_csv(self.folder / "b.csv", self.rows, self.labels, [*uneven, "Label"])
        for path in (blank, mixed):
            read = self.read(path)
            np.testing.assert_array_equal(read.rows, self.rows.astype(np.float32))
            self.assertEqual(read.labels.tolist(), self.labels)

    def test_columns_in_another_order_are_taken_by_name(self):
        order = np.random.default_rng(3).permutation(len(FEATURES))
        header = [*(FEATURES[i] for i in order), "Label"]
        read = self.read(write_csv(self.folder / "a.csv", self.rows[:, order], self.labels, header))
        np.testing.assert_array_equal(read.rows, self.rows.astype(np.float32))

    def test_source_is_no_feature_and_other_columns_are_named(self):
        path = write_csv(self.folder / "a.csv", self.rows, self.labels, extra={"Source": "x", "Flow ID": "7"})
        read = self.read(path)
        self.assertEqual((read.rows.shape[1], read.ignored), (len(FEATURES), ("Flow ID",)))

    def test_compressed_and_plain_files_of_one_release_are_read_together(self):
        parts = [
            write_csv(self.folder / name, self.rows[part], self.labels[part])
            for name, part in (("a.csv", slice(0, 5)), ("b.csv.gz", slice(5, None)))
        ]
        read = self.read(*parts)
        np.testing.assert_array_equal(read.rows, self.rows.astype(np.float32))
        self.assertEqual(read.file, "a.csv, b.csv.gz")

    def test_a_dash_in_the_encoding_of_the_original_release_is_understood(self):
        labels = [label.replace("–", "\u2013") for label in self.labels]
        read = self.read(write_csv(self.folder / "a.csv", self.rows, labels, encoding="cp1252"))
        self.assertEqual(read.labels.tolist(), self.labels)

    def test_flows_with_broken_cells_are_left_out_and_both_are_counted(self):
        rate, packets = FEATURES.index("Flow Bytes/s"), FEATURES.index("Flow Packets/s")
        self.rows[0, rate] = np.nan
        self.rows[1, [rate, packets]] = np.inf
        self.rows[2, packets] = 1e300
        read = self.read(write_csv(self.folder / "a.csv", self.rows, self.labels))
        self.assertEqual(read.incomplete, 3)
        self.assertEqual(read.broken_cells, {"Flow Bytes/s": 2, "Flow Packets/s": 2})
        np.testing.assert_array_equal(read.rows, self.rows[3:].astype(np.float32))

    def test_an_unknown_label_stops_with_its_count_unless_it_is_left_out(self):
        self.labels[3:5] = ["DoS Hulk - Attempted"] * 2
        path = write_csv(self.folder / "a.csv", self.rows, self.labels)
        with self.assertRaisesRegex(DataError, r'"DoS Hulk - Attempted" \(2 flows\).*--leave-out'):
            self.read(path)
        read = self.read(path, leave_out=("DoS Hulk - Attempted",))
        self.assertEqual(read.left_out, {"DoS Hulk - Attempted": 2})
        self.assertEqual(flows_of(GENERAL, read).left_out, {"DoS Hulk - Attempted": 2, "Heartbleed": 2})

    def test_what_cannot_be_trained_on_is_refused_with_what_to_do(self):
        header = [name for name in FEATURES if name != "Idle Max"]
        column = FEATURES.index("Idle Max")
        short = write_csv(self.folder / "short.csv", np.delete(self.rows, column, 1), self.labels, [*header, "Label"])
        with self.assertRaisesRegex(DataError, r"short.csv: 1 of 79 columns are missing \(Idle Max\)"):
            self.read(short)
        text = write_csv(self.folder / "text.csv", self.rows, self.labels)
        text.write_text(text.read_text().replace(repr(float(self.rows[0, 0])), "many", 1))
        with self.assertRaisesRegex(DataError, r"text.csv: 1 cells of Destination Port are no numbers \(many\)"):
            self.read(text)
        (self.folder / "cut.csv.gz").write_bytes(b"\x1f\x8b\x08\x00no")
        with self.assertRaisesRegex(DataError, "cut.csv.gz cannot be read as CSV"):
            self.read(self.folder / "cut.csv.gz")

    def test_a_missing_or_empty_folder_is_refused(self):
        with self.assertRaisesRegex(DataError, "nowhere: no such folder"):
            find_files(self.folder / "nowhere")
        with self.assertRaisesRegex(DataError, "holds no .csv or .csv.gz file"):
            find_files(self.folder)

    def test_files_belong_to_a_release_by_folder_or_name(self):
        for name in ("improved/monday_orig.csv", "original/a.csv", "Friday.pcap_ISCX.csv", "x_orig_dev.csv.gz", "dev.csv"):
            write_csv(self.folder / name, self.rows, self.labels)
        found = {release: [path.name for path in paths] for release, paths in find_files(self.folder).items()}
        self.assertEqual(found["improved"], ["dev.csv", "monday_orig.csv"])
        self.assertEqual(found["original"], ["Friday.pcap_ISCX.csv", "a.csv", "x_orig_dev.csv.gz"])


class Splitting(TrainingCase):
    def task_flows(self, task, rows, labels):
        path = write_csv(self.folder / "a.csv", rows, labels)
        return flows_of(task, read_release(task.release, [path]))

    def test_a_repeated_flow_counts_once_also_under_two_labels_of_one_class(self):
        rows, _ = flows(3, ["PortScan"])
        found = self.task_flows(GENERAL, rows[[0, 0, 1, 0]], ["PortScan", "Infiltration - Portscan", "PortScan", "BENIGN"])
        self.assertEqual((len(found.rows), found.repeated, found.contradictory), (3, 1, 1))
        self.assertEqual(found.group[0], found.group[2])

    def test_minus_zero_is_the_same_flow_as_zero(self):
        rows, _ = flows(1, ["BENIGN"])
        found = self.task_flows(GENERAL, np.concatenate([rows, np.where(rows == 0, -0.0, rows)]), ["BENIGN"] * 2)
        self.assertEqual(found.repeated, 1)

    def test_no_flow_is_on_both_sides_even_where_it_carries_two_classes(self):
        rows, labels = flows(40)
        twins = rows[: 16 * 40 : 7]
        found = self.task_flows(GENERAL, np.concatenate([rows, twins]), [*labels, *["Bot"] * len(twins)])
        self.assertGreater(found.contradictory, 10)
        train, held_out = split(found.labels, found.group, 0.3, 5)
        self.assertFalse({row.tobytes() for row in found.rows[train]} & {row.tobytes() for row in found.rows[held_out]})
        self.assertEqual(sorted([*train, *held_out]), list(range(len(found.rows))))
        again = split(found.labels, found.group, 0.3, 5)
        np.testing.assert_array_equal(again[1], held_out)

    def test_every_label_is_held_out_in_its_share(self):
        rows, labels = flows(40)
        found = self.task_flows(BINARY[0], rows, labels)
        _, held_out = split(found.labels, found.group, 0.3, 5)
        self.assertEqual({label: int((found.labels[held_out] == label).sum()) for label in LABELS}, dict.fromkeys(LABELS, 12))

    def test_a_class_with_too_few_flows_is_refused_by_name(self):
        rows, labels = flows(12, [label for label in LABELS if label != "Bot"])
        found = self.task_flows(GENERAL, rows, labels)
        with self.assertRaisesRegex(DataError, r"general: Malware/Botnet has 0 distinct .* at least 10"):
            refuse_scarce(GENERAL, found)


if __name__ == "__main__":
    unittest.main()
