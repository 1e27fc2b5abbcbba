"""The demo portfolio as conformance inputs: its files as they arrive, and the warehouse made from them."""

from __future__ import annotations

from pathlib import Path

from penalty_radar.simulation import EXPORTS_FOLDER
from tests.conformance.arrived_files import arrived_cases
from tests.conformance.two_engines import Case, capture_warehouse, cases_over
from transforms import pipeline
from transforms.ingest.inbox import bundled_calendar, discover
from transforms.stages import STAGES
from transforms.warehouse import open_writer


def demo_cases(demo: Path, folder: Path) -> list[Case]:
    """Cases over the portfolio in ``demo``: each kind of export as it arrives, then every table up to the surges.

    Files come through the real readers and the real pipeline; one file per format is kept as it arrived.
    """
    arrived = [bundled_calendar(), *discover(str(demo / EXPORTS_FOLDER))]
    with open_writer(folder / "demo.duckdb") as connection:
        cases = arrived_cases(connection, arrived, "demo", folder / "arrived", once_per="format")
        as_of = pipeline.default_as_of(connection)
        assert as_of is not None, "the demo portfolio has no loaded export"
        for stage in STAGES[1:4]:
            pipeline.run_stage(connection, stage, as_of=as_of)
        cases += cases_over(capture_warehouse(connection, folder / "warehouse"), "demo", as_of)
    return cases
