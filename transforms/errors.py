"""The one family of errors that people see: where, what was found, what was expected, what to do.

A :class:`PenaltyRadarError` is printed without a traceback; its ``exit_code`` is the command's exit code
(documented in README.md). Anything else that escapes is a defect and keeps its traceback.
"""

from __future__ import annotations


class PenaltyRadarError(Exception):
    """Base of every error meant for people; never raised itself."""

    exit_code = 1

    def __init__(self, where: str, found: str, expected: str, what_to_do: str) -> None:
        self.where = where
        self.found = found
        self.expected = expected
        self.what_to_do = what_to_do
        super().__init__(f"{where}: {found} (expected {expected}). {what_to_do}")


class GateBrokenError(PenaltyRadarError):
    """A check whose minimum is broken stopped the walk (exit code 1)."""

    exit_code = 1


class UsageError(PenaltyRadarError):
    """A command, setting or sites.toml entry that cannot be understood (exit code 2)."""

    exit_code = 2


class BadInputError(PenaltyRadarError):
    """An export that cannot be read; whatever was good is kept (exit code 3)."""

    exit_code = 3


class WarehouseError(PenaltyRadarError):
    """The warehouse is busy, locked or broken (exit code 4)."""

    exit_code = 4
