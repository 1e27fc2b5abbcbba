"""Prepares Airflow's own database, its tables and the pool: ``python -m dags.metadata``; twice changes nothing."""

from __future__ import annotations

from dags.defaults import WAREHOUSE_POOL


def prepare_metadata() -> None:
    """Make or upgrade the tables of the database that the environment names, and the pool the DAGs need."""
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    initdb()
    Pool.create_or_update_pool(WAREHOUSE_POOL, 1, "DuckDB has one writer", include_deferred=False)


if __name__ == "__main__":
    prepare_metadata()
