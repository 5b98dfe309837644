"""Imports a team's own checkpoint of a specialist: recognises how it computes, checks it, writes its folder.

    python models/training/import_checkpoint.py CHECKPOINT.pth --name ddos --out models/ddos --replace \\
        [--scaler FILE] [--metadata FILE.json] (--expected FILE | --rows LABELLED.csv)
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from arguments import Parser
from importing import folder
from importing.refused import Refused
from importing.specialist import Request, import_specialist


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path, help="what torch.save wrote: a state dict, or a dict that holds one")
    parser.add_argument("--name", required=True, help="the specialist: general, ddos, bruteforce or webattacks")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write, such as models/ddos")
    parser.add_argument("--version", default="1.0.0", help="version of the model (default: %(default)s)")
    parser.add_argument("--scaler", help="its scaler as .json, .npz, .pkl or .joblib, or the word identity")
    parser.add_argument("--metadata", type=Path, help="JSON with class_names and feature_names")
    known = parser.add_mutually_exclusive_group(required=True)
    known.add_argument("--expected", type=Path, help="raw rows with the model's probabilities: .json or .npz")
    known.add_argument("--rows", type=Path, help="labelled raw rows: .csv with a header")
    parser.add_argument("--forward", help="known: one of the two known scripts; or switches such as 'interaction=linear skips=plain'")
    parser.add_argument("--replace", action="store_true", help="replace the folder if it is there")
    parser.add_argument("--allow-unsafe-pickle", action="store_true", help="read pickled scalers, by a list of names")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Command line entry; 0 when the folder was written, 1 when the checkpoint was refused."""
    options = _arguments(argv)
    torch.set_num_threads(1)
    request = {key: value for key, value in vars(options).items() if key not in ("out", "replace")}
    try:
        folder.check_free(options.out, options.replace)
        imported = import_specialist(Request(**request))
        folder.write(options.out, imported.files)
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    rows = imported.rows
    if rows.dropped:
        print(f"{rows.dropped} rows of {rows.file} have cells that are not finite and were left out", file=sys.stderr)
    print(imported.tried, file=sys.stderr)
    print(f"wrote {options.out}: {', '.join(imported.files)}")
    print(f"forward pass: {imported.chosen.forward}")
    print(f"scaler: {imported.scaler}{', clipped to 0…1' if imported.chosen.clipped else ''}")
    print(f"PyTorch and ONNX differ by at most {imported.largest_difference:.2g} on {imported.parity_rows} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
