"""What the network is compared with: two standard classifiers on the same flows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from scaling import signed_log

#: Gives class probabilities for raw rows.
Answer = Callable[[np.ndarray], np.ndarray]


def _spread(model, classes: int) -> Answer:
    """Probabilities of all classes, also of those that the training rows did not hold."""

    def answer(rows: np.ndarray) -> np.ndarray:
        probabilities = np.zeros((len(rows), classes), np.float32)
        probabilities[:, model.classes_.astype(int)] = model.predict_proba(rows)
        return probabilities

    return answer


def logistic_regression(rows: np.ndarray, truth: np.ndarray, classes: int, seed: int) -> Answer:
    """Signed logarithm, standard scaler, multinomial logistic regression that weighs classes the same."""
    model = make_pipeline(
        FunctionTransformer(signed_log),
        StandardScaler(),
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced", random_state=seed),
    )
    return _spread(model.fit(rows, truth), classes)


def random_forest(rows: np.ndarray, truth: np.ndarray, classes: int, seed: int) -> Answer:
    """A hundred trees on raw features."""
    return _spread(RandomForestClassifier(100, random_state=seed).fit(rows, truth), classes)


#: By the name that the comparison prints.
BASELINES = {"logistic regression": logistic_regression, "random forest": random_forest}
