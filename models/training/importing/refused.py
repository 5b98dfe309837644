"""The one error of an import."""

from __future__ import annotations


class Refused(Exception):
    """The import stops and nothing is written.

    The message says what was wrong, what was given, what is allowed and what to do; it is shown as it is.
    """
