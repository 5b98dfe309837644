"""What a team wrote down about its model: names and order of features and classes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from .pickles import read_bytes
from .refused import Refused

FEATURES = ("feature_names", "feature_columns", "features")
FEATURE_COUNTS = ("features", "num_features", "n_features", "input_dim", "input_features", "input_size")
CLASSES = ("class_names", "classes", "class_mapping", "class_to_idx", "idx_to_class")
CLASS_COUNTS = ("num_classes", "n_classes", "classes")


@dataclass(frozen=True)
class Metadata:
    """Names where they are known, counts where only those are; `source` is how an error calls it."""

    source: str = "the metadata"
    features: list[str] | None = None
    feature_count: int | None = None
    classes: list[str] | None = None
    class_count: int | None = None
    labels: dict[str, str] = field(default_factory=dict)
    untrained: list[str] = field(default_factory=list)
    description: str | None = None


def _names(content: dict, keys: tuple[str, ...], source: str) -> list[str] | None:
    for key in keys:
        value = content.get(key)
        if isinstance(value, dict) and value:
            value = _ordered(value, key, source)
        if isinstance(value, (list, tuple)) and value:
            names = [str(name) for name in value]
            if len(set(names)) != len(names):
                twice = sorted({name for name in names if names.count(name) > 1})
                raise Refused(f'{source}: "{key}" names {", ".join(twice)} more than once; names must differ')
            return names
    return None


def _ordered(mapping: dict, key: str, source: str) -> list[str]:
    """Names by position, from {name: position} or {position: name}."""
    turned = {position: name for name, position in mapping.items()} if isinstance(next(iter(mapping.values())), int) else mapping
    try:
        byposition = {int(position): str(name) for position, name in turned.items()}
    except (TypeError, ValueError):
        byposition = {}
    if sorted(byposition) != list(range(len(mapping))):
        raise Refused(f'{source}: "{key}" must give every position from 0 to {len(mapping) - 1} to one name')
    return [byposition[position] for position in range(len(byposition))]


def _count(content: dict, keys: tuple[str, ...]) -> int | None:
    found = (content.get(key) for key in keys)
    return next((value for value in found if isinstance(value, int) and not isinstance(value, bool)), None)


def parse(content: dict, source: str) -> Metadata:
    """Metadata from a dict with the keys that the source system's scripts used. Raises Refused."""
    features, classes = _names(content, FEATURES, source), _names(content, CLASSES, source)
    counts = {}
    for what, names, keys in (("feature_count", features, FEATURE_COUNTS), ("class_count", classes, CLASS_COUNTS)):
        count = _count(content, keys)
        if None not in (count, names) and count != len(names):
            raise Refused(f"{source}: says {count} as {what.replace('_', ' ')}, but names {len(names)}")
        counts[what] = len(names) if names is not None else count
    labels, untrained = content.get("labels") or {}, content.get("untrained") or []
    if not isinstance(labels, dict) or not isinstance(untrained, list):
        raise Refused(f'{source}: "labels" must map labels to classes, and "untrained" must list classes')
    known = set(classes or [])
    strangers = [name for name in (*labels.values(), *untrained) if classes is not None and name not in known]
    if strangers:
        raise Refused(f"{source}: {strangers[0]} is no class; classes are {', '.join(classes)}")
    description = content.get("description")
    return Metadata(source, features, classes=classes, labels=labels, untrained=untrained, description=description, **counts)


def read_metadata(path: Path | None, checkpoint) -> Metadata:
    """Metadata of a file, or else of the checkpoint itself; where both say something, they must say the same."""
    own = {key: value for key, value in checkpoint.items() if isinstance(key, str)} if isinstance(checkpoint, dict) else {}
    carried = parse(own, "the checkpoint")
    if path is None:
        return carried
    try:
        content = json.loads(read_bytes(path))
    except ValueError as error:
        raise Refused(f"{path}: is not JSON ({error})") from None
    if not isinstance(content, dict):
        raise Refused(f"{path}: must hold an object")
    given = parse(content, path.name)
    for what in ("features", "feature_count", "classes", "class_count"):
        one, other = getattr(given, what), getattr(carried, what)
        if None not in (one, other) and one != other:
            raise Refused(f"{path.name} and the checkpoint disagree on {what.replace('_', ' ')}: {one} and {other}")
    merged = {
        what: getattr(given, what) if getattr(given, what) is not None else getattr(carried, what)
        for what in ("features", "feature_count", "classes", "class_count")
    }
    return Metadata(path.name, labels=given.labels, untrained=given.untrained, description=given.description, **merged)
