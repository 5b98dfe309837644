"""The isolation forest: scores a row by how few random cuts set it apart."""

from __future__ import annotations

import numpy as np
from numpy.random import MT19937, SeedSequence, _pickle
from sklearn.ensemble import IsolationForest
from sklearn.tree import ExtraTreeRegressor
from sklearn.tree._tree import Tree

from .detector_graph import INPUT, SCORE, DetectorGraph
from .pickles import SCALERS
from .refused import Refused
from .scalers import Scaler

LEAF = -1
HOLDERS = ("model", "isolation_forest", "forest")
#: What a pickled forest may name, beside the scalers that may lie with it.
FOREST = {
    **SCALERS,
    "sklearn.ensemble._iforest.IsolationForest": IsolationForest,
    "sklearn.ensemble.iforest.IsolationForest": IsolationForest,
    "sklearn.tree._classes.ExtraTreeRegressor": ExtraTreeRegressor,
    "sklearn.tree._tree.Tree": Tree,
    # The state of a random generator that a forest was given instead of a seed.
    "numpy.random._pickle.__randomstate_ctor": _pickle.__randomstate_ctor,
    "numpy.random._pickle.__bit_generator_ctor": _pickle.__bit_generator_ctor,
    "numpy.random._mt19937.MT19937": MT19937,
    "numpy.random.bit_generator.SeedSequence": SeedSequence,
}


def forest_of(content, path) -> IsolationForest:
    """The fitted forest of a pickle: bare, or in a dict under one of the usual keys. Raises Refused."""
    if isinstance(content, dict):
        content = next((content[key] for key in HOLDERS if key in content), content)
    if not isinstance(content, IsolationForest):
        raise Refused(f"{path}: holds a {type(content).__name__}, not an IsolationForest")
    if not hasattr(content, "estimators_") or not content.estimators_:
        raise Refused(f"{path}: the forest was never fitted: it has no trees")
    if content.max_samples_ < 2:
        raise Refused(f"{path}: the forest saw {content.max_samples_} sample a tree; trees of one sample cut nothing")
    width = int(content.n_features_in_)
    for number, (tree, columns) in enumerate(zip(content.estimators_, content.estimators_features_)):
        _check(tree.tree_, np.asarray(columns), width, number)
    if not np.isfinite(content.offset_):
        raise Refused(f"{path}: the forest's offset is not finite, so it has no threshold")
    return content


def _check(tree: Tree, columns: np.ndarray, width: int, number: int) -> None:
    """Refuses a tree whose nodes point outside of it: scikit-learn would read foreign memory."""
    left, right, inner = tree.children_left, tree.children_right, tree.children_left != LEAF
    nodes = np.arange(tree.node_count)
    forward = all(((side[inner] > nodes[inner]) & (side[inner] < tree.node_count)).all() for side in (left, right))
    known = ((tree.feature[inner] >= 0) & (tree.feature[inner] < len(columns))).all()
    if not forward or not known or columns.min() < 0 or columns.max() >= width:
        raise Refused(f"tree {number} points outside of itself or of its {width} features: the file is broken")
    if not np.isfinite(tree.threshold[inner]).all():
        raise Refused(f"tree {number} holds thresholds that are not finite")


def average_path(samples: np.ndarray) -> np.ndarray:
    """Mean depth at which a search in a random tree of so many samples ends (Liu, Ting, Zhou: ICDM 2008, eq. 1)."""
    wide = np.maximum(samples.astype(np.float64), 3)
    long = 2 * (np.log(wide - 1) + np.euler_gamma) - 2 * (wide - 1) / wide
    return np.where(samples <= 1, 0, np.where(samples == 2, 1, long))


def _raw_thresholds(thresholds: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """For each node the largest raw float32 value that still goes left.

    scikit-learn scales in float64, rounds to float32 and compares with a float64 threshold. Scaling in float32 inside
    the graph would send values at a cut to the other side; a threshold moved to raw values sends none.
    """

    def left(raw: np.ndarray) -> np.ndarray:
        return ((raw.astype(np.float64) - mean) / scale).astype(np.float32) <= thresholds

    raw = (thresholds * scale + mean).astype(np.float32)
    for towards, wrong in ((-np.inf, lambda: ~left(raw)), (np.inf, lambda: left(np.nextafter(raw, np.float32(np.inf))))):
        while (at := wrong()).any():
            raw = np.where(at, np.nextafter(raw, np.float32(towards)), raw)
    return raw


def _depths(tree: Tree) -> np.ndarray:
    """Cuts above each node."""
    depths = np.zeros(tree.node_count)
    for node in np.flatnonzero(tree.children_left != LEAF):
        depths[[tree.children_left[node], tree.children_right[node]]] = depths[node] + 1
    return depths


def _ensemble(forest: IsolationForest, scaler: Scaler) -> dict[str, list]:
    """Attributes of TreeEnsembleRegressor: the sum over trees of the path length that a row ends at."""
    keys = ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    made: dict[str, list] = {f"nodes_{key}": [] for key in keys}
    made |= {f"target_{key}": [] for key in ("treeids", "nodeids", "ids", "weights")}
    for number, (estimator, columns) in enumerate(zip(forest.estimators_, forest.estimators_features_)):
        tree = estimator.tree_
        inner = tree.children_left != LEAF
        feature = np.where(inner, np.asarray(columns)[np.maximum(tree.feature, 0)], 0)
        values = np.zeros(tree.node_count, np.float32)
        values[inner] = _raw_thresholds(tree.threshold[inner], scaler.mean[feature[inner]], scaler.scale[feature[inner]])
        made["nodes_treeids"] += [number] * tree.node_count
        made["nodes_nodeids"] += range(tree.node_count)
        made["nodes_featureids"] += feature.tolist()
        made["nodes_values"] += values.tolist()
        made["nodes_modes"] += ["BRANCH_LEQ" if branches else "LEAF" for branches in inner]
        made["nodes_truenodeids"] += np.where(inner, tree.children_left, 0).tolist()
        made["nodes_falsenodeids"] += np.where(inner, tree.children_right, 0).tolist()
        leaves = np.flatnonzero(~inner)
        lengths = _depths(tree) + average_path(tree.n_node_samples)
        made["target_treeids"] += [number] * len(leaves)
        made["target_nodeids"] += leaves.tolist()
        made["target_ids"] += [0] * len(leaves)
        made["target_weights"] += lengths[leaves].tolist()
    return made


def export(forest: IsolationForest, scaler: Scaler, version: str) -> bytes:
    """The serialised graph: raw rows in, the anomaly score of each out (0 to 1, higher is stranger).

    The score is minus scikit-learn's score_samples; the scaler is inside the trees' thresholds.
    """
    graph = DetectorGraph()
    graph.node("TreeEnsembleRegressor", [INPUT], "lengths", domain="ai.onnx.ml", n_targets=1, **_ensemble(forest, scaler))
    total = graph.node("Squeeze", ["lengths", graph.integers("column", [1])], "total")
    normal = len(forest.estimators_) * float(average_path(np.array([forest.max_samples_]))[0])
    exponent = graph.node("Mul", [total, graph.constant("exponent", -1 / normal)], "exponents")
    graph.node("Pow", [graph.constant("two", 2), exponent], "power", output=SCORE)
    return graph.serialise([int(forest.n_features_in_)], version)


def score(forest: IsolationForest, scaler: Scaler, rows: np.ndarray) -> np.ndarray:
    """The same score by scikit-learn, which scales in float64."""
    return -forest.score_samples(scaler.transform(rows))
