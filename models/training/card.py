"""Writes the model card of a specialist from the content of its model.json."""

from __future__ import annotations

KINDS = {
    "heldOut": "held-out flows of the same release",
    "againstNormal": "the same flows without attacks of other kinds",
    "withoutDestinationPort": "held-out flows, trained and asked without Destination Port",
    "otherCapture": "the other release, which another flow extractor wrote",
}


def table(header: list[str], lines: list[list]) -> str:
    """A Markdown table with aligned columns; numbers stand on the right."""
    cells = [[str(cell) for cell in line] for line in [header, *lines]]
    numeric = [all(isinstance(line[i], (int, float)) for line in lines) for i in range(len(header))]
    widths = [max(3, *(len(line[i]) for line in cells)) for i in range(len(header))]

    def row(line: list[str]) -> str:
        padded = (
            cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(line, widths, numeric)
        )
        return f"| {' | '.join(padded)} |"

    rule = " | ".join("-" * (width - 1) + ":" if right else "-" * width for width, right in zip(widths, numeric))
    return "\n".join([row(cells[0]), f"| {rule} |", *(row(line) for line in cells[1:])])


def _overview(evaluation: dict) -> str:
    lines = [
        [words, evaluation[kind]["rows"], evaluation[kind]["accuracy"], evaluation[kind]["macroF1"]]
        for kind, words in KINDS.items()
        if kind in evaluation
    ]
    return table(["asked with", "flows", "accuracy", "macro F1"], lines)


def _per_class(figures: dict) -> str:
    keys = ["class", "precision", "recall", "f1", "support"]
    return table(keys, [[line[key] for key in keys] for line in figures["perClass"]])


def _confusion(classes: list[str], figures: dict) -> str:
    lines = [[name, *counts] for name, counts in zip(classes, figures["confusion"])]
    return table(["truth \\ answer", *classes], lines)


def _calibration(figures: dict) -> str:
    bins = [
        [f"{each['from']:.1f} to {each['to']:.1f}", each["rows"], each["confidence"], each["accuracy"]]
        for each in figures["bins"]
    ]
    return table(["confidence", "flows", "mean confidence", "accuracy"], bins)


def _normal(content: dict) -> str:
    if len(content["classes"]) > 2:
        return "`Normal` is a benign flow."
    return (
        "`Attack` is an attack of this specialist's own kind. `Normal` means that there is nothing of that kind: "
        "benign flows and attacks of every other kind are both Normal to it."
    )


def _left_out(training: dict) -> str:
    left = training["leftOut"]
    others = ", ".join(f"{label} ({count})" for label, count in left["otherLabels"].items()) or "none"
    return (
        f"Left out: {left['incomplete']} flows with an empty, NaN or infinite cell, {left['repeated']} repetitions of "
        f"the same features and class. Labels without a class: {others}."
    )


def _data(content: dict) -> list[str]:
    training = content["training"]
    return [
        f"Source: {training['source']}. File: {training['file']}. Trained on {training['rows']} flows, "
        f"seed {training['seed']}.",
        "The Canadian Institute for Cybersecurity makes the data publicly available to researchers and asks for the "
        "citation above. The data is not part of this project; the golden vectors hold a handful of its flows.",
        _left_out(training),
        table(["label of the data", "class"], [[label, name] for label, name in training["labels"].items()]),
    ]


def _figures(content: dict) -> list[str]:
    evaluation = content["evaluation"]
    held_out = evaluation["heldOut"]
    calibration = held_out["calibration"]
    return [
        "From the exported graph. No flow that equals a training flow in every feature is among the held-out ones.",
        _overview(evaluation),
        "Held-out flows, by class:",
        _per_class(held_out),
        _confusion(content["classes"], held_out),
        "## Calibration",
        f"Expected calibration error {calibration['expectedCalibrationError']} over ten bins, Brier score "
        f"{calibration['brier']} (0 to 2), on the held-out flows. The temperature is part of the graph.",
        _calibration(calibration),
    ]


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.2f} %"


def _decision(content: dict) -> list[str]:
    decision, work = content["decision"], content["evaluation"]["atWork"]
    keys = ("outside", "lowConfidence", "rightWhenSure", "falseAlarms", "missed")
    lines = [[KINDS[kind], *(_percent(work[kind][key]) for key in keys)] for kind in work]
    header = ["asked with", "outside", "low confidence", "right when sure", "false alarms", "missed"]
    return [
        "A flow is flagged when its label is an attack, or when the probability of any attack (1 - P(Normal)) is "
        f"{decision['attackAt']} or more. An answer with a confidence below {decision['confidentAt']} is of low "
        "confidence. Both were chosen on the validation part of the training flows; models/training/README.md says how.",
        "A flow is outside the training data when a feature lies beyond `low` or `high` of its entry in `population`: "
        "the smallest and the largest training value, moved outwards in the signed logarithm by log 2 or by a tenth of "
        "what lies between them, whichever is more.",
        table(header, lines),
        "`right when sure` is of the answers that are not of low confidence, `false alarms` of the Normal flows, "
        "`missed` of the attacks.",
    ]


def card(content: dict, vectors: int, faults: int) -> str:
    """The card in Markdown; `vectors` golden vectors were shown to stop `faults` planted faults."""
    parts = [
        f"# {content['name']} {content['version']}",
        "Reference model. Written by `models/training/train.py` from the figures in `model.json`; do not edit by hand.",
        "## Use",
        "Runs the platform end to end before a team brings its own checkpoint. It is not a detector for production: "
        "it knows one laboratory capture of July 2017.",
        f"Takes {len(content['features'])} raw flow features (CICFlowMeter), gives a probability for each of: "
        f"{', '.join(content['classes'])}. {_normal(content)}",
        f"Inside: {content['training']['algorithm']}.",
        "## Data",
        *_data(content),
        "## Figures",
        *_figures(content),
        "## Decision and population",
        *_decision(content),
        "## Limits",
        "\n".join(f"- {caveat}" for caveat in content["evaluation"]["caveats"]),
        "## Self-test",
        f"{vectors} golden vectors. With any of {faults} planted faults (scaler removed or applied twice, a residual or "
        "skip dropped, classes or neighbouring features swapped, a feature or a layer's weights zeroed) the model fails "
        "at least one of them.",
    ]
    return "\n\n".join(parts) + "\n"
