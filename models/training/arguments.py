"""Command lines: wrong usage ends with 64, as in every command of this project."""

from __future__ import annotations

import argparse
import sys

WRONG_USAGE = 64


class Parser(argparse.ArgumentParser):
    """A parser of arguments that keeps 1 for refused data; argparse would end wrong usage with 2."""

    def error(self, message: str):
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"error: {message}; {self.prog} --help shows what is allowed\n")
