"""Reads the CICIDS2017 flow samples and says which of their labels each specialist learns from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

IMPROVED = "cicids2017_dev.csv.gz"
ORIGINAL = "cicids2017_orig_dev.csv.gz"

DENIAL_OF_SERVICE = ["DDoS", "DoS Hulk", "DoS GoldenEye", "DoS slowloris", "DoS Slowhttptest"]
BRUTE_FORCE = ["FTP-Patator", "SSH-Patator"]
WEB_ATTACKS = ["Web Attack – Brute Force", "Web Attack – XSS", "Web Attack – Sql Injection"]


@dataclass(frozen=True)
class Task:
    """What one specialist learns: the file, its classes in contract order, and the class of every label it uses.

    A label of the file that is not listed is left out of training and counted in model.json.
    """

    name: str
    file: str
    classes: list[str]
    labels: dict[str, str]


def _binary(name: str, file: str, attacks: list[str]) -> Task:
    return Task(name, file, ["Normal", "Attack"], {"BENIGN": "Normal", **{label: "Attack" for label in attacks}})


# One specialist reads one file only: the two files come from different flow extractors, so a
# model that saw both would learn to tell the files apart instead of the traffic.
TASKS = [
    Task(
        "general",
        IMPROVED,
        [
            "Normal",
            "DDoS/DoS",
            "Network Reconnaissance",
            "Brute Force",
            "Web Application Attack",
            "Malware/Botnet",
            "Advanced Persistent Threat",
        ],
        {
            "BENIGN": "Normal",
            **{label: "DDoS/DoS" for label in DENIAL_OF_SERVICE},
            "PortScan": "Network Reconnaissance",
            "Infiltration - Portscan": "Network Reconnaissance",
            **{label: "Brute Force" for label in BRUTE_FORCE},
            **{label: "Web Application Attack" for label in WEB_ATTACKS},
            "Bot": "Malware/Botnet",
            "Infiltration": "Advanced Persistent Threat",
        },
    ),
    _binary("ddos", IMPROVED, DENIAL_OF_SERVICE),
    _binary("bruteforce", IMPROVED, BRUTE_FORCE),
    _binary("webattacks", ORIGINAL, WEB_ATTACKS),
]


@dataclass(frozen=True)
class Flows:
    """Raw features (float32, one row a flow) and their labels."""

    file: str
    features: list[str]
    rows: np.ndarray
    labels: np.ndarray
    incomplete: int
    repeated: int

    def of(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows, class indices and labels of the flows that the task uses."""
        index = {label: task.classes.index(name) for label, name in task.labels.items()}
        used = np.array([label in index for label in self.labels])
        labels = self.labels[used]
        return self.rows[used], np.array([index[label] for label in labels]), labels

    def left_out(self, task: Task) -> dict[str, int]:
        """How many flows of each label the task does not use."""
        counts = pd.Series(self.labels).value_counts()
        return {label: int(n) for label, n in counts.sort_index().items() if label not in task.labels}


def read_flows(folder: Path, file: str) -> Flows:
    """Reads one sample; flows with a missing or infinite cell and exact repetitions are dropped and counted."""
    table = pd.read_csv(folder / file)
    # `Source` names the collection a row came from; it correlates with the label.
    table = table.drop(columns=[column for column in ["Source"] if column in table])
    complete = table.replace([np.inf, -np.inf], np.nan).dropna()
    distinct = complete.drop_duplicates()
    features = [column for column in distinct.columns if column != "Label"]
    return Flows(
        file,
        features,
        distinct[features].to_numpy(np.float32),
        distinct["Label"].to_numpy(str),
        len(table) - len(complete),
        len(complete) - len(distinct),
    )
