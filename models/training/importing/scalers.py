"""Scalers, in all the ways in which they were saved, as one: subtract the mean, divide by the scale, maybe clip."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from scaling import signed_log

from .pickles import SCALERS, read_bytes, read_pickle
from .refused import Refused

KEYS = ("scaler", "scaler_state", "scaler_state_dict", "scaler_params", "feature_scaler")
MEANS = ("mean", "mean_", "center", "center_")
SCALES = ("scale", "scale_", "std", "std_")
MISSING = (
    "Without its scaler a network reads raw values that it never saw in training: the deployed model called every "
    "attack Normal because of this. Give the scaler that training used with --scaler FILE (json, npz, pkl, joblib); "
    "--scaler identity declares that the model was trained on raw values"
)
# Of the arrays of two scalers that are called the same.
AGREEMENT = 1e-6


@dataclass(frozen=True)
class Scaler:
    """(x - mean) / scale, feature by feature, in float64.

    `clips` is whether the result is cut to 0…1 afterwards, or None where nothing that was saved says so;
    `logarithm` is whether sign(x) · log(1 + |x|) comes first, as in this project's own training.
    """

    kind: str
    where: str
    mean: np.ndarray
    scale: np.ndarray
    clips: bool | None = None
    logarithm: bool = False

    @property
    def identity(self) -> bool:
        """Whether it changes nothing."""
        return bool((self.mean == 0).all() and (self.scale == 1).all()) and not self.logarithm

    def transform(self, rows: np.ndarray) -> np.ndarray:
        """Scaled rows, not clipped."""
        wide = signed_log(rows) if self.logarithm else rows.astype(np.float64)
        return (wide - self.mean) / self.scale

    def describe(self) -> str:
        """Its kind and where it was found."""
        return f"{'signed log and ' if self.logarithm else ''}{self.kind}, {self.where}"


def identity(features: int) -> Scaler:
    """The scaler of a model that takes raw values."""
    return Scaler("identity", "declared with --scaler identity", np.zeros(features), np.ones(features), False)


def _vector(value, name: str, where: str) -> np.ndarray:
    try:
        vector = np.asarray(value, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise Refused(f"the scaler {where}: {name} is not an array of numbers") from None
    if not np.isfinite(vector).all():
        raise Refused(f"the scaler {where}: {name} holds {(~np.isfinite(vector)).sum()} values that are not finite")
    return vector


def _first(fields: dict, names: tuple[str, ...]):
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _checked(kind: str, where: str, mean, scale, clips: bool | None) -> Scaler:
    """Fills in what a scaler leaves out because it does not use it, and refuses scales that cannot divide."""
    width = len(mean) if mean is not None else len(scale)
    mean = np.zeros(width) if mean is None else mean
    scale = np.ones(width) if scale is None else scale
    if len(mean) != len(scale):
        raise Refused(f"the scaler {where} has {len(mean)} means and {len(scale)} scales; it must have as many of each")
    if (scale <= 0).any():
        at = np.flatnonzero(scale <= 0)
        raise Refused(
            f"the scaler {where} divides by {scale[at[0]]:g} at feature {at[0]} ({len(at)} in all); scales must be "
            "above zero. scikit-learn uses 1 for a constant feature: export scale_, not the standard deviation"
        )
    return Scaler(kind, where, mean, scale, clips)


def _from_fields(kind: str, where: str, fields: dict) -> Scaler:
    """From the attributes of a scikit-learn scaler, or from a dict that spells them."""
    if kind == "MinMaxScaler":
        if fields.get("min_") is None or fields.get("scale_") is None:
            raise Refused(f"the scaler {where}: a MinMaxScaler needs min_ and scale_, but has {sorted(fields)}")
        factor = _vector(fields["scale_"], "scale_", where)
        if (factor <= 0).any():
            raise Refused(f"the scaler {where}: scale_ of a MinMaxScaler must be above zero")
        return _checked(kind, where, -_vector(fields["min_"], "min_", where) / factor, 1 / factor, bool(fields.get("clip")))
    centred = fields.get("with_mean", True) and fields.get("with_centering", True)
    scaled = fields.get("with_std", True) and fields.get("with_scaling", True)
    mean, scale = _first(fields, MEANS) if centred else None, _first(fields, SCALES) if scaled else None
    if mean is None and scale is None:
        raise Refused(f"the scaler {where} was never fitted: it has neither mean nor scale. {MISSING}")
    clips = fields.get("clip")
    return _checked(
        kind,
        where,
        None if mean is None else _vector(mean, "mean", where),
        None if scale is None else _vector(scale, "scale", where),
        None if clips is None else bool(clips),
    )


def from_value(value, where: str) -> Scaler:
    """A scaler from what was saved for it; `where` is how an error calls it. Raises Refused."""
    if value is None:
        raise Refused(f"the scaler {where} is None: it was saved before it was fitted, or not at all. {MISSING}")
    kind = type(value).__name__
    if any(type(value) is known for known in SCALERS.values()):
        return _from_fields(kind, where, vars(value))
    if isinstance(value, dict):
        named = _first(value, ("kind", "type", "class"))
        fields = {key: item for key, item in value.items() if item is not None}
        if named is None:
            named = "MinMaxScaler" if "min_" in fields else "RobustScaler" if "center_" in fields else "mean and scale"
        scaler = _from_fields(str(named), where, fields)
        return replace(scaler, logarithm=bool(fields.get("signed_log", False)))
    raise Refused(f"the scaler {where} is of type {kind}; allowed are sklearn scalers and dicts with mean and scale")


def inside(checkpoint, may_be_none: bool = False) -> Scaler | None:
    """The scaler that a checkpoint carries under one of the known keys, or None where it carries none.

    Raises Refused for a scaler that was saved as None, unless `may_be_none` says that another one is at hand.
    """
    if not isinstance(checkpoint, dict):
        return None
    found = [
        from_value(checkpoint[key], f'inside the checkpoint under "{key}"')
        for key in KEYS
        if key in checkpoint and not (may_be_none and checkpoint[key] is None)
    ]
    for prefix in ("scaler_", "feature_"):
        pair = {name: checkpoint.get(prefix + name) for name in (*MEANS, *SCALES)}
        if any(value is not None for value in pair.values()):
            found.append(from_value(pair, f'inside the checkpoint under "{prefix}…"'))
    return _agreed(found)


def from_file(path: Path, allow_unsafe: bool) -> Scaler:
    """The scaler of a .json, .npz, .pkl or .joblib file. Raises Refused."""
    where = f"in {path.name}"
    kind = path.suffix.lower()
    if kind == ".json":
        try:
            content = json.loads(read_bytes(path))
        except ValueError as error:
            raise Refused(f"{path}: is not JSON ({error})") from None
        return from_value(content, where)
    if kind == ".npz":
        read_bytes(path)
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return from_value({name: _item(arrays[name]) for name in arrays.files}, where)
        except (ValueError, OSError) as error:
            raise Refused(f"{path}: is not an npz file of plain arrays ({error})") from None
    if kind in (".pkl", ".pickle", ".joblib"):
        return from_value(read_pickle(path, SCALERS, allow_unsafe), where)
    raise Refused(f"{path}: a scaler comes as .json, .npz, .pkl or .joblib, not as {kind or 'a file without a suffix'}")


def _item(array: np.ndarray):
    return array.item() if array.ndim == 0 else array


def beside(checkpoint: Path) -> list[Path]:
    """Files next to a checkpoint that are called like its scaler."""
    names = ("scaler", f"{checkpoint.stem}_scaler", f"{checkpoint.stem}.scaler")
    suffixes = (".json", ".npz", ".pkl", ".pickle", ".joblib")
    paths = [checkpoint.parent / (name + suffix) for name in names for suffix in suffixes]
    return [path for path in paths if path.is_file()]


def _agreed(found: list[Scaler]) -> Scaler | None:
    """The one scaler that all of them are. Raises Refused where two differ: one of them belongs to another model."""
    for other in found[1:]:
        first = found[0]
        same = len(first.mean) == len(other.mean) and all(
            np.allclose(one, two, rtol=AGREEMENT, atol=AGREEMENT)
            for one, two in ((first.mean, other.mean), (first.scale, other.scale))
        )
        if not same:
            raise Refused(
                f"there are two scalers, and they differ: {first.describe()} ({len(first.mean)} features, first mean "
                f"{first.mean[0]:g}) and {other.describe()} ({len(other.mean)} features, first mean {other.mean[0]:g}). "
                "Find out which one training used, and remove the other"
            )
    if len(found) < 2:
        return found[0] if found else None
    return replace(found[0], where=", and the same ".join(scaler.where for scaler in found))


def find(checkpoint, path: Path, given: str | None, features: int, allow_unsafe: bool) -> Scaler:
    """The scaler of a model that takes `features` values: inside its checkpoint, beside it, or given.

    Raises Refused where there is none, where two differ, and where its width is not the model's.
    """
    if given == "identity":
        carried = inside(checkpoint, may_be_none=True)
        if carried is not None and not carried.identity:
            raise Refused(f"--scaler identity was declared, but there is a scaler that is none: {carried.describe()}")
        return identity(features)
    files = [Path(given)] if given is not None else beside(path)
    outside = [from_file(file, allow_unsafe) for file in files]
    carried = inside(checkpoint, may_be_none=bool(outside))
    scaler = _agreed([one for one in (carried, *outside) if one is not None])
    if scaler is None:
        raise Refused(f"{path}: there is no scaler inside the checkpoint and none beside it. {MISSING}")
    if len(scaler.mean) != features:
        raise Refused(
            f"the scaler has {len(scaler.mean)} features and the network takes {features}; scaler: {scaler.describe()}. "
            "They come from different trainings, or one side dropped or padded a column"
        )
    return scaler
