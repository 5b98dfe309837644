"""What a person who runs the training can mend."""

from __future__ import annotations


class DataError(Exception):
    """Data that no model can be trained on; the message says what was given, what is allowed and what to do."""


class ExportError(Exception):
    """A trained model that must not be written: it differs from its graph, or its golden vectors prove too little."""


def some(names, most: int = 5) -> str:
    """The first few names, and how many more there are."""
    names = list(names)
    shown = ", ".join(str(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
