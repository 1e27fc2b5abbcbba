"""Whether an export was cut off by its provider: then a link it lacks proves nothing.

A row count that is one of the format's caps is certain enough. A round number of rows, as plans and settings have them
that nobody wrote down, is a suspicion that costs little: such a file only never counts as complete.
"""

from __future__ import annotations

from transforms.ingest.formats import ExportFormat

ROUND_STEP = 1_000
"""Caps are sold in thousands. One honest export in a thousand has such a row count by chance."""


def truncation_of(declared: ExportFormat, record_count: int) -> str | None:
    """What tells that the file was cut off, for the ledger; None when nothing does."""
    if record_count in declared.row_caps:
        return f"row cap of {record_count:,}"
    is_round = record_count >= ROUND_STEP and record_count % ROUND_STEP == 0
    if is_round and declared.is_round_suspect and declared.row_caps:
        return f"round number of rows: {record_count:,}"
    return None
