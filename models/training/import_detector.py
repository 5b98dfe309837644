"""Imports an anomaly detector of a team: its LSTM autoencoder or its isolation forest, as a checked folder.

    python models/training/import_detector.py lstm-autoencoder CHECKPOINT.pth --name lstm --out FOLDER --expected FILE
    python models/training/import_detector.py isolation-forest FOREST.pkl --name forest --out FOLDER --rows ROWS.csv \\
        --scaler SCALER.pkl --allow-unsafe-pickle
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from arguments import Parser
from importing import folder
from importing.detector import Request, import_detector
from importing.refused import Refused


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["lstm-autoencoder", "isolation-forest"])
    parser.add_argument("checkpoint", type=Path, help="what torch.save wrote, or the pickled forest")
    parser.add_argument("--name", required=True, help="name of the detector")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--version", default="1.0.0", help="version of the detector (default: %(default)s)")
    parser.add_argument("--scaler", help="its scaler as .json, .npz, .pkl or .joblib, or the word identity")
    parser.add_argument("--metadata", type=Path, help="JSON with feature_names")
    known = parser.add_mutually_exclusive_group(required=True)
    known.add_argument("--expected", type=Path, help="JSON with raw sequences and the autoencoder's scores of them")
    known.add_argument("--rows", type=Path, help="raw rows in the order of time: .csv with a header")
    parser.add_argument("--forward", help="switches of the autoencoder that are known")
    parser.add_argument("--threshold", type=float, help="the score above which an input is anomalous")
    parser.add_argument("--sequence-length", type=int, help="steps of a sequence")
    parser.add_argument("--replace", action="store_true", help="replace the folder if it is there")
    parser.add_argument("--allow-unsafe-pickle", action="store_true", help="read pickles, by a list of names")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Command line entry; 0 when the folder was written, 1 when the detector was refused."""
    options = _arguments(argv)
    torch.set_num_threads(1)
    request = {key: value for key, value in vars(options).items() if key not in ("out", "replace")}
    try:
        folder.check_free(options.out, options.replace)
        imported = import_detector(Request(**request))
        folder.write(options.out, imported.files)
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print(f"wrote {options.out}: {', '.join(imported.files)}")
    print("\n".join(imported.lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
