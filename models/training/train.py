"""Trains the reference models on CICIDS2017 and writes them as the project ships them."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from arguments import Parser
from compare import compare, comparison
from errors import DataError, ExportError
from labels import TASKS
from pipeline import produce


def _arguments(given: list[str] | None) -> argparse.Namespace:
    names = [task.name for task in TASKS]
    parser = Parser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the CSV files (see README.md)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent, help="folder of the specialists (default: models)"
    )
    parser.add_argument("--only", choices=names, help="this specialist alone")
    parser.add_argument("--compare", action="store_true", help="print how other classifiers do; write nothing")
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="LABEL", help="leave flows with this label out; repeatable"
    )
    parser.add_argument(
        "--jobs", type=int, default=min(2, os.cpu_count() or 1), help="specialists at once, a core each (default: 2)"
    )
    options = parser.parse_args(given)
    if options.jobs < 1:
        parser.error(f"--jobs {options.jobs}: give 1 or more")
    options.names = [options.only] if options.only else names
    return options


def _in_turn(options: argparse.Namespace, work):
    """Results of the work on every specialist, in order, each as soon as it is there.

    A process works with one thread whatever the machine has: sums depend on how many there are.
    """
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(work, options.names)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def main(given: list[str] | None = None) -> int:
    """Command line entry: 0 when everything asked for was done, 1 when data or a model was refused."""
    options = _arguments(given)
    leave_out = tuple(options.leave_out)
    try:
        if options.compare:
            work = partial(compare, data=options.data, leave_out=leave_out)
            lines = [line for lines in _in_turn(options, work) for line in lines]
            print(comparison(lines))
        else:
            work = partial(produce, data=options.data, out=options.out, leave_out=leave_out)
            for lines in _in_turn(options, work):
                print("\n".join(lines), flush=True)
    except (DataError, ExportError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
