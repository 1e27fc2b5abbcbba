"""The stages of the walk: their names and order. Each is a folder here and a schema in the warehouse."""

from __future__ import annotations

INGEST = "ingest"
SIGNALS = "signals"

STAGES = ("ingest", "staging", "signals", "surges", "drops", "correlation", "risk")
"""Every stage, left to right; no stage reads a table of a stage to its right."""

ASSESSED_STAGES = STAGES[1:]
"""The stages that are worked out anew for an ``as_of`` day, after the exports have been read."""

SCHEMAS = (*STAGES, "expectations", "reports")
"""Warehouse schemas: the stages, and beside them the outcomes of checks and the alerts."""
