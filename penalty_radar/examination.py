"""``penalty-radar doctor``: what is installed, which settings apply, what the warehouse holds."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil

import typer

from penalty_radar.clock import now
from penalty_radar.rules_in_force import describe_rules
from transforms.ingest.suffix_list import read_suffix_list
from transforms.settings import Settings
from transforms.warehouse import open_writer

PACKAGES = ("apache-airflow", "duckdb", "great-expectations", "pandas", "plotly", "numpy", "scipy")


def print_examination(settings: Settings) -> None:
    """Print one fact a line; raises WarehouseError when the warehouse cannot be opened."""
    typer.echo(f"python {platform.python_version()}")
    for package in PACKAGES:
        typer.echo(f"{package} {importlib.metadata.version(package)}")
    for name in ("chromium", "java"):
        typer.echo(f"{name}: {shutil.which(name) or 'not found (only some tests need it)'}")
    for name in Settings.model_fields:
        typer.echo(f"{name} = {getattr(settings, name)}")
    typer.echo(_suffix_list(settings))
    typer.echo(describe_rules(settings))
    if not settings.warehouse.is_file():
        typer.echo("warehouse: not made yet; `penalty-radar run` makes it")
        return
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        rows = connection.execute(
            "SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables() "
            "WHERE NOT temporary ORDER BY 1"
        ).fetchall()
    for name, row_count in rows:
        typer.echo(f"{name}: {row_count:,} rows")


def _suffix_list(settings: Settings) -> str:
    found = read_suffix_list(settings.public_suffix_list)
    which = "bundled" if found.is_bundled else str(found.path)
    if found.version_on is None:
        return f"public suffix list: {which}, {found.rule_count:,} rules, without a day"
    age_days = (now().date() - found.version_on).days
    return f"public suffix list: {which}, {found.rule_count:,} rules, of {found.version_on} ({age_days} days old)"
