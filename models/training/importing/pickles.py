"""Reads checkpoints and pickles without running what they might carry."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import re
import warnings
import zlib
from pathlib import Path

import numpy as np
import torch
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler
from sklearn import preprocessing
from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

from .refused import Refused

ADVICE = (
    "A pickle can run any program on the machine that reads it. Give --allow-unsafe-pickle only for a file that you "
    "trust; better, save tensors and numbers alone, and export the scaler as JSON or npz (see IMPORTING.md)"
)
# What numpy needs to rebuild its own arrays and numbers; none of it runs code that the file brings.
ARRAYS = {
    "numpy.ndarray": np.ndarray,
    "numpy.dtype": np.dtype,
    "_codecs.encode": __import__("_codecs").encode,
    **{f"numpy.dtypes.{type(np.dtype(kind)).__name__}": type(np.dtype(kind)) for kind in "?bhilqBHILQefd"},
    **{
        f"numpy.{core}.multiarray.{name}": getattr(np._core.multiarray, name)
        for core in ("core", "_core")
        for name in ("_reconstruct", "scalar")
    },
    **{f"numpy.{core}.numeric._frombuffer": np._core.numeric._frombuffer for core in ("core", "_core")},
}
SCALERS = {
    f"sklearn.preprocessing.{module}.{name}": getattr(preprocessing, name)
    for module in ("_data", "data")
    for name in ("StandardScaler", "RobustScaler", "MinMaxScaler", "MaxAbsScaler")
}
OPENERS = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress, b"x": zlib.decompress}


def read_checkpoint(path: Path, allow_pickled_scalers: bool):
    """What torch.save wrote: tensors, containers and numbers, and scikit-learn scalers where those are allowed.

    Raises Refused for a file that holds anything else, naming the classes, and for a file that is no checkpoint.
    """
    allowed = {**ARRAYS, **(SCALERS if allow_pickled_scalers else {})}
    # Tuples, because older versions of numpy and scikit-learn wrote other module names for the same things.
    with safe_globals([(value, name) for name, value in allowed.items()]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            unsafe = sorted(set(get_unsafe_globals_in_checkpoint(path)))
        except Exception:  # Only the zip format can be listed; the loader below judges every other file.
            unsafe = []
        if unsafe:
            raise Refused(_foreign(path, unsafe, allow_pickled_scalers))
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except FileNotFoundError:
            raise Refused(f"{path}: no such file") from None
        except Exception as error:
            named = re.findall(r"GLOBAL ([\w.]+)", str(error))
            if named:
                raise Refused(_foreign(path, named, allow_pickled_scalers)) from None
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise Refused(f"{path}: is not a checkpoint that torch.save wrote whole ({reason})") from None


def _foreign(path: Path, names: list[str], flag_given: bool) -> str:
    what = ", ".join(names)
    if all(name in SCALERS for name in names) and not flag_given:
        return f"{path}: is an unsafe pickle: it holds {what}. {ADVICE}"
    return (
        f"{path}: is an unsafe pickle: it holds {what}; allowed are tensors, numbers, names and numpy arrays, and with "
        "--allow-unsafe-pickle the scalers of sklearn.preprocessing. Save model.state_dict() instead of the model"
    )


class _PlainArrays(NumpyArrayWrapper):
    """joblib's array, without the nested pickle that joblib would read unrestricted for an array of objects."""

    def read_array(self, unpickler, *rest):
        if self.dtype.hasobject:
            raise pickle.UnpicklingError("an array of objects")
        return super().read_array(unpickler, *rest)


class _Restricted(NumpyUnpickler):
    """Unpickles what pickle or joblib wrote, from a list of names."""

    def __init__(self, content: bytes, allowed: dict) -> None:
        super().__init__("", io.BytesIO(content), ensure_native_byte_order=True)
        self.allowed = {**ARRAYS, **allowed, "joblib.numpy_pickle.NumpyArrayWrapper": _PlainArrays}

    def find_class(self, module: str, name: str):
        found = self.allowed.get(f"{module}.{name}")
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def read_pickle(path: Path, allowed: dict, allow_unsafe: bool):
    """What pickle.dump or joblib.dump wrote, compressed or not, built from the `allowed` names alone.

    Raises Refused without `allow_unsafe`, and for a file that names anything else.
    """
    if not allow_unsafe:
        raise Refused(f"{path}: is an unsafe pickle and was not opened. {ADVICE}")
    content = read_bytes(path)
    try:
        for magic, decompress in OPENERS.items():
            if content.startswith(magic):
                content = decompress(content)
                break
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Restricted(content, allowed).load()
    except pickle.UnpicklingError as error:
        names = ", ".join(sorted(allowed))
        raise Refused(f"{path}: holds {error}, which is not allowed; allowed are numpy arrays and {names}") from None
    except Exception as error:
        raise Refused(f"{path}: cannot be read as a pickle ({type(error).__name__}: {error})") from None


def read_bytes(path: Path) -> bytes:
    """The content of a file; Refused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}") from None
