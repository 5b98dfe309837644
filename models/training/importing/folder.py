"""Writes a folder of files whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

from .refused import Refused


def digest(content: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def as_json(content: dict) -> bytes:
    """Indented JSON with a list of plain values on one line: a row of 78 features stays one line of a diff."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    one_line = re.sub(
        r"\[\s*\n([^\[\]{}]*?)\s*\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1].strip()) + "]", text
    )
    return (one_line + "\n").encode("utf-8")


def check_free(folder: Path, replaces: bool) -> None:
    """Refuses a folder that is there already, unless it is to be replaced, and one that has no parent."""
    if folder.exists() and not replaces:
        raise Refused(f"{folder}: is there already; choose another folder, or give --replace to put the new model in its place")
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder}: is a file; --out names a folder")
    if not folder.resolve().parent.is_dir():
        raise Refused(f"{folder.resolve().parent}: no such folder to put {folder.name} into")


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Writes the files beside the folder and moves them into its place in one step; what was there before goes.

    An error leaves the folder as it was.
    """
    parent = folder.resolve().parent
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=parent) as made:
        fresh, former = Path(made) / "new", Path(made) / "former"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if folder.exists():
            shutil.move(folder, former)
        try:
            fresh.rename(folder)
        except OSError:
            if former.exists():
                shutil.move(former, folder)
            raise
